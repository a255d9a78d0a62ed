"""A `.qmd` file as values: front matter, prose and cells, each line with the file and number it came from.

Cells are taken out here because ` ```{python} ` is not a code block to pandoc. Includes are expanded here too, as
Quarto does before it runs anything, so that included cells run and every later message can name the included line.
"""

from __future__ import annotations

import hashlib
import os
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from octavo.diagnostics import AuthorError, Diagnostic, Position, did_you_mean, error
from octavo.read.metadata import later_blocks, with_blocks
from octavo.read.yaml import load_yaml

FENCE = re.compile(r"^(?P<indent>(?:[ \t]|>[ ]?)*)(?P<fence>`{3,}|~{3,})\s*(?P<info>.*?)\s*$")
CELL = re.compile(r"^\{(?P<language>[A-Za-z][\w-]*)(?P<rest>(?:[\s,][^{}]*)?)\}$")
INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(?P<path>.+?)\s*>\}\}\s*$")
OPTION_COMMENT = {"mermaid": "%%|", "dot": "//|", "ojs": "//|"}
DEEPEST_INCLUDE = 20


@dataclass(frozen=True)
class Line:
    """One line of the expanded document, and where an author finds it."""

    text: str
    file: str
    number: int
    included_from: tuple[Position, ...] = ()


@dataclass(frozen=True)
class Prose:
    """Markdown between two cells; `first` is the index of its first line in `Source.lines`."""

    first: int
    text: str


@dataclass(frozen=True)
class Cell:
    """An executable block: its options (`#| key: value`), its code without them, and its fence as written."""

    first: int
    language: str
    options: dict[str, Any]
    code: str
    indent: str = ""
    fence: str = "```"
    info: str = ""
    code_first: int = 0


@dataclass(frozen=True)
class Source:
    """One page as read. `digest` is the MD5 of the file's bytes, which is Quarto's freeze hash."""

    file: str
    digest: str
    front_matter: dict[str, Any]
    lines: tuple[Line, ...]
    parts: tuple[Prose | Cell, ...]
    includes: tuple[str, ...] = ()
    body_first: int = 0
    notebook: dict[str, Any] | None = field(default=None, compare=False)

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(p for p in self.parts if isinstance(p, Cell))

    def position(self, index: int, column: int = 1) -> Position:
        """The author's place of line `index` (0-based) of the expanded document."""
        if not self.lines:
            return Position(self.file, 1, 1)
        line = self.lines[min(max(index, 0), len(self.lines) - 1)]
        return Position(line.file, line.number, column)

    def included_from(self, index: int) -> tuple[Position, ...]:
        return self.lines[index].included_from if 0 <= index < len(self.lines) else ()

    @cached_property
    def text(self) -> str:
        """The whole expanded document, front matter included."""
        return "\n".join(line.text for line in self.lines)

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for line in self.lines:
            starts.append(at)
            at += len(line.text) + 1
        return starts

    def find(self, needle: str, occurrence: int = 1) -> Position | None:
        """Where the `occurrence`-th appearance of an author's own words stands, or None."""
        at = -1
        for _ in range(occurrence):
            at = self.text.find(needle, at + 1)
            if at < 0:
                return None
        index = bisect_right(self._starts, at) - 1
        return self.position(index, at - self._starts[index] + 1)


def read_source(root: Path, file: str, told: list[Diagnostic] | None = None) -> Source:
    """Read `file` (relative to `root`) with its includes.

    Raises AuthorError for a file that is missing or not UTF-8, broken YAML, a missing or circular include, or an
    unclosed fence of a cell. With a list in `told`, the last three go there, and the page goes on: a mark stands for
    the include, and the open cell is text.
    """
    wrong: list[Diagnostic] = []
    source = parsed(file, *_read(root, file, wrong), wrong)
    if wrong and told is None:
        raise AuthorError(*wrong)
    if told is not None:
        told += wrong
    return source


def parsed(file: str, data: bytes, lines: Sequence[Line], told: list[Diagnostic]) -> Source:
    """The document that consists of `lines`. `data` are the bytes of its file."""
    lines = list(lines)
    front, body = _front_matter(lines, file)
    texts = [line.text for line in lines]
    if blocks := later_blocks(texts, body):
        front = with_blocks(front, texts, [(line.file, line.number) for line in lines], blocks)
        for i in (i for first, end in blocks for i in range(first, end)):
            lines[i] = replace(lines[i], text="")
    parts = tuple(_parts(lines, body, told))
    includes = tuple(dict.fromkeys(line.file for line in lines if line.file != file))
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return Source(file, digest, front, tuple(lines), parts, includes, body)


def _read(root: Path, file: str, told: list[Diagnostic]) -> tuple[bytes, list[Line]]:
    data = _read_bytes(root, file, None)
    return data, list(_expanded(root, file, data, (), told))


def _read_bytes(root: Path, file: str, asked: Position | None) -> bytes:
    try:
        return (root / file).read_bytes()
    except OSError as e:
        reason = "does not exist" if isinstance(e, FileNotFoundError) else (e.strerror or "cannot be read").lower()
        raise AuthorError(error("OCT-file-missing", f"the file `{file}` {reason}", asked)) from None


def decoded(data: bytes, file: str) -> str:
    """The text of a file, its lines ended by one character. Raises AuthorError at the first byte that is no text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = data[: e.start].count(b"\n") + 1
        before = data[data.rfind(b"\n", 0, e.start) + 1 : e.start]
        column = len(before.decode("utf-8-sig", errors="replace")) + 1
        bad = error(
            "OCT-file-encoding", f"`{file}` is not UTF-8 text", Position(file, line, column), "save it as UTF-8"
        )
        raise AuthorError(bad) from None
    if "\0" in text:
        before = text[: text.index("\0")]
        place = Position(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        raise AuthorError(error("OCT-file-encoding", f"`{file}` holds a NUL byte", place, "is it a text file?"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _expanded(
    root: Path, file: str, data: bytes, trail: tuple[Position, ...], told: list[Diagnostic]
) -> Iterator[Line]:
    """The lines of `file` with every `{{< include … >}}` that stands on a line of its own replaced, recursively."""
    open_fence = None
    for number, text in enumerate(decoded(data, file).split("\n"), 1):
        fence = FENCE.match(text)
        if open_fence is None and fence:
            open_fence = fence["fence"]
        elif fence and fence["fence"].startswith(open_fence) and not fence["info"]:
            open_fence = None
        include = INCLUDE.match(text)
        if not include:
            yield Line(text, file, number, trail)
            continue
        here = Position(file, number, text.index("{{<") + 1)
        target = _include_target(root, file, include["path"].strip("\"'"))
        wrong = _include_problem(root, file, target, here, trail)
        if wrong:
            told.append(replace(wrong, included_from=trail))
            # In code the call is shown, and told no second time.
            shown = text.replace("{{<", "{{{<").replace(">}}", ">}}}")
            mark = shown if open_fence else f"{text[: here.column - 1]}[?include `{target}`]{{.octavo-broken}}"
            yield Line(mark, file, number, trail)
            continue
        included = list(_expanded(root, target, _read_bytes(root, target, here), (here, *trail), told))
        if open_fence is None:
            included = _without_front_matter(included)
        while included and not included[-1].text:
            included.pop()
        yield from included


def _include_problem(
    root: Path, file: str, target: str, here: Position, trail: tuple[Position, ...]
) -> Diagnostic | None:
    """Why an include cannot be followed, or None."""
    if any(p.file == target for p in trail) or target == file or len(trail) >= DEEPEST_INCLUDE:
        return error("OCT-include-circular", f"`{target}` includes itself", here)
    if not (root / target).is_file():
        folder = (root / target).parent
        hint = did_you_mean(Path(target).name, os.listdir(folder)) if folder.is_dir() else None
        if (root / target).is_dir():
            return error("OCT-include-missing", f"`{target}` is a folder, and no file to include", here)
        return error("OCT-include-missing", f"the included file `{target}` does not exist", here, hint)
    return None


def _include_target(root: Path, file: str, path: str) -> str:
    """An include's path relative to the project: `/x` counts from the project, `x` from the including file."""
    joined = root / path.lstrip("/") if path.startswith("/") else (root / file).parent / path
    try:
        return joined.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return joined.resolve().as_posix()


def _without_front_matter(lines: list[Line]) -> list[Line]:
    if not lines or lines[0].text.rstrip() != "---":
        return lines
    ends = (i for i, line in enumerate(lines[1:], 1) if line.text.rstrip() in ("---", "..."))
    end = next(ends, None)
    return lines if end is None else lines[end + 1 :]


def _front_matter(lines: list[Line], file: str) -> tuple[dict[str, Any], int]:
    """The front matter as a mapping (with positions), and the index of the first line after it."""
    first = next((i for i, line in enumerate(lines) if line.text.strip()), None)
    if first is None or lines[first].text.rstrip() != "---":
        return {}, 0
    if first + 1 < len(lines) and not lines[first + 1].text.strip():
        return {}, 0  # a rule, not front matter: pandoc wants YAML right below the dashes
    for i in range(first + 1, len(lines)):
        if lines[i].text.rstrip() in ("---", "..."):
            text = "\n".join(line.text for line in lines[first + 1 : i])
            return load_yaml(text, file, lines[first].number), i + 1
    place = Position(lines[first].file, lines[first].number)
    hint = "close it with a line of three dashes"
    raise AuthorError(error("OCT-yaml-unclosed", "the front matter is never closed", place, hint))


def _parts(lines: list[Line], body: int, told: list[Diagnostic]) -> Iterator[Prose | Cell]:
    prose_from = i = body
    while i < len(lines):
        fence = FENCE.match(lines[i].text)
        if not fence:
            i += 1
            continue
        end = _closing(lines, i, fence["fence"])
        cell = CELL.match(fence["info"]) if fence["info"] else None
        if cell and end is None:
            place = Position(lines[i].file, lines[i].number, fence.start("fence") + 1)
            hint = f"close it with a line of {fence['fence']}"
            wrong = error("OCT-fence-unclosed", "this cell is never closed", place, hint)
            told.append(replace(wrong, included_from=lines[i].included_from))
        elif cell:
            if i > prose_from:
                yield Prose(prose_from, "\n".join(line.text for line in lines[prose_from:i]))
            yield _cell(lines, i, end, fence, cell)
            prose_from = end + 1
        i = len(lines) if end is None else end + 1
    if prose_from < len(lines):
        yield Prose(prose_from, "\n".join(line.text for line in lines[prose_from:]))


def _closing(lines: list[Line], opened: int, fence: str) -> int | None:
    for i in range(opened + 1, len(lines)):
        match = FENCE.match(lines[i].text)
        if match and match["fence"].startswith(fence) and not match["info"]:
            return i
    return None


def _cell(lines: list[Line], first: int, end: int, fence: re.Match[str], cell: re.Match[str]) -> Cell:
    indent = fence["indent"]
    code = [line.text.removeprefix(indent) for line in lines[first + 1 : end]]
    comment = OPTION_COMMENT.get(cell["language"], "#|")
    count = 0
    while count < len(code) and code[count].lstrip().startswith(comment):
        count += 1
    yaml = "\n".join(line.lstrip().removeprefix(comment).removeprefix(" ") for line in code[:count])
    options = load_yaml(yaml, lines[first].file, lines[first].number, column=len(indent) + len(comment) + 1)
    code_first = first + 1 + count
    return Cell(
        first, cell["language"], options, "\n".join(code[count:]), indent, fence["fence"], fence["info"], code_first
    )
