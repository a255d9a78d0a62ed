"""An author's own Lua code and JSON filters, as one document runs them: which, at which stage, and on what it depends.

They are run by the pandoc workers (`lib/user/`), as cells are run by a kernel: with all rights of whoever renders.
"""

from __future__ import annotations

import json
import os.path
import posixpath
import re
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from octavo.cache import Cache, digest_of, key_of
from octavo.diagnostics import Diagnostic, Position, error, warning
from octavo.read.extensions import Extension, installed, missing, named
from octavo.read.project import Project
from octavo.read.yaml import plain, position_of
from octavo.resolve.shortcodes.values import QUARTO_VERSION

BEFORE, AFTER = "pre-quarto", "post-render"
STAGES = frozenset(["pre-ast", "post-ast", BEFORE, "post-quarto", "pre-render", AFTER, "pre-finalize", "post-finalize"])
# Quarto's own by now, and octavo's: the extension of that name does the same.
OCTAVO_S = ("quarto", "citeproc", "lightbox", "quarto-ext/lightbox")
_REQUIRED = re.compile(r"([<>=^~]*)\s*v?(\d+(?:\.\d+)*)")
# What runs a JSON filter that is no program itself, by the name's end, as pandoc has it.
PROGRAMS = {".py": sys.executable, ".js": "node", ".rb": "ruby", ".r": "Rscript", ".pl": "perl", ".php": "php", ".hs": "runhaskell"}  # fmt: skip


@dataclass(frozen=True)
class Script:
    """One file of the author's own code. `name` is what messages call it; `program` runs it if it is no Lua."""

    path: Path
    name: str
    at: str = BEFORE
    program: str | None = None
    place: Position | None = None


@dataclass(frozen=True)
class Code:
    """All of the author's own code that one document runs, and what that may ask of the project."""

    root: Path
    folder: str
    filters: tuple[Script, ...]
    shortcodes: tuple[Script, ...]
    is_project: bool = False
    output: Path = Path()
    variables: Mapping[str, Any] = field(default_factory=dict)
    books: tuple[Path, ...] = ()  # which filters may have pandoc read, unseen

    def request(self, page: str, href: str) -> dict[str, Any]:
        """What a worker must know to run it."""

        def entry(script: Script) -> dict[str, Any]:
            return {"path": str(script.path), "name": script.name, "at": script.at, "program": script.program}

        depth = self.folder.count("/") + 1 if self.folder else 0
        return {
            "filters": [entry(script) for script in self.filters],
            "shortcodes": [entry(script) for script in self.shortcodes],
            "root": str(self.root),
            "folder": str(self.root / self.folder),
            "input": str(self.root / page),
            "output": str(self.output / href),
            "output_dir": str(self.output),
            "project": self.is_project,
            "offset": "/".join([".."] * depth) or ".",
            "variables": dict(self.variables),
            "version": QUARTO_VERSION,
        }

    def content(self) -> list[Any]:
        """What its results depend on, besides the files that it reads."""
        return [
            [[script.name, script.at, digest_of(script.path)] for script in (*self.filters, *self.shortcodes)],
            plain(self.variables),
            [digest_of(path) for path in self.books],
        ]


def code_of(
    project: Project, page: str, options: Mapping[str, Any], output: Path
) -> tuple[Code | None, list[Diagnostic]]:
    """The filters and shortcodes of a document with these options, None if there are none; and what is not there."""
    folder, told = posixpath.dirname(page), []
    known = installed(project.root, folder)
    told += [wrong for extension in known if (wrong := _too_new(extension))]
    wanted = options.get("quarto-required")
    if _beyond(wanted):
        place = position_of(options, "quarto-required")
        told.append(_wants("OCT-quarto-version", "the page", wanted, place))
    filters = _filters(project.root, folder, options.get("filters"), position_of(options, "filters"), told)
    scripts = _shortcodes(project.root, folder, options, told)
    if not filters and not scripts:
        return None, told
    is_project = bool(project.config_files)
    books = tuple(_file(project.root, folder, name) for name in _texts(options.get("bibliography")))
    return Code(project.root, folder, filters, scripts, is_project, output, plain(project.variables), books), told


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    return (
        [text for inner in value for text in _texts(inner)] if isinstance(value, list) else [str(value)] * bool(value)
    )


def _too_new(extension: Extension) -> Diagnostic | None:
    """A warning for an extension that wants a later Quarto than the one that octavo stands for."""
    wanted = extension.manifest.get("quarto-required")
    place = position_of(extension.manifest, "quarto-required")
    name = f"the extension `{extension.name}`"
    return _wants("OCT-extension-version", name, wanted, place) if _beyond(wanted) else None


def _beyond(wanted: Any) -> bool:
    """Whether a range of versions, such as `>= 1.4`, begins after the version that octavo stands for."""
    ours = [int(part) for part in QUARTO_VERSION.split(".")]
    return any(
        [int(part) for part in version.split(".")] > ours and sign not in ("<", "<=")
        for sign, version in _REQUIRED.findall(str(wanted or ""))
    )


def _wants(code: str, who: str, wanted: Any, place: Position | None) -> Diagnostic:
    message = f"{who} wants Quarto {wanted}; octavo does what Quarto {QUARTO_VERSION} does"
    return warning(code, message, place, "what is newer may not work")


def _filters(root: Path, folder: str, asked: Any, place: Position | None, told: list[Diagnostic]) -> tuple[Script, ...]:
    entries = asked if isinstance(asked, list) else [asked] if asked else []
    found: list[Script] = []
    default = BEFORE
    for i, entry in enumerate(entries):
        here = position_of(entries, i) or place
        name = str(entry.get("path") or entry.get("type") or "") if isinstance(entry, Mapping) else str(entry)
        at = str(entry.get("at") or default) if isinstance(entry, Mapping) else default
        if name == "quarto":
            default = AFTER
        elif not name or name in OCTAVO_S:
            continue
        elif at not in STAGES:
            message = f"a filter cannot run at `{at}`"
            told.append(error("OCT-config-value", message, here, "one of " + ", ".join(sorted(STAGES))))
        else:
            found += _filter(root, folder, name, at, here, told)
    return tuple(found)


def _filter(
    root: Path, folder: str, name: str, at: str, place: Position | None, told: list[Diagnostic]
) -> list[Script]:
    """The scripts that a name means: a file, an extension's filters, or a program of the machine."""
    path = _file(root, folder, name)
    if path.is_file():
        return _script(path, posixpath.relpath(path.as_posix(), root.as_posix()), at, place, told)
    extension = named(root, folder, name, "filters")
    if extension:
        found = []
        for entry in extension.list_of("filters"):
            own = entry if isinstance(entry, Mapping) else {"path": entry}
            file = posixpath.normpath(posixpath.join(extension.folder, str(own.get("path"))))
            if (root / file).is_file():
                found += _script(root / file, file, str(own.get("at") or at), place, told)
            elif named(root, folder, str(own.get("path")), "filters") not in (None, extension):
                found += _filter(root, folder, str(own.get("path")), at, place, told)
            else:
                message = f"the extension `{name}` has no file `{own.get('path')}`"
                told.append(error("OCT-file-missing", message, place))
        return found
    program = shutil.which(name) if "/" not in name and "." not in name else None
    if program:
        return [Script(Path(program), name, at, None, place)]
    if posixpath.splitext(name)[1]:
        told.append(error("OCT-file-missing", f"the filter `{name}` does not exist", place))
    else:
        told.append(missing(name, "a filter", place))
    return []


def _script(path: Path, name: str, at: str, place: Position | None, told: list[Diagnostic]) -> list[Script]:
    """A filter's file with what runs it."""
    ending = path.suffix.lower()
    if ending == ".lua":
        return [Script(path, name, at, None, place)]
    program = PROGRAMS.get(ending)
    if program and not (program == sys.executable or shutil.which(program)):
        message = f"the filter `{name}` is run by `{program}`, which is not installed"
        told.append(error("OCT-filter-error", message, place, "install it, or take the filter out"))
        return []
    return [Script(path, name, at, program, place)]


def _shortcodes(root: Path, folder: str, options: Mapping[str, Any], told: list[Diagnostic]) -> tuple[Script, ...]:
    """The files that define shortcodes: those of all extensions, then those that the document names, which win."""
    found: list[Script] = []
    for extension in reversed(installed(root, folder)):
        found += _of_extension(root, extension)
    asked = options.get("shortcodes")
    names = asked if isinstance(asked, list) else [asked] if asked else []
    for i, name in enumerate(names):
        place = position_of(names, i) or position_of(options, "shortcodes")
        path = _file(root, folder, str(name))
        extension = named(root, folder, str(name), "shortcodes")
        if path.is_file():
            found.append(Script(path, posixpath.relpath(path.as_posix(), root.as_posix()), place=place))
        elif extension:
            found += _of_extension(root, extension)
        elif posixpath.splitext(str(name))[1]:
            told.append(error("OCT-file-missing", f"the shortcodes' file `{name}` does not exist", place))
        else:
            told.append(missing(str(name), "a shortcode", place))
    return tuple(found)


def _of_extension(root: Path, extension: Extension) -> list[Script]:
    files = [posixpath.normpath(posixpath.join(extension.folder, str(f))) for f in extension.list_of("shortcodes")]
    return [Script(root / file, file) for file in files if (root / file).is_file()]


def _file(root: Path, folder: str, name: str) -> Path:
    if os.path.isabs(name) and os.path.isfile(name):
        return Path(name)
    return root / posixpath.normpath(name.lstrip("/") if name.startswith("/") else posixpath.join(folder, name))


def remembered(
    cache: Cache, stage: str, content: Mapping[str, Any], code: Code, ask: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """The answer of a worker that runs the author's code, kept by the files that the code was seen to read, too."""
    content = {**content, "code": code.content()}
    note = f"files read for {key_of(stage, content)}"

    def key(read: Sequence[str]) -> str:
        return key_of(stage, [content, [[path, _state(Path(path))] for path in read]])

    def asked() -> dict[str, Any]:
        answer = ask()
        # What the code prints is meant for whoever renders.
        print(answer["user"].get("printed") or "", end="", file=sys.stderr)
        return answer

    known = cache.recalled(note) or []
    answer = cache.json(key(known), asked)
    read = list(answer["user"].get("read") or [])
    if read != known:
        cache.note(note, read)
        cache.bytes(key(read), lambda: json.dumps(answer, ensure_ascii=False).encode())
    return answer


def _state(path: Path) -> str | list[str]:
    """What was read of a path: the content of a file, the names in a folder."""
    return sorted(entry.name for entry in path.iterdir()) if path.is_dir() else digest_of(path)


def placed(entry: Mapping[str, Any], code: Code | None, scripts: Sequence[Script]) -> Diagnostic | None:
    """A worker's diagnostic of the author's code: at the line of the script, come from where the document names it."""
    if entry.get("filter") is None or code is None:
        return None
    script = scripts[int(entry["filter"]) - 1]
    path = Path(entry.get("file") or script.path)
    file = path.relative_to(code.root).as_posix() if path.is_relative_to(code.root) else str(path)
    trail = (script.place,) if script.place else ()
    line = int(entry.get("line") or 1)
    return Diagnostic(entry["code"], entry["severity"], entry["message"], Position(file, line), None, trail)
