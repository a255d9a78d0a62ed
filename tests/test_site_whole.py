"""The rendered site as a whole: every address leads somewhere, every format holds the text, nothing raw is left."""

from __future__ import annotations

import json
import posixpath
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import brotli
import documents
import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from docx import Document
from lxml import etree
from nbclient import NotebookClient
from pypdf import PdfReader
from test_lecture_01 import NOTES

LECTURES = sorted(p.stem for p in (ROOT / "lectures").glob("*.qmd") if not p.name.startswith("_"))
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def letters(text: str) -> str:
    """Text reduced to what every format keeps: letters and digits."""
    return "".join(re.findall(r"[^\W_]", text)).lower()


def test_every_lecture_is_there_in_four_formats(site: Path) -> None:
    for name in LECTURES:
        for suffix in ("html", "pdf", "docx", "ipynb"):
            assert (site / "lectures" / f"{name}.{suffix}").stat().st_size > 1000


def _file(site: Path, page: Path, address: str) -> Path:
    """The file that an address means; on the page for lost readers addresses count from the root."""
    folder = page.parent.relative_to(site).as_posix()
    return site / posixpath.normpath(posixpath.join("/", folder, address)).lstrip("/")


def test_every_local_address_leads_to_a_file_and_every_anchor_to_an_element(site: Path) -> None:
    ids = {page: {e["id"] for e in documents.soup(page).select("[id]")} for page in pages(site)}
    for page in pages(site):
        for element in documents.soup(page).select("[href], [src]"):
            address = element.get("href") or element.get("src")
            parts = urlsplit(address)
            if parts.scheme or parts.netloc or not address:
                continue
            target = _file(site, page, unquote(parts.path)) if parts.path else page
            assert target.exists(), f"{page}: {address}"
            if parts.fragment and target in ids:
                assert unquote(parts.fragment) in ids[target], f"{page}: {address}"


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    for page in pages(site):
        loaded = documents.soup(page).select("script[src], img[src], iframe[src], source[src], link[rel=stylesheet]")
        for element in loaded:
            assert "//" not in (element.get("src") or element.get("href")), element
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(https?:)?//", sheet.read_text("utf-8")), sheet


def test_a_first_visit_of_any_page_weighs_at_most_100_kb(site: Path) -> None:
    for page in pages(site):
        shell = documents.soup(page)
        named = [e.get("src") or e["href"] for e in shell.select("script[src], link[rel=stylesheet]")]
        files = [page, *(_file(site, page, name) for name in named)]
        weight = sum(len(brotli.compress(file.read_bytes())) for file in files)
        if shell.select_one("math"):
            weight += (site / "site_libs/octavo/math.woff2").stat().st_size
        assert weight <= 100 * 1024, f"{page}: {weight}"


def test_no_raw_markup_and_no_unresolved_reference_is_left(site: Path) -> None:
    for page in pages(site):
        main = BeautifulSoup(str(documents.soup(page).select_one("main")), "html.parser")
        for shown in main.select("code, pre, annotation, script"):
            shown.decompose()
        text = main.get_text()
        for raw in (r"\$\$", r"\\(?:frac|begin|mathcal|sum|label)\b", r"\?@", r"\{#", r":::", r"\{\{<"):
            assert not re.search(raw, text), f"{page}: {raw}"
        assert not documents.soup(page).select(".quarto-unresolved-ref, .octavo-broken, .octavo-broken-link")


@pytest.mark.parametrize("suffix", ["html", "pdf", "docx", "ipynb"])
def test_every_format_of_lecture_1_holds_every_sentence_of_the_notes(site: Path, suffix: str) -> None:
    path = site / "lectures" / f"01-course-introduction.{suffix}"
    text = letters(_text(path))
    for line in NOTES:
        if "\\" in line:
            continue  # the formula is looked for as a formula
        plain = re.sub(r"^\d+\.? ?:? ", "", line).replace("*", "").replace("-->", "")
        assert letters(plain) in text, line


def _text(path: Path) -> str:
    if path.suffix == ".html":
        return documents.soup(path).get_text()
    if path.suffix == ".pdf":
        # Running heads and page numbers stand between the lines of a sentence that crosses a page.
        return re.sub(
            r"Week 1, Lecture 1 - Course Introduction\s*\d+ ?/ ?\d+|\d+ ?/ ?\d+", "", documents.pdf_text(path)
        )
    if path.suffix == ".docx":
        tree = etree.fromstring(documents.document_xml(path))
        return " ".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in tree.iter(f"{W}p"))
    return "\n".join(cell.source for cell in nbformat.read(path, 4).cells)


def test_pdfs_are_tagged_titled_and_carry_their_fonts(site: Path) -> None:
    for path in sorted(site.rglob("*.pdf")):
        reader = PdfReader(path)
        root = reader.trailer["/Root"]
        assert bool(root["/MarkInfo"]["/Marked"])
        assert root["/Lang"] == "en"
        assert reader.metadata.title
        assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
        assert reader.outline
        for page in reader.pages:
            for font in page["/Resources"].get("/Font", {}).values():
                descendants = font.get_object().get("/DescendantFonts") or [font]
                descriptor = descendants[0].get_object().get("/FontDescriptor")
                kept = descriptor and any(
                    k in descriptor.get_object() for k in ("/FontFile", "/FontFile2", "/FontFile3")
                )
                assert kept or font.get_object()["/Subtype"] == "/Type3"


def test_word_documents_open_with_real_equations_and_whole_links(site: Path) -> None:
    for path in sorted(site.rglob("*.docx")):
        document = Document(str(path))
        assert document.core_properties.title
        tree = etree.fromstring(documents.document_xml(path))
        names = {b.get(f"{W}name") for b in tree.iter(f"{W}bookmarkStart")}
        for link in tree.iter(f"{W}hyperlink"):
            anchor = link.get(f"{W}anchor")
            assert anchor is None or anchor in names, f"{path}: {anchor}"
        for properties in tree.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"):
            assert properties.get("descr"), f"{path}: a picture without alternative text"
        with zipfile.ZipFile(path) as package:
            styles = etree.fromstring(package.read("word/styles.xml"))
        known = {s.get(f"{W}styleId") for s in styles.iter(f"{W}style")}
        used = {e.get(f"{W}val") for tag in ("pStyle", "rStyle", "tblStyle") for e in tree.iter(W + tag)}
        assert used <= known, used - known
    lecture = etree.fromstring(documents.document_xml(site / "lectures" / "01-course-introduction.docx"))
    assert lecture.findall(".//{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath")


def test_notebooks_are_valid_and_hold_the_cells(site: Path) -> None:
    for path in sorted(site.rglob("*.ipynb")):
        notebook = nbformat.read(path, 4)
        nbformat.validate(notebook)
        assert any(cell.cell_type == "code" for cell in notebook.cells)
        prose = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
        prose = re.sub(r"^(`{3,}).*?^\1$", "", prose, flags=re.MULTILINE | re.DOTALL)
        assert not re.search(r":::|(?<!`)\?@|octavo-cell", prose)


@pytest.mark.execute
def test_a_notebook_runs_as_it_is_where_there_is_nothing_else(site: Path, tmp_path: Path) -> None:
    # As in Colab: the notebook alone, in an empty folder. What it prints is what the page shows, up to rounding.
    notebook = nbformat.read(site / "lectures/01-course-introduction.ipynb", 4)
    shown = [_printed(cell) for cell in notebook.cells]
    ran = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert [_printed(cell) for cell in ran.cells] == shown
    assert list(tmp_path.iterdir()) == []


def _printed(cell: nbformat.NotebookNode) -> str:
    text = "".join(output.get("text", "") for output in cell.get("outputs", []))
    # How far sums are off in their last digit is another processor's affair.
    return re.sub(r"\b\d(?:\.\d+)?e-1[5-9]\b", "rounding", text)


def test_numbers_are_the_same_in_every_format(site: Path) -> None:
    page = documents.soup(site / "lectures" / "01-course-introduction.html")
    titles = [t.get_text(" ", strip=True) for t in page.select(".theorem-title")]
    assert len(titles) > 3
    for suffix in ("pdf", "docx", "ipynb"):
        text = letters(_text(site / "lectures" / f"01-course-introduction.{suffix}"))
        for title in titles:
            assert letters(title) in text, f"{suffix}: {title}"


def test_a_second_render_changes_nothing(site: Path) -> None:
    from octavo.command import Options, render_paths

    before = {p: p.stat().st_mtime_ns for p in site.rglob("*") if p.is_file()}
    told = render_paths([ROOT], Options(output_dir=site), lambda *_: None)
    assert told.published and "nothing changed" in told.summary and "executed" not in told.summary
    assert {p: p.stat().st_mtime_ns for p in site.rglob("*") if p.is_file()} == before


def test_frozen_results_are_what_quarto_reads() -> None:
    for name in LECTURES:
        for form in ("html", "docx", "tex", "typ"):
            frozen = json.loads(
                (ROOT / "_freeze/lectures" / name / "execute-results" / f"{form}.json").read_text("utf-8")
            )
            assert set(frozen) >= {"hash", "result"}
            assert set(frozen["result"]) == {"engine", "markdown", "supporting", "filters", "includes"}


@pytest.mark.execute
def test_a_notebook_alone_counts_what_it_does_not_hold(tmp_path: Path) -> None:
    from octavo.command import Options, render_paths

    cell = '```{python}\n#| label: tbl-a\n#| tbl-cap: "Numbers"\nprint(1)\n```'
    (tmp_path / "page.qmd").write_text(f"---\ntitle: Page\n---\n\n{cell}\n\nSee @tbl-a.\n")
    told = render_paths([tmp_path / "page.qmd"], Options(formats=("ipynb",)), lambda *_: None)
    assert not told.diagnostics
    cells = nbformat.read(tmp_path / "page.ipynb", 4).cells
    assert cells[-1].source == "See Table\u00a01." and not (tmp_path / "page.html").exists()
