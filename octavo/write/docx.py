"""Word documents: the reference document with our styles, and what is left to do after pandoc has written.

How a document must be written so that its styles apply (the renderers do it, `finish` relies on it):

- Paragraph styles by `Div custom-style`, character styles by `Span custom-style`, table styles by the `custom-style`
  attribute of a `Table`. All names are in `reference_docx`.
- A box is a one-column table, so that lists, code, equations and tables stay inside: a callout has the table style
  "Callout Note" ("Callout Note Simple" for the simple and minimal appearances), its title in the head row as
  "Callout Note Title"; a statement has "Definition Block", "Theorem Block" …, its title a "Theorem Title" span.
- A numbered equation is a table "Equation Layout" of three columns: nothing, the display formula, "(1)" in the style
  "Equation Number". A tab cannot do this: Word sets a formula that shares its line as inline mathematics.
- A figure is a paragraph "Captioned Figure" and one "Image Caption" in a Div with the label; "Table Caption" and
  "Listing Caption" stand before their table or code. A panel is a table "Layout".
- Printed output is a paragraph "Cell Output" or "Cell Error" with line breaks; code is pandoc's CodeBlock, its
  file name a paragraph "Code Filename" before it.
"""

from __future__ import annotations

import os
import posixpath
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypandoc
import typst
from lxml import etree

from octavo.write import reference_docx
from octavo.write.docx_code import colour_code
from octavo.write.docx_contents import fill_contents
from octavo.write.docx_fit import fit_pictures, fit_tables
from octavo.write.docx_layout import (
    align_cells,
    centre_tables,
    keep_captions,
    keep_rows_whole,
    name_table_styles,
    separate_tables,
    style_rules,
)
from octavo.write.docx_math import align_by_matrix, group_scripted_brackets
from octavo.write.docx_page import set_page
from octavo.write.docx_sections import turn_pages
from octavo.write.docx_styles import R
from octavo.write.docx_xml import new, to_bytes, w
from octavo.write.reference_docx import packed

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DC, _TERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
_CORE = f"{_PACKAGE}/metadata/core-properties"
_IMAGE = f"{R}/image"
_FIRST_DAY = 315532800  # 1980-01-01, as in a PDF


def reference_doc(cache: Path, own: Path | None = None) -> Path:
    """The path of our reference document, made in `cache` at first use by this version of octavo and pandoc.

    `own` is an author's (`reference-doc:`), which then gets the styles that it lacks.
    """
    key = sha256(f"{reference_docx.VERSION} {pypandoc.get_pandoc_version()}".encode())
    key.update(own.read_bytes() if own else b"")
    path = cache / f"reference-{key.hexdigest()[:12]}.docx"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Written aside and moved, so that a parallel worker never reads half a file.
        with tempfile.NamedTemporaryFile(dir=cache, suffix=".docx", delete=False) as scratch:
            scratch.write(reference_docx.extended(own.read_bytes()) if own else reference_docx.build())
        Path(scratch.name).replace(path)
    return path


def finish(path: Path, meta: Mapping[str, Any], timestamp: int | None = None) -> None:
    """Complete the document that pandoc wrote at `path`, in place; the same input gives the same bytes.

    `meta`: `title-plain`, `authors` ([{name}]), `lang`, `keywords`, `description`, `subject`, `category`, `papersize`, `margin`, as for a PDF;
    `palette` is the colours of code if they are not ours.
    """
    if timestamp is None:
        timestamp = int(os.environ.get("SOURCE_DATE_EPOCH", _FIRST_DAY))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    styles = etree.fromstring(parts["word/styles.xml"])
    document = etree.fromstring(parts["word/document.xml"])
    ids = {s.find(w("name")).get(w("val")): s.get(w("styleId")) for s in styles.iterfind(w("style"))}

    for part in ("word/document.xml", "word/footnotes.xml"):
        tree = document if part == "word/document.xml" else etree.fromstring(parts[part])
        align_cells(tree)
        name_table_styles(tree, ids)
        keep_rows_whole(tree)
        separate_tables(tree)
        centre_tables(tree)
        keep_captions(tree)
        style_rules(tree)
        group_scripted_brackets(tree)
        align_by_matrix(tree)
        parts[part] = to_bytes(tree)
    set_page(document, meta)
    turn_pages(document)
    fit_tables(document)
    fit_pictures(document)
    fill_contents(document)
    parts["word/document.xml"] = to_bytes(document)
    _rasterise_drawings(parts)
    if meta.get("palette"):
        colour_code(styles, meta["palette"])
        parts["word/styles.xml"] = to_bytes(styles)
    _set_language(parts, styles, str(meta.get("lang") or ""))
    _set_compatibility(parts, str(meta.get("lang") or ""))
    _set_properties(parts, meta, timestamp)
    path.write_bytes(packed(parts))


def _rasterise_drawings(parts: dict[str, bytes]) -> None:
    """Give every SVG a PNG beside it, for readers that draw no SVG; newer Word still takes the SVG."""
    name = "word/document.xml"
    document, relations = etree.fromstring(parts[name]), etree.fromstring(parts["word/_rels/document.xml.rels"])
    targets = {r.get("Id"): r for r in relations}
    made: dict[str, str] = {}
    for drawing in document.iter(f"{{{_SVG}}}svgBlip"):
        blip = next(drawing.iterancestors(f"{{{_A}}}blip"))
        svg = drawing.get(f"{{{R}}}embed")
        if blip.get(f"{{{R}}}embed") is not None:
            continue
        if svg not in made:
            source = posixpath.normpath(posixpath.join("word", targets[svg].get("Target")))
            target = f"media/{svg}-fallback.png"
            parts[f"word/{target}"] = _png(parts[source])
            made[svg] = f"{svg}png"
            etree.SubElement(
                relations, f"{{{_PACKAGE}/relationships}}Relationship", Id=made[svg], Type=_IMAGE, Target=target
            )
        blip.set(f"{{{R}}}embed", made[svg])
    if not made:
        return
    types = etree.fromstring(parts["[Content_Types].xml"])
    if not any(t.get("Extension") == "png" for t in types):
        types.insert(0, etree.Element(f"{{{_PACKAGE}/content-types}}Default", Extension="png", ContentType="image/png"))
    parts["[Content_Types].xml"] = to_bytes(types)
    parts["word/_rels/document.xml.rels"], parts[name] = to_bytes(relations), to_bytes(document)


def _png(svg: bytes) -> bytes:
    page = b'#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image("drawing.svg")'
    return typst.compile({"main.typ": page, "drawing.svg": svg}, format="png", ppi=220)


def _set_language(parts: dict[str, bytes], styles: etree._Element, lang: str) -> None:
    if not lang:
        return
    for element in styles.iter(w("lang")):
        element.set(w("val"), lang)
    parts["word/styles.xml"] = to_bytes(styles)


def _set_compatibility(parts: dict[str, bytes], lang: str) -> None:
    """Say that the document is a present-day one: without it Word lays it out as its version of 2007 did."""
    settings = etree.fromstring(parts["word/settings.xml"])
    for element in settings.iter(w("themeFontLang")):
        element.set(w("val"), lang or element.get(w("val")))
    if settings.find(w("compat")) is None:
        compat = new("compat")
        office = "http://schemas.microsoft.com/office/word"
        compat.append(new("compatSetting", name="compatibilityMode", uri=office, val="15"))
        after = next(settings.iterchildren(w("docVars"), w("rsids"), "{*}mathPr", w("themeFontLang")), None)
        settings.append(compat) if after is None else after.addprevious(compat)
    parts["word/settings.xml"] = to_bytes(settings)


def _set_properties(parts: dict[str, bytes], meta: Mapping[str, Any], timestamp: int) -> None:
    core = etree.fromstring(parts["docProps/core.xml"])
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    keywords = meta.get("keywords") or []
    values = {
        f"{{{_DC}}}title": meta.get("title-plain"),
        f"{{{_DC}}}creator": "; ".join(str(author["name"]) for author in meta.get("authors") or []),
        f"{{{_DC}}}description": meta.get("description"),
        f"{{{_DC}}}subject": meta.get("subject"),
        f"{{{_CORE}}}category": meta.get("category"),
        f"{{{_DC}}}language": meta.get("lang"),
        f"{{{_CORE}}}keywords": keywords if isinstance(keywords, str) else ", ".join(map(str, keywords)),
        f"{{{_TERMS}}}created": date,
        f"{{{_TERMS}}}modified": date,
    }
    for tag, value in values.items():
        if value:
            element = core.find(tag)
            if element is None:
                element = etree.SubElement(core, tag)
            element.text = str(value)
    parts["docProps/core.xml"] = to_bytes(core)
    # The running head shows the title through a field, whose stored result is what shows before Word updates it.
    title = core.findtext(f"{{{_DC}}}title") or ""
    for name in [part for part in parts if part.startswith("word/header")]:
        header = etree.fromstring(parts[name])
        for field in header.iter(w("fldSimple")):
            if field.get(w("instr"), "").strip() == "TITLE":
                field.find(f"{w('r')}/{w('t')}").text = title
        parts[name] = to_bytes(header)
