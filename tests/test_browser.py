"""The site in a real browser with the network cut off: what a reader sees and does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from octavo.command import Options, render_paths

pytestmark = pytest.mark.browser


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails the test on any console error and on any request to another host."""
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: troubles.append(str(e)))

    def guard(route: object) -> None:
        if route.request.url.startswith(address):
            route.continue_()
        else:
            troubles.append(f"request to {route.request.url}")
            route.abort()

    context.route("**/*", guard)
    yield page
    context.close()
    assert not troubles, troubles


def test_a_lecture_shows_equations_figures_and_search_finds_it(page: Page, address: str) -> None:
    page.goto(f"{address}/lectures/01-course-introduction.html")
    equation = page.locator("math[display=block]").first
    equation.scroll_into_view_if_needed()
    box = equation.bounding_box()
    assert box and box["width"] > 40 and box["height"] > 15
    figure = page.locator("figure img").first
    figure.scroll_into_view_if_needed()
    page.wait_for_function("e => e.complete && e.naturalWidth > 0", arg=figure.element_handle())
    page.keyboard.press("/")
    page.locator("dialog input, #quarto-search input").first.fill("shared trunk")
    result = page.locator("dialog a[href*='01-course-introduction']").first
    result.wait_for()
    assert "<" not in result.inner_text()


def test_the_toggle_changes_the_colours_and_is_remembered(page: Page, address: str) -> None:
    page.goto(f"{address}/index.html")
    assert "quarto-light" in page.locator("body").get_attribute("class")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator(".quarto-color-scheme-toggle").first.click()
    assert "quarto-dark" in page.locator("body").get_attribute("class")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.goto(f"{address}/lectures/writing-a-lecture.html")
    assert "quarto-dark" in page.locator("body").get_attribute("class")


def test_a_lost_reader_is_shown_the_pages_that_may_have_been_meant(page: Page, address: str, site: Path) -> None:
    lost = f"{address}/lectures/6-optimisation-meta-learning.html"
    page.route(
        lost,
        lambda route: route.fulfill(status=200, body=(site / "404.html").read_text("utf-8"), content_type="text/html"),
    )
    page.goto(lost)
    first = page.locator("#suggestions a").first
    first.wait_for()
    first.click()
    page.wait_for_url("**/lectures/06-optimization-based-meta-learning.html")


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_no_page_scrolls_sideways(page: Page, address: str, site: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in sorted(site.rglob("*.html")):
        page.goto(f"{address}/{path.relative_to(site).as_posix()}")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, path


def test_without_javascript_everything_is_there(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/lectures/01-course-introduction.html")
    assert page.locator("nav#TOC a").first.is_visible()
    assert page.locator("math").first.is_visible()
    page.locator("details > summary").first.click()
    context.close()


def test_hidden_notes_on_code_appear_at_their_marks(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "page.qmd").write_text(
        "---\ncode-annotations: hover\nformat: html\n---\n\n```python\nx = 1 # <1>\n```\n\n1. The note\n"
    )
    render_paths([tmp_path / "page.qmd"], Options(), lambda *_: None)
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    tip = page.locator(".code-annotation-tip")
    assert not page.locator("dl").is_visible() and not tip.is_visible()
    page.hover(".code-annotation-anchor")
    assert tip.inner_text() == "The note"
    page.hover("body", position={"x": 1, "y": 1})
    assert not tip.is_visible()
    page.click(".code-annotation-anchor")
    page.hover("body", position={"x": 1, "y": 1})
    assert tip.is_visible()
    page.close()


def test_what_stands_in_the_margin_covers_nothing(browser: Browser, tmp_path: Path) -> None:
    notes = "".join(
        f"::: {{.column-margin}}\nNote {n}. {'Many words. ' * 30}\n:::\n\nA paragraph.\n\n" for n in range(3)
    )
    wide = "::: {.column-page}\nA wide block.\n:::\n\nThe end.\n"
    (tmp_path / "page.qmd").write_text(f"---\ntitle: Margins\nformat: html\n---\n\n{notes}{wide}", "utf-8")
    render_paths([tmp_path / "page.qmd"], Options(), lambda *_: None)
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_function("document.querySelectorAll('[style*=translate]').length > 1")
    boxes = [part.bounding_box() for part in page.locator("main .column-margin, main .column-page").all()]
    boxes.sort(key=lambda box: box["y"])
    for above, below in pairwise(boxes):
        assert above["y"] + above["height"] <= below["y"]
    page.close()
