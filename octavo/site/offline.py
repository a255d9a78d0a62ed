"""The search index of a site that is read from files: a page opened so can load scripts and fetch nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from lxml import html

# What a reader would not look for; a title's data and the buttons of a listing are no text of the page.
_UNREAD_CLASSES = frozenset(
    ["code-copy-button", "anchorjs-link", "eq-number", "footnote-back", "quarto-title-meta", "quarto-title-meta-author",
     "listing-actions-group", "quarto-code-tools"]
)  # fmt: skip
_UNREAD_TAGS = frozenset(["annotation", "style", "script", "button"])


def index(site: Path, pages: list[Path]) -> str:
    """A script that holds the text of all `pages`: rows of address, title, sections of anchor, heading, text, and what
    a hit says of where it is."""
    rows = [_row(path.relative_to(site).as_posix(), path.read_text("utf-8")) for path in pages]
    return f"window.octavoPages = {json.dumps(rows, ensure_ascii=False, separators=(',', ':'))};\n"


def _row(address: str, page: str) -> list[Any]:
    main = html.document_fromstring(page).find(".//main")
    for element in list(main.iter("*")):
        if element.tag in _UNREAD_TAGS or _UNREAD_CLASSES & set(element.get("class", "").split()):
            element.drop_tree()
    title = _words(main.find(".//h1"))
    sections = []
    # Inner sections first: what is left of an outer one is its own.
    for section in reversed(main.xpath(".//section[@id]")):
        heading = next((child for child in section if re.fullmatch(r"h[1-6]", str(child.tag))), None)
        name = _words(heading)
        if heading is not None:
            heading.drop_tree()
        sections.append([section.get("id"), name, _words(section)])
        section.drop_tree()
    context = str(main.get("data-pagefind-meta") or "").removeprefix("context:")
    return [address, title, [["", "", _words(main)], *reversed(sections)], *([context] if context else [])]


def _words(element: html.HtmlElement | None) -> str:
    return "" if element is None else " ".join(element.text_content().split())
