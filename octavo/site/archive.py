"""The whole site in one ZIP file, to be read where there is no network: unpacked, opened from the disk, searched.

The same site gives the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import escape
from pathlib import Path
from urllib.parse import quote

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
# What is compressed already: once more would only take time.
_PACKED = frozenset([".pdf", ".docx", ".png", ".jpg", ".jpeg", ".webp", ".woff2", ".zip", ".gz", ".mp4"])
# Pagefind's index cannot be fetched from a disk. This script beside it holds the text of all pages (see offline.py).
_INDEX, _OFFLINE = "pagefind", "pagefind/offline-index.js"
_FOR_HOSTS = frozenset(["404.html", "CNAME", ".nojekyll", "_headers", "_redirects", "robots.txt", "sitemap.xml"])


@contextmanager
def archived(stage: Path, name: str, kept: Path) -> Iterator[None]:
    """Put the ZIP file `name` into the staged site; it is packed while the block makes the search index.

    Archives are kept in the folder `kept` by what they hold, the last one only.
    """
    files = sorted(p for p in stage.rglob("*") if p.is_file() and p.relative_to(stage).parts[0] != _INDEX)
    files = [p for p in files if p.relative_to(stage).as_posix() not in (name, *_FOR_HOSTS)]
    with ThreadPoolExecutor(1) as thread:
        packing = thread.submit(_packed, stage, files, name, kept)
        yield
        path, whole = packing.result()
    if not whole:
        if (stage / _OFFLINE).is_file():
            with zipfile.ZipFile(path, "a") as pack:
                _add(pack, _OFFLINE, stage, name)
        os.replace(path, path := path.with_suffix(".zip"))
        for old in kept.iterdir():
            if old != path:
                old.unlink()
    (stage / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, stage / name)


def _packed(stage: Path, files: Sequence[Path], name: str, kept: Path) -> tuple[Path, bool]:
    """The archive of these files, and whether it was there already, with its index."""
    digest = hashlib.sha256(name.encode())
    for path in files:
        digest.update(f"\0{path.relative_to(stage).as_posix()}\0".encode() + path.read_bytes())
    path = kept / f"{digest.hexdigest()[:40]}.zip"
    if path.is_file():
        return path, True
    kept.mkdir(parents=True, exist_ok=True)
    path = path.with_suffix(".new")
    with zipfile.ZipFile(path, "w") as pack:
        for file in files:
            _add(pack, file.relative_to(stage).as_posix(), stage, name)
    return path, False


def _add(pack: zipfile.ZipFile, file: str, stage: Path, name: str) -> None:
    content = (stage / file).read_bytes()
    if file.endswith(".html"):
        content = _without_offer(content.decode(), os.path.relpath(name, os.path.dirname(file) or ".")).encode()
    entry = zipfile.ZipInfo(f"{Path(name).stem}/{file}", _FIRST_DAY)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    entry.compress_type = zipfile.ZIP_STORED if Path(file).suffix in _PACKED else zipfile.ZIP_DEFLATED
    pack.writestr(entry, content)


def _without_offer(page: str, address: str) -> str:
    """A page that does not offer the archive that it is in."""
    link = rf'<a href="{re.escape(escape(quote(address)))}"[^>]*>(?:(?!</a>).)*</a>'
    return re.sub(rf"<li>{link}</li>|{link}\s?", "", page, flags=re.DOTALL)
