"""The fields of listed pages: what kind of value each holds, and names that nothing listed has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from octavo.diagnostics import Diagnostic, did_you_mean, warning
from octavo.read.dates import format_date, timestamp
from octavo.read.yaml import position_of

if TYPE_CHECKING:
    from octavo.site.entries import Entry

# What every page can be asked for.
OF_PAGES = (
    "title", "subtitle", "author", "date", "description", "image", "image-alt", "categories", "filename", "path",
    "file-modified", "date-modified", "reading-time", "word-count", "format-links",
)  # fmt: skip
# What is found out of a page, or is no text.
COMPUTED = ("date", "image", "image-alt", "categories", "filename", "path", "file-modified", "date-modified",
            "reading-time", "word-count")  # fmt: skip
DATES = ("date", "file-modified", "date-modified")
COUNTS = ("reading-time", "word-count")
NUMBERS = (*DATES, *COUNTS)
_DIRECTIONS = ("asc", "desc")


def types(options: Mapping[str, Any]) -> dict[str, str]:
    """`field-types:` of a listing: a field's name -> date, string, number or minutes."""
    given = options.get("field-types")
    return {str(name): str(kind) for name, kind in given.items()} if isinstance(given, Mapping) else {}


def typed(value: Any, kind: str, style: str, lang: str, words: Mapping[str, str]) -> tuple[Any, Any]:
    """A field of the author's own as readers see it, and what orders it."""
    if kind == "date":
        return format_date(value, style, lang), timestamp(value)
    try:
        number = float(value) if kind in ("number", "minutes") else None
    except (TypeError, ValueError):
        number = None
    if number is None:
        return str(value), str(value)
    shown = words["listing-page-minutes-compact"].replace("{0}", f"{number:g}") if kind == "minutes" else str(value)
    return shown, number


def mistakes(options: Mapping[str, Any], chosen: Sequence[Entry]) -> list[Diagnostic]:
    """Names in a listing's options that no listed page has as a field, and orders that are none."""
    if not chosen:
        return []
    known = list(dict.fromkeys([*OF_PAGES, *(name for entry in chosen for name in (*entry.fields, *entry.sort))]))
    found = []
    for key in ("fields", "field-links", "field-types", "field-display-names", "sort", "sort-ui", "filter-ui"):
        value = options.get(key)
        for given in [value] if isinstance(value, str) else value if isinstance(value, list | tuple | Mapping) else ():
            name, _, direction = str(given).strip().partition(" ") if key == "sort" else (str(given), "", "")
            place = position_of(options, key)
            if name not in known:
                message = f"nothing that is listed has a field `{name}`"
                found.append(warning("OCT-listing-field", message, place, did_you_mean(name, known)))
            if direction and direction.strip() not in _DIRECTIONS:
                message = f"`{given}` orders neither upwards nor downwards"
                found.append(warning("OCT-listing-field", message, place, f"`{name} asc` or `{name} desc`"))
    return found
