"""The preview in a real browser: a save is on the screen, the place is kept, mistakes are shown, nobody else gets in."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

LINES = "\n\n".join(f"Line {i} of a long page." for i in range(80))


def wait(for_what: Callable[[], bool], seconds: float = 20) -> None:
    """Until it is so; a page's own policy forbids the browser's way of waiting, which evaluates text."""
    until = time.monotonic() + seconds
    while not for_what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[tuple[Path, str, subprocess.Popen[str]]]:
    root = tmp_path / "project"
    root.mkdir()
    (root / "_quarto.yml").write_text(
        "project: {type: website}\nwebsite: {title: T, navbar: {left: [index.qmd, two.qmd]}}\n"
    )
    (root / "index.qmd").write_text(f"---\ntitle: One\n---\n\nFirst words.\n\n{LINES}\n\nSee [two](two.qmd).\n")
    (root / "two.qmd").write_text("---\ntitle: Two\n---\n\n::: {#def-a}\nA thing.\n:::\n")
    command = [sys.executable, "-m", "octavo", "preview", str(root), "--no-browser", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    address = re.search(r"http://\S+", process.stderr.readline())[0]
    yield root, address, process
    process.send_signal(signal.SIGINT)
    process.wait(10)


def test_a_save_is_on_the_screen_and_the_place_is_kept(preview: tuple, browser: Browser) -> None:
    root, address, process = preview
    page = browser.new_page()
    page.goto(address)
    wait(lambda: "First words" in page.inner_text("body"))
    time.sleep(0.5)  # a reader looks before scrolling; the browser still settles
    page.evaluate("scrollTo({top: 700, behavior: 'instant'})")
    text = (root / "index.qmd").read_text()
    (root / "index.qmd").write_text(text.replace("First words", "Other words"))
    wait(lambda: "Other words" in page.inner_text("main"))
    # The browser keeps the text under the reader's eyes where it is, so a line's breadth may go.
    wait(lambda: abs(page.evaluate("scrollY") - 700) < 30, 2)
    # Of the next save only the paragraph that it changes is exchanged.
    text = text.replace("See [two]", "## The end\n\nSee [two]")
    (root / "index.qmd").write_text(text.replace("First words", "Next words"))
    wait(lambda: "The end" in page.inner_text("main") and page.locator("main h2 a.anchorjs-link").count() == 1)
    page.evaluate("[...document.querySelectorAll('main p')].at(40).dataset.kept = 'yes'")
    (root / "index.qmd").write_text(text.replace("First words", "Other words\n\nin two paragraphs"))
    wait(lambda: "two paragraphs" in page.inner_text("main"))
    assert page.locator("[data-kept=yes]").count() == 1
    assert page.locator("main h2 a.anchorjs-link").count() == 1
    # Half-typed settings and a broken page are said on the page, which stays.
    (root / "_quarto.yml").write_text("project: {type: website\n")
    wait(lambda: page.locator("#octavo-diagnostics").is_visible())
    assert "Other words" in page.inner_text("main")
    (root / "_quarto.yml").write_text("project: {type: website}\nwebsite: {title: T}\n")
    (root / "index.qmd").write_text(text.replace("First words", "See @def-b and"))
    wait(lambda: "def-b" in page.inner_text("#octavo-diagnostics"))
    assert "index.qmd:5" in page.inner_text("#octavo-diagnostics")
    # A deleted page and a new one.
    (root / "two.qmd").unlink()
    (root / "three.qmd").write_text("---\ntitle: Three\n---\n\nNew page.\n")
    wait(lambda: "New page" in if_there(address + "three.html"))
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.wait(10)
    assert time.monotonic() - started < 4
    page.close()


def if_there(address: str) -> str:
    try:
        return fetched(address)
    except urllib.error.HTTPError:
        return ""


def fetched(address: str, **headers: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10) as answer:
        return answer.read().decode()


def test_it_answers_to_its_own_name_only(preview: tuple) -> None:
    root, address, _ = preview
    wait(lambda: "First words" in if_there(address))
    for headers in ({"Host": "example.org"}, {"Origin": "http://example.org"}):
        with pytest.raises(urllib.error.HTTPError):
            fetched(address, **headers)
    for path in ("../_quarto.yml", "%2e%2e/%2e%2e/_quarto.yml", "..%2f..%2f_quarto.yml"):
        with pytest.raises(urllib.error.HTTPError):
            fetched(address + path)
    assert sorted(p.name for p in root.iterdir()) == [".octavo", "_quarto.yml", "index.qmd", "two.qmd"]
