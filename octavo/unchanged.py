"""Nothing changed, nothing to do: what a render read and wrote, remembered by size and date, as make does.

Imports nothing heavy: the answer has to come before a renderer is even loaded.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from octavo.cache import package_versions

RECORD = "last.json"
CHECKED = "check.json"
_ENVIRONMENT = ("QUARTO_PROFILE", "SOURCE_DATE_EPOCH", "LANG", "LC_ALL")
_SKIPPED = {"node_modules", "__pycache__", "_site", "_book"}
_HERE = Path(__file__).parent


def remembered(root: Path, state: Path, asked: list[Any]) -> dict[str, Any] | None:
    """The outcome of the last render if the same was asked and neither its sources nor its outputs have changed."""
    try:
        last = json.loads((state / RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if last["asked"] != _asked(asked):
        return None
    output = Path(last["output"])
    if last["outputs"] != _state(_walk(output), output) or last["tool"] != _state(_walk(_HERE), _HERE):
        return None
    return last["outcome"] if last["sources"] == _sources(root, output, map(Path, last["outside"])) else None


def checked(root: Path, state: Path, asked: list[Any], output: Path) -> dict[str, Any] | None:
    """The outcome of the last check if the same was asked and no source has changed, whatever has been rendered."""
    try:
        last = json.loads((state / CHECKED).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    same = last["asked"] == _asked(asked) and last["tool"] == _state(_walk(_HERE), _HERE)
    return last["outcome"] if same and last["sources"] == _sources(root, output, map(Path, last["outside"])) else None


def remember_check(
    root: Path, state: Path, asked: list[Any], outside: Iterable[Path], sources: dict[str, Any], outcome: dict[str, Any]
) -> None:
    """Remember a check of the whole site."""
    from octavo.cache import write_atomically

    beyond = sorted(str(path) for path in outside)
    record = {
        "asked": _asked(asked),
        "outside": beyond,
        "sources": _with_results(sources, root) | _state(map(Path, beyond), root),
        "tool": _state(_walk(_HERE), _HERE),
        "outcome": outcome,
    }
    write_atomically(state / CHECKED, json.dumps(record).encode())


def before(root: Path, output: Path) -> dict[str, Any]:
    """The state of the sources when a render starts, to be remembered with what comes of it."""
    return _sources(root, output, ())


def remember(
    root: Path,
    state: Path,
    asked: list[Any],
    output: Path,
    outside: Iterable[Path],
    sources: dict[str, Any],
    outcome: dict[str, Any],
) -> None:
    """Remember a render of the whole site. `outside` are files that it read beyond the project."""
    from octavo.cache import write_atomically

    beyond = sorted(str(path) for path in outside)
    record = {
        "asked": _asked(asked),
        "output": str(output),
        "outside": beyond,
        "sources": sources | _state(map(Path, beyond), root),
        "outputs": _state(_walk(output), output),
        "tool": _state(_walk(_HERE), _HERE),
        "outcome": outcome,
    }
    write_atomically(state / RECORD, json.dumps(record).encode())


def _with_results(sources: dict[str, Any], root: Path) -> dict[str, Any]:
    """The state before the render, but of the cells' results as it left them: it writes those itself."""
    folder = f"_freeze{os.sep}"
    before = {name: state for name, state in sources.items() if not name.startswith(folder)}
    return before | _state(_walk(root / "_freeze"), root)


def _asked(asked: list[Any]) -> list[Any]:
    return [*asked, package_versions(), [os.environ.get(name) for name in _ENVIRONMENT]]


def _sources(root: Path, output: Path, outside: Iterable[Path]) -> dict[str, Any]:
    return _state(_walk(root, output), root) | _state(outside, root)


def _state(paths: Iterable[Path | os.DirEntry[str]], base: Path) -> dict[str, Any]:
    found = {}
    for path in paths:
        name = path.path if isinstance(path, os.DirEntry) else str(path)
        try:
            status = os.stat(name)
        except OSError:
            found[name] = None
            continue
        found[name.removeprefix(f"{base}{os.sep}")] = [status.st_size, status.st_mtime_ns]
    return found


def _walk(folder: Path | str, output: Path | None = None) -> Iterator[os.DirEntry[str]]:
    """The files of a folder; of a project without hidden folders, its output, and what no source ever is."""
    try:
        entries = sorted(os.scandir(folder), key=lambda e: e.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            hidden = entry.name.startswith(".") or entry.name in _SKIPPED
            if not hidden and (output is None or entry.path != str(output)):
                yield from _walk(entry.path, output)
        elif not entry.name.endswith(".pyc"):
            yield entry
