"""The site in a real browser with the network cut off: what a reader sees and does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import PATIENCE
from playwright.sync_api import Browser, Locator, Page
from pypdf import PdfReader

from octavo.command import Options, render_paths

pytestmark = pytest.mark.browser

LECTURE = "lectures/06-optimization-based-meta-learning.html"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails the test on any console error and on any request to another host."""
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    troubles: list[str] = []
    page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: troubles.append(str(e)))

    def guard(route: object) -> None:
        if route.request.url.startswith((address, "file:")):
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


def sideways(page: Page) -> int:
    """By how much the page is wider than its window, once what follows a change of size has been done."""
    return page.evaluate("""() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
      done(document.documentElement.scrollWidth - document.documentElement.clientWidth))))""")


def test_no_page_scrolls_sideways_not_even_in_large_letters(page: Page, address: str, site: Path) -> None:
    """A window of 720 pixels is one of 1440 at a zoom of 200 %."""
    for path in sorted(site.rglob("*.html")):
        page.goto(f"{address}/{path.relative_to(site).as_posix()}")
        for width in (320, 720, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert sideways(page) <= 0, (path, width)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert sideways(page) <= 0, (path, "letters of 200 %")


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a page whose listing its readers sort and filter."""
    folder = tmp_path_factory.mktemp("listing")
    (folder / "_quarto.yml").write_text(
        "project: {type: website}\nwebsite: {title: Notes, navbar: {left: [index.qmd, b.qmd]}}\n"
        "format: {html: {theme: {light: cosmo, dark: darkly}, respect-user-color-scheme: true}}\n"
    )
    (folder / "index.qmd").write_text(
        "---\ntitle: All\nlisting: {contents: '[bc].qmd', type: table, categories: true, fields: [title, categories]}\n---\n"
    )
    for name in "bc":
        (folder / f"{name}.qmd").write_text(f"---\ntitle: Page {name}\ncategories: [about-{name}]\n---\n\nText.\n")
    render_paths([folder], Options(), lambda *_: None)
    return (folder / "_site/index.html").as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", LECTURE, "statements.html", "a listing"])
def test_every_width_has_its_ways(page: Page, address: str, listing: str, name: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(listing if name == "a listing" else f"{address}/{name}")
    assert f"quarto-{scheme}" in page.locator("body").get_attribute("class")
    for width in (320, 600, 900, 1200, 1680):
        page.set_viewport_size({"width": width, "height": 900})
        assert sideways(page) <= 0, width
        ways = (
            ("#navbarCollapse", ".navbar-toggler"),
            ("#quarto-sidebar", ".quarto-btn-toggle"),
            ("#quarto-margin-sidebar", ".quarto-toc-toggle"),
        )
        for panel, button in ways:
            way = page.locator(f"{panel} a").first
            if way.count() and not way.is_visible():
                page.locator(button).click()
                assert way.is_visible(), (panel, width)
                page.keyboard.press("Escape")
                assert not way.is_visible(), (panel, width)


def test_a_listing_is_filtered(page: Page, listing: str) -> None:
    page.goto(listing)
    page.locator("input.search").fill("Page c")
    rows = page.locator(".quarto-listing-table tbody tr:visible")
    page.wait_for_function("[...document.querySelectorAll('tbody tr')].filter((e) => e.checkVisibility()).length === 1")
    assert "about-c" in rows.first.inner_text()


def test_search_is_all_keyboard_and_finds_what_stands_in_formulas(page: Page, address: str) -> None:
    page.goto(f"{address}/index.html")
    page.keyboard.press("/")
    page.get_by_role("combobox").fill("θ")
    page.get_by_role("option", name="Notation › The same everywhere").wait_for()
    page.get_by_role("combobox").fill("argmin")
    page.get_by_role("option", name="Notation › Probability and analysis").wait_for()
    shown = page.locator("dialog .search-results").inner_text()
    assert "arg min" in shown and not re.search(r"</?m[a-z]|&\w+;|<span", shown), shown
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**#sec-*")


def test_previews_show_what_is_referred_to(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})

    def shown(link: str) -> Locator:
        place = page.locator(f"main {link}").first
        place.scroll_into_view_if_needed()
        page.mouse.move(1, 1)
        place.hover()
        page.locator(".preview").wait_for()
        return page.locator(".preview")

    page.goto(f"{address}/{LECTURE}")
    definition = shown("a.quarto-xref[href='#def-maml']")
    assert "Let" in definition.inner_text()
    number, formula = (definition.locator(part).bounding_box() for part in (".eq-number", ".math.display"))
    assert number and formula and formula["y"] < number["y"] < formula["y"] + formula["height"]
    assert shown("a.quarto-xref[href^='#eq-']").locator("math").count()
    assert shown("a.quarto-xref[href^='#fig-']").locator("figure img").count()
    assert "Finn" in shown(".citation a, a[role=doc-biblioref]").inner_text()
    # From another page.
    page.goto(f"{address}/statements.html")
    preview = shown("a.quarto-xref[href$='#def-maml']")
    assert "inner algorithm" in preview.inner_text()
    assert preview.locator("math").count()
    # Of a reference that came later, and by keyboard; Escape puts it away.
    late = "<a class='quarto-xref late' href='#results'>Results</a>"
    page.evaluate("late => document.querySelector('main p').insertAdjacentHTML('beforeend', late)", late)
    assert "Results" in shown("a.late").inner_text()
    page.mouse.move(1, 1)
    page.locator(".preview").wait_for(state="detached")
    page.keyboard.press("Tab")
    page.locator("main a.late").focus()
    page.locator(".preview").wait_for()
    page.keyboard.press("Escape")
    page.locator(".preview").wait_for(state="detached")


def test_a_page_is_fetched_when_the_pointer_rests_on_its_link(page: Page, address: str) -> None:
    page.goto(f"{address}/index.html")
    page.locator("main a.btn-primary").hover()
    page.locator("head link[rel=prefetch][href$='01-course-introduction.html']").wait_for(state="attached")


def test_on_paper_stands_the_text_unfolded_and_nothing_else(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}/{LECTURE}")
    folded = page.locator("main details.callout-collapse, main .callout details").first
    assert folded.count() and not folded.evaluate("e => e.open")
    solution = folded.locator(".callout-body-container").evaluate("e => e.textContent")
    words = re.search(r"[A-Za-z]{4,} [a-z]{3,}", solution)
    paper = PdfReader(BytesIO(page.pdf(format="A4", print_background=True)))
    text = " ".join(" ".join(sheet.extract_text().split()) for sheet in paper.pages)
    assert words and words[0] in text
    for word in ("On this page", "Copy to Clipboard", "Skip to", "Writing a lecture"):
        assert word not in text
    # Nothing is wider than the sheet, and letters are dark on white though the reader's screen is not.
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 640, "height": 900})
    assert sideways(page) <= 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    # A figure and its frame stay on one sheet.
    frame = page.locator(".cell-output-display:has(figure)").first
    assert frame.evaluate("e => getComputedStyle(e).breakInside") == "avoid"


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
