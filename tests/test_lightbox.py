"""Pictures that open over the page: with their words, by mouse and keyboard, and on through their gallery."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from octavo.command import Options, render_paths

pytestmark = pytest.mark.browser
FIXTURES = Path(__file__).parent / "fixtures" / "documents"


def test_a_gallery_is_looked_through_with_its_words(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    shutil.copy(FIXTURES / "dot.png", tmp_path / "dot.png")
    shutil.copy(FIXTURES / "figures" / "galleries.qmd", tmp_path / "figures" / "galleries.qmd")
    render_paths([tmp_path / "figures" / "galleries.qmd"], Options(), lambda *_: None)
    page = browser.new_page()
    page.goto((tmp_path / "figures" / "galleries.html").as_uri())
    links, dialog = page.locator("a.lightbox"), page.locator("dialog.lightbox-dialog")
    links.first.focus()
    page.keyboard.press("Enter")
    assert dialog.locator(".lightbox-title").inner_text() == "One"
    page.keyboard.press("ArrowLeft")  # `loop: false`
    assert dialog.locator(".lightbox-title").inner_text() == "One"
    page.keyboard.press("ArrowRight")
    assert dialog.locator(".lightbox-words em").inner_text() == "words"
    assert dialog.get_attribute("aria-label") == "Two"
    dialog.locator("img").click()
    dialog.wait_for(state="detached")  # it says that it is closed a moment later
    assert links.nth(1).evaluate("link => link === document.activeElement")
    page.close()
