"""The files that a site will have, by name: what links may lead to beside the pages, known before anything is written."""

from __future__ import annotations

from collections.abc import Iterable

from octavo.read.aliases import aliases, moved_sections
from octavo.read.project import Project
from octavo.resolve.document import Document
from octavo.site.entries import configs
from octavo.site.feed import feed_categories, feed_name


def outputs(project: Project, documents: Iterable[Document]) -> frozenset[str]:
    """The documents in all their formats, old addresses, feeds, and what is made for programs."""
    website = project.website
    names: set[str] = set()
    for document in documents:
        if document.book and project.book:
            names.add(f"{project.book.stem}.{document.href.rpartition('.')[2]}")
            continue
        names |= {document.href, *aliases(document.source.file, document.options)}
        names |= {path for path, _ in moved_sections(document.source.file, document.options)}
        if website.get("site-url") and document.base == "html":
            names |= set(_feeds(document))
    if website.get("site-url"):
        names |= {"sitemap.xml", "robots.txt"}
    if website.get("llms-txt") is True:
        names.add("llms.txt")
    return frozenset(names)


def _feeds(document: Document) -> Iterable[str]:
    for listing in configs(document.options.get("listing")):
        feed = listing.get("feed")
        if feed:
            kinds = feed_categories(feed) if hasattr(feed, "get") else []
            yield from (feed_name(document.href, kind) for kind in ("", *kinds))
