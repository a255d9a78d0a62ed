"""Documents that carry what must (and must not) appear in each format, in Quarto's own convention:

_quarto:
  tests:
    html:
      ensureHtmlElements: [[selectors that must match], [selectors that must not]]
      ensureFileRegexMatches: [[patterns], [patterns that must not match]]
    typst: {ensureTypstFileRegexMatches: …}        # the kept .typ
    pdf: {ensurePdfTextMatches: …}                 # the text of the PDF
    docx: {ensureDocxRegexMatches: …, ensureDocxXpath: …, ensureDocxPropertiesMatches: …}
    ipynb: {ensureFileRegexMatches: …}
    diagnostics: {errors: [codes], warnings: [codes]}   # none if absent
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from lxml import etree
from pypdf import PdfReader

FORMATS = ("html", "typst", "pdf", "docx", "ipynb")


def both(expected: Sequence[Any]) -> tuple[list[str], list[str]]:
    """`[[must], [must not]]`, or just `[must]`."""
    if expected and isinstance(expected[0], list):
        return list(expected[0]), list(expected[1]) if len(expected) > 1 else []
    return [str(e) for e in expected], []


@cache
def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def ensure_html_elements(path: Path, expected: Sequence[Any]) -> list[str]:
    wanted, unwanted = both(expected)
    missing = [f"no element matches {s!r}" for s in wanted if not soup(path).select(s)]
    return missing + [f"an element matches {s!r}" for s in unwanted if soup(path).select(s)]


def ensure_text(text: str, expected: Sequence[Any]) -> list[str]:
    wanted, unwanted = both(expected)
    missing = [f"nothing matches {p!r}" for p in wanted if not re.search(p, text, re.MULTILINE)]
    return missing + [f"something matches {p!r}" for p in unwanted if re.search(p, text, re.MULTILINE)]


def document_xml(path: Path, part: str = "word/document.xml") -> bytes:
    with zipfile.ZipFile(path) as package:
        return package.read(part)


def ensure_docx_xpath(path: Path, expected: Sequence[Any]) -> list[str]:
    tree = etree.fromstring(document_xml(path))
    spaces = {prefix: uri for prefix, uri in tree.nsmap.items() if prefix}
    wanted, unwanted = both(expected)
    missing = [f"no element at {x!r}" for x in wanted if not tree.xpath(x, namespaces=spaces)]
    return missing + [f"an element at {x!r}" for x in unwanted if tree.xpath(x, namespaces=spaces)]


def pdf_text(path: Path) -> str:
    reader = PdfReader(io.BytesIO(path.read_bytes()))
    return "\n".join(page.extract_text() for page in reader.pages)


def failures(form: str, output: Path, wanted: Mapping[str, Any]) -> list[str]:
    """What the written file does not live up to."""
    checks = {
        "ensureHtmlElements": lambda e: ensure_html_elements(output, e),
        "ensureFileRegexMatches": lambda e: ensure_text(output.read_text("utf-8"), e),
        "ensureTypstFileRegexMatches": lambda e: ensure_text(output.with_suffix(".typ").read_text("utf-8"), e),
        "ensurePdfTextMatches": lambda e: ensure_text(pdf_text(output), e),
        "ensureDocxRegexMatches": lambda e: ensure_text(document_xml(output).decode(), e),
        "ensureDocxPropertiesMatches": lambda e: ensure_text(document_xml(output, "docProps/core.xml").decode(), e),
        "ensureDocxXpath": lambda e: ensure_docx_xpath(output, e),
    }
    found = []
    for name, expected in wanted.items():
        found += [f"{form}: {failure}" for failure in checks[name](expected)]
    return found
