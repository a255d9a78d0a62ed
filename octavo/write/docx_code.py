"""The colours of code in a Word document: the character styles of pandoc's tokens, and the shade behind a block."""

from __future__ import annotations

from lxml import etree

from octavo.write.docx_xml import new, w
from octavo.write.highlight import Look, Palette, word_looks


def colour_code(styles: etree._Element, palette: Palette) -> None:
    """Give the token styles the looks of a highlighting style."""
    by_id = {style.get(w("styleId")): style for style in styles.iterfind(w("style"))}
    for name, look in word_looks(palette):
        style = by_id.get(name)
        if style is not None:
            for old in style.findall(w("rPr")):
                style.remove(old)
            style.append(_run_properties(look))
    block = by_id.get("SourceCode")
    if palette.background and block is not None:
        for shade in block.iter(w("shd")):
            shade.set(w("fill"), palette.background.lstrip("#").upper())


def _run_properties(look: Look) -> etree._Element:
    properties = new("rPr")
    for tag in ("b", "i"):
        if getattr(look, {"b": "bold", "i": "italic"}[tag]):
            properties.append(new(tag))
    if look.color:
        properties.append(new("color", val=look.color.lstrip("#").upper()))
    if look.underline:
        properties.append(new("u", val="single"))
    return properties
