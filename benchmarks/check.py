"""`octavo check` of the notes: without a cache, after an edit, unchanged; each against a cold render of HTML alone."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from timing import copy_of_notes, processor_time, run

CHECK = [sys.executable, "-m", "octavo", "check"]
RENDER = [sys.executable, "-m", "octavo", "render", "--to", "html", "--no-execute"]
EDITS = 3


def spent(do: Callable[[], float]) -> tuple[float, float]:
    """Seconds that go by, and seconds of work on all cores."""
    started, worked = time.perf_counter(), processor_time()
    do()
    return time.perf_counter() - started, processor_time() - worked


def edit(page: Path, count: int) -> None:
    page.write_text(f"{page.read_text('utf-8')}\nMore words {count}.\n", "utf-8")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        notes = copy_of_notes(Path(name))
        page = max((notes / "lectures").glob("0*.qmd"), key=lambda p: p.stat().st_size)
        cold = spent(lambda: run(CHECK, notes))
        edits = []
        for count in range(EDITS):
            edit(page, count)
            edits.append(spent(lambda: run(CHECK, notes)))
        same = spent(lambda: run(CHECK, notes))
        other = copy_of_notes(Path(name) / "other")
        floor = spent(lambda: run(RENDER, other))
        edited = (median(e[0] for e in edits), median(e[1] for e in edits))
        print("check                      seconds    of work   work against a cold render of HTML")
        for what, (seconds, work) in (("cold", cold), ("one edit", edited), ("unchanged", same), ("(HTML)", floor)):
            print(f"{what:<24}{seconds:10.2f}{work:11.2f}{work / floor[1]:11.2f}")


if __name__ == "__main__":
    main()
