"""Made-up course sites of n lectures: time, peak memory of all processes, size, and one edit: as a command, in the preview."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from pathlib import Path

from preview import latencies
from timing import Memory, octavo

FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><path d="M0 {y} L200 {z}" stroke="black"/></svg>'
)
SENTENCES = (
    "We train on many tasks and test on a new one.",
    "The loss of a task is an average over its examples.",
    "Nothing here depends on the order of the tasks.",
    "A gradient step changes all shared parameters at once.",
    "What the tasks have in common is learned once.",
)
EQUATION = (
    r"\nabla_\theta \mathcal{{L}}_{{{i}}}(\theta) = \frac{{1}}{{n}} \sum_{{j=1}}^n \ell_{{{k}}}(f_\theta(x_j), y_j)"
)


def lecture(number: int, count: int) -> str:
    """About 300 lines: 30 equations, 8 labelled blocks, 5 references to other lectures, 2 figures."""
    chance = random.Random(number)
    lines = ["---", f'title: "Lecture {number}"', f"date: 2026-01-{1 + number % 28:02}", "---", ""]
    kinds = ["def", "thm", "lem", "prp", "cor", "exm", "exr", "rem"]
    for part, kind in enumerate(kinds):
        lines += [f"## Part {part} {{#sec-{number}-{part}}}", ""]
        lines += [" ".join(chance.sample(SENTENCES, 3)) for _ in range(12)] + [""]
        lines += [
            f"::: {{#{kind}-{number}}}",
            f"## Statement {part}",
            "",
            f"See @{kinds[part - 1]}-{number}." if part else "First.",
            ":::",
            "",
        ]
        for i in range(4 if part < 6 else 3):
            lines += [
                "$$",
                EQUATION.format(i=part, k=i),
                f"$$ {{#eq-{number}-{part}-{i}}}",
                "",
                f"By @eq-{number}-{part}-{i} we go on.",
                "",
            ]
        if part < 2:
            lines += [f'![A line, {part}](figure-{part}.svg){{#fig-{number}-{part} fig-alt="A line"}}', ""]
        if part < 5:
            other = 1 + chance.randrange(count)
            lines += [f"Compare @def-{other} of another lecture." if other != number else "Compare nothing.", ""]
    return "\n".join(lines)


def make_site(folder: Path, count: int) -> Path:
    """A website of `count` lectures."""
    folder.mkdir(parents=True)
    (folder / "_quarto.yml").write_text(
        "project: {type: website, output-dir: _site}\n"
        "website: {title: Growth, navbar: {left: [index.qmd]}}\nformat: {html: {toc: true}}\n"
    )
    (folder / "index.qmd").write_text(
        "---\ntitle: Home\nlisting: {contents: 'lectures/*.qmd', type: table}\n---\n\nAll lectures.\n"
    )
    lectures = folder / "lectures"
    lectures.mkdir()
    for part in range(2):
        (lectures / f"figure-{part}.svg").write_text(FIGURE.format(y=part * 50, z=100 - part * 30))
    for number in range(1, count + 1):
        (lectures / f"{number:04}.qmd").write_text(lecture(number, count))
    return folder


def size_of(folder: Path) -> float:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6


def main(counts: list[int]) -> None:
    print("lectures    cold s   s/lecture   peak MB   site MB   one edit s   in the preview s")
    with tempfile.TemporaryDirectory() as scratch:
        for count in counts:
            site = make_site(Path(scratch) / str(count), count)
            with Memory() as memory:
                cold = octavo(site)
            page = site / "lectures" / "0001.qmd"
            page.write_text(page.read_text() + "\n\nOne more line.\n")
            edit = octavo(site, str(page), "--to", "html")
            size = size_of(site / "_site")
            shown = statistics.median(latencies(site, "lectures/0001.qmd", 5))
            row = f"{count:8}  {cold:8.1f}  {cold / count:10.2f}  {memory.peak:8.0f}"
            print(f"{row}  {size:8.1f}  {edit:11.2f}  {shown:17.2f}", flush=True)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [1, 16, 128, 1024])
