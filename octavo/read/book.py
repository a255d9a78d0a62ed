"""A book: a website of its chapters, in their order and with their numbers, and one document of them all for print.

https://quarto.org/docs/books/book-structure.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from octavo.diagnostics import Diagnostic, error
from octavo.read.merge import merged
from octavo.read.pages import EXTENSIONS
from octavo.read.yaml import position_of

# What is said of the book itself and stands on its first page.
OF_THE_BOOK = ("title", "subtitle", "author", "date", "date-format", "abstract", "description", "doi",
               "author-meta", "date-meta", "description-meta")  # fmt: skip
# Where readers share the address of a page.
SHARING = {
    "twitter": "https://twitter.com/intent/tweet?url=|url|",
    "facebook": "https://www.facebook.com/sharer/sharer.php?u=|url|",
    "linkedin": "https://www.linkedin.com/sharing/share-offsite/?url=|url|",
}
# What of a book can be downloaded: its name and its icon.
DOWNLOADS = {"pdf": ("PDF", "file-pdf"), "docx": ("Docx", "file-word")}
_HEADING = re.compile(r"^# +(?P<text>.*?)\s*(?P<attributes>\{[^{}]*\})?\s*$", re.MULTILINE)
# A title in the front matter, which stands before any heading.
_TITLE = re.compile(
    r"""\A---\s*\n(?:(?!---).*\n)*?title:\s*["']?(?P<text>.*?)\s*(?P<attributes>\{[^{}]*\})?["']?\s*$""", re.MULTILINE
)
_NOT_NUMBERED = re.compile(r"\A---\s*\n(?:(?!---).*\n)*?number-sections:\s*false\s*$", re.MULTILINE)
_UNNUMBERED = re.compile(r"\.unnumbered\b|[{\s]-[\s}]")


# The formats that hold the whole book in one file; the others are made of each chapter.
WHOLE = ("pdf", "typst", "docx")


@dataclass(frozen=True)
class Entry:
    """One thing in the order of a book: the `title` of a part, or a page, which may be that of a part or an appendix.

    The `title` of a page is what the book's contents call it, "" if they leave that to the page.
    """

    page: str = ""
    title: str = ""
    is_part: bool = False
    in_part: bool = False
    appendix: bool = False


@dataclass(frozen=True)
class Book:
    """`website` is what the book's options say of a website, `chapters` what each page adds to its options.

    `order` is the whole book from its first page to its last, `stem` the name of the files that hold it.
    """

    website: Mapping[str, Any]
    chapters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    order: tuple[Entry, ...] = ()
    stem: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


def read_book(root: Path, config: Mapping[str, Any]) -> Book:
    """The book that `config` describes under `book`."""
    book = config.get("book")
    book = book if isinstance(book, Mapping) else {}
    chapters = _parts(root, book.get("chapters"))
    appendices = _parts(root, book.get("appendices"))
    contents = chapters + ([{"section": "Appendices", "contents": appendices}] if appendices else [])
    order = (*_ordered(chapters, appendix=False), *_ordered(appendices, appendix=True))
    levels = dict(_numbered(root, order))
    first = next(iter(levels), None)
    options: dict[str, Any] = {key: book[key] for key in OF_THE_BOOK if key in book}
    if book.get("cover-image"):
        options["o:cover"] = {"src": str(book["cover-image"]), "alt": str(book.get("cover-image-alt") or "")}
    if first is not None:
        levels[first] = {**levels[first], **options}
    of_site = {key: value for key, value in book.items() if key not in ("chapters", "appendices", *OF_THE_BOOK[1:])}
    of_site |= {"image": book["cover-image"]} if "cover-image" in book and "image" not in book else {}
    defaults = {"page-navigation": True, "sidebar": {"style": "docked", "search": True, "contents": contents}}
    # What the book does not say itself may stand under `website`.
    below = config.get("website")
    website = merged(defaults, below if isinstance(below, Mapping) else {}, of_site)
    place = "navbar" if isinstance(book.get("navbar"), Mapping) else "sidebar"
    stem = _stem(book, root)
    tools = [*_tools(book, stem, _made(config)), *(book.get("tools") or [])]
    if tools and isinstance(website[place], Mapping):
        website = merged(website, {place: {"tools": tools}})
    return Book(website, levels, order, stem, options)


def _stem(book: Mapping[str, Any], root: Path) -> str:
    """The name of the files of the whole book: `output-file`, or its title as a file can be called."""
    name = re.sub(r'[<>:"/\\|?*]', "", str(book.get("output-file") or book.get("title") or root.name))
    return re.sub(r"\s+", "-", name.strip()) or "book"


def _made(config: Mapping[str, Any]) -> set[str]:
    """Which downloads the project's formats make."""
    formats = config.get("format")
    names = {str(name) for name in (formats if isinstance(formats, Mapping) else [formats])}
    return {kind for kind in DOWNLOADS if kind in names or (kind == "pdf" and "typst" in names)}


def unmade_downloads(config: Mapping[str, Any]) -> list[Diagnostic]:
    """An error for each download that no format of the project makes."""
    book = config.get("book")
    wanted = book.get("downloads") if isinstance(book, Mapping) else None
    told = []
    for i, kind in enumerate([wanted] if isinstance(wanted, str) else wanted or []):
        if kind in DOWNLOADS and kind not in _made(config):
            place = position_of(wanted, i) or position_of(book, "downloads")
            message = f"`downloads` offers a {DOWNLOADS[kind][0]} that no format of the project makes"
            told.append(error("OCT-nav-missing", message, place, f"add `{kind}` to `format:`"))
    return told


def _tools(book: Mapping[str, Any], stem: str, made: set[str]) -> list[Mapping[str, Any]]:
    """What stands at the head of a book: its repository, its downloads, and where its pages can be shared."""
    repository, wanted = book.get("repo-url"), book.get("sharing")
    tools: list[Mapping[str, Any]] = []
    if repository:
        icon = next((host for host in ("github", "gitlab") if host in str(repository)), "git")
        tools.append({"icon": icon, "text": "Source Code", "href": repository})
    files = book.get("downloads")
    files = [files] if isinstance(files, str) else files or []
    offers = [
        {"icon": DOWNLOADS[kind][1], "text": f"Download {DOWNLOADS[kind][0]}", "href": f"/{stem}.{kind}"}
        for kind in map(str, files)
        if kind in made
    ]
    if offers:
        tools.append({"icon": "download", "text": "Download", "menu": offers} if len(offers) > 1 else offers[0])
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


def _ordered(entries: list[Any], appendix: bool, in_part: bool = False) -> Iterator[Entry]:
    """All pages and parts from first to last."""
    for entry in entries:
        if isinstance(entry, Mapping) and "section" in entry:
            name = str(entry["section"])
            page, title = (name, "") if name.endswith(EXTENSIONS) else ("", name)
            yield Entry(page, title, is_part=True, appendix=appendix)
            yield from _ordered(entry["contents"], appendix, True)
        else:
            own = entry if isinstance(entry, Mapping) else {"href": entry}
            if str(own.get("href")).endswith(EXTENSIONS):
                yield Entry(str(own["href"]), str(own.get("text") or ""), in_part=in_part, appendix=appendix)


def _numbered(root: Path, order: Iterable[Entry]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What each page adds to its options: the first page of a book, those of parts, and who says so have no number."""
    counts = {False: 0, True: 0}
    for entry in order:
        if not entry.page:
            continue
        if entry.is_part or entry.page.startswith("index.") or _is_unnumbered(root / entry.page):
            yield entry.page, {"number-sections": False}
            continue
        counts[entry.appendix] += 1
        count = counts[entry.appendix]
        number = chr(ord("A") + count - 1) if entry.appendix else str(count)
        chapter = {"number": number, "appendix": entry.appendix}
        yield entry.page, {"number-sections": True, "crossref": {"chapters": True}, "o:chapter": chapter}


def _is_unnumbered(file: Path) -> bool:
    """Whether a chapter says that it has no number: `# Title {.unnumbered}`, or so in its front matter, or there by
    `number-sections: false`."""
    if file.suffix == ".ipynb" or not file.is_file():
        return False
    text = file.read_text("utf-8", errors="replace")
    if _NOT_NUMBERED.search(text):
        return True
    heading = _TITLE.search(text) or _HEADING.search(text)
    return heading is not None and _UNNUMBERED.search(heading["attributes"] or "") is not None


def _heading(file: Path) -> re.Match[str] | None:
    """The first heading of the first level in a Markdown file."""
    if file.suffix == ".ipynb" or not file.is_file():
        return None
    return _HEADING.search(file.read_text("utf-8", errors="replace"))
