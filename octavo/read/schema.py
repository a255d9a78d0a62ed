"""Checks a configuration against the table of Quarto's options in `schema/`: names, types, and what octavo renders.

The table is data. An option's type is a line of alternatives:
`string number boolean null any object path`, `[T]` (a list of T), `T*` (one T or a list of them), `@name` (a
definition), anything else is a literal value. A mapping `{is: …, keys: {…}, open: true, like: …, status: …}` describes
the keys of an object; other keys are told, or with `open: free` only those that are nearly one of them.

A trailing mark says what becomes of a value that is none of the literals: `!elsewhere` it has an effect in other
formats or engines only and is accepted; `!latex` the same, and a PDF that Typst makes says so; `!omitted` a service or
a look that the page is whole without, so a warning; `!unsupported` octavo cannot render what the author asks for, so an
error.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from octavo.cache import write_atomically
from octavo.diagnostics import Diagnostic, Position, did_you_mean, error, warning
from octavo.home import user_folder
from octavo.read.yaml import position_of

WORKS, ELSEWHERE, LATEX, OMITTED, UNSUPPORTED = "works", "elsewhere", "latex", "omitted", "unsupported"
USES_META = re.compile(r"\{\{<\s*meta\s+[\"']?([\w-]+)|(?:when|unless)-meta=[\"']?([\w-]+)|\$([\w-]+)\$")
SCALARS = {"string": "text", "path": "a file name", "number": "a number", "boolean": "`true` or `false`"}
FORMATS = ("html", "html4", "html5", "pdf", "typst", "docx", "ipynb")
KINDS = ("any", "object", "null", *SCALARS)


@dataclass(frozen=True)
class Option:
    """One option: the alternatives of its type, the keys of its object, and what becomes of it."""

    types: tuple[str, ...]
    status: str = WORKS
    keys: Mapping[str, Option] | None = None
    open: bool | str = False


@cache
def table(kind: str) -> Mapping[str, Option]:
    """The options of one place: `config` (`_quarto.yml`), `document`, `format`, `cell`."""
    names = {"config": ("document", "project"), "document": ("document",), "format": ("document",)}
    found: dict[str, Option] = {}
    for name in names.get(kind, (kind,)):
        found |= {k: _option(v) for k, v in _data(name).items()}
    return found


def check(config: Mapping[str, Any], kind: str, page: str = "") -> list[Diagnostic]:
    """What is wrong with a `config` (`_quarto.yml`) or `document` (front matter, `_metadata.yml`).

    Both may hold metadata of the author's own, so a key that is not known is wrong only if it is nearly one of
    Quarto's, and `page` (the document's text) makes no use of it.
    """
    used = {name for match in USES_META.finditer(page) for name in match.groups() if name}
    diagnostics: list[Diagnostic] = []
    options = table(kind)
    meant = [name for name, option in options.items() if option.status == WORKS]
    for key, value in config.items():
        key, place = str(key), position_of(config, key)
        if key == "format":
            diagnostics += _check_formats(config)
        elif key in options:
            diagnostics += _check_value(key, value, options[key], place)
        elif not key.startswith("_") and key not in used and (near := nearest(key, meant)):
            make = warning if _is_plural(key, near) else error
            diagnostics.append(
                make("OCT-config-unknown", f"`{key}` is not an option", place, f"did you mean `{near}`?")
            )
    return diagnostics


def of_latex(options: Mapping[str, Any]) -> list[str]:
    """The options that speak to LaTeX alone, and ask it for something."""
    known = table("document")
    asked = [key for key, value in options.items() if value not in (None, False, "typst")]
    return [key for key in asked if key in known and known[key].status == LATEX]


def _is_plural(key: str, near: str) -> bool:
    """`editors` may be an author's own word where `editor` is Quarto's: a plural alone is no clear mistake."""
    return key.rstrip("s") == near.rstrip("s")


def _check_formats(config: Mapping[str, Any]) -> list[Diagnostic]:
    chosen = config["format"]
    if isinstance(chosen, str) or chosen is None:
        return []
    if not isinstance(chosen, Mapping):
        message = "`format` is a name or a mapping of names to options"
        return [error("OCT-config-value", message, position_of(config, "format"))]
    diagnostics: list[Diagnostic] = []
    options = table("format")
    for name, own in chosen.items():
        if own is None and len(chosen) > 1:
            message = f"the format `{name}` has no value and is left out, as Quarto does"
            diagnostics.append(warning("OCT-config-value", message, position_of(chosen, name), f"`{name}: default`"))
        bare = re.split(r"[+-]", str(name))
        if own is None or own == "default" or isinstance(own, bool) or not {bare[0], bare[-1]} & set(FORMATS):
            continue
        if not isinstance(own, Mapping):
            message = f"the format `{name}` wants `default` or a mapping of options"
            diagnostics.append(error("OCT-config-value", message, position_of(chosen, name)))
            continue
        custom = "-" in str(name) or "template" in own or "template-partials" in own
        for key, value in own.items():
            key, place = str(key), position_of(own, key)
            if key in options:
                diagnostics += _check_value(f"{name}.{key}", value, options[key], place)
            elif near := nearest(key, options):
                told = _unknown(key, place, f"did you mean `{near}`?", f" of the format `{name}`")
                diagnostics.append(replace(told, severity="warning") if _is_plural(key, near) else told)
            elif not custom and not key.startswith("_"):
                message = f"`{key}` is not an option of the format `{name}`"
                diagnostics.append(warning("OCT-config-unknown", message, place))
    return diagnostics


def literals(name: str) -> tuple[str, ...]:
    """The words that the definition `name` allows."""
    return _definition(name).types


def nearest(key: str, known: Iterable[str], shortest: int = 5) -> str | None:
    """The known name that `key` nearly is: another case or dash, or a slip of one or (in a long name) two letters.

    Words below `shortest` letters are too near to each other for a guess.
    """
    known = list(known)
    plain = key.lower().replace("_", "-")
    for name in known:
        if name.lower() == plain:
            return name
    if len(key) < shortest:
        return None
    allowed = 1 if len(key) < 9 else 2
    for name in difflib.get_close_matches(key, known, n=3, cutoff=0.75):
        if distance(key, name) <= allowed:
            return name
    return None


def distance(a: str, b: str) -> int:
    """How many letters to add, drop, change or swap with their neighbour (Damerau and Levenshtein)."""
    before, row = [], list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (x != y)))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[-1] = min(row[-1], last[j - 2] + 1)
    return row[-1]


def _unknown(key: str, place: Position | None, hint: str | None, where: str = "") -> Diagnostic:
    return error("OCT-config-unknown", f"`{key}` is not an option{where}", place, hint)


def _check_value(name: str, value: Any, option: Option, place: Position | None) -> list[Diagnostic]:
    if option.status != WORKS:
        return _check_status(name, value, option, place)
    if value is None:
        return []
    if isinstance(value, Mapping) and option.keys is not None:
        return _check_keys(name, value, option)
    if any(_fits(value, kind) for kind in option.types):
        return []
    found: list[list[Diagnostic]] = []
    for kind in option.types:
        item, one, many = _parts(kind)
        if many and isinstance(value, list):
            found.append(_check_items(name, value, item, place))
        elif one and (many or item.startswith("@")):
            inner = _definition(item[1:]) if item.startswith("@") else Option((item,))
            found.append(_check_value(name, value, inner, place))
    if any(not wrong for wrong in found):
        return []
    # The alternative that came furthest explains best: a wrong key inside says more than a wrong type.
    here = f"`{name}` is "
    inside = [ds for ds in found if any(d.position != place or not d.message.startswith(here) for d in ds)]
    if inside:
        return min(inside, key=len)
    hint = None
    if isinstance(value, str):
        kinds = _alternatives(option)
        hint = did_you_mean(value, [kind for kind in kinds if kind not in KINDS])
        if "boolean" in kinds and value.lower() in ("yes", "no", "on", "off"):
            hint = "YAML knows `true` and `false` only"
    message = f"`{name}` is {_expected(option)}, not {_found(value)}"
    return [error("OCT-config-value", message, place, hint)]


def _check_status(name: str, value: Any, option: Option, place: Position | None) -> list[Diagnostic]:
    if option.status in (ELSEWHERE, LATEX):
        return []
    found: list[Diagnostic] = []
    asked = value if isinstance(value, list) else [value]
    for i, item in enumerate(asked):
        unasked = (None, "") if option.types == ("true",) else (None, False, "")
        if item in unasked or any(_fits(item, kind) for kind in option.types if kind not in KINDS):
            continue
        at = position_of(value, i) or place if isinstance(value, list) else place
        named = item.get("path") if isinstance(item, Mapping) else item
        named = "false" if named is False else named
        what = f"`{name}: {named}`" if isinstance(named, str) else f"the option `{name}`"
        if option.status == OMITTED:
            found.append(warning("OCT-option-unsupported", f"{what} is not supported and left out", at))
        else:
            found.append(error("OCT-option-unsupported", f"{what} is not supported", at))
    return list(dict.fromkeys(found))


def _check_items(name: str, values: Sequence[Any], item: str, place: Position | None) -> list[Diagnostic]:
    wrong: list[Diagnostic] = []
    for i, value in enumerate(values):
        wrong += _check_value(name, value, Option((item,)), position_of(values, i) or place)
    return wrong


def _check_keys(name: str, values: Mapping[str, Any], option: Option) -> list[Diagnostic]:
    wrong: list[Diagnostic] = []
    keys = option.keys or {}
    for key, value in values.items():
        key, place = str(key), position_of(values, key)
        if key in keys:
            wrong += _check_value(f"{name}.{key}", value, keys[key], place)
        elif near := nearest(key, keys, shortest=4):
            unknown = _unknown(key, place, f"did you mean `{near}`?", f" of `{name}`")
            wrong.append(replace(unknown, severity="warning") if option.open == "free" else unknown)
        elif option.open == "free":
            continue
        elif option.open:
            wrong.append(warning("OCT-config-unknown", f"`{key}` is not an option of `{name}`", place))
        elif not key.startswith("_"):
            wrong.append(_unknown(key, place, did_you_mean(key, keys), f" of `{name}`"))
    return wrong


def _fits(value: Any, kind: str) -> bool:
    match kind:
        case "any":
            return True
        case "object":
            return isinstance(value, Mapping)
        case "boolean":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "null":
            return value is None
        case "string" | "path":  # numbers and dates are text too, as in `date: 2026-01-31`
            return not isinstance(value, Mapping | list | bool)
    return isinstance(value, str | int | float) and str(value).lower() == kind


def _parts(kind: str) -> tuple[str, bool, bool]:
    """A type's item, and whether one of them and a list of them will do."""
    if kind.startswith("["):
        return kind[1:-1], False, True
    return kind.removesuffix("*"), True, kind.endswith("*")


def _alternatives(option: Option) -> list[str]:
    found = []
    for kind in option.types:
        item = _parts(kind)[0]
        found += _alternatives(_definition(item[1:])) if item.startswith("@") else [item]
    return found


def _expected(option: Option) -> str:
    known = {"object": "a mapping", "any": "anything", "null": "empty", **SCALARS}
    names = []
    for kind in option.types:
        item, one, many = _parts(kind)
        if one:
            names.append(_expected(_definition(item[1:])) if item.startswith("@") else known.get(item, f"`{item}`"))
        if many:
            names.append("a list")
    if option.keys is not None:
        names.append("a mapping")
    return " or ".join(dict.fromkeys(names))


def _found(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


@cache
def _definition(name: str) -> Option:
    return _option(_data("definitions")[name])


def _option(written: Any) -> Option:
    if isinstance(written, str):
        text, _, status = written.partition("!")
        return Option(tuple(t for t in re.split(r"\s*\|\s*|\s+", text.strip()) if t), status.strip() or WORKS)
    inner = _option(written.get("is", ""))
    keys = written.get("keys")
    # An object may take over the keys of another: `like: name`.
    inherited = _definition(written["like"]).keys if "like" in written else {}
    own = {str(k): _option(v) for k, v in keys.items()} if keys is not None else None
    both = {**inherited, **own} if own is not None else None
    return Option(inner.types, written.get("status", inner.status), both, written.get("open", False))


@cache
def _data(name: str) -> Mapping[str, Any]:
    text = (files("octavo.read") / "schema" / f"{name}.yml").read_bytes()
    # Reading YAML takes longer than all that is done with it.
    kept = user_folder() / f"schema-{hashlib.sha256(text).hexdigest()[:16]}.json"
    try:
        return json.loads(kept.read_bytes())
    except (OSError, ValueError):
        found = YAML(typ="safe").load(text.decode())
        with suppress(OSError):
            write_atomically(kept, json.dumps(found).encode())
        return found
