"""What outlives one render: warm workers, and what unchanged pages offer to the others.

An author renders one page again and again. Of the pages that nobody asked for it needs labels, anchors and titles only,
and as long as the files that a page was made from are the same, those are too. They are kept in memory for a preview,
and in octavo's own folder for the next command.
"""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from octavo.cache import key_of, write_atomically
from octavo.read.extensions import FOLDER, MANIFESTS, installed
from octavo.read.project import Project
from octavo.read.source import Source
from octavo.read.yaml import plain
from octavo.resolve.document import Document
from octavo.resolve.labels import given
from octavo.resolve.pandoc import Pool

Facts = dict[str, Any]
State = list[int] | None
# What only the page itself needs of what was gathered.
_OWN = ("ast", "formulas", "diagnostics", "user", "changes")


@dataclass(frozen=True)
class Light:
    """A page without its text: its main document, what it offers, and the state of the files that it was made from."""

    document: Document
    facts: Facts
    settings: str  # the key of the project's settings
    files: Mapping[str, State]
    takes: bool  # whether it shows what other pages hold, beyond what they lend


Documents = Iterable[tuple[Document, Mapping[str, Any]]]


class Session:
    """Workers and threads for any number of renders of one project, whose own folder is `state`, one after the other."""

    def __init__(self, state: Path, pool: Pool | None = None) -> None:
        self.pool = pool or Pool()
        self.threads = ThreadPoolExecutor(os.cpu_count() or 1)
        self._folder = state / "pages"
        self._light: dict[str, Light] = {}

    def unchanged(self, project: Project, pages: Iterable[str]) -> dict[str, Light]:
        """Those of the pages that are known and whose files are as they were."""
        settings = _settings(project)
        met: dict[str, State] = {}
        found = {}
        for page in pages:
            light = self._light.get(page) or self._kept(page)
            if light and light.settings == settings and light.files == _state(light.files, met):
                found[page] = self._light[page] = light
        return found

    def remember(self, project: Project, state: Path, documents: Documents, since: int) -> None:
        """Keep what pages offer: each main document with its facts; `since` is the time before they were read
        (in nanoseconds, as files have it).

        What their filters and shortcodes took from other pages is theirs: it is looked at again when a page is asked for.
        """
        settings = _settings(project)
        met: dict[str, State] = {}
        for document, facts in documents:
            files = _state(_files_of(project, state, document), met)
            if any(status and status[1] >= since for status in files.values()):
                self._light.pop(document.source.file, None)  # saved while it was being read: nobody knows what was seen
            else:
                self._remember(document, facts, settings, files)

    def known(self) -> dict[str, Light]:
        """What is known of all pages at this moment."""
        return dict(self._light)

    def concerned(
        self, project: Project, before: Mapping[str, Light], saved: Iterable[str], others: frozenset[str]
    ) -> frozenset[str]:
        """Which `others` may be different now that the `saved` pages are rendered; `before` is what was known then.

        If these lend what they lent and no other page has changed itself, only those are that show more of a page.
        """
        now = self.unchanged(project, others)
        same = all(page in before and page in now and now[page].files == before[page].files for page in others)
        lent = all(_lends(self._light.get(page)) == _lends(before.get(page)) for page in saved)
        return frozenset(page for page in others if now[page].takes) if same and lent else others

    def _remember(
        self, document: Document, facts: Mapping[str, Any], settings: str, files: Mapping[str, State]
    ) -> None:
        page = document.source.file
        code = bool(document.code and document.code.filters)
        kept = {
            "settings": settings,
            "files": files,
            "takes": code or bool(document.options.get("listing")) or "{{< embed" in document.source.text,
            "document": {
                "name": document.name,
                "base": document.base,
                "href": document.href,
                "options": plain(document.options),
            },
            "facts": {key: value for key, value in facts.items() if key not in _OWN}
            | {"given": _given(document.source, facts)},
        }
        text = json.dumps(kept, ensure_ascii=False)
        light = _light(page, kept)
        if self._light.get(page) != light:
            self._light[page] = light
            write_atomically(self._file(page), text.encode())

    def close(self) -> None:
        """End the workers."""
        self.threads.shutdown(cancel_futures=True)
        self.pool.close()

    def _file(self, page: str) -> Path:
        return self._folder / f"{quote(page, safe='')}.json"

    def _kept(self, page: str) -> Light | None:
        try:
            return _light(page, json.loads(self._file(page).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _light(page: str, kept: Mapping[str, Any]) -> Light:
    document = Document(source=Source(page, "", {}, (), ()), strings={}, markdown="", **kept["document"])
    return Light(document, kept["facts"], kept["settings"], kept["files"], kept["takes"])


def _lends(light: Light | None) -> Any:
    """What a page lends to others: how long it is does not count."""
    return light and (light.document, {key: value for key, value in light.facts.items() if key != "words"})


def _given(source: Source, facts: Mapping[str, Any]) -> list[str]:
    """The labels of the page that its own words give."""
    words = given(source)
    return [label["id"] for label in facts["labels"] if label["id"] in words]


def _settings(project: Project) -> str:
    """All that pages take from the project, as one key."""
    return key_of(
        "settings",
        [
            plain(project.config),
            plain(project.variables),
            project.profiles,
            plain(project.given),
            dict(project.environment),
        ],
    )


def _files_of(project: Project, state: Path, document: Document) -> list[str]:
    root, page = project.root, document.source.file
    frozen = PurePosixPath(page).with_suffix("")
    records = ("cells.json", "execute-results/html.json")
    results = [folder / frozen / name for folder in (root / "_freeze", state / "freeze") for name in records]
    folders = [root / parent for parent in PurePosixPath(page).parents]
    settings = [folder / name for folder in folders for name in ("_metadata.yml", "_metadata.yaml", FOLDER)]
    extensions = [root / e.folder / name for e in installed(root, posixpath.dirname(page)) for name in MANIFESTS]
    code = [script.path for script in (*document.code.filters, *document.code.shortcodes)] if document.code else []
    own = [root / page, *(root / name for name in document.source.includes)]
    return list(map(str, [*own, *results, *settings, *extensions, *code]))


def _state(files: Iterable[str], met: dict[str, State]) -> dict[str, State]:
    """The state of each file; `met` holds those that are known already."""
    for path in files:
        if path not in met:
            met[path] = _status(path)
    return {path: met[path] for path in files}


def _status(path: str | Path) -> State:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns]
