"""Pages of a Word document that stand across: `::: {.landscape}` ends one section and begins another."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from octavo.write.docx_xml import w


def turn_pages(document: etree._Element) -> None:
    """Give every section that the writer has ended the document's page, turned where it is to stand across."""
    body = document.find(w("body"))
    whole = body.find(w("sectPr"))
    ends = list(body.iter(w("sectPr")))[:-1] if whole is not None else []
    for number, end in enumerate(ends):
        orientation = end.find(w("pgSz")).get(w("orient"))
        section = deepcopy(whole)
        if number:
            _drop_first_page(section)
        if orientation == "landscape":
            _turn(section)
        end.getparent().replace(end, section)
        # What ends the document needs no section after it, which would be an empty page.
        paragraph = section.getparent().getparent()
        if paragraph.getnext() is whole:
            body.replace(whole, section)
            body.remove(paragraph)
            return
    if ends:
        _drop_first_page(whole)


def _turn(section: etree._Element) -> None:
    size = section.find(w("pgSz"))
    width, height = size.get(w("w")), size.get(w("h"))
    size.set(w("w"), height)
    size.set(w("h"), width)
    size.set(w("orient"), "landscape")


def _drop_first_page(section: etree._Element) -> None:
    """A first page of its own is the document's, not the section's."""
    title = section.find(w("titlePg"))
    if title is not None:
        section.remove(title)
