"""The extensions that a project has installed: `_extensions/<organisation>/<name>/_extension.yml`.

https://quarto.org/docs/extensions
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from octavo.diagnostics import AuthorError, Diagnostic, Position, error
from octavo.read.merge import merged
from octavo.read.yaml import PlacedDict, load_yaml, position_of

FOLDER = "_extensions"
MANIFESTS = ("_extension.yml", "_extension.yaml")


@dataclass(frozen=True)
class Extension:
    """One installed extension. `folder` is relative to the project."""

    name: str
    organisation: str
    folder: str
    manifest: Mapping[str, Any]

    @property
    def contributes(self) -> Mapping[str, Any]:
        value = self.manifest.get("contributes")
        return value if isinstance(value, Mapping) else {}

    def list_of(self, kind: str) -> list[Any]:
        """What it contributes of a kind that comes as a list (`filters`, `shortcodes` …)."""
        value = self.contributes.get(kind)
        return value if isinstance(value, list) else [value] if value else []

    def format(self, base: str) -> Mapping[str, Any] | None:
        """The options of its format on `base` (what all its formats share, then its own), None if it has none."""
        formats = self.contributes.get("formats") or self.contributes.get("format")
        own = formats.get(base) if isinstance(formats, Mapping) else None
        if own is None and (not isinstance(formats, Mapping) or base not in formats):
            return None
        common = formats.get("common")
        return merged(common if isinstance(common, Mapping) else {}, own if isinstance(own, Mapping) else {})


def installed(root: Path, folder: str = "") -> list[Extension]:
    """The extensions that a page in `folder` can use: those beside it first, then upwards to the project's root.

    An extension may bring others in an `_extensions` of its own; they come after all others.
    """
    found, inner = [], []
    here = folder.strip("/")
    while True:
        for extension in _below(root, posixpath.join(here, FOLDER)):
            found.append(extension)
            inner += _below(root, posixpath.join(extension.folder, FOLDER))
        if not here or here == ".":
            return found + inner
        here = posixpath.dirname(here)


def named(root: Path, folder: str, name: str, kind: str) -> Extension | None:
    """The extension `name` (or `organisation/name`) that contributes something of a kind."""
    organisation, _, bare = name.rpartition("/")
    for extension in installed(root, folder):
        if extension.name == bare and organisation in ("", extension.organisation) and extension.contributes.get(kind):
            return extension
    return None


def format_extension(root: Path, folder: str, name: str, base: str) -> Extension | None:
    """The extension that gives the format `name-base`."""
    known = (e for e in installed(root, folder) if e.name == name.rpartition("/")[2])
    return next((extension for extension in known if extension.format(base) is not None), None)


def with_extensions(root: Path, config: Mapping[str, Any]) -> Mapping[str, Any]:
    """A project's settings with those of its extensions below them: a project type of theirs, and their metadata."""
    section = config.get("project")
    kind = str(section.get("type") or "") if isinstance(section, Mapping) else ""
    levels = []
    for extension in installed(root):
        metadata = extension.contributes.get("metadata")
        own = metadata.get("project") if isinstance(metadata, Mapping) else None
        if isinstance(own, Mapping):
            levels.append(_rooted(own, root, extension.folder))
    typed = named(root, "", kind, "project") if kind else None
    if typed and isinstance(typed.contributes["project"], Mapping):
        base = _rooted(typed.contributes["project"], root, typed.folder)
        levels.append(base)
        config = merged(config, {"project": {"type": (base.get("project") or {}).get("type") or "default"}})
    return merged(*levels, config) if levels else config


def _rooted(value: Any, root: Path, folder: str) -> Any:
    """Settings of an extension, the files that they name found from the project's root."""
    if isinstance(value, Mapping):
        places = {k: p for k in value if (p := position_of(value, k))}
        return PlacedDict({k: _rooted(v, root, folder) for k, v in value.items()}, places)
    if isinstance(value, list):
        return [_rooted(inner, root, folder) for inner in value]
    own = isinstance(value, str) and len(value) < 255 and "\n" not in value and "." in value
    return f"{folder}/{value}" if own and (root / folder / value).is_file() else value


def missing(name: str, what: str, place: Position | None) -> Diagnostic:
    """The error for an extension that is not installed."""
    wanted = name if "/" in name else f"ORGANISATION/{name}"
    message = f"{what} needs the extension `{name}`, which is not in `{FOLDER}/`"
    return error("OCT-extension-missing", message, place, f"install it: `quarto add {wanted}`")


def _below(root: Path, folder: str) -> Iterator[Extension]:
    for name in _folders(root / folder):
        manifest = _manifest(root, posixpath.join(folder, name))
        if manifest is not None:
            yield Extension(name, "", posixpath.join(folder, name), manifest)
            continue
        for inner in _folders(root / folder / name):
            manifest = _manifest(root, posixpath.join(folder, name, inner))
            if manifest is not None:
                yield Extension(inner, name, posixpath.join(folder, name, inner), manifest)


def wrong_manifests(root: Path) -> list[Diagnostic]:
    """What is wrong with the manifests of a project's extensions that cannot be read."""
    found: list[Diagnostic] = []
    for extension in installed(root):
        files = (f"{extension.folder}/{name}" for name in MANIFESTS if not extension.manifest)
        for file in (file for file in files if (root / file).is_file()):
            try:
                load_yaml((root / file).read_text("utf-8"), file)
            except AuthorError as e:
                found += e.diagnostics
            except (OSError, UnicodeDecodeError):
                found.append(error("OCT-file-encoding", "this file is not UTF-8 text", Position(file)))
    return found


def _folders(path: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in os.scandir(path) if entry.is_dir())
    except OSError:
        return []


def _manifest(root: Path, folder: str) -> Mapping[str, Any] | None:
    for name in MANIFESTS:
        path = root / folder / name
        try:
            status = path.stat()
        except OSError:
            continue
        return _read(path, f"{folder}/{name}", status.st_mtime_ns, status.st_size)
    return None


@lru_cache(maxsize=256)
def _read(path: Path, file: str, _date: int, _size: int) -> Mapping[str, Any]:
    """The manifest as read, once for each state of the file; one that is not readable contributes nothing (`wrong_manifests`)."""
    try:
        return load_yaml(path.read_text("utf-8"), file)
    except (AuthorError, OSError, UnicodeDecodeError):
        return {}
