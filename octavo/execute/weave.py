"""Cells and their outputs woven back into the Markdown, in Quarto's form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from octavo.execute import inline, knitr
from octavo.execute.cell import Weaving, cell_markdown
from octavo.execute.naming import label_of
from octavo.execute.options import DIAGRAMS, cell_options
from octavo.read.source import Cell, Prose, Source

# The key of a page's Markdown for its notebook.
NOTEBOOK = "ipynb"


def woven(weaving: Weaving, outputs: Sequence[list[dict[str, Any]]], values: Sequence[Mapping[str, Any] | None]) -> str:
    """The whole document, front matter included.

    `outputs` holds nbformat outputs for each of the source's cells, `values` the data of each inline expression in
    the order of `expression_texts` (None leaves an expression as written).
    """
    source, numbers = weaving.source, iter(range(len(values)))

    def value() -> str | None:
        data = values[next(numbers)]
        return None if data is None else inline.shown(data, weaving.form)

    pieces: list[str] = []
    cell_index = run = 0  # cells that are run are counted by themselves: names and numbers of outputs come from there
    for part in source.parts:
        if isinstance(part, Prose):
            pieces.append(_filled(part.text, weaving.language, value))
            continue
        if part.language == weaving.language:
            own = filled_options(part, lambda text: _filled(text, weaving.language, value))
            text = cell_markdown(weaving, part, own, run, outputs[cell_index])
            run += 1
        elif part.language in DIAGRAMS:
            text = "\n".join(line.text for line in _cell_lines(source, part)) + "\n"
        else:
            text = knitr.shown(weaving, part)
        indented = part.language in DIAGRAMS or not part.indent
        pieces.append(_apart(text if indented else _indented(text, part.indent), part.indent, pieces))
        cell_index += 1
    front = "\n".join(line.text for line in source.lines[: source.body_first])
    return "\n".join(([_filled_yaml(front, weaving.language, value)] if front else []) + pieces)


def with_places(source: Source, language: str = "python", values: Sequence[Mapping[str, Any] | None] = ()) -> str:
    """The document's prose for its notebook: expressions filled in, a mark (div `octavo-cell`) for each cell."""
    numbers = iter(range(len(values)))

    def value() -> str | None:
        data = values[number] if (number := next(numbers, None)) is not None else None
        return None if data is None else inline.shown(data, "html")

    pieces, count = [], 0
    for part in source.parts:
        if isinstance(part, Prose):
            pieces.append(_filled(part.text, language, value))
            continue
        if part.language == language:
            filled_options(part, lambda text: _filled(text, language, value))  # their values come in between
        label = f" cell-label={label_of(part.options)}" if part.options.get("label") else ""
        pieces.append(f"\n{part.indent}::: {{.octavo-cell cell-index={count}{label}}}\n{part.indent}:::\n")
        count += 1
    return "\n".join(pieces)


def expression_texts(source: Source, language: str) -> list[tuple[int, str, str]]:
    """Every text that may hold inline expressions, in the order of evaluation: (part index, what it is, text).

    The options of a cell come after the cell, and the front matter last, so that each sees what the code has made.
    """
    found: list[tuple[int, str, str]] = []
    for index, part in enumerate(source.parts):
        if isinstance(part, Prose):
            found.append((index, "prose", part.text))
        elif part.language == language:
            filled_options(part, lambda text, index=index: found.append((index, "option", text)) or text)
    front = "\n".join(line.text for line in source.lines[: source.body_first])
    return [*found, (-1, "front matter", front)]


def filled_options(cell: Cell, fill: Callable[[str], str]) -> dict[str, Any]:
    """The cell's options with every text in them passed through `fill`, in order."""

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return fill(str(value))
        if isinstance(value, Mapping):
            return {k: walk(v) for k, v in value.items()}
        return [walk(v) for v in value] if isinstance(value, list) else value

    return {key: walk(value) for key, value in cell_options(cell).items()}


def _filled(text: str, language: str, value: Callable[[], str | None]) -> str:
    found = inline.expressions(text, language)
    return inline.substituted(text, [value() for _ in found], language) if found else text


def _filled_yaml(text: str, language: str, value: Callable[[], str | None]) -> str:
    values = []
    for expression in inline.expressions(text, language):
        before = text[: expression.start].rpartition("\n")[2]
        shown = value()
        values.append(None if shown is None else inline.in_yaml(shown, before))
    return inline.substituted(text, values, language) if values else text


def _cell_lines(source: Source, cell: Cell) -> Sequence[Any]:
    end = cell.code_first + (cell.code.count("\n") + 1 if cell.code else 0)
    while end < len(source.lines) and not source.lines[end].text.strip("> \t").startswith(cell.fence):
        end += 1
    return source.lines[cell.first : end + 1]


def _indented(text: str, indent: str) -> str:
    return "\n".join((indent + line) if line else indent.rstrip() for line in text.split("\n"))


def _apart(text: str, indent: str, before: Sequence[str]) -> str:
    """A cell's Markdown with the blank lines around it that a div needs."""
    last = before[-1].rpartition("\n")[2] if before else ""
    blank = indent.rstrip()
    return f"{blank}\n{text}" if last.strip("> \t") else text
