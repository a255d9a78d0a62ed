"""The tables and captions of a Word document: what Word and LibreOffice need beyond what pandoc writes."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from octavo.write.docx_xml import new, w

_SEPARATOR = "TableSeparator"


def name_table_styles(tree: etree._Element, ids: Mapping[str, str]) -> None:
    """Pandoc writes a table's style by its name; Word looks it up by its id."""
    for style in tree.iter(w("tblStyle")):
        style.set(w("val"), ids.get(style.get(w("val")), style.get(w("val"))))


def align_cells(tree: etree._Element) -> None:
    """`layout-valign`: the cells of a panel one by one, since LibreOffice does not take it from a style."""
    for style in tree.iter(w("tblStyle")):
        place = {"Layout Center": "center", "Layout Bottom": "bottom"}.get(style.get(w("val")))
        if not place:
            continue
        style.set(w("val"), "Layout")
        for cell in style.getparent().getparent().iterfind(f"{w('tr')}/{w('tc')}"):
            properties = cell.find(w("tcPr"))
            if properties is None:
                properties = new("tcPr")
                cell.insert(0, properties)
            properties.append(new("vAlign", val=place))


def keep_rows_whole(tree: etree._Element) -> None:
    """No page break inside a head row or a row of a data table; a box must stay breakable."""
    for table in tree.iter(w("tbl")):
        data = _table_style(table) in ("Table", "Layout", "EquationLayout")
        for row in table.iterfind(w("tr")):
            properties = row.find(w("trPr"))
            head = properties is not None and properties.find(w("tblHeader")) is not None
            if not (data or head):
                continue
            if properties is None:
                properties = new("trPr")
                row.insert(0, properties)
            if properties.find(w("cantSplit")) is None:
                properties.insert(0, new("cantSplit"))


def separate_tables(tree: etree._Element) -> None:
    """A thin paragraph after every box and data table, and before one that follows a list.

    Word leaves no room below a table, joins tables that touch, and rejects a cell that ends with one.
    """
    for table in list(tree.iter(w("tbl"))):
        laid_out = _table_style(table) in ("EquationLayout", "Layout")
        before, after = _neighbour(table, -1), _neighbour(table, 1)
        if not laid_out and before is not None and before.find(f"{w('pPr')}/{w('numPr')}") is not None:
            before.addnext(_separator())
        if _is_separator(after):
            continue
        if after is not None and after.tag == w("p") and len(after) == 0:  # pandoc's own, between two tables
            after.getparent().replace(after, _separator())
        elif not laid_out or after is None or after.tag in (w("tbl"), w("sectPr")):
            table.addnext(_separator())


def _neighbour(element: etree._Element, step: int) -> etree._Element | None:
    """The element after (1) or before (-1), past the bookmarks, which are not seen."""
    invisible = (w("bookmarkStart"), w("bookmarkEnd"))
    return next((e for e in element.itersiblings(preceding=step < 0) if e.tag not in invisible), None)


def _separator() -> etree._Element:
    paragraph, properties = new("p"), new("pPr")
    properties.append(new("pStyle", val=_SEPARATOR))
    paragraph.append(properties)
    return paragraph


def _is_separator(element: etree._Element | None) -> bool:
    return element is not None and _paragraph_style(element) == _SEPARATOR


def _table_style(table: etree._Element) -> str:
    style = table.find(f"{w('tblPr')}/{w('tblStyle')}")
    return "Table" if style is None else style.get(w("val"))


def centre_tables(tree: etree._Element) -> None:
    """LibreOffice takes all of a table style but its alignment."""
    for table in tree.iter(w("tbl")):
        width = table.find(f"{w('tblPr')}/{w('tblW')}")
        if _table_style(table) == "Table" and width is not None and table.find(f"{w('tblPr')}/{w('jc')}") is None:
            width.addnext(new("jc", val="center"))


def style_rules(tree: etree._Element) -> None:
    """A horizontal rule is a paragraph with a style, not pandoc's drawing, which no style reaches."""
    for drawing in list(tree.iter("{urn:schemas-microsoft-com:vml}rect")):
        if drawing.get("{urn:schemas-microsoft-com:office:office}hr") != "t":
            continue
        paragraph = next(drawing.iterancestors(w("p")))
        for child in list(paragraph):
            paragraph.remove(child)
        properties = new("pPr")
        properties.append(new("pStyle", val="HorizontalRule"))
        paragraph.append(properties)


_BELOW = ("ImageCaption", "ImageCaptionLeft", "ImageCaptionRight", "TableCaptionBelow", "ListingCaptionBelow")


def keep_captions(tree: etree._Element) -> None:
    """No page break between a table or code and the caption below it; the styles of pictures see to that themselves."""
    for caption in tree.iter(w("p")):
        if _paragraph_style(caption) not in _BELOW:
            continue
        block = _neighbour(caption, -1)
        if _is_separator(block):
            keep_with_next(block)
            block = _neighbour(block, -1)
        if block is None or _paragraph_style(block).startswith("CaptionedFigure"):
            continue
        last = block.findall(w("tr"))[-1:] if block.tag == w("tbl") else [block]
        for paragraph in (p for part in last for p in part.iter(w("p"))):
            keep_with_next(paragraph)


def keep_with_next(paragraph: etree._Element) -> None:
    properties = paragraph.find(w("pPr"))
    if properties is None:
        properties = new("pPr")
        paragraph.insert(0, properties)
    if properties.find(w("keepNext")) is None:
        style = properties.find(w("pStyle"))
        properties.insert(0 if style is None else 1, new("keepNext"))


def _paragraph_style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    return "" if style is None else style.get(w("val"))
