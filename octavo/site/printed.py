"""Listings on paper: a page that lists others shows in PDF, Word and notebooks what it shows on the web, without buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from octavo.read.project import Project
from octavo.resolve.document import Document
from octavo.resolve.links import Targets
from octavo.site.entries import Entry, Listing, entries
from octavo.site.fields import COMPUTED
from octavo.site.info import Piece, page_infos

Gathered = Mapping[tuple[str, str], Mapping[str, Any]]
_NOT_SHOWN = ("title", "image", "description", "subtitle", "categories", "filename")


def with_listings(
    project: Project, documents: Sequence[Document], gathered: Gathered, others: Sequence[tuple[Document, Any]] = ()
) -> list[Document]:
    """The documents, those of print formats with the listings that they ask for as Markdown.

    `gathered` holds what the main document of each page gave: its title is what a listing shows. `others` are the main
    documents of further pages, each with what it gave.
    """
    if not any(d.base != "html" and d.options.get("listing") for d in documents):
        return list(documents)
    main = {d.source.file: d for d in documents if (d.source.file, d.name) in gathered}
    known = [*((d, gathered[page, d.name]) for page, d in main.items()), *others]
    pieces = {d.source.file: [Piece(d, facts, {}, Targets(), [])] for d, facts in known}
    infos = page_infos(project, pieces)
    pages = list(infos.values())

    def listed(document: Document) -> Document:
        config = document.options.get("listing")
        if document.base == "html" or not config or document.source.file not in infos:
            return document
        # What is wrong with a listing is told with the HTML page.
        found, _ = entries(config, infos[document.source.file], pages, document.strings, project.root)
        markdown = document.markdown
        for listing in found:
            markdown = _placed(markdown, listing.id, _table(listing) if listing.type == "table" else _list(listing))
        return replace(document, markdown=markdown)

    return [listed(document) for document in documents]


def _placed(markdown: str, name: str, listing: str) -> str:
    """The listing in the div that carries its name, else at the end."""
    opening = re.compile(rf"^:::+[ \t]*\{{[^}}\n]*#{re.escape(name)}(?=[\s}}])[^}}\n]*\}}[ \t]*$", re.MULTILINE)
    place = opening.search(markdown)
    if not place:
        return f"{markdown.rstrip()}\n\n{listing}\n"
    return f"{markdown[: place.end()]}\n\n{listing}\n{markdown[place.end() :]}"


def _list(listing: Listing) -> str:
    rows = []
    for entry in listing.entries:
        about = [_shown(entry, name) for name in listing.fields if name not in _NOT_SHOWN]
        lines = [f"**{_title(entry)}**", " · ".join(filter(None, about))]
        if "description" in listing.fields:
            lines.append(_escaped(str(entry.fields["description"])))
        rows.append("- " + "\\\n  ".join(filter(None, lines)))
    return "\n".join(rows)


def _table(listing: Listing) -> str:
    names = [name for name in listing.fields if name != "image"]
    head = [_escaped(listing.names.get(name, name.capitalize())) for name in names]
    rows = [[_title(e) if name == "title" else _shown(e, name) for name in names] for e in listing.entries]
    lines = [head, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _title(entry: Entry) -> str:
    """The title as its author wrote it, leading to what it names."""
    own = entry.page.front_matter.get("title") if entry.page else None
    title = (
        " ".join(str(own).split()) if own else _escaped(entry.title) if entry.page else " ".join(entry.title.split())
    )
    target = f"/{entry.page.source}" if entry.page else entry.href
    return f"[{title}](<{target}>)" if target else title


def _shown(entry: Entry, name: str) -> str:
    value = entry.fields.get(name) or ""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return _escaped(text) if name in COMPUTED or name == "description" else " ".join(text.split())


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>$@#~^|!'\"])", r"\\\1", " ".join(text.split()))
