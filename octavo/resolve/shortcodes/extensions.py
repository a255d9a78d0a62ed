"""Shortcodes of the author's own: collected while a document's text is expanded, then run all together in Lua.

A token stands for each until its result is known. The result is no Markdown but pandoc's AST, which goes into the text
as a raw element of a format that the reader knows (`lib/reader.lua`).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from octavo.diagnostics import Diagnostic, Position, did_you_mean, error
from octavo.resolve.shortcodes.call import Call, code_span, literal, tokens

TOKEN = re.compile(r"OCTAVOCALL(\d+)X")
# A text of the site (a footer, an entry of the navbar) is written as HTML at once.
_CONTEXTS = {"block": "block", "inline": "inline", "html": "inline"}


@dataclass
class Calls:
    """The calls of one document, in order."""

    known: Sequence[str]  # names of octavo's own shortcodes
    calls: list[Call] = field(default_factory=list)
    places: list[Position | None] = field(default_factory=list)
    fits: list[Callable[[str], str]] = field(default_factory=list)
    results: list[Mapping[str, Any]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def add(self, call: Call, place: Position | None, fit: Callable[[str], str]) -> str:
        """The token of one more call; `fit` makes its result fit where it stands."""
        self.calls.append(call)
        self.places.append(place)
        self.fits.append(fit)
        return f"OCTAVOCALL{len(self.calls)}X"

    def request(self) -> list[dict[str, Any]]:
        """The calls as the worker takes them."""
        return [
            {
                "number": number,
                "name": call.name,
                "arguments": [{"name": name, "value": value} for name, value in tokens(call.inner)],
                "context": _CONTEXTS.get(call.place, "text"),
                "html": call.place == "html",
            }
            for number, call in enumerate(self.calls, 1)
        ]

    def filled(self, text: str) -> str:
        """The text with the results in the place of their tokens."""
        return TOKEN.sub(lambda m: self.fits[int(m[1]) - 1](self._shown(int(m[1]) - 1)), text) if self.calls else text

    def said(self) -> dict[str, str]:
        """The HTML of the calls in the texts of the site."""
        found = zip(self.calls, self.results, strict=True)
        return {
            call.raw: str(result["html"]).strip() for call, result in found if call.place == "html" and "html" in result
        }

    def unknown(self) -> list[Diagnostic]:
        """An error for each call of a shortcode that nobody defines."""
        told = []
        for call, place, result in zip(self.calls, self.places, self.results, strict=True):
            if result.get("unknown"):
                hint = did_you_mean(call.name, [*self.known, *self.names])
                told.append(error("OCT-shortcode-unknown", f"there is no shortcode `{call.name}`", place, hint))
        return told

    def _shown(self, index: int) -> str:
        call, result = self.calls[index], self.results[index]
        if "ast" not in result:
            return call.raw if call.is_text else literal(call.raw)
        if call.place == "html":
            return str(result["html"]).strip()
        if call.is_text:
            return str(result["text"])
        ast = base64.b64encode(str(result["ast"]).encode()).decode()
        return f"```{{=octavo-ast}}\n{ast}\n```" if call.place == "block" else f"{code_span(ast)}{{=octavo-ast}}"


@dataclass(frozen=True)
class Said:
    """Calls in the texts of the site whose results are known: each call as written, and its HTML."""

    results: Mapping[str, str]

    def add(self, call: Call, place: Position | None, fit: Callable[[str], str]) -> str:
        """The result of a call."""
        return self.results.get(call.raw, literal(call.raw))
