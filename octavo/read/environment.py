"""The environment variables that a project gives: `_environment` and its kin, as Quarto's guide describes them.

Whatever the process has already wins; `_environment.local` stands over those of profiles, and these over `_environment`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from octavo.diagnostics import Diagnostic, Position, error
from octavo.read.source import decoded

_NAME = "_environment"
_ENTRY = re.compile(r"^\s*(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>.*?)\s*$")
_QUOTED = re.compile(r"""(?P<quote>["'`])(?P<text>.*?)(?P=quote)\s*(?:#.*)?$""")
_REFERENCE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::-(?P<default>[^}]*))?\}|(?P<bare>[A-Za-z_]\w*))")


def profile_of(root: Path) -> str:
    """The profiles that the project's environment files choose by `QUARTO_PROFILE`, as written there."""
    found, _, _ = _read(root, (_NAME, f"{_NAME}.local"))
    return found.get("QUARTO_PROFILE", "")


def read_environment(root: Path, profiles: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...], list[Diagnostic]]:
    """The variables that the project adds to the process's own, the files that were read, and what is wrong with them."""
    names = (_NAME, *(f"{_NAME}-{profile}" for profile in reversed(profiles)), f"{_NAME}.local")
    values, files, told = _read(root, names)
    required = root / f"{_NAME}.required"
    if required.is_file():
        files = (*files, required.name)
        for number, name, _ in _entries(required, []):
            if not (os.environ.get(name) or values.get(name)):
                message = f"the environment variable `{name}` is required and not set"
                hint = f"set it, or write `{name}=…` into `{_NAME}.local`"
                told.append(error("OCT-environment-missing", message, Position(required.name, number), hint))
    return {name: value for name, value in values.items() if name not in os.environ}, files, told


def _read(root: Path, names: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...], list[Diagnostic]]:
    values: dict[str, str] = {}
    told: list[Diagnostic] = []
    files = tuple(name for name in names if (root / name).is_file())
    for name in files:
        for _, key, written in _entries(root / name, told):
            values[key] = _value(written, {**values, **os.environ})
    return values, files, told


def _entries(file: Path, told: list[Diagnostic]) -> list[tuple[int, str, str]]:
    """Line, name and value as written of each entry."""
    found = []
    for number, line in enumerate(decoded(file.read_bytes(), file.name).split("\n"), 1):
        entry = _ENTRY.match(line)
        if entry:
            found.append((number, entry["name"], entry["value"]))
        elif line.strip() and not line.lstrip().startswith("#"):
            place = Position(file.name, number)
            told.append(error("OCT-environment-syntax", "this line gives no variable", place, "write `NAME=value`"))
    return found


def _value(written: str, known: Mapping[str, str]) -> str:
    quoted = _QUOTED.match(written)
    text = quoted["text"] if quoted else re.sub(r"\s*#.*$", "", written)
    if quoted and quoted["quote"] != '"':
        return text
    text = _REFERENCE.sub(lambda m: known.get(m["braced"] or m["bare"]) or m["default"] or "", text)
    return text.replace(r"\n", "\n").replace(r"\r", "\r").replace(r"\t", "\t") if quoted else text
