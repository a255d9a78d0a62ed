"""Quarto's way of laying one level of options over another: mappings deep, lists joined, scalars replaced."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from octavo.diagnostics import Diagnostic, Position
from octavo.read.yaml import PlacedDict, PlacedList, plain, position_of

# One value means a list of one, so that a page adds to its project's files instead of replacing them.
ALWAYS_LISTS = (
    "bibliography",
    "css",
    "header-includes",
    "include-before",
    "include-after",
    "include-in-header",
    "include-before-body",
    "include-after-body",
)
NEVER_JOINED = ("tbl-colwidths",)


def merged(*levels: Mapping[str, Any]) -> PlacedDict:
    """The levels laid over each other, the last one on top; every key and list item keeps its place."""
    result = PlacedDict()
    for level in levels:
        _lay(result, level)
    return result


def without_wrong(values: Mapping[str, Any], told: Iterable[Diagnostic]) -> Mapping[str, Any]:
    """The values without those that `told` refuses: a draft is rendered as if they were not written."""
    wrong = {d.position for d in told if d.code == "OCT-config-value" and d.severity == "error" and d.position}
    return _left(merged(values), wrong) if wrong else values


def _left(value: Any, wrong: set[Position]) -> Any:
    if isinstance(value, PlacedDict):
        kept = {k: _left(v, wrong) for k, v in value.items() if value.places.get(k) not in wrong}
        return PlacedDict(kept, value.places)
    if isinstance(value, PlacedList):
        kept = [i for i in range(len(value)) if value.places.get(i) not in wrong]
        places = {new: value.places[i] for new, i in enumerate(kept) if i in value.places}
        return PlacedList([_left(value[i], wrong) for i in kept], places)
    return value


def _lay(below: PlacedDict, above: Mapping[str, Any]) -> None:
    for key, value in above.items():
        key = str(key)
        place = position_of(above, key)
        value = _copy(value)
        if key in ALWAYS_LISTS and isinstance(value, str):
            value = PlacedList([value], {0: place} if place else {})
        old = below.get(key)
        if isinstance(old, PlacedDict) and isinstance(value, PlacedDict):
            _lay(old, value)
        elif (isinstance(old, PlacedList) or isinstance(value, PlacedList)) and key not in NEVER_JOINED:
            below[key] = _joined(old, value, below.places.get(key), place)
        else:
            below[key] = value
        if place:
            below.places[key] = place


def _joined(old: Any, new: Any, old_place: Position | None, new_place: Position | None) -> Any:
    """Both as one list without repetitions; an empty value leaves the other as it is."""
    if not old:
        return new
    if not new:
        return old
    result, seen = PlacedList(), set()
    for values, place in ((old, old_place), (new, new_place)):
        items = values if isinstance(values, PlacedList) else PlacedList([values], {0: place} if place else {})
        for i, item in enumerate(items):
            name = json.dumps(plain(item), sort_keys=True)
            if name not in seen:
                seen.add(name)
                if i in items.places:
                    result.places[len(result)] = items.places[i]
                result.append(item)
    return result


def _copy(value: Any) -> Any:
    """The value as our own containers and plain scalars, which nobody else holds."""
    if isinstance(value, Mapping):
        places = {str(k): p for k in value if (p := position_of(value, k))}
        return PlacedDict({str(k): _copy(v) for k, v in value.items()}, places)
    if isinstance(value, list | tuple):
        return PlacedList(map(_copy, value), {i: p for i in range(len(value)) if (p := position_of(value, i))})
    return plain(value)
