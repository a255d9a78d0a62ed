"""A run of the stages: what is asked for, and what the stages share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from octavo.cache import Cache
from octavo.causes import Known, causes, located
from octavo.diagnostics import AuthorError, Diagnostic, downgraded, in_order
from octavo.read.project import Project
from octavo.resolve.document import Document
from octavo.session import Session
from octavo.site.page import Piece

Item = TypeVar("Item")
Result = TypeVar("Result")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Ask:
    """What is to be rendered. `pages` None means all; `formats` None means what each page declares."""

    project: Project
    output: Path
    state: Path  # octavo's own folder: cache and private results
    pages: frozenset[str] | None = None
    formats: tuple[str, ...] | None = None
    execution: str = "auto"  # or "always", "never"
    lenient: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    writes: bool = True  # a check asks only what is wrong
    in_place: bool = False  # each file by itself into the output, without search: a preview, a lone document


class Run:
    """What the stages share: workers, cache, progress, and the list of diagnostics."""

    def __init__(self, ask: Ask, session: Session, progress: Progress) -> None:
        self.ask, self.session, self.progress = ask, session, progress
        self.pool, self.threads = session.pool, session.threads
        self.cache = Cache(ask.state / "cache")
        self.diagnostics: list[Diagnostic] = []
        self.known = Known()
        self.outside: set[Path] = set()  # files that were read beyond the project's folder

        self.unpublished: set[str] = set()  # pages whose HTML only lends its numbers
        self.promised: set[str] = set()  # what all formats of the pages make, whichever is asked for
        self.hrefs: dict[str, str] = {}  # where each page's main format goes, whichever is asked for

    def verdict(self, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """All diagnostics as they are reported, with the severities that the project asks for."""
        ask = self.ask
        told = causes([*self.diagnostics, *found], self.known, ask.pages or ())
        told = downgraded(told, ask.project.severities)
        if ask.pages is not None:
            # What is wrong on pages that were not asked for is told when they are.
            others = set(ask.project.pages) - ask.pages
            told = [d for d in told if _shown_on(d) not in others]
        return tuple(in_order(told))

    def wants(self, page: str) -> bool:
        """Whether a page is to be written; the others lend their labels and titles."""
        return self.ask.pages is None or page in self.ask.pages

    @property
    def url(self) -> str:
        """Where the site will stand, "" if it does not say."""
        return str(self.ask.project.website.get("site-url") or "")

    def publishes(self, document: Document) -> bool:
        """Whether a document is to become a file of the output."""
        page = document.source.file
        lent = document.base == "html" and page in self.unpublished
        return self.wants(page) and not lent and document.book != "chapter"

    def each(self, stage: str, items: Sequence[Item], do: Callable[[Item], Result]) -> list[tuple[Item, Result]]:
        """`do` for every item, in parallel; an item whose author made a mistake is reported and left out."""
        done = []

        def guarded(item: Item) -> Result | AuthorError:
            try:
                return do(item)
            except AuthorError as e:
                return e

        for count, (item, result) in enumerate(zip(items, self.threads.map(guarded, items), strict=True), 1):
            if isinstance(result, AuthorError):
                page = _page_of(item)
                self.diagnostics += [located(d, page, self.known.sources.get(page)) for d in result.diagnostics]
            else:
                done.append((item, result))
            self.progress(stage, count, len(items))
        return done


def _shown_on(d: Diagnostic) -> str:
    """The page that a diagnostic is about, which may include the file that it stands in; "" if there is none."""
    place = d.included_from[-1] if d.included_from else d.position
    return place.file if place else ""


def _page_of(item: str | Document | Piece) -> str:
    document = item.document if isinstance(item, Piece) else item
    return document.source.file if isinstance(document, Document) else str(item)
