"""Shortcodes, expanded in the Markdown of one page and format before pandoc reads it.

https://quarto.org/docs/extensions/shortcodes.html
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable, Iterable

from octavo.diagnostics import Diagnostic, Position, did_you_mean, error
from octavo.resolve.shortcodes import media, move, values, words
from octavo.resolve.shortcodes.brand import brand
from octavo.resolve.shortcodes.call import Call, Context, Problem, literal, parsed
from octavo.resolve.shortcodes.extensions import Calls
from octavo.resolve.shortcodes.scan import Found, scan, within

__all__ = ["SHORTCODES", "Call", "Calls", "Context", "Problem", "expand", "expand_text"]

SHORTCODES: dict[str, Callable[[Call, Context], str | Problem]] = {
    "meta": values.meta,
    "var": values.var,
    "env": values.env,
    "version": values.version,
    "brand": brand,
    "kbd": words.kbd,
    "lipsum": words.lipsum,
    "pagebreak": words.pagebreak,
    "video": media.video,
    "placeholder": media.placeholder,
    "contents": move.contents,
    "embed": move.embed,
}
DEEPEST = 10


def expand(markdown: str, context: Context) -> tuple[str, list[Diagnostic]]:
    """`markdown` with every shortcode replaced by what it stands for, and what was wrong with them.

    One that fails is an error; it then shows what Quarto shows in its place, or stays as written.
    """
    if "{{<" not in markdown:
        return markdown, []
    told: list[Diagnostic] = []
    return _replaced(markdown, scan(markdown), _Places(context, markdown), told, 0), told


def expand_text(text: str, context: Context, place: str = "inline") -> tuple[str, list[Diagnostic]]:
    """As `expand`, for a Markdown string of the metadata, in which every shortcode is inline."""
    if "{{<" not in text:
        return text, []
    told: list[Diagnostic] = []
    return _replaced(text, within(text, 0, len(text), place), _Places(context, None), told, 0), told


class _Places:
    """Where the shortcodes of a woven text stand in the author's file."""

    def __init__(self, context: Context, markdown: str | None) -> None:
        self.context, self.markdown = context, markdown
        # What was woven may begin after the front matter, whose shortcodes must not be counted then.
        whole = markdown is None or markdown.startswith("---")
        lines = context.source.lines[: 0 if whole else context.source.body_first]
        self.before = "\n".join(line.text for line in lines)

    def of(self, raw: str, start: int) -> Position:
        source = self.context.source
        nth = 1 if self.markdown is None else self.markdown.count(raw, 0, start) + self.before.count(raw) + 1
        return source.find(raw, nth) or source.find(raw) or Position(self.context.page)


def _replaced(text: str, founds: Iterable[Found], places: _Places, told: list[Diagnostic], depth: int) -> str:
    pieces, cursor = [], 0
    for found in founds:
        raw = text[found.start : found.end]
        if found.escaped:
            result = literal(found.inner) if found.place == "inline" else found.inner
        else:
            place = places.of(raw, found.start) if not depth else None
            fit = functools.partial(_fitted, found=found, text=text)
            result = _evaluated(found, raw, places, told, depth, place, fit)
        pieces += [text[cursor : found.start], _fitted(result, found, text)]
        cursor = found.end
    return "".join([*pieces, text[cursor:]])


def _evaluated(
    found: Found,
    raw: str,
    places: _Places,
    told: list[Diagnostic],
    depth: int,
    place: Position | None,
    fit: Callable[[str], str],
) -> str:
    """What one shortcode gives; shortcodes in its arguments and in the value that it gives are expanded too."""
    inner = found.inner
    if "{{<" in inner:
        inner = _replaced(inner, within(inner, 0, len(inner), "text"), places, told, depth + 1)
    name, arguments, options = parsed(inner)
    call = Call(name, arguments, options, raw, found.place, found.splits, inner)
    handler = SHORTCODES.get(name)
    if not handler and name != "include" and places.context.calls and depth <= DEEPEST:
        return places.context.calls.add(call, place or Position(places.context.page), fit)
    result = handler(call, places.context) if handler and depth <= DEEPEST else _refused(call, depth)
    if isinstance(result, Problem):
        place = place or Position(places.context.page)
        told += [error(result.code, result.message, place, result.hint), *result.told]
        mark = f"[{literal(raw)}]{{.octavo-broken}}" if not call.is_text else literal(raw)
        shown = result.shown if result.shown is not None else mark if not call.is_text else raw
        return shown
    if name in ("meta", "var") and "{{<" in result:
        nested: list[Diagnostic] = []
        fixed = "inline" if found.place == "block" else found.place
        result = _replaced(result, within(result, 0, len(result), fixed), places, nested, depth + 1)
        told += [error(d.code, d.message, place or d.position, d.hint) for d in nested]
    return result


def _refused(call: Call, depth: int) -> Problem:
    if depth > DEEPEST:
        return Problem("OCT-shortcode-circular", f"the value that `{call.name}` prints refers to itself")
    if call.name == "include":
        message = "`include` names a file, and stands on a line of its own, right at its beginning"
        return Problem("OCT-shortcode-argument", message, "like `{{< include _part.qmd >}}`")
    hint = did_you_mean(call.name, [*SHORTCODES, "include"])
    return Problem("OCT-shortcode-unknown", f"there is no shortcode `{call.name}`", hint)


def _fitted(result: str, found: Found, text: str) -> str:
    """A result made to fit where it stands: lines keep the indentation around them, text is quoted as it must be."""
    if found.place in ("block", "inline"):
        if found.place == "inline" and not result.startswith("\n\n"):  # blank lines first: it ends the paragraph
            result = re.sub(r"\s*\n\s*", " ", result)
        lead = found.lead
        first, *rest = result.split("\n")
        return "\n".join([first, *(lead + line if line else lead.rstrip() for line in rest)])
    if found.place in ("text", "html"):
        return result
    result = " ".join(result.split())
    if found.place == "target":
        return result.replace(" ", "%20")
    if found.place in ("tag", "qmd"):
        return html.escape(result)
    escaped = result.replace("\\", "\\\\").replace('"', '\\"')
    bare = text[max(found.start - 1, 0) : found.start] == "=" and not re.fullmatch(r"[\w.%#/-]+", result)
    return f'"{escaped}"' if bare else escaped
