"""The way of one site through the stages, from its sources to a published folder.

read → execute → weave → gather (parse, number) → index → resolve and write → site → verify → publish
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from octavo.diagnostics import Diagnostic, failed
from octavo.lock import alone
from octavo.resolve.pandoc import Pool
from octavo.run import Ask, Progress, Run
from octavo.session import Session
from octavo.site.build import build
from octavo.stages import count_pages, written


@dataclass(frozen=True)
class Outcome:
    """What came of it. Nothing is published if `diagnostics` hold an error and the render was not lenient."""

    diagnostics: tuple[Diagnostic, ...]
    published: bool
    changed: int = 0
    pages: int = 0
    executed: int = 0
    outside: frozenset[Path] = frozenset()


def render(
    ask: Ask,
    diagnostics: Iterable[Diagnostic] = (),
    progress: Progress = lambda *_: None,
    session: Session | None = None,
    pool: Pool | None = None,
) -> Outcome:
    """Render a project. `diagnostics` are those of reading it.

    `session` is kept by those who render again, `pool` are workers that are on their way already.
    """
    with alone(ask.state), _run(ask, diagnostics, progress, session, pool) as run:
        pieces, results = written(run)
        wanted = [piece for piece in pieces if run.publishes(piece.document)]
        changed, told = build(
            ask.project,
            ask.output,
            run.cache,
            wanted,
            pieces,
            map_parallel=lambda stage, items, do: [result for _, result in run.each(stage, items, do)],
            accept=lambda found: ask.lenient or not failed(run.verdict(found)),
            promised=frozenset(run.promised),
            whole=ask.pages is None and ask.formats is None,
            searched=ask.pages is None,  # it takes as long as all else, and a whole render makes it anyway
            in_place=ask.in_place,
        )
        verdict = run.verdict(told)
        published = ask.lenient or not failed(verdict)
        if published and ask.pages is None:
            run.cache.sweep()
        executed = sum(result.executed for result in results.values())
        return Outcome(verdict, published, changed, count_pages(wanted, pieces), executed, frozenset(run.outside))


def check(
    ask: Ask,
    diagnostics: Iterable[Diagnostic] = (),
    progress: Progress = lambda *_: None,
    links: bool = False,
) -> Outcome:
    """All diagnostics that need no writing; `links`: those of links to other hosts, too."""
    from octavo.site import external, shell

    with _run(replace(ask, writes=False), diagnostics, progress) as run:
        pieces, _ = written(run)
        told = shell.check(ask.project, pieces, lambda items, do: run.each("check", items, do))
        if links:
            targets = {piece.document.source.file: piece.gathered["links"] for piece in pieces}
            told += external.check(targets, run.known.sources, ask.state)
        # What has never run is no mistake; it could not be checked, and a render would run it.
        told += [replace(d, severity="warning") for d in run.diagnostics if d.code == "OCT-execute-missing"]
        run.diagnostics = [d for d in run.diagnostics if d.code != "OCT-execute-missing"]
        return Outcome(run.verdict(told), False, pages=count_pages(pieces), outside=frozenset(run.outside))


@contextmanager
def _run(
    ask: Ask,
    diagnostics: Iterable[Diagnostic],
    progress: Progress,
    session: Session | None = None,
    pool: Pool | None = None,
) -> Iterator[Run]:
    own = session or Session(ask.state, pool)
    try:
        run = Run(ask, own, progress)
        run.diagnostics += diagnostics
        yield run
    finally:
        if session is None:
            own.close()
