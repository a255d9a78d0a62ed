"""For every reader: nothing that axe finds, every control by keyboard, no motion where none is wanted, formulas in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PATIENCE, ROOT
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PAGES = sorted(
    path.relative_to(ROOT).with_suffix(".html").as_posix()
    for path in [*ROOT.glob("*.qmd"), *ROOT.glob("lectures/*.qmd")]
    if not path.name.startswith("_")
)
LECTURE = "lectures/06-optimization-based-meta-learning.html"
# What is inside a formula has the colour of the text around it, and takes the most time to look at.
OUTSIDE_FORMULAS = {"exclude": [["math"]]}
OPTIONS = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}


def troubles(page: Page, width: int, scheme: str, opened: bool) -> list[tuple[str, str]]:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.evaluate("open => document.querySelectorAll('details').forEach((d) => { d.open = open; })", opened)
    found = Axe().run(page, context=OUTSIDE_FORMULAS, options=OPTIONS).response["violations"]
    return [(v["id"], v["nodes"][0]["html"]) for v in found]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Browser, address: str, name: str) -> None:
    """Narrow and wide, light and dark, folded and unfolded: each at least once, and each pair on two of the pages."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/{name}")
    assert troubles(page, 320, "light", False) == []
    assert troubles(page, 1440, "dark", True) == []
    if name in ("index.html", "explore.html"):
        assert troubles(page, 320, "dark", True) == []
        assert troubles(page, 1440, "light", False) == []
    page.close()


def test_axe_finds_nothing_in_more_contrast(browser: Browser, address: str) -> None:
    page = browser.new_page(contrast="more")
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/{LECTURE}")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert troubles(page, 1440, "light", False) == []
    page.close()


REACHABLE = """() => [...document.querySelectorAll("a[href], button, summary, input, select, [tabindex='0']")]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0 && !e.closest("[inert]"))
  .map((e) => (e.dataset.stop ??= `${document.querySelectorAll("[data-stop]").length} ${e.outerHTML.slice(0, 80)}`))"""
FOCUSED = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {stop: e.dataset.stop, ring, inside};
}"""


@pytest.mark.parametrize("name", ["index.html", "explore.html", "lectures/01-course-introduction.html"])
@pytest.mark.parametrize("width", [375, 1440])
def test_every_control_is_reached_by_keyboard_and_shows_it(
    browser: Browser, address: str, name: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/{name}")
    wanted = set(page.evaluate(REACHABLE))
    assert len(wanted) > 10
    reached = set()
    for _ in range(len(wanted) + 5):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at["stop"] is None or at["stop"] in reached:
            continue
        assert at["ring"] and at["inside"], at
        reached.add(at["stop"])
    page.close()
    assert wanted - reached == set()


def test_nothing_moves_for_those_who_ask_for_that(browser: Browser, address: str) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/{LECTURE}")
    moving = page.evaluate("""() => [...document.querySelectorAll("*")].flatMap((e) => [null, "::before", "::after"].map((part) => {
      const style = getComputedStyle(e, part);
      const still = style.animationName === "none" && style.transitionDuration.split(", ").every((d) => parseFloat(d) === 0);
      return still && style.scrollBehavior !== "smooth" ? "" : `${e.className} ${part}`;
    })).filter(Boolean)""")
    page.close()
    assert moving == []


def test_formulas_are_told_to_screen_readers_as_formulas(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/{LECTURE}")
    shown = page.evaluate("[...document.querySelectorAll('main math')].filter((e) => e.checkVisibility()).length")
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in tree if not node.get("ignored")]
    page.close()
    assert shown > 100
    assert sum(role in ("math", "MathMLMath") for role in roles) == shown
    assert "MathMLFraction" in roles and "MathMLSup" in roles


def test_every_page_says_its_language(site: Path) -> None:
    for path in site.rglob("*.html"):
        assert '<html lang="en"' in path.read_text("utf-8"), path
