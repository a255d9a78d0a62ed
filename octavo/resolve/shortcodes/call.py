"""What a shortcode is given and what it gives back."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from octavo.diagnostics import Diagnostic
from octavo.read.source import Source

if TYPE_CHECKING:
    from octavo.resolve.shortcodes.extensions import Calls, Said

Embed = Callable[[str, str | None, Mapping[str, str]], "str | Problem"]

ARGUMENT = re.compile(
    r"""(?:(?P<name>[A-Za-z_][\w-]*)\s*=\s*)?"""
    r"""(?:"(?P<double>(?:\\.|[^"\\])*)"|'(?P<single>(?:\\.|[^'\\])*)'|(?P<bare>\S+))""",
    re.DOTALL,
)


@dataclass(frozen=True)
class Context:
    """The document around a shortcode. `format` is "html", "pdf", "typst", "docx" or "ipynb".

    `meta` are the page's merged options and `variables` those of `_variables.yml`, both as plain values. `embed` gives
    the Markdown of cells of another document: its file as written, the cell's name (None for all), the options.
    """

    root: Path
    page: str
    format: str
    meta: Mapping[str, Any]
    variables: Mapping[str, Any]
    source: Source
    profiles: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    embed: Embed | None = None
    calls: Calls | Said | None = None  # where calls of the author's own shortcodes are collected, if there are such


@dataclass(frozen=True)
class Call:
    """One shortcode as written. `place` says what its result becomes part of:

    "block" (it stands alone), "inline" (in a paragraph), "text" (code, math, raw content), "attribute" (braces),
    "target" (of a link or image) or "tag" (an HTML tag). In the last four a result is plain text; in "qmd", an HTML
    attribute that holds Markdown, it is inline. `splits` says whether an inline shortcode may end its paragraph, which
    it cannot in a heading or a table.
    """

    name: str
    arguments: tuple[str, ...]
    options: Mapping[str, str]
    raw: str
    place: str
    splits: bool = False
    inner: str = ""

    @property
    def is_text(self) -> bool:
        return self.place not in ("block", "inline", "qmd")

    def argument(self, index: int, default: str | None = None) -> str | None:
        return self.arguments[index] if index < len(self.arguments) else default


@dataclass(frozen=True)
class Problem:
    """Why a shortcode has no result; `shown` stands in its place in lenient output (None: as written)."""

    code: str
    message: str
    hint: str | None = None
    shown: str | None = None
    told: tuple[Diagnostic, ...] = ()


def argument_problem(call: Call, message: str, hint: str | None = None) -> Problem:
    """A shortcode whose arguments make no sense."""
    return Problem("OCT-shortcode-argument", f"`{call.name}` {message}", hint)


def parsed(inner: str) -> tuple[str, tuple[str, ...], dict[str, str]]:
    """Name, arguments and options of what stands between `{{<` and `>}}`."""
    found = tokens(inner)
    arguments = tuple(value for name, value in found if not name)
    return inner.split(None, 1)[0], arguments, {name: value for name, value in found if name}


def tokens(inner: str) -> list[tuple[str | None, str]]:
    """What follows the shortcode's name, in order: each value with its name, if it has one."""
    found = []
    for match in ARGUMENT.finditer((*inner.split(None, 1), "")[1]):
        quoted = match["double"] if match["double"] is not None else match["single"]
        value = match["bare"] if quoted is None else re.sub(r"\\([\\\"'])", r"\1", quoted)
        found.append((match["name"], value))
    return found


def literal(text: str) -> str:
    """Markdown that shows `text` as it is: all punctuation escaped."""
    return re.sub(r"[!-/:-@\[-`{-~]", r"\\\g<0>", text)


def code_span(text: str) -> str:
    """`text` as inline code."""
    ticks = "`" * max((len(run) + 1 for run in re.findall(r"`+", text)), default=1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def raw_inline(text: str, form: str) -> str:
    """`text` in the output's own language, in one line."""
    return f"{code_span(' '.join(text.split()))}{{={form}}}"
