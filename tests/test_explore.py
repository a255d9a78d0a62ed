"""The explorable figures: alive by mouse and keyboard, told in words, and still pictures where there is no script."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

FIGURES = ("shared-gradient", "inner-steps", "nearest-prototype", "contrastive-temperature", "adversarial-boundary")


@pytest.fixture(scope="module")
def address(site: Path) -> str:
    """The page as it is read from a folder, without any server."""
    return (site / "explore.html").as_uri()


def test_every_figure_answers_to_the_keyboard_in_words(browser: Browser, address: str) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto(address)
    for name in FIGURES:
        figure = page.locator(name)
        told = figure.locator("p[aria-live]")
        before = told.inner_text()
        assert len(before) > 40
        figure.locator("input").first.focus()
        for _ in range(3):
            page.keyboard.press("ArrowLeft" if name == "nearest-prototype" else "ArrowRight")
        page.wait_for_function("([e, text]) => e.textContent !== text", arg=[told.element_handle(), before])
        assert figure.locator("svg").first.get_attribute("aria-label") == told.inner_text()
        assert figure.locator("img").is_hidden()
    page.close()
    assert not errors


def test_a_support_moves_by_arrow_keys_and_keeps_the_focus(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    mark = page.locator("nearest-prototype .handle").first
    before = mark.get_attribute("d")
    mark.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("([e, d]) => e.getAttribute('d') !== d", arg=[mark.element_handle(), before])
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("support 1 of class A")
    page.close()


def test_the_adversary_helps_the_target(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    told = page.locator("adversarial-boundary p[aria-live]")

    def accuracy(strength: str) -> int:
        page.locator("adversarial-boundary input").first.fill(strength)
        page.wait_for_timeout(100)
        return int(told.inner_text().split("target accuracy ")[1].split()[0])

    assert accuracy("1") >= accuracy("0") + 20
    page.close()


def test_one_inner_step_does_more_from_the_learned_start(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    told = page.locator("inner-steps p[aria-live]")

    def error() -> float:
        page.wait_for_timeout(100)
        return float(told.inner_text().rsplit(" ", 1)[1].rstrip("."))

    learned = error()
    page.locator("inner-steps select").select_option(index=1)
    assert learned < 0.6 * error()
    page.close()


def test_pictures_stand_in_on_paper_and_without_script(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.emulate_media(media="print")
    assert page.locator("shared-gradient img").is_visible()
    assert page.locator(".explorable").first.is_hidden()
    page.close()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert all(page.locator(f"{name} img").is_visible() for name in FIGURES)
    context.close()
