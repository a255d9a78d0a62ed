"""The styles of our Word documents, laid over pandoc's own reference document.

Everything that can be seen in a document is a named style here: an author who passes this file on with
`reference-doc:` edits "Callout Note" once, and all notes follow.
"""

from __future__ import annotations

import subprocess
import zipfile
from io import BytesIO

import pypandoc
from lxml import etree

from octavo.write.docx_styles import NAMESPACES, R, W, all_styles
from octavo.write.docx_xml import to_bytes

VERSION = "5"

_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def _header(paragraph: str, tag: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{tag} {NAMESPACES}>{paragraph}</w:{tag}>'.encode()
    )


def _field(instruction: str) -> str:
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


_PAGES = _field("PAGE") + '<w:r><w:t xml:space="preserve"> / </w:t></w:r>' + _field("NUMPAGES")
_HEADERS = {
    "header1": _header(
        f'<w:p><w:pPr><w:pStyle w:val="header"/></w:pPr>{_field("TITLE")}<w:r><w:tab/></w:r>{_PAGES}</w:p>', "hdr"
    ),
    "footer1": _header(f'<w:p><w:pPr><w:pStyle w:val="footer"/></w:pPr>{_PAGES}</w:p>', "ftr"),
}


def build() -> bytes:
    """The reference document as bytes; the same for the same version of pandoc and of this file."""
    pandoc = pypandoc.get_pandoc_path()
    default = subprocess.run(
        [pandoc, "--print-default-data-file", "reference.docx"], check=True, capture_output=True
    ).stdout
    with zipfile.ZipFile(BytesIO(default)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["word/styles.xml"] = _restyled(parts["word/styles.xml"])
    parts["word/theme/theme1.xml"] = _with_fonts(parts["word/theme/theme1.xml"])
    parts["word/document.xml"] = _with_page(parts["word/document.xml"])
    types, relations = (
        etree.fromstring(parts["[Content_Types].xml"]),
        etree.fromstring(parts["word/_rels/document.xml.rels"]),
    )
    for name, xml in _HEADERS.items():
        kind = name.rstrip("1")
        parts[f"word/{name}.xml"] = xml
        types.append(_element(types, "Override", PartName=f"/word/{name}.xml", ContentType=f"{_OFFICE}.{kind}+xml"))
        relations.append(
            _element(relations, "Relationship", Id=f"octavo{kind}", Type=f"{R}/{kind}", Target=f"{name}.xml")
        )
    parts["[Content_Types].xml"], parts["word/_rels/document.xml.rels"] = to_bytes(types), to_bytes(relations)
    return packed(parts)


def extended(own: bytes) -> bytes:
    """An author's reference document with those of our styles that it lacks; its own stay as they are."""
    with zipfile.ZipFile(BytesIO(own)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    tree = etree.fromstring(parts["word/styles.xml"])
    styles = list(tree.iterfind(f"{{{W}}}style"))
    ids = {style.get(f"{{{W}}}styleId") for style in styles}
    names = {name.get(f"{{{W}}}val").lower() for style in styles for name in style.iterfind(f"{{{W}}}name")}
    added = []
    for xml in all_styles():
        style = etree.fromstring(xml)
        if style.get(f"{{{W}}}styleId") in ids or style.find(f"{{{W}}}name").get(f"{{{W}}}val").lower() in names:
            continue
        style.set(f"{{{W}}}customStyle", "1")
        ids.add(style.get(f"{{{W}}}styleId"))
        added.append(style)
    for style in added:
        for based_on in style.findall(f"{{{W}}}basedOn"):
            if based_on.get(f"{{{W}}}val") not in ids:
                style.remove(based_on)
        tree.append(style)
    parts["word/styles.xml"] = to_bytes(tree)
    return packed(parts)


def packed(parts: dict[str, bytes], date: tuple[int, int, int] = (1980, 1, 1)) -> bytes:
    """The parts as a ZIP file that does not depend on when or where it was made."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (*date, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # else Windows writes another byte
            target.writestr(info, content)
    return out.getvalue()


def _element(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.Element(f"{{{etree.QName(parent).namespace}}}{tag}", attributes)


def _restyled(styles_xml: bytes) -> bytes:
    tree = etree.fromstring(styles_xml, etree.XMLParser(remove_blank_text=True))
    known = {style.get(f"{{{W}}}styleId"): style for style in tree.iterfind(f"{{{W}}}style")}
    for xml in all_styles():
        style = etree.fromstring(xml)
        style_id = style.get(f"{{{W}}}styleId")
        # Pandoc's own id for the caption style is "Caption", its name "caption": Word's built-in names are lower case.
        if style_id not in known and style_id.capitalize() in known:
            style_id = style_id.capitalize()
            style.set(f"{{{W}}}styleId", style_id)
        if style_id in known:
            link = known[style_id].find(f"{{{W}}}link")
            if link is not None and (linked := known.pop(link.get(f"{{{W}}}val"), None)) is not None:
                tree.remove(linked)
            tree.replace(known[style_id], style)
        else:
            if style_id not in ("header", "footer") and not style_id.startswith("TOC"):
                style.set(f"{{{W}}}customStyle", "1")
            tree.append(style)
        known[style_id] = style
    for based_on in tree.iter(f"{{{W}}}basedOn"):
        if based_on.get(f"{{{W}}}val") not in known:
            based_on.set(f"{{{W}}}val", "DefaultParagraphFont")
    return to_bytes(tree)


def _with_fonts(theme_xml: bytes) -> bytes:
    tree = etree.fromstring(theme_xml)
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    for slot, font in (("majorFont", "Calibri"), ("minorFont", "Cambria")):
        for latin in tree.iterfind(f".//{drawing}{slot}/{drawing}latin"):
            latin.attrib.clear()
            latin.set("typeface", font)
    return to_bytes(tree)


def _with_page(document_xml: bytes) -> bytes:
    tree = etree.fromstring(document_xml)
    body = tree.find(f"{{{W}}}body")
    for section in body.findall(f"{{{W}}}sectPr"):
        body.remove(section)
    body.append(
        etree.fromstring(
            f'<w:sectPr {NAMESPACES}><w:headerReference w:type="default" r:id="octavoheader"/>'
            '<w:footerReference w:type="first" r:id="octavofooter"/>'
            '<w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1600" w:right="1607" w:bottom="1440" w:left="1607" '
            'w:header="800" w:footer="700" w:gutter="0"/><w:titlePg/></w:sectPr>'
        )
    )
    return to_bytes(tree)
