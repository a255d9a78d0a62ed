"""Preview: watch the sources, render what changed, tell the browser.

The page that somebody looks at comes first, with its new prose and the old outputs; its cells run after that, and the
rest of the site follows behind. A newer save ends whatever is still under way for an older one.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from octavo.diagnostics import AuthorError, Diagnostic, error
from octavo.read.project import Project, read_project
from octavo.render import Outcome, render
from octavo.run import Ask
from octavo.session import Session

Tell = Callable[[dict], None]
# Changes to these can touch every page.
SITE_WIDE = (".yml", ".yaml", ".bib", ".csl", ".css", ".scss", ".lua")


class Superseded(Exception):
    """A newer change has come; what is being rendered is of no use any more."""


class Preview:
    """One project being previewed. `tell` takes events for the browser; all rendering happens in one thread at a time."""

    def __init__(self, root: Path, profiles: tuple[str, ...], tell: Tell) -> None:
        self.root, self.profiles, self.tell = root, profiles, tell
        self.output = root / ".octavo" / "preview"
        self.session = Session(root / ".octavo")
        self.viewed: str | None = None  # the page that was asked for last, as its source
        self.hrefs: dict[str, str] = {}  # address -> source
        self._lock = threading.Lock()
        self._waiting = 0
        self._caught_up = False  # whether all pages have been rendered since their last change
        self._stopped = False

    def wishes(self) -> Mapping[str, Any]:
        """What the project says of its preview (`project: preview:`), as far as it can be read."""
        with suppress(AuthorError):
            wishes = (read_project(self.root, self.profiles)[0].config.get("project") or {}).get("preview")
            return wishes if isinstance(wishes, Mapping) else {}
        return {}

    def stop(self) -> None:
        """End what is being rendered at its next step; nothing is rendered any more."""
        self._stopped = True

    def refresh(self, changed: Iterable[Path] | None = None) -> None:
        """Render after a change (None: at the start). Returns at once if a newer call waits behind it."""
        self._waiting += 1
        with self._lock:
            self._waiting -= 1
            if self._waiting or self._stopped:
                self._caught_up = False
                return
            with suppress(Superseded):
                self._refresh(changed)

    def also(self, page: str, form: str) -> None:
        """Render one page in a format that is asked for only now (PDF, Word, notebook)."""
        with self._lock, suppress(Superseded):
            project, told = self._project()
            if project:
                self._render(project, told, frozenset({page}), "auto", (form,))

    def _refresh(self, changed: Iterable[Path] | None) -> None:
        project, told = self._project()
        if project is None:
            return
        self.hrefs = {_address(page): page for page in project.pages}
        everything = frozenset(project.pages)
        pages = everything if changed is None else self._touched(project, changed)
        first = self.viewed if self.viewed in everything else next(iter(project.pages), None)
        before = self.session.known()
        caught_up, self._caught_up = self._caught_up, False
        if first in pages or (first and changed is not None and not pages):
            self._render(project, told, frozenset({first}), "never", ("html",), urgent=True)
        for batch in (frozenset({first} & pages), pages - {first}):
            if batch:
                self._render(project, told, batch, "auto", ("html",))
        rest = everything - pages
        if caught_up and changed is not None and self._names(changed) <= pages:
            rest = self.session.concerned(project, before, pages, rest)
        if rest:
            self._render(project, told, rest, "auto", ("html",))
        self._caught_up = True
        self.tell({"kind": "idle"})

    def _touched(self, project: Project, changed: Iterable[Path]) -> frozenset[str]:
        """The pages that a change touches for certain; the others are looked at last."""
        names = self._names(changed)
        if any(name.endswith(SITE_WIDE) for name in names):
            return frozenset(project.pages)
        return names & frozenset(project.pages)

    def _names(self, changed: Iterable[Path]) -> frozenset[str]:
        return frozenset(os.path.relpath(path, self.root).replace(os.sep, "/") for path in changed)

    def _project(self) -> tuple[Project | None, list[Diagnostic]]:
        try:
            return read_project(self.root, self.profiles)
        except AuthorError as e:
            self._report(e.diagnostics)
            return None, []

    def _render(
        self,
        project: Project,
        told: list[Diagnostic],
        pages: frozenset[str],
        execution: str,
        formats: tuple[str, ...],
        urgent: bool = False,
    ) -> Outcome | None:
        def progress(stage: str, done: int, of: int) -> None:
            if self._stopped or (self._waiting and not urgent):
                raise Superseded
            if stage == "execute" and execution != "never":
                self.tell({"kind": "progress", "stage": stage, "done": done, "of": of})

        ask = Ask(project, self.output, self.root / ".octavo", pages, formats, execution, lenient=True, in_place=True)
        try:
            outcome = render(ask, told, progress, self.session)
        except AuthorError as e:
            self._report(e.diagnostics)
            return None
        except Superseded:
            raise
        except Exception as e:  # a bug of octavo's own must not end the preview
            self._report([error("OCT-bug", f"octavo itself has failed: {type(e).__name__}: {e}")])
            return None
        found = outcome.diagnostics
        if execution == "never":
            # Outputs that are old for a moment are no news: the cells are about to run.
            found = tuple(d for d in found if not d.code.startswith(("OCT-freeze-", "OCT-execute-")))
        self._report(found, pages)
        for page in sorted(pages):
            self.tell({"kind": "page", "address": _address(page), "running": execution == "never"})
        return outcome

    def _report(self, diagnostics: Iterable[Diagnostic], pages: frozenset[str] | None = None) -> None:
        told = [asdict(replace(d)) for d in diagnostics]
        self.tell({"kind": "diagnostics", "pages": sorted(pages or ()), "diagnostics": told})


def _address(page: str) -> str:
    return page.rsplit(".", 1)[0] + ".html"


async def watch(preview: Preview, stop: asyncio.Event) -> None:
    """Follow the project's folder until `stop`; survives whatever happens to its files."""
    from watchfiles import DefaultFilter, awatch

    class Sources(DefaultFilter):
        ignore_dirs = (*DefaultFilter.ignore_dirs, ".octavo", ".quarto", "_site", "_freeze")

    async for changes in awatch(preview.root, watch_filter=Sources(), debounce=60, step=15, stop_event=stop):
        paths = [Path(path) for _, path in changes]
        asyncio.get_running_loop().run_in_executor(None, preview.refresh, paths)


class Listeners:
    """The browsers that listen, each with a queue of events."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._last: dict[str, dict] = {}

    def tell(self, event: dict) -> None:
        """Send an event to all, from any thread."""
        if event["kind"] == "diagnostics":
            self._last[",".join(event["pages"])] = event
        if self._loop:
            text = json.dumps(event)
            self._loop.call_soon_threadsafe(lambda: [queue.put_nowait(text) for queue in self._queues])

    async def events(self) -> AsyncIterator[str]:
        """The stream of one browser, beginning with what it should know."""
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield "retry: 500\n\n"
            for event in self._last.values():
                yield f"data: {json.dumps(event)}\n\n"
            while True:
                try:
                    yield f"data: {await asyncio.wait_for(queue.get(), 15)}\n\n"
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._queues.discard(queue)
