"""The table of contents of a Word document, written out instead of left to Word's question to its reader."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from octavo.write.docx_xml import new, w

MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"


def fill_contents(document: etree._Element) -> None:
    """Write the entries of the table of contents, which pandoc leaves for Word to make after asking its reader."""
    begin = next((f for f in document.iter(w("fldChar")) if f.get(w("dirty"))), None)
    if begin is None:
        return
    run = begin.getparent()
    depth = int((run.findtext(w("instrText")) or "").partition('"1-')[2][:1] or 3)
    start, separate, end = new("r"), new("r"), new("r")
    del begin.attrib[w("dirty")]
    for target, children in ((start, list(run)[:2]), (separate, list(run)[2:3]), (end, list(run)[3:])):
        target.extend(children)
    paragraph = run.getparent()
    holder, place = paragraph.getparent(), paragraph.getparent().index(paragraph)
    holder.remove(paragraph)
    entries = [_contents_entry(*heading) for heading in _headings(document) if heading[0] <= depth] or [new("p")]
    first = 0 if entries[0].find(w("pPr")) is None else 1
    entries[0].insert(first, start)
    entries[0].insert(first + 1, separate)
    entries[-1].append(end)
    for offset, entry in enumerate(entries):
        holder.insert(place + offset, entry)


def _headings(document: etree._Element) -> Iterator[tuple[int, str, str]]:
    """Level, text and bookmark of every heading that is listed."""
    for style in list(document.iter(w("pStyle"))):
        name = style.get(w("val"))
        if not (name.startswith("Heading") and name[7:].isdigit()):
            continue
        heading = style.getparent().getparent()
        mark = next((s for s in heading.iter(w("rStyle")) if s.get(w("val")) == "OctavoUnlisted"), None)
        if mark is not None:
            run = mark.getparent().getparent()
            run.getparent().remove(run)
            continue
        text = "".join(
            " " if t.tag == w("tab") else t.text or ""
            for t in heading.iter(w("t"), w("tab"), MATH_TEXT)
            if t.getparent().tag != w("tabs")
        )
        before = heading.getprevious()
        anchor = before.get(w("name")) if before is not None and before.tag == w("bookmarkStart") else ""
        yield int(name[7:]), text.strip(), anchor


def _contents_entry(level: int, text: str, anchor: str) -> etree._Element:
    entry, properties, run, words = new("p"), new("pPr"), new("r"), new("t")
    properties.append(new("pStyle", val=f"TOC{level}"))
    words.text = text
    run.append(words)
    link = new("hyperlink", anchor=anchor) if anchor else run
    if anchor:
        link.append(run)
    entry.extend([properties, link])
    return entry
