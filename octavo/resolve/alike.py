"""Formats of a page that are alike: they differ in their pictures' files and in ids of cells, and share one gathering.

Parsing and numbering a page takes as long as writing it. What the first format's gathering has asked for, of options and
about formats, is in its answer (`read`), so that it serves every other format for which all of that is the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from octavo.resolve.document import Document

_CELL_ID = re.compile(r"^(\s*:{3,} \{)#([^\s}]+) (?=\.cell\b)")
# A picture with what Markdown woven from a cell says first in its attributes: label and size.
_PICTURE = re.compile(r"\]\(([^()\s]+)\)(?:\{(#[^\s}]+)?\s*(?:width=(\d+) height=(\d+)\s*)?)?")
# What is told while a document is written is of its citations.
CITES = ("bibliography", "csl", "nocite", "references", "citeproc")


@dataclass(frozen=True)
class Picture:
    """A picture's address in the Markdown, and its size (`width`, `height`) if it is given."""

    src: str
    size: Mapping[str, str]


def changes(first: Document, gathered: Mapping[str, Any], other: Document) -> dict[str, Any] | None:
    """How `other` differs from the page's `first` document, whose gathering is `gathered`; None if it is not alike.

    `images` leads from the first's pictures to those of `other`, `ids` holds the ids that it does not have.
    """
    if any(document.code and document.code.filters for document in (first, other)):
        return None
    read = gathered["read"]
    same = first.strings == other.strings and first.profiles == other.profiles and other.base in read["formats"]
    if not same or any(first.options.get(key) != other.options.get(key) for key in read["options"]):
        return None
    lines, others = first.markdown.split("\n"), other.markdown.split("\n")
    if len(lines) != len(others):
        return None
    images: dict[str, dict[str, Any]] = {}
    ids: list[str] = []
    for line, its in zip(lines, others, strict=True):
        if line != its and not (_same_cell(line, its, ids) or _same_pictures(first, other, (line, its), images)):
            return None
    return {"images": images, "ids": ids} if images.keys() <= set(gathered["images"]) else None


def alike(first: Document, other: Document, gathered: Mapping[str, Any]) -> bool:
    """Whether writing `other`, which was gathered as `gathered`, has nothing to tell that writing `first` does not."""
    cites = (document.options.get(key) for key in CITES for document in (first, other))
    return first is not other and "changes" in gathered and all(a == b for a, b in zip(cites, cites, strict=True))


def changed(gathered: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What was gathered, as it is for the other format."""
    return {
        **gathered,
        "ids": [id for id in gathered["ids"] if id not in changes["ids"]],
        "images": [changes["images"].get(src, {}).get("src", src) for src in gathered["images"]],
        "changes": changes,
    }


def _same_cell(line: str, its: str, ids: list[str]) -> bool:
    """Whether two lines open the same cell, which has an id in the first alone."""
    match = _CELL_ID.match(line)
    if not match or line.replace(f"#{match[2]} ", "", 1) != its:
        return False
    ids.append(match[2])
    return True


def _same_pictures(first: Document, other: Document, pair: tuple[str, str], images: dict[str, dict[str, Any]]) -> bool:
    """Whether two lines differ only in the files and sizes of pictures that were made for each format."""
    (line, found), (its, made) = (_without_pictures(text, d) for text, d in zip(pair, (first, other), strict=True))
    if line != its or len(found) != len(made):
        return False
    for old, new in zip(found, made, strict=True):
        change: dict[str, Any] = {"src": new.src}
        if old.size != new.size:
            change["size"] = new.size
        # A size that is the author's own may stand for another of the two.
        if _stem(old.src) != _stem(new.src) or ("size" in change and re.search(r"\b(width|height)=", line)):
            return False
        if images.setdefault(old.src, change) != change:
            return False
    return True


def _without_pictures(line: str, document: Document) -> tuple[str, list[Picture]]:
    """The line without addresses and sizes of the document's own pictures, and these."""
    found: list[Picture] = []

    def taken(match: re.Match[str]) -> str:
        src, label, width, height = match.groups()
        if src.replace("%20", " ") not in document.figures:
            return match[0]
        found.append(Picture(src, {"width": width, "height": height} if width else {}))
        return f"](){label or ''}"

    # Without attributes, and with nothing but a size in them, a picture is the same.
    return re.sub(r"\]\(\)\}", "]()", _PICTURE.sub(taken, line)), found


def _stem(src: str) -> str:
    return src.rpartition("/")[2].rpartition(".")[0]
