"""Dates as authors write them, and as readers of a language expect them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime
from dateutil import parser

from octavo.read.yaml import PlacedDict, placed_as

# Quarto writes dates by the letters of Day.js, Babel by those of Unicode's CLDR.
_CLDR = {name: name for name in ("M", "MM", "MMM", "MMMM", "H", "HH", "h", "hh", "m", "mm", "s", "ss", "SSS", "Q", "z")} | {
    "YYYY": "yyyy", "YY": "yy", "DD": "dd", "D": "d", "dddd": "EEEE", "ddd": "EEE", "dd": "EEEEEE", "A": "a",
    "Z": "xxx", "ZZ": "xx", "zzz": "zzzz",
}  # fmt: skip
_TOKEN = re.compile(
    r"\[([^\]]*)\]|(YYYY|YY|M{1,4}|Do|DD?|d{1,4}|HH?|hh?|kk?|mm?|SSS|ss?|ZZ?|A|a|Q|X|x|ww|wo|w|WW?|gggg|GGGG|zzz|z|.)",
    re.DOTALL,
)
_STYLES = ("full", "long", "medium", "short")


def with_dates(options: Mapping[str, Any], file: Path) -> PlacedDict:
    """A document's options with its dates in plain form: `today`, `now`, `last-modified`, `{value: …, format: …}`."""
    out = placed_as(options, options)
    for key in ("date", "date-modified", "date-meta"):
        value = out.get(key)
        if isinstance(value, Mapping):
            out[key] = value = value.get("value")
            out.setdefault("date-format", options[key].get("format"))
        if value in ("today", "now"):
            epoch = os.environ.get("SOURCE_DATE_EPOCH")
            moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now()
            out[key] = moment.date().isoformat() if value == "today" else moment.isoformat(timespec="seconds")
        elif value == "last-modified":
            out[key] = _last_modified(file)
    return out


def _last_modified(file: Path) -> str:
    """When a file was last committed, the same on every machine; outside of Git, when it was last written."""
    command = ["git", "log", "-1", "--format=%cI", "--", file.name]
    try:
        told = subprocess.run(command, cwd=file.parent, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        told = ""
    return told or datetime.fromtimestamp(file.stat().st_mtime).isoformat(timespec="seconds")


def parse_date(value: object, order: str | None = None) -> datetime | None:
    """The moment that `value` (a date, or text in about any form) names, or None if it names none."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return _parsed(str(value or "").strip(), order)


@lru_cache(4096)
def _parsed(text: str, order: str | None) -> datetime | None:
    if not any(c.isdigit() for c in text):
        return None
    try:
        return parser.parse(text, dayfirst=order == "D", default=datetime(1970, 1, 1))
    except (ValueError, OverflowError):
        return None


def format_date(value: object, style: object = None, lang: str = "en") -> str:
    """The date in `style` (full, long, medium, short, iso, or a pattern as `MMM D, YYYY`); other text as it stands."""
    moment = parse_date(value)
    if moment is None:
        return str(value or "")
    style = str(style or "long")
    if style == "iso":
        return moment.date().isoformat()
    pattern = _locale(lang).date_formats[style].pattern if style in _STYLES else _as_cldr(style, moment)
    return format_datetime(moment, pattern, locale=_locale(lang))


def timestamp(value: object) -> int | None:
    """Milliseconds since 1970 for sorting, or None."""
    moment = parse_date(value)
    if moment is None:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _as_cldr(pattern: str, moment: datetime) -> str:
    """A pattern of Day.js as CLDR's; what that has no letters for stands in it as text."""
    week = (moment.timetuple().tm_yday + (moment.replace(month=1, day=1).isoweekday() % 7) - 1) // 7 + 1
    seconds = (timestamp(moment) or 0) // 1000
    literal = {
        "d": moment.isoweekday() % 7,
        "Do": _ordinal(moment.day),
        "a": "am" if moment.hour < 12 else "pm",
        "k": moment.hour or 24,
        "kk": f"{moment.hour or 24:02d}",
        "X": seconds,
        "x": seconds * 1000 + moment.microsecond // 1000,
        "w": week,
        "ww": f"{week:02d}",
        "wo": _ordinal(week),
        "W": moment.isocalendar().week,
        "WW": f"{moment.isocalendar().week:02d}",
        "gggg": moment.year,
        "GGGG": moment.isocalendar().year,
    }

    out, text = "", ""  # the pattern, and the text that is not yet in it: two quoted texts would read as one
    for match in _TOKEN.finditer(pattern):
        given, part = match.groups()
        if given is not None or part in literal:
            text += str(literal[part]) if given is None else given
        elif part in _CLDR:
            out, text = out + _quoted(text) + _CLDR[part], ""
        else:
            text += part
    return out + _quoted(text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'" if text else ""


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _locale(lang: str) -> Locale:
    for tag in (lang, lang.replace("_", "-").split("-")[0], "en"):
        try:
            return Locale.parse(tag.replace("_", "-"), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")
