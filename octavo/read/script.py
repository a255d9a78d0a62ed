"""A Python script in the percent format: prose in comments, and code, each below a line of `# %%`.

https://quarto.org/docs/computations/render-scripts.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from octavo.diagnostics import AuthorError, Diagnostic
from octavo.read.source import Line, Source, decoded, parsed

EXTENSION = ".py"
_MARK = re.compile(r"""^\s*#\s*%%+[^\[]*(?:\[(?P<kind>\w+)\])?(?:.*\bformat=["']?(?P<format>[\w/]+))?""")
_BEGINNING = re.compile(r"\s*#\s*%%+[^\[\n]*\[(?:markdown|md|raw)\]")
_QUOTES = re.compile(r"""^\s*[rR]?("{3}|'{3})""")


def is_script(path: Path) -> bool:
    """Whether the file is a script that is written as a document: it begins with a cell of prose."""
    try:
        return path.suffix == EXTENSION and bool(_BEGINNING.match(path.read_text("utf-8-sig", errors="replace")))
    except OSError:
        return False


def read_script(root: Path, file: str) -> Source:
    """Read the script `file` (relative to `root`) as the `.qmd` file that it could be; each line keeps its place."""
    data = (root / file).read_bytes()
    lines = [Line(text, file, number) for number, text in enumerate(decoded(data, file).split("\n"), 1)]
    told: list[Diagnostic] = []
    source = parsed(file, data, list(_as_document(lines)), told)
    if told:
        raise AuthorError(*told)
    return source


def _as_document(lines: Sequence[Line]) -> Iterator[Line]:
    marks = [i for i, line in enumerate(lines) if _MARK.match(line.text)]
    for start, end in zip(marks, [*marks[1:], len(lines)], strict=True):
        mark, own = _MARK.match(lines[start].text), _trimmed(lines[start + 1 : end])
        if not own:
            continue
        if mark["kind"] == "raw" and mark["format"]:
            yield from _fenced(_prose(own), f"{{={mark['format'].rpartition('/')[2]}}}")
        elif mark["kind"] in ("markdown", "md", "raw"):
            yield from _prose(own)
        else:
            yield from _fenced(own, "{python}")
        yield Line("", own[-1].file, own[-1].number)


def _trimmed(lines: Sequence[Line]) -> Sequence[Line]:
    filled = [i for i, line in enumerate(lines) if line.text.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _fenced(lines: Sequence[Line], info: str) -> Iterator[Line]:
    ticks = "`" * max(3, *(len(run) + 1 for line in lines for run in re.findall(r"`+", line.text)), 3)
    yield Line(ticks + info, lines[0].file, lines[0].number)
    yield from lines
    yield Line(ticks, lines[-1].file, lines[-1].number)


def _prose(lines: Sequence[Line]) -> list[Line]:
    """The text of a cell of prose: comments without their mark, or a string that stands alone."""
    quotes = _QUOTES.match(lines[0].text)
    if not quotes:
        return [Line(re.sub(r"^\s*#[ ]?", "", line.text), line.file, line.number) for line in lines]
    texts = [line.text for line in lines]
    texts[0] = texts[0][quotes.end() :]
    texts[-1] = texts[-1].rstrip().removesuffix(quotes[1])
    return list(_trimmed([Line(t, line.file, line.number) for t, line in zip(texts, lines, strict=True)]))
