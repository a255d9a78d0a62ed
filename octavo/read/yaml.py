"""YAML with positions: every mapping remembers the line and column of its keys, every error names its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq, TaggedScalar
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from octavo.diagnostics import AuthorError, Position, error

MOST_VALUES = 200_000
DUPLICATE = re.compile(r'found duplicate key "([^"]*)"')
DATE = re.compile(r"\b(\d{4})-(\d\d?)-(\d\d?)\b")


# What most cells have for options. The library reads it as any other YAML, and takes a hundred times as long.
FLAT = re.compile(
    r'([A-Za-z][\w-]*):( +)(?:(true|false)|(0|[1-9]\d{0,8})|"([^"\\\\]*)"|([A-Za-z]\w*(?:-\w+)*)) *', re.ASCII
)
NO_TEXT = frozenset(["null", "true", "false"])


def load_yaml(text: str, file: str, line: int = 0, column: int = 0) -> dict[str, Any]:
    """The mapping that `text` holds, which stands in `file` below line `line` and right of column `column`.

    The result and the mappings in it know their places (`position_of`). Raises AuthorError for anything that is not
    a YAML mapping.
    """
    flat = _flat(text)
    if flat is not None:
        _move(flat, file, line, column)
        return flat
    try:
        value = YAML(typ="rt").load(text)
    except MarkedYAMLError as e:
        mark, reason, hint = _explained(e)
        place = Position(file, line + mark.line + 1, column + mark.column + 1) if mark else Position(file, line + 1)
        raise AuthorError(error("OCT-yaml-syntax", f"this is not YAML: {reason}", place, hint)) from None
    except YAMLError as e:
        raise AuthorError(error("OCT-yaml-syntax", f"this is not YAML: {e}", Position(file, line + 1))) from None
    except (ValueError, TypeError, KeyError, RecursionError) as e:
        # The library's own way to say that a date, a tagged value or a key makes no sense; it knows no place.
        number = next((i for i, written in enumerate(text.split("\n")) if _no_date(written)), 0)
        message = f"a value cannot be read: {e}"
        raise AuthorError(error("OCT-yaml-syntax", message, Position(file, line + number + 1))) from None
    if value is None:
        return CommentedMap()
    if not isinstance(value, Mapping):
        place = Position(file, line + 1, column + 1)
        kind = "a list" if isinstance(value, list) else "text" if isinstance(value, str) else "a value"
        hint = "a colon wants a space after it" if isinstance(value, str) and ":" in value else None
        raise AuthorError(error("OCT-yaml-syntax", f"expected `key: value` lines here, found {kind}", place, hint))
    _move(value, file, line, column)
    return value


def _flat(text: str) -> CommentedMap | None:
    """The mapping of a text whose lines are a key and a plain value each; None for any other, which may be right, too."""
    found = CommentedMap()
    for number, line in enumerate(text.split("\n") if text else ()):
        match = FLAT.fullmatch(line)
        if not match or not line.isprintable():
            return None
        key, gap, truth, figure, quoted, word = match.groups()
        if key in found or key.lower() in NO_TEXT or (word or "").lower() in NO_TEXT:
            return None
        found[key] = truth == "true" if truth else int(figure) if figure else word if word else quoted
        value_at = len(key) + 1 + len(gap)
        found._yaml_set_kv_line_col(key, [number, 0, number, value_at])
    return found


class PlacedDict(dict):
    """A mapping put together from several files; `places` knows where each key was written."""

    def __init__(self, items: Any = (), places: Mapping[Any, Position] | None = None) -> None:
        super().__init__(items)
        self.places = dict(places or {})


class PlacedList(list):
    """A list put together from several files; `places` knows where each item was written."""

    def __init__(self, items: Any = (), places: Mapping[int, Position] | None = None) -> None:
        super().__init__(items)
        self.places = dict(places or {})


def placed_as(values: Mapping[str, Any], others: Any) -> PlacedDict:
    """The values, whose keys were written where those of `others` were."""
    return PlacedDict(values, {key: place for key in values if (place := position_of(others, key))})


def position_of(values: Any, key: str | int) -> Position | None:
    """Where a mapping's `key` (or a list's item) stands in the author's file, or None if it was not read from one."""
    if isinstance(values, PlacedDict | PlacedList):
        return values.places.get(key)
    origin = getattr(values, "octavo_origin", None)  # an ordinary mapping has none
    at = (getattr(values.lc, "data", None) or {}).get(key) if origin else None
    if at is None:
        return None
    file, line, column = origin
    return Position(file, line + at[0] + 1, column + at[1] + 1)


def plain(value: Any) -> Any:
    """The same value as ordinary dicts, lists and scalars, for JSON and for comparison."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return str(value)  # dates and times, as written


def _move(value: Any, file: str, line: int, column: int) -> None:
    """Tell every mapping and list its file. Aliases may loop or explode, so what is met is counted."""
    waiting, met = [value], 0
    while waiting:
        value = waiting.pop()
        met += 1
        if met > MOST_VALUES:
            raise AuthorError(error("OCT-yaml-syntax", "this YAML refers to itself or is far too long", Position(file)))
        if isinstance(value, CommentedMap | CommentedSeq):
            value.octavo_origin = (file, line, column)
            for key in list(value) if isinstance(value, CommentedMap) else range(len(value)):
                if isinstance(value[key], TaggedScalar):
                    value[key] = value[key].value  # `!expr x` is meant for R
            waiting.extend(value.values() if isinstance(value, CommentedMap) else value)


def _no_date(line: str) -> bool:
    """Whether the line holds a day that no calendar has."""
    written = DATE.search(line)
    if not written:
        return False
    try:
        date(*map(int, written.groups()))
    except ValueError:
        return True
    return False


def _explained(e: MarkedYAMLError) -> tuple[Any, str, str | None]:
    """Where and what is wrong, in an author's words, and how to mend it."""
    problem, context = str(e.problem or ""), str(e.context or "")
    here, before = e.problem_mark or e.context_mark, e.context_mark or e.problem_mark
    if "\\t" in problem:
        return here, "a tab stands where a line begins", "YAML is indented by spaces, not tabs"
    if "mapping values are not allowed" in problem:
        return here, "a second colon in one value", "a value that holds `: ` wants quotes"
    if match := DUPLICATE.search(problem):
        return here, f"the key `{match[1]}` is given twice", "each key stands once"
    if "end of stream" in problem and "quoted scalar" in context:
        return before, "this quote is never closed", "close it, and escape quotes inside by a backslash"
    if "flow" in context and "expected" in problem:
        return before, "this bracket is never closed, or a comma is missing in it", None
    if "block" in context and "expected <block end>" in problem:
        return here, "the indent of this line fits no line above", "the keys of one mapping stand below each other"
    return here, " ".join(part for part in (context, problem) if part), None
