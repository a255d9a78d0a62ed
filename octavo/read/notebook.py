"""A Jupyter notebook as the same values that a `.qmd` file gives: prose, cells, and for each line where it stands.

https://quarto.org/docs/tools/jupyter-lab.html
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from octavo.diagnostics import AuthorError, Position, error
from octavo.read.source import OPTION_COMMENT, Cell, Line, Prose, Source
from octavo.read.yaml import load_yaml

RAW_FORMATS = {"text/html": "html", "text/latex": "latex", "text/markdown": "", "application/pdf": "latex"}
ATTACHMENT = re.compile(r"attachment:(?P<name>[^\s)\"'>]+)")
DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class _Read:
    """A cell of the file; `places` holds line and column of each of its source's lines."""

    kind: str
    lines: list[str]
    places: list[tuple[int, int]]
    values: Mapping[str, Any]


def read_notebook(root: Path, file: str) -> Source:
    """Read the notebook `file` (relative to `root`).

    `Source.notebook` holds what a `.qmd` has not: "outputs" (nbformat's, for each of `Source.cells`), "names" (of each
    of them its id and tags), "attachments" (base64 by the name that the prose has for them), "language" and "kernel".
    Raises AuthorError for a file that is missing or no notebook, and for broken YAML in it.
    """
    data, text = _text(root, file)
    values = _decoded(text, file)
    cells = list(_cells(text, values))
    front, front_lines, cells = _front_matter(cells, file)
    metadata = values.get("metadata") or {}
    kernel = metadata.get("kernelspec") or {}
    language = kernel.get("language") or (metadata.get("language_info") or {}).get("name") or "python"
    notebook = {"outputs": [], "names": [], "attachments": {}, "language": language, "kernel": kernel.get("name")}
    lines = [Line(line, file, number) for line, number in front_lines]
    body, parts = len(lines), []
    for number, cell in enumerate(cells):
        first = len(lines)
        own, part = _part(cell, number, first, language, file, notebook)
        lines += own
        parts.append(part)
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return Source(file, digest, front, tuple(lines), tuple(parts), (), body, notebook)


def _text(root: Path, file: str) -> tuple[bytes, str]:
    try:
        data = (root / file).read_bytes()
        return data, data.decode("utf-8-sig")
    except OSError:
        raise AuthorError(error("OCT-file-missing", f"the file `{file}` does not exist")) from None
    except UnicodeDecodeError:
        raise AuthorError(error("OCT-file-encoding", f"`{file}` is not UTF-8 text", Position(file))) from None


def _decoded(text: str, file: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except json.JSONDecodeError as e:
        place = Position(file, e.lineno, e.colno)
        raise AuthorError(error("OCT-notebook-json", f"this is not a notebook: {e.msg}", place)) from None
    if not isinstance(values, dict) or not _are_cells(values.get("cells")):
        hint = "open it with a current Jupyter and save it"
        raise AuthorError(error("OCT-notebook-version", "this is not a notebook of format 4", Position(file), hint))
    return values


def _are_cells(cells: Any) -> bool:
    """Whether these are cells as the format has them, as far as they are read here."""
    return isinstance(cells, list) and all(
        isinstance(cell, dict)
        and isinstance(cell.get("source", ""), str | list)
        and isinstance(cell.get("outputs") or [], list)
        and isinstance(cell.get("metadata") or {}, dict)
        for cell in cells
    )


def _cells(text: str, values: Mapping[str, Any]) -> Iterator[_Read]:
    """The cells with their places. Jupyter writes every line of a source on a line of its own."""
    starts = [m.end() for m in re.finditer(r'"source"\s*:\s*', text)]
    newlines = [m.start() for m in re.finditer("\n", text)]
    for cell in values["cells"]:
        source = cell.get("source", "")
        start = next((at for at in starts if DECODER.raw_decode(text, at)[0] == source), None)
        if start is not None:
            starts = [at for at in starts if at > start]
        pieces = source if isinstance(source, list) else [source]
        lines, places, at = [""], [], start + 1 if start is not None and isinstance(source, list) else start
        for piece in pieces:
            place = (1, 1)
            if at is not None:
                at = text.index('"', at)
                place = (bisect_right(newlines, at) + 1, at - text.rfind("\n", 0, at) + 1)
                at = DECODER.raw_decode(text, at)[1]
            own = str(piece).split("\n")
            lines[-1] += own[0]
            lines += own[1:]
            begun = len(lines) if own[-1] else len(lines) - 1  # after a line's end the next piece begins a line
            places += [place] * (begun - len(places))
        places += [places[-1] if places else (1, 1)] * (len(lines) - len(places))
        yield _Read(cell.get("cell_type", "raw"), lines, places, cell)


def _front_matter(cells: list[_Read], file: str) -> tuple[dict[str, Any], list[tuple[str, int]], list[_Read]]:
    """The YAML of the first cell, its lines with their numbers, and the cells that remain."""
    first = cells[0] if cells else None
    if first is None or first.kind not in ("raw", "markdown") or first.lines[0].rstrip() != "---":
        return {}, [], cells
    end = next((i for i, line in enumerate(first.lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    line, column = first.places[0]
    if end is None:
        hint = "close it with a line of three dashes"
        place = Position(file, line, column)
        raise AuthorError(error("OCT-yaml-unclosed", "the front matter is never closed", place, hint))
    values = load_yaml("\n".join(first.lines[1:end]), file, line, column - 1)
    rest = _Read(first.kind, first.lines[end + 1 :], first.places[end + 1 :], first.values)
    remaining = [rest, *cells[1:]] if any(text.strip() for text in rest.lines) else cells[1:]
    numbered = [(text, place[0]) for text, place in zip(first.lines[: end + 1], first.places, strict=False)]
    return values, [*numbered, ("", numbered[-1][1])], remaining


def _part(
    cell: _Read, number: int, first: int, language: str, file: str, notebook: dict[str, Any]
) -> tuple[list[Line], Prose | Cell]:
    """The lines of one cell as they would stand in a `.qmd`, and what they are."""
    texts, places = cell.lines, cell.places
    if cell.kind == "code":
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", "\n".join(texts))), 3)
        lines = [Line(f"{fence}{{{language}}}", file, places[0][0])]
        lines += [Line(text, file, place[0]) for text, place in zip(texts, places, strict=True)]
        lines.append(Line(fence, file, places[-1][0]))
        notebook["outputs"].append(cell.values.get("outputs") or [])
        metadata = cell.values.get("metadata") or {}
        notebook["names"].append({"id": cell.values.get("id"), "tags": metadata.get("tags") or []})
        return [*lines, Line("", file, places[-1][0])], _code(cell, first, language, fence, file)
    if cell.kind == "raw":
        form = RAW_FORMATS.get(str((cell.values.get("metadata") or {}).get("raw_mimetype", "")), "")
        if form:
            texts = [f"```{{={form}}}", *texts, "```"]
            places = [places[0], *places, places[-1]]
    texts = [_attached(text, cell, number, file, notebook) for text in texts]
    lines = [Line(text, file, place[0]) for text, place in zip(texts, places, strict=True)]
    lines.append(Line("", file, places[-1][0]))
    return lines, Prose(first, "\n".join([*texts, ""]))


def _code(cell: _Read, first: int, language: str, fence: str, file: str) -> Cell:
    comment = OPTION_COMMENT.get(language, "#|")
    count = 0
    while count < len(cell.lines) and cell.lines[count].lstrip().startswith(comment):
        count += 1
    yaml = "\n".join(line.lstrip().removeprefix(comment).removeprefix(" ") for line in cell.lines[:count])
    line, column = cell.places[0]
    options = load_yaml(yaml, file, line - 1, column + len(comment))
    tags = (cell.values.get("metadata") or {}).get("tags")
    if tags and "tags" not in options:
        options["tags"] = list(tags)
    code = "\n".join(cell.lines[count:])
    return Cell(first, language, options, code, "", fence, f"{{{language}}}", first + 1 + count)


def _attached(text: str, cell: _Read, number: int, file: str, notebook: dict[str, Any]) -> str:
    """The line with its attachments named as files; they are kept beside the cells' outputs."""
    attachments = cell.values.get("attachments")
    if not attachments or "attachment:" not in text:
        return text

    def named(match: re.Match[str]) -> str:
        data = attachments.get(match["name"])
        if not data:
            return match[0]
        name = f"{PurePosixPath(file).stem}_files/attachments/{number + 1}-{match['name']}"
        content = next(iter(data.values()))
        notebook["attachments"][name] = content if isinstance(content, str) else "".join(content)
        return name.replace(" ", "%20")

    return ATTACHMENT.sub(named, text)
