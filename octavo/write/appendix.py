"""The appendix of a page: footnotes, references and `.appendix` sections move to its end, under headings of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape

from octavo.write.citable import bibtex, csl_entry
from octavo.write.title_block import copyright_of, license_of

_FOOTNOTES = re.compile(r'<(section|aside)\b[^>]*\brole="doc-endnotes"[^>]*>')
_REFERENCES = re.compile(r'<div\b[^>]*\bid="refs"[^>]*>')
_SECTION = re.compile(r'<section\b[^>]*\bclass="[^"]*\bappendix\b[^"]*"[^>]*>')

# The heading of an author's own section looks like the others; its number (if sections are numbered) is left out.
_OWN_HEADING = re.compile(
    r'<h([1-6])(?: data-number="[^"]*")? class="[^"]*"(?P<rest>[^>]*>)'
    r'(?:<span class="header-section-number">[^<]*</span> )?(?P<text>.*?)</h\1>(?P<content>.*)(?P<end></section>)',
    re.DOTALL,
)
_HOISTED = (
    r'<h2 class="anchored quarto-appendix-heading"\g<rest>\g<text></h2>'
    r'<div class="quarto-appendix-contents">\g<content></div>\g<end>'
)


def with_appendix(
    body: str, options: Mapping[str, object], title: str, url: str | None, words: Mapping, cite_as: str = ""
) -> str:
    """The body with its appendix at the end; the same body where nothing belongs into one.

    `cite_as` is the document itself as its citation style prints it (HTML).
    """
    if options.get("appendix-style", "default") in ("none", False):
        return body
    body, own = _all(body, _SECTION)
    # A chapter that lists the references of its book is about them.
    body, references = (body, "") if "o:cited" in options else taken(body, _REFERENCES, unless_after_heading=True)
    body, footnotes = taken(body, _FOOTNOTES)
    parts = [_OWN_HEADING.sub(_HOISTED, section, count=1) for section in own]
    if "csl-entry" in references:
        heading = str(options.get("reference-section-title") or words["section-title-references"])
        parts.append(_part("quarto-bibliography", heading, references, 'role="doc-bibliography"'))
    if footnotes:
        heading = _heading(words["section-title-footnotes"])
        parts.append(re.sub(r"^(<[^>]*>)\s*(<hr\s*/?>)?", rf"\1{heading}", footnotes))
    parts += _legal(options, title, url, words, cite_as)
    if not parts:
        return body
    style = "" if options.get("appendix-style") == "plain" else ' class="default"'
    return f'{body}\n<div id="quarto-appendix"{style}>\n' + "\n".join(parts) + "\n</div>"


def _legal(options: Mapping[str, object], title: str, url: str | None, words: Mapping, cite_as: str) -> list[str]:
    out = []
    text, address = license_of(options)
    if text:
        named = f'<a rel="license" href="{escape(address)}">{escape(text)}</a>' if address else escape(text)
        inner = f'<div class="quarto-appendix-contents"><div>{named}</div></div>'
        out.append(_part("quarto-reuse", words["section-title-reuse"], inner))
    if line := copyright_of(options):
        inner = f'<div class="quarto-appendix-contents"><div>{escape(line)}</div></div>'
        out.append(_part("quarto-copyright", words["section-title-copyright"], inner))
    if entry := csl_entry(options, title, url):
        inner = "".join(_citation(entry, options.get("appendix-cite-as", True), words, cite_as))
        if inner:
            out.append(_part("quarto-citation", words["section-title-citation"], f"<div>{inner}</div>"))
    return out


def _citation(entry: Mapping[str, object], wanted: object, words: Mapping, cite_as: str) -> Iterator[str]:
    """How to cite the document: in BibTeX and as its style prints it, or as much of that as `appendix-cite-as` wants."""
    kinds = ["bibtex", "display"] if wanted is True else [wanted] if isinstance(wanted, str) else wanted or []
    if "bibtex" in kinds:
        yield (
            f'<div class="quarto-appendix-secondary-label">{escape(words["appendix-attribution-bibtex"])}</div>'
            f'<pre class="sourceCode code-with-copy quarto-appendix-bibtex" tabindex="0"><code class="sourceCode bibtex">'
            f"{escape(bibtex(entry), quote=False)}</code></pre>"
        )
    if "display" in kinds and cite_as:
        yield (
            f'<div class="quarto-appendix-secondary-label">{escape(words["appendix-attribution-cite-as"])}</div>'
            f'<div id="ref-{escape(str(entry["id"]))}" class="csl-entry quarto-appendix-citeas">{cite_as}</div>'
        )


def _part(name: str, heading: str, inner: str, role: str = "") -> str:
    return f'<section class="quarto-appendix-contents quarto-appendix-part" id="{name}" {role}>{_heading(heading)}{inner}</section>'


def _heading(text: str) -> str:
    return f'<h2 class="anchored quarto-appendix-heading">{escape(text)}</h2>'


def _all(body: str, opening: re.Pattern[str]) -> tuple[str, list[str]]:
    found = []
    while True:
        body, part = taken(body, opening)
        if not part:
            return body, found
        found.append(part)


def taken(body: str, opening: re.Pattern[str], unless_after_heading: bool = False) -> tuple[str, str]:
    """The body without the first element that opens so, and that element ("" if there is none)."""
    start = opening.search(body)
    # A bibliography that has a heading of its own stays where its author put it.
    if not start or (unless_after_heading and re.search(r"</h[1-6]>\s*$", body[: start.start()])):
        return body, ""
    name = re.match(r"<(\w+)", start[0])[1]
    depth = 0
    for tag in re.finditer(rf"<(/?){name}\b[^>]*>", body[start.start() :]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            end = start.start() + tag.end()
            return body[: start.start()] + body[end:], body[start.start() : end]
    return body, ""
