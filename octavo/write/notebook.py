"""The notebook of a page: its prose with resolved references, its cells as written, ready to run."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from octavo.read.source import Cell, Prose, Source

# Where a cell stood, in Markdown that has gone through pandoc as one document.
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_PLACED = re.compile(r"^[ >]*%%octavo-cell-(\d+)%%[ ]*$", re.MULTILINE)


def notebook(
    source: Source,
    title: str,
    body: str,
    outputs: Sequence[list[dict[str, Any]]],
    captions: Mapping[str, str],
    kernel: str = "python3",
) -> bytes:
    """A notebook (nbformat 4.5) from the resolved `body`, which holds the marks of the cells.

    `captions` are the printed captions by label ("Figure 1: …"), set below the cells that make the figures.
    """
    cells: list[dict[str, Any]] = []
    if title:
        cells.append(_markdown(f"# {title}"))
    pieces = _PLACED.split(body)
    for i, piece in enumerate(pieces):
        if i % 2 == 0:
            if piece.strip():
                cells.append(_markdown(piece.strip()))
            continue
        cell = source.cells[int(piece)]
        cells.append(_code(cell, outputs[int(piece)] if int(piece) < len(outputs) else []))
        caption = captions.get(str(cell.options.get("label", "")))
        if caption:
            cells.append(_markdown(f"*{caption}*"))
    taken: set[str] = set()
    for index, cell in enumerate(cells):
        # A labelled cell is found by its label, as in Quarto's notebooks.
        named = cell["id"] if _ID.fullmatch(cell["id"]) and cell["id"] not in taken else f"cell-{index}"
        cell["id"] = named
        taken.add(named)
    document = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": kernel},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def as_written(source: Source) -> str:
    """The document as its author has written it, with a mark for each cell."""
    front = "\n".join(line.text for line in source.lines[: source.body_first]).strip()
    pieces, count = [front] if front else [], 0
    for part in source.parts:
        if isinstance(part, Prose):
            pieces.append(part.text)
        else:
            pieces.append(f"%%octavo-cell-{count}%%")
            count += 1
    return "\n".join(pieces)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "", "metadata": {}, "source": _lines(text)}


def _code(cell: Cell, outputs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if cell.language != "python":
        return _markdown(f"```{cell.language}\n{cell.code}\n```")
    options = "".join(f"#| {key}: {json.dumps(value, default=str)}\n" for key, value in cell.options.items())
    return {
        "cell_type": "code",
        "execution_count": next((o["execution_count"] for o in outputs if o.get("execution_count")), None),
        "id": str(cell.options.get("label") or ""),
        "metadata": {},
        "outputs": [dict(output) for output in outputs],
        "source": _lines(options + cell.code),
    }
