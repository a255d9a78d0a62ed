"""Running all cells of the notes: what octavo adds to the time that the cells themselves take."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from timing import ROOT, copy_of_notes, environment, octavo, report

sys.path.insert(0, str(ROOT))
from octavo.read.source import Cell, read_source

# One thread each, as octavo runs them: pages run beside each other.
ALONE = {"MPLBACKEND": "agg", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def is_run(cell: Cell) -> bool:
    """Whether a cell runs to its end."""
    return cell.language == "python" and cell.options.get("eval") is not False and not cell.options.get("error")


def code_of(notes: Path, page: Path) -> str:
    """All cells of a page that are run, as one program."""
    cells = read_source(notes, page.relative_to(notes).as_posix()).cells
    return "\n\n".join(c.code for c in cells if is_run(c))


def own_time(notes: Path) -> float:
    """Seconds that the cells take in plain Python processes, one a page, on all cores."""
    pages = sorted(page for page in notes.rglob("*.qmd") if not page.name.startswith("_"))
    programs = [(page.parent, code_of(notes, page)) for page in pages]

    def run(program: tuple[Path, str]) -> None:
        folder, code = program
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, env=environment() | ALONE, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"the cells of {folder.name} failed:\n{done.stderr[-3000:]}")

    started = time.perf_counter()
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(run, (program for program in programs if program[1].strip())))
    return time.perf_counter() - started


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        notes = copy_of_notes(Path(scratch))

        def cold(*arguments: str) -> float:
            shutil.rmtree(notes / ".octavo", ignore_errors=True)
            shutil.rmtree(notes / "_site", ignore_errors=True)
            return octavo(notes, *arguments)

        frozen = cold()
        own = own_time(notes)
        whole = cold("--execute")
        report(
            [
                ("the cells alone, plain Python on all cores", own, ""),
                ("the whole site with --execute, cold", whole, f"{whole / own:.2f} x the cells' own time"),
                ("the whole site from frozen results, cold", frozen, ""),
                (
                    "what running the cells added",
                    whole - frozen,
                    f"{100 * ((whole - frozen) / own - 1):+.0f} % over the cells' own time",
                ),
            ]
        )


if __name__ == "__main__":
    main()
