"""The references of a book's HTML pages: one chapter lists them all, in its `::: {#refs}`, and the others lead to it.

https://quarto.org/docs/books/book-structure.html#references
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from octavo.read.project import Project
from octavo.read.yaml import placed_as
from octavo.resolve.document import Document

Facts = Mapping[str, Any]


def references_page(project: Project, facts: Mapping[str, Facts]) -> str | None:
    """The page of a book that lists the references of all of it. `facts` are what its pages hold, by their source."""
    if not project.book:
        return None
    return next((e.page for e in project.book.order if "refs" in facts.get(e.page, {}).get("ids", ())), None)


def listing_all(document: Document, pages: Iterable[str], facts: Mapping[str, Facts]) -> Document:
    """The document of that page, which lists what each of `pages` cites as if it cited it itself."""
    cited = dict.fromkeys(key for page in pages for key in facts.get(page, {}).get("citations", ()))
    return replace(document, options=placed_as({**document.options, "o:cited": list(cited)}, document.options))


def led_there(html: str, address: str) -> str:
    """HTML whose citations lead to the list at `address`."""
    return html.replace('href="#ref-', f'href="{address}#ref-')
