"""The faces of the text: what is in them, what they weigh, and that their coming moves nothing."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest
from conftest import PATIENCE, ROOT
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser, Route

from octavo.write.faces import ACCENTED, FACES, NOTICE, faces, names
from octavo.write.templates import THEME

LECTURE = "lectures/06-optimization-based-meta-learning.html"


def test_faces_are_small_reproducible_and_licensed(tmp_path: Path) -> None:
    made = faces(tmp_path / "a")
    assert tuple(made) == names()
    assert made == faces(tmp_path / "b") == faces(tmp_path / "a")
    assert sum(len(made[f"{name}.woff2"]) for name in FACES) < 50 * 1024
    assert b"SIL OPEN FONT LICENSE" in made[NOTICE].upper()


def test_faces_hold_text_and_accents_apart(tmp_path: Path) -> None:
    made = faces(tmp_path)
    for name in FACES:
        plain = TTFont(BytesIO(made[f"{name}.woff2"])).getBestCmap()
        accents = TTFont(BytesIO(made[f"{name}-accents.woff2"])).getBestCmap()
        assert {*map(ord, "azAZ09éü“”’–—…§±")} <= {*plain}
        assert {*map(ord, "ßłřÅœ€")} <= {*accents}
        assert f"url({name}.woff2)" in (THEME / "faces.css").read_text("utf-8")


def test_the_style_sheet_knows_which_letters_are_in_the_second_file() -> None:
    css = (THEME / "faces.css").read_text("utf-8")
    (ranges,) = set(re.findall(r"unicode-range: ([^;]*);", css))
    ends = [part.removeprefix("U+").split("-") for part in ranges.split(", ")]
    assert {
        point for first, *last in ends for point in range(int(first, 16), int((last or [first])[0], 16) + 1)
    } == set(ACCENTED)


@pytest.mark.browser
def test_the_faces_come_late_and_move_nothing(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)

    def slowly(route: Route) -> None:
        page.wait_for_timeout(600)
        route.continue_()

    page.route("**/*.woff2", slowly)
    page.goto(f"{address}/{LECTURE}", wait_until="load")
    page.wait_for_function("document.fonts.ready.then(() => document.fonts.check('16px \"Source Serif Pro\"'))")
    moved = page.evaluate("""new Promise((done) => {
      let sum = 0;
      new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value; }).observe({ type: "layout-shift", buffered: true });
      setTimeout(() => done(sum), 300);
    })""")
    context.close()
    assert moved < 0.05  # what is called good is 0.1


LECTURES = sorted(f"lectures/{path.stem}.html" for path in (ROOT / "lectures").glob("[0-9]*.qmd"))


@pytest.mark.browser
@pytest.mark.parametrize(("lecture", "following"), list(zip(LECTURES, [*LECTURES[1:], LECTURES[0]], strict=True)))
def test_a_lecture_weighs_little(browser: Browser, address: str, site: Path, lecture: str, following: str) -> None:
    """HTML, CSS, JavaScript and fonts, compressed as hosts do: 100 KB at the first visit, 20 KB for the next page."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    loaded: set[str] = set()
    page.on("response", lambda r: loaded.add(urlsplit(r.url).path.lstrip("/")))

    def visit(name: str) -> None:
        page.goto(f"{address}/{name}", wait_until="load")
        page.evaluate("document.fonts.ready.then(() => true)")

    def weight(paths: set[str]) -> int:
        shell = [p for p in paths if p.endswith((".html", ".css", ".js", ".woff2"))]
        return sum(
            len((site / p).read_bytes() if p.endswith("woff2") else brotli.compress((site / p).read_bytes()))
            for p in shell
        )

    visit(lecture)
    first = set(loaded)
    assert "site_libs/octavo/serif.woff2" in first
    assert weight(first) <= 100 * 1024
    visit(following)
    context.close()
    assert weight(loaded - first) <= 20 * 1024
