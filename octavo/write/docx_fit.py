"""What must fit into its place in a Word document: pictures and tables in columns, and shares of the line."""

from __future__ import annotations

import re

from lxml import etree

from octavo.write.docx_page import line_width
from octavo.write.docx_xml import w

_CELL_INSET = 330  # what a box takes at most on both sides of its content
_EMU = 635  # drawings are measured in EMU, so many to a twentieth of a point
_SHARE = re.compile(r"octavo:([\d.]+):")


def fit_pictures(document: etree._Element) -> None:
    """Pictures as wide as their share of what holds them, and no wider: pandoc sizes them for the page."""
    for extent in document.iter("{*}extent"):
        room = _room(document, extent) * _EMU
        width, height = int(extent.get("cx")), int(extent.get("cy"))
        share = _take_share(extent.getparent())
        wanted = min(room * share / 100 if share else width, room)
        if wanted == width:
            continue
        size = {"cx": str(round(wanted)), "cy": str(round(height * wanted / width))}
        extent.attrib.update(size)
        for inner in extent.getparent().iterfind(".//{*}xfrm/{*}ext"):
            inner.attrib.update(size)


def _take_share(drawing: etree._Element) -> float | None:
    """A width in percent, which stands in front of the picture's title (resolve/filters/image.lua)."""
    share = None
    for named in drawing.xpath(".//*[local-name()='docPr' or local-name()='cNvPr']"):
        found = _SHARE.match(named.get("title") or "")
        if not found:
            continue
        share = float(found[1])
        title = named.get("title")[found.end() :]
        if title:
            named.set("title", title)
        else:
            del named.attrib["title"]
    return share


def fit_tables(document: etree._Element) -> None:
    """Tables within a column of a panel have its width: LibreOffice goes by the columns, which pandoc sizes for the page."""
    for table in document.iter(w("tbl")):
        columns = table.findall(f"{w('tblGrid')}/{w('gridCol')}")
        indent = _indent(table)
        if not columns or (not indent and next(table.iterancestors(w("tc")), None) is None):
            continue
        room, total = _room(document, table) - indent, sum(int(c.get(w("w"))) for c in columns)
        width = table.find(f"{w('tblPr')}/{w('tblW')}")
        if indent and width is not None and width.get(w("type")) == "pct":  # all of the line, which begins further left
            width.attrib.update({w("type"): "dxa", w("w"): str(round(room))})
        if total > room:
            for column in columns:
                column.set(w("w"), str(round(int(column.get(w("w"))) * room / total)))


def _indent(table: etree._Element) -> int:
    """How far a table is set in, as those in lists are."""
    indent = table.find(f"{w('tblPr')}/{w('tblInd')}")
    return int(indent.get(w("w"), 0)) if indent is not None and indent.get(w("type")) == "dxa" else 0


def _room(document: etree._Element, element: etree._Element) -> float:
    """The width inside the innermost cell that holds the element, or of the line, in twentieths of a point."""
    line = line_width(document, element)
    for cell in reversed(list(element.iterancestors(w("tc")))):
        columns = [int(c.get(w("w"))) for c in cell.getparent().getparent().iterfind(f"{w('tblGrid')}/{w('gridCol')}")]
        place = cell.getparent().findall(w("tc")).index(cell)
        if place < len(columns):
            line = line * columns[place] / sum(columns)
        line -= _CELL_INSET
    return line
