"""Diagnostics are values: made anywhere, collected over the whole site, printed once, sorted.

A stage that finds an author's mistake returns `Diagnostic`s (or raises `AuthorError` when it cannot go on);
nothing else than an author's mistake is reported this way, a bug of octavo's own is an ordinary exception.
"""

from __future__ import annotations

import difflib
import json
import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

WIDEST = 160  # columns of a source line that are shown


@dataclass(frozen=True, order=True)
class Position:
    """A place in an author's file: path relative to the project, 1-based line and column."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Diagnostic:
    """One thing an author should know. `severity` is "error" or "warning"."""

    code: str
    severity: str
    message: str
    position: Position | None = None
    hint: str | None = None
    included_from: tuple[Position, ...] = ()


class AuthorError(Exception):
    """An author's mistake after which the stage cannot go on; carries its diagnostics."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(d.message for d in diagnostics))
        self.diagnostics = diagnostics


def error(code: str, message: str, position: Position | None = None, hint: str | None = None) -> Diagnostic:
    """A diagnostic that fails the run."""
    return Diagnostic(code, "error", message, position, hint)


def warning(code: str, message: str, position: Position | None = None, hint: str | None = None) -> Diagnostic:
    """A diagnostic that is printed and lets the run succeed."""
    return Diagnostic(code, "warning", message, position, hint)


def from_dict(entry: Mapping[str, Any]) -> Diagnostic:
    """A diagnostic as `dataclasses.asdict` took it apart."""
    place = Position(**entry["position"]) if entry["position"] else None
    trail = tuple(Position(**p) for p in entry["included_from"])
    return Diagnostic(entry["code"], entry["severity"], entry["message"], place, entry["hint"], trail)


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The hint that offers the nearest known name, or None if nothing is near."""
    near = difflib.get_close_matches(word, sorted(set(candidates)), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else None


def failed(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error."""
    return any(d.severity == "error" for d in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each diagnostic once, by file, line and column; those without a place first.

    A mistake in a file that several pages include is one mistake.
    """

    def key(d: Diagnostic) -> tuple:
        p = d.position or Position("", 0, 0)
        return (p.file, p.line, p.column, d.code, d.message)

    once: dict[tuple, Diagnostic] = {}
    for d in sorted(set(diagnostics), key=lambda d: (*key(d), d.severity, d.included_from, d.hint or "")):
        once.setdefault(key(d), d)
    return list(once.values())


def downgraded(diagnostics: Iterable[Diagnostic], severities: dict[str, str]) -> list[Diagnostic]:
    """The diagnostics with the severities that the project asks for by code ("off" drops one)."""
    wanted = [replace(d, severity=severities.get(d.code, d.severity)) for d in diagnostics]
    return [d for d in wanted if d.severity != "off"]


def report(diagnostics: Sequence[Diagnostic], root: Path, form: str = "text") -> str:
    """All diagnostics as one text: for people ("text"), for tools ("json"), or for GitHub Actions ("github")."""
    write = {"text": _as_text, "json": _as_json, "github": _as_github}[form]
    return "\n".join(write(d, root) for d in in_order(diagnostics))


def default_form() -> str:
    """GitHub annotations inside GitHub Actions, text for people elsewhere."""
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"


def _source_line(position: Position, root: Path) -> str | None:
    try:
        lines = (
            (root / position.file)
            .read_text("utf-8", errors="replace")
            .replace("\r\n", "\n")
            .replace("\r", "\n")
            .split("\n")
        )
    except OSError:
        return None
    return lines[position.line - 1] if 0 < position.line <= len(lines) else None


def _as_text(d: Diagnostic, root: Path) -> str:
    where = f"{d.position}: " if d.position else ""
    out = [f"{where}{d.severity}: {d.message} [{d.code}]"]
    line = _source_line(d.position, root) if d.position else None
    if line is not None and line.strip():
        number = str(d.position.line)
        line, column = _excerpt(line, d.position.column)
        lead = "".join(map(_blank, line[: column - 1]))
        out += [f"  {number} | {line}", f"  {' ' * len(number)} | {lead}^"]
    out += [f"  included from {p}" for p in d.included_from]
    if d.hint:
        out.append(f"  hint: {d.hint}")
    return "\n".join(out)


def _excerpt(line: str, column: int) -> tuple[str, int]:
    """What is shown of a line and the column in it: of a long one the part around the column."""
    if len(line) <= WIDEST:
        return line, column
    start = max(0, min(column - 1 - WIDEST // 2, len(line) - WIDEST))
    before, after = "…" if start else "", "…" if start + WIDEST < len(line) else ""
    return before + line[start : start + WIDEST] + after, column - start + len(before)


def _blank(character: str) -> str:
    """What takes as much room as the character, so that the caret stands under its column on any terminal."""
    if character == "\t":
        return "\t"
    if unicodedata.combining(character):
        return ""
    return "  " if unicodedata.east_asian_width(character) in "WF" else " "


def _as_json(d: Diagnostic, root: Path) -> str:
    return json.dumps(asdict(d), ensure_ascii=False)


def _as_github(d: Diagnostic, root: Path) -> str:
    def escaped(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    place = f" file={d.position.file},line={d.position.line},col={d.position.column}" if d.position else ""
    hint = f" ({d.hint})" if d.hint else ""
    return f"::{d.severity}{place}::{escaped(d.message + hint)} [{d.code}]"
