"""Building the notes: cold, unchanged, after one edit, format by format; against the floor and against Quarto."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from timing import copy_of_notes, floor, floor_pages, median, octavo, processor_time, report, run

TIMES = 3


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        notes = copy_of_notes(Path(scratch))
        formats = "html,docx,pdf"

        def cold(*arguments: str) -> float:
            shutil.rmtree(notes / ".octavo", ignore_errors=True)
            shutil.rmtree(notes / "_site", ignore_errors=True)
            return octavo(notes, *arguments)

        lecture = sorted(notes.glob("lectures/0*.qmd"))[0]
        text = lecture.read_text("utf-8")
        edits = iter(range(1, 1000))

        def edited(*arguments: str) -> float:
            lecture.write_text(f"{text}\n\nEdit {next(edits)}.\n", "utf-8")
            return octavo(notes, *arguments)

        octavo(notes)
        unchanged = median(lambda: octavo(notes))
        one_edit = median(edited)
        one_page = median(lambda: edited(str(lecture), "--to", "html"))
        lecture.write_text(text, "utf-8")
        each = {form: median(lambda form=form: cold("--to", form)) for form in ("html", "pdf", "docx", "ipynb")}
        bare_folder = Path(scratch) / "floor"
        pages = floor_pages(notes, bare_folder)
        # What is set against each other is measured in turns, so that a busy machine is busy for both.
        pairs = [(*both(lambda: cold("--to", formats)), *both(lambda: floor(bare_folder, pages))) for _ in range(TIMES)]
        everything, work, bare, bare_work = (statistics.median(column) for column in zip(*pairs, strict=True))
        rows = [
            (f"cold, frozen, {formats}", everything, f"{everything / bare:.2f} x the floor"),
            ("the floor (bare pandoc and Typst)", bare, ""),
            ("the same in processor time, all cores", work, f"{work / bare_work:.2f} x the floor's"),
            ("nothing changed", unchanged, f"{everything / unchanged:.0f} x faster than cold"),
            (
                "one lecture edited, whole site, all formats",
                one_edit,
                f"{everything / one_edit:.1f} x faster than cold",
            ),
            ("one lecture edited, its HTML", one_page, f"{everything / one_page:.1f} x faster than cold"),
            *((f"cold, {form} alone", seconds, f"{seconds / bare:.2f} x the floor") for form, seconds in each.items()),
        ]
        if shutil.which("quarto"):
            rows += against_quarto(notes, lecture, everything, one_page)
        report(rows)


def both(measure: Callable[[], float]) -> tuple[float, float]:
    """The seconds of a measurement, and the processor time that it took."""
    before = processor_time()
    return measure(), processor_time() - before


def against_quarto(notes: Path, lecture: Path, everything: float, one_page: float) -> list[tuple[str, float, str]]:
    """The same sources, formats and frozen results with Quarto."""
    whole = sum(run(["quarto", "render", "--to", form], notes) for form in ("html", "docx", "typst"))
    page = median(lambda: run(["quarto", "render", str(lecture), "--to", "html"], notes))
    return [
        ("quarto render, html, docx, typst", whole, f"{whole / everything:.1f} x octavo's"),
        ("quarto render lecture --to html", page, f"{page / one_page:.1f} x octavo's"),
    ]


if __name__ == "__main__":
    main()
