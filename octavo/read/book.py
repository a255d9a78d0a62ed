"""A book read as a website: its chapters are the pages, in their order and with their numbers.

https://quarto.org/docs/books/book-structure.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from octavo.read.merge import merged
from octavo.read.pages import EXTENSIONS

# What is said of the book itself and stands on its first page.
OF_THE_BOOK = ("title", "subtitle", "author", "date", "date-format", "abstract", "description", "doi")
# Where readers share the address of a page.
SHARING = {
    "twitter": "https://twitter.com/intent/tweet?url=|url|",
    "facebook": "https://www.facebook.com/sharer/sharer.php?u=|url|",
    "linkedin": "https://www.linkedin.com/sharing/share-offsite/?url=|url|",
}
_HEADING = re.compile(r"^# +(?P<text>.*?)\s*(?P<attributes>\{[^{}]*\})?\s*$", re.MULTILINE)
_UNNUMBERED = re.compile(r"\.unnumbered\b|[{\s]-[\s}]")


@dataclass(frozen=True)
class Book:
    """`website` is what the book's options say of a website, `chapters` what each page adds to its options."""

    website: Mapping[str, Any]
    chapters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_book(root: Path, config: Mapping[str, Any]) -> Book:
    """The book that `config` describes under `book`."""
    book = config.get("book")
    book = book if isinstance(book, Mapping) else {}
    chapters = _parts(root, book.get("chapters"))
    appendices = _parts(root, book.get("appendices"))
    contents = chapters + ([{"section": "Appendices", "contents": appendices}] if appendices else [])
    levels = dict(_numbered(root, chapters, appendix=False)) | dict(_numbered(root, appendices, appendix=True))
    first = next(iter(levels), None)
    if first is not None:
        levels[first] = {**levels[first], **{key: book[key] for key in OF_THE_BOOK if key in book}}
        if book.get("cover-image"):
            levels[first]["o:cover"] = {"src": str(book["cover-image"]), "alt": str(book.get("cover-image-alt") or "")}
    of_site = {key: value for key, value in book.items() if key not in ("chapters", "appendices", *OF_THE_BOOK[1:])}
    of_site |= {"image": book["cover-image"]} if "cover-image" in book and "image" not in book else {}
    defaults = {"page-navigation": True, "sidebar": {"style": "docked", "search": True, "contents": contents}}
    website = merged(defaults, of_site)
    place = "navbar" if isinstance(book.get("navbar"), Mapping) else "sidebar"
    tools = [*_tools(book), *(book.get("tools") or [])]
    if tools and isinstance(website[place], Mapping):
        website = merged(website, {place: {"tools": tools}})
    return Book(website, levels)


def _tools(book: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What stands at the head of a book: its repository, and where its pages can be shared."""
    repository, wanted = book.get("repo-url"), book.get("sharing")
    tools: list[Mapping[str, Any]] = []
    if repository:
        icon = next((host for host in ("github", "gitlab") if host in str(repository)), "git")
        tools.append({"icon": icon, "text": "Source Code", "href": repository})
    names = SHARING if wanted is True else wanted if isinstance(wanted, list) else [wanted] if wanted else []
    menu = [{"icon": n, "text": n.capitalize(), "href": SHARING[n]} for n in map(str, names) if n in SHARING]
    if menu:
        tools.append({"icon": "share", "text": "Share", "menu": menu} if len(menu) > 1 else menu[0])
    return tools


def _parts(root: Path, entries: Any) -> list[Any]:
    """Chapters and parts as a sidebar holds them: pages, and sections of pages."""
    found: list[Any] = []
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, Mapping) and "part" in entry:
            found.append({"section": entry["part"], "contents": _parts(root, entry.get("chapters"))})
        elif isinstance(entry, Mapping):
            found.append({"text": entry.get("text"), "href": entry.get("href") or entry.get("file")})
        elif str(entry).startswith("index."):
            # The first page bears the title of the book; in the sidebar it has its own.
            heading = _heading(root / str(entry))
            found.append({"text": heading["text"], "href": entry} if heading else entry)
        else:
            found.append(entry)
    return found


def _pages(entries: list[Any]) -> Iterator[tuple[str, bool]]:
    """All pages, and of each whether it is a chapter (not the page of a part)."""
    for entry in entries:
        if isinstance(entry, Mapping) and "section" in entry:
            if str(entry["section"]).endswith(EXTENSIONS):
                yield str(entry["section"]), False
            yield from _pages(entry["contents"])
        else:
            page = entry.get("href") if isinstance(entry, Mapping) else entry
            if str(page).endswith(EXTENSIONS):
                yield str(page), True


def _numbered(root: Path, entries: list[Any], appendix: bool) -> Iterator[tuple[str, Mapping[str, Any]]]:
    count = 0
    for page, is_chapter in _pages(entries):
        heading = _heading(root / page)
        unnumbered = heading is not None and _UNNUMBERED.search(heading["attributes"] or "")
        if not is_chapter or unnumbered:
            yield page, {"number-sections": False}
            continue
        count += 1
        number = chr(ord("A") + count - 1) if appendix else str(count)
        chapter = {"number": number, "appendix": appendix}
        yield page, {"number-sections": True, "crossref": {"chapters": True}, "o:chapter": chapter}


def _heading(file: Path) -> re.Match[str] | None:
    """The first heading of the first level in a Markdown file."""
    if file.suffix == ".ipynb" or not file.is_file():
        return None
    return _HEADING.search(file.read_text("utf-8", errors="replace"))
