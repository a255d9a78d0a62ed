"""From a save to the new words in a real browser: 50 edits of a small page and of the longest lecture."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from timing import copy_of_notes, environment

EDITS = int(os.environ.get("EDITS", "50"))


@contextlib.contextmanager
def previewed(root: Path) -> Iterator[str]:
    """`octavo preview` of a project; gives its address."""
    command = [sys.executable, "-m", "octavo", "preview", str(root), "--no-browser", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment())
    try:
        yield re.search(r"http://\S+", process.stderr.readline())[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)


@contextlib.contextmanager
def opened(address: str) -> Iterator[Page]:
    """The page in an installed Chromium."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address)
        yield page
        browser.close()


SHOWS = "words => document.querySelector('main')?.textContent.includes(words)"


def latencies(root: Path, source: str, times: int) -> list[float]:
    """Seconds from each of some saves of `source` to its new words on the screen."""
    file = root / source
    text = file.read_text("utf-8")
    first, _, rest = text.partition("\n## ")
    seconds = []
    with previewed(root) as address, opened(address + source.replace(".qmd", ".html")) as page:
        page.locator("main").wait_for()
        time.sleep(3)  # an author reads before writing
        for number in range(times):
            saved = time.perf_counter()
            file.write_text(f"{first}\n\nThese are the words of edit {number}.\n\n## {rest}", "utf-8")
            page.wait_for_function(SHOWS, arg=f"the words of edit {number}.")  # looks once a frame
            seconds.append(time.perf_counter() - saved)
            time.sleep(1)  # and goes on when the page is there
    return seconds


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        notes = copy_of_notes(Path(scratch))
        longest = max(notes.glob("lectures/0*.qmd"), key=lambda page: page.stat().st_size)
        small = notes / "notation.qmd"
        print(f"from a save to the screen, {EDITS} edits of each page:")
        for page in (small, longest):
            found = latencies(notes, page.relative_to(notes).as_posix(), EDITS)
            lines = len(page.read_text("utf-8").splitlines())
            told = f"median {statistics.median(found) * 1000:.0f} ms, worst {max(found) * 1000:.0f} ms"
            print(f"{page.name}, {lines} lines: {told}", flush=True)


if __name__ == "__main__":
    main()
