"""The other formats that a page offers, and the notebooks that it takes cells from."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from octavo.site.contents import Links, own_address
from octavo.site.info import Piece
from octavo.write.view import FormatLink

# How the other formats of a page are offered: text and icon.
OFFERS = {
    "pdf": ("PDF", "file-pdf"),
    "typst": ("Typst", "file-pdf"),
    "docx": ("MS Word", "file-word"),
    "ipynb": ("Jupyter", "journal-code"),
}


# How the files of the whole site are offered: word and icon.
WHOLE = {"pdf": ("download-all-pdf", "file-pdf"), "zip": ("download-all-offline", "file-zip")}


def whole_links(page: str, offered: Mapping[str, str], words: Mapping[str, str]) -> list[FormatLink]:
    """What the home page offers: the files that hold the whole site."""
    if page != "index.html":
        return []
    return [FormatLink(words[WHOLE[kind][0]], quote(file), WHOLE[kind][1]) for kind, file in offered.items()]


def format_links(piece: Piece, siblings: Sequence[Piece], links: Links) -> list[FormatLink]:
    """The page's other formats as `format-links` asks for them: all, none, or a list of formats and links of its own."""
    wanted = piece.document.options.get("format-links")
    if wanted is False:
        return []
    others = {p.document.name: p for p in siblings if p.document.base in OFFERS}
    if not isinstance(wanted, list | tuple):
        return [_offer(p, piece, {}) for p in others.values()]
    found = []
    for entry in wanted:
        own = entry if isinstance(entry, Mapping) else {"format": entry}
        if own.get("href"):
            href = links.address(own_address(str(own["href"]), piece.document.source.file))
            icon = links.icon(own.get("icon"), own) or "file-code"
            found.append(FormatLink(str(own.get("text") or own["href"]), href, icon))
            continue
        named = str(own.get("format") or "")
        match = others.get(named) or next((p for p in others.values() if p.document.base == named), None)
        if match:
            found.append(_offer(match, piece, own))
    return found


def notebook_links(piece: Piece, links: Links) -> list[FormatLink]:
    """The notebooks that are embedded in the page, where `notebook-links` asks for one list of all."""
    document = piece.document
    if document.options.get("notebook-links") not in (True, "global"):
        return []
    found = []
    for named, title in document.notebooks.items():
        href = links.address(own_address(named, document.source.file))
        found.append(
            FormatLink(title, href, "journal-code", posixpath.basename(href) if href.endswith(".ipynb") else None)
        )
    return found


def listed_formats(outputs: Mapping[str, str], href: str) -> list[FormatLink]:
    """The formats of a page for the listing at `href`: `outputs` are their addresses by format."""
    return [_link(base, address, href) for base, address in outputs.items() if base in OFFERS]


def _offer(other: Piece, piece: Piece, own: Mapping) -> FormatLink:
    found = _link(other.document.base, other.document.href, piece.document.href)
    return replace(found, text=str(own.get("text") or found.text), icon=str(own.get("icon") or found.icon))


def _link(base: str, address: str, here: str) -> FormatLink:
    text, icon = OFFERS[base]
    href = posixpath.relpath(address, posixpath.dirname(here) or ".")
    return FormatLink(text, quote(href), icon, posixpath.basename(href) if base in ("docx", "ipynb") else None)
