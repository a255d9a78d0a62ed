"""The page of a Word document: its size, its margins, and the line that they leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from octavo.diagnostics import AuthorError, error
from octavo.write.docx_xml import w

_PAPERS = {  # width and height in twentieths of a point
    "a3": (16838, 23811), "a4": (11906, 16838), "a5": (8391, 11906), "a6": (5953, 8391), "b4": (14173, 20013),
    "b5": (9978, 14173), "tabloid": (15840, 24480),
    "letter": (12240, 15840), "legal": (12240, 20160), "executive": (10440, 15120),
}  # fmt: skip
_TEXT_WIDTH = 9026  # A4 less two margins of an inch; other papers get the margins that leave the same line length
_UNITS = {"pt": 20.0, "mm": 1440 / 25.4, "cm": 1440 / 2.54, "in": 1440.0}


def set_page(document: etree._Element, meta: Mapping[str, Any]) -> None:
    section = document.find(f"{w('body')}/{w('sectPr')}")
    size = section.find(w("pgSz")) if section is not None else None
    margins = section.find(w("pgMar")) if section is not None else None
    if size is None or margins is None:  # an author's own reference document without page settings
        return
    if meta.get("papersize"):
        name = str(meta["papersize"]).lower().removesuffix("paper").removeprefix("us-")
        if name not in _PAPERS:
            raise AuthorError(error("OCT-option-paper", f"`papersize: {meta['papersize']}` is not known for docx"))
        width, height = _PAPERS[name]
        size.set(w("w"), str(width))
        size.set(w("h"), str(height))
        side = str(max((width - _TEXT_WIDTH) // 2, 850))
        margins.set(w("left"), side)
        margins.set(w("right"), side)
    for name, value in _margins(meta.get("margin")):
        margins.set(w(name), str(value))


def _margins(margin: Any) -> Iterator[tuple[str, int]]:
    if not isinstance(margin, Mapping):
        return
    sides = {"x": ("left", "right"), "y": ("top", "bottom")}
    for name, value in margin.items():
        number, unit = str(value)[:-2], str(value)[-2:]
        try:
            twentieths = round(float(number) * _UNITS[unit])
        except (ValueError, KeyError):
            raise AuthorError(error("OCT-option-length", f"`margin: {name}: {value}` is no length")) from None
        for side in sides.get(name, (name,)):
            yield side, twentieths


def line_width(document: etree._Element, element: etree._Element) -> float:
    """How wide the text is where the element stands, in twentieths of a point."""
    section = section_of(document, element)
    size = section.find(w("pgSz")) if section is not None else None
    margins = section.find(w("pgMar")) if section is not None else None
    if size is None or margins is None:
        return _TEXT_WIDTH
    return int(size.get(w("w"))) - int(margins.get(w("left"))) - int(margins.get(w("right")))


def section_of(document: etree._Element, element: etree._Element) -> etree._Element | None:
    """The properties of the section: those that stand at its end, or the document's."""
    body = document.find(w("body"))
    block = element
    while block.getparent() is not None and block.getparent() is not body:
        block = block.getparent()
    for paragraph in block.itersiblings(w("p")):
        section = paragraph.find(f"{w('pPr')}/{w('sectPr')}")
        if section is not None:
            return section
    return body.find(w("sectPr"))
