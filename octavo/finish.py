"""The last step of a document's way: its references resolved, its text written in the language of its format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from octavo.diagnostics import Diagnostic
from octavo.resolve.bibliography import bibliography_of, csl_of, reference_doc_of
from octavo.resolve.document import Document, placed, write
from octavo.resolve.links import Targets
from octavo.write.citable import csl_entry
from octavo.write.handouts import printed_title_block

if TYPE_CHECKING:
    from octavo.run import Run


def finished(
    run: Run,
    document: Document,
    found: Mapping[str, Any],
    labels: Mapping[str, Any],
    missing: Mapping[str, bool],
    targets: Targets,
    sources: Sequence[Document] = (),
) -> dict[str, Any]:
    """What the writer makes of a document. `sources` are the documents that hold its text, if it is bound of several."""
    root = run.ask.project.root
    books, wrong = bibliography_of(document, root)
    style, unknown = csl_of(document, root)
    word, lost = reference_doc_of(document, root)
    reference = None
    if document.base == "docx":
        from octavo.write.docx import reference_doc  # with all that Word needs, which others need not load

        reference = reference_doc(run.ask.state, word)
    written = write(
        document,
        found,
        run.pool,
        run.cache,
        labels=labels,
        missing=missing,
        targets=targets,
        bibliography=books,
        csl=style,
        reference_doc=reference,
        title_block=printed_title_block(document.options),
        cite_as=_as_entry(document, found, run.url) if document.base == "html" else None,
    )
    run.diagnostics += [*wrong, *unknown, *lost]
    read = [*books, *([style] if style else []), *targets.files.values()]
    run.outside |= {path for path in read if not path.resolve().is_relative_to(root)}
    run.diagnostics += _placed(written["diagnostics"] or [], sources or (document,), run)
    return written


def _placed(told: Sequence[Mapping[str, Any]], documents: Sequence[Document], run: Run) -> list[Diagnostic]:
    """The writer's diagnostics, each in the document that holds the words that it is about."""
    groups: dict[int, list[Mapping[str, Any]]] = {}
    for entry in told:
        needle = entry.get("needle") or ""
        holder = next((i for i, d in enumerate(documents) if needle and needle in d.source.text), 0)
        groups.setdefault(holder, []).append(entry)
    return [
        diagnostic
        for holder, entries in groups.items()
        for diagnostic in placed(entries, documents[holder].source, run.ask.project.root, documents[holder].code)
    ]


def _as_entry(document: Document, found: Mapping[str, Any], url: str) -> Mapping[str, Any] | None:
    title = str((found.get("title") or {}).get("text") or "")
    return csl_entry(document.options, title, f"{url.rstrip('/')}/{document.href}" if url else None)
