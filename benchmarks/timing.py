"""What the benchmarks share: commands timed, medians, copies of the notes to work on, the floor."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
# The program, too: a command that is started among its sources would take them for the installed ones.
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "_site", ".octavo", ".quarto", "tests", "benchmarks", "octavo", "*.egg-info", "__pycache__"
)


def copy_of_notes(folder: Path) -> Path:
    """The notes' sources with their frozen results, in a folder of their own."""
    target = folder / "notes"
    shutil.copytree(ROOT, target, ignore=LEFT_OUT)
    return target


def run(command: Sequence[str], folder: Path) -> float:
    """Seconds that a command takes; it must succeed."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment(), check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    return seconds


def octavo(folder: Path, *arguments: str) -> float:
    """Seconds of `octavo render`."""
    return run([sys.executable, "-m", "octavo", "render", *arguments], folder)


def median(measure: Callable[[], float], times: int = 3) -> float:
    """The median of several measurements."""
    return statistics.median(measure() for _ in range(times))


def processor_time() -> float:
    """Seconds of work that this process and those of its children that have ended have done, on all cores."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


class Memory(threading.Thread):
    """Watches the memory of this process's children and theirs, all together, while a block runs; `peak` in MB.

    What processes share (a program's own code, say) is counted once, in parts (`Pss`).
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self._done = 0.0, threading.Event()

    def run(self) -> None:
        while not self._done.wait(0.1):
            self.peak = max(self.peak, sum(_resident(pid) for pid in _descendants(os.getpid())))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()


def _descendants(pid: int) -> list[int]:
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
    found = [child for child, parent in parents.items() if parent == pid]
    for child in found:
        found += [c for c, parent in parents.items() if parent == child]
    return found


def _resident(pid: int) -> float:
    with contextlib.suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        return int(found[1]) / 1000 if found else 0.0
    return 0.0


def floor_pages(notes: Path, folder: Path) -> list[Path]:
    """The pages for the floor, in a copy of their own: by format as Markdown with its frozen results, figures beside it.

    Returns each page without a suffix; beside it are `.html.md`, `.docx.md` and `.typ.md`.
    """
    shutil.copytree(notes, folder, ignore=LEFT_OUT, dirs_exist_ok=True)
    pages = []
    for page in sorted(p for p in folder.rglob("*.qmd") if not p.name.startswith("_")):
        frozen = notes / "_freeze" / page.relative_to(folder).with_suffix("")
        for form in ("html", "docx", "typ"):
            results = frozen / "execute-results" / f"{form}.json"
            text = json.loads(results.read_text("utf-8"))["result"]["markdown"] if results.is_file() else None
            page.with_suffix(f".{form}.md").write_text(text or page.read_text("utf-8"), "utf-8")
        for figures in frozen.glob("figure-*"):
            shutil.copytree(figures, page.with_name(f"{page.stem}_files") / figures.name, dirs_exist_ok=True)
        pages.append(page.with_suffix(""))
    return pages


# What pandoc's writer calls by names that Typst has given up.
_RENAMED = {
    r"\bsect\b": "inter",
    r"\b(dot|times|plus|minus|bracket\.[lr])\.circle\b": r"\1.o",
    r"\b(bracket\.[lr])\.double\b": r"\1.stroked",
}


def floor(root: Path, pages: Sequence[Path]) -> float:
    """Seconds for bare pandoc to HTML, DOCX and Typst and bare Typst to PDF, all pages on all cores."""
    import pypandoc
    import typst

    pandoc = pypandoc.get_pandoc_path()

    def page(path: Path) -> None:
        _pandoc(pandoc, path, "html", ["-t", "html5", "--mathml", "-s", "-o", f"{path}.html"])
        _pandoc(pandoc, path, "docx", ["-t", "docx", "-o", f"{path}.docx"])
        source = _pandoc(pandoc, path, "typ", ["-t", "typst-citations", "-s"])
        for old, new in _RENAMED.items():
            source = re.sub(old, new, source)
        main = f"{path.relative_to(root)}.typ"
        Path(f"{path}.pdf").write_bytes(
            typst.compile({main: source.encode()}, root=str(root), ignore_system_fonts=True)
        )

    started = time.perf_counter()
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(page, pages))
    return time.perf_counter() - started


def _pandoc(pandoc: str, page: Path, form: str, arguments: Sequence[str]) -> str:
    command = [pandoc, "-f", "markdown", f"{page}.{form}.md", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=page.parent, check=True).stdout


def environment() -> dict[str, str]:
    """What commands find around them: this program, and compiled modules as any installed program has them."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(ROOT)}


def report(rows: Sequence[tuple[str, float, str]]) -> None:
    """Print measurements: what, seconds, and a remark (a ratio)."""
    width = max(len(row[0]) for row in rows)
    for name, seconds, remark in rows:
        print(f"{name:<{width}}  {seconds:8.2f} s  {remark}")
