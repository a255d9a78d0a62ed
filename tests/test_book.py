"""A book in print: all chapters in one PDF and one Word document, with numbers, contents and references of the whole."""

import re
import shutil
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from pypdf import PdfReader

from octavo.command import Options, Report, render_paths

BOOK = Path(__file__).parent / "fixtures/sites/book"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def render(folder: Path, **options: object) -> Report:
    return render_paths([folder], Options(**options), lambda *_: None)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book") / "book"
    shutil.copytree(BOOK, folder)
    report = render(folder)
    assert report.published and not report.diagnostics, report.diagnostics
    return folder / "_book"


@pytest.fixture(scope="module")
def pdf(book: Path) -> PdfReader:
    return PdfReader(book / "A-Short-Book.pdf")


def test_the_chapters_are_in_one_file_and_in_no_other(book: Path) -> None:
    print_files = {p.relative_to(book).as_posix() for p in book.rglob("*") if p.suffix in (".pdf", ".docx", ".typ")}
    assert print_files == {"A-Short-Book.pdf", "A-Short-Book.docx", "A-Short-Book.typ"}


def outline(entries: list, depth: int = 0) -> list[tuple[int, str]]:
    found = []
    for entry in entries:
        found += outline(entry, depth + 1) if isinstance(entry, list) else [(depth, entry.title)]
    return found


def test_the_bookmarks_are_parts_chapters_and_sections(pdf: PdfReader) -> None:
    assert outline(pdf.outline) == [
        (0, "Preface"),
        (0, "First Part"), (1, "1 Waves"), (2, "1.1 Speed"),
        (0, "Second Part"), (1, "2 Tides"), (2, "2.1 The moon"), (2, "2.2 Speed"),
        (0, "Closing"), (1, "No number"),
        (0, "A Tables of numbers"),
        (0, "References"),
    ]  # fmt: skip


def test_it_is_accessible_and_knows_its_title(pdf: PdfReader) -> None:
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert pdf.metadata.title == "A Short Book"
    assert pdf.metadata.author == "Ada Writer, Bo Writer"


def test_front_matter_has_roman_numbers_and_the_text_begins_with_one(pdf: PdfReader) -> None:
    assert pdf.page_labels[:4] == ["i", "ii", "1", "2"]


def test_contents_name_the_pages_where_chapters_begin(pdf: PdfReader) -> None:
    contents = re.sub(r"[\s.\xad]+", " ", pdf.pages[1].extract_text())
    for title in ("1 Waves", "1 1 Speed", "2 Tides", "A Tables of numbers"):
        label = re.search(rf"{title} (\d+)", contents)
        assert label, contents
        page = pdf.pages[pdf.page_labels.index(label[1])].extract_text()
        assert title.split(" ", 1)[1].removeprefix("1 ") in page


def test_references_and_links_between_chapters_stay_in_the_file(book: Path, pdf: PdfReader) -> None:
    text = "\n".join(page.extract_text() for page in pdf.pages).replace("\xa0", " ")
    assert "Chapter 1" in text and "Equation 1.1" in text and "Theorem 1.1" in text and "Appendix A" in text
    addresses = [
        a.get_object()["/A"]["/URI"]
        for page in pdf.pages
        for a in page.get("/Annots") or []
        if "/URI" in a.get_object().get("/A", {})
    ]
    assert addresses == []
    source = (book / "A-Short-Book.typ").read_text("utf-8")
    # Two sections are called alike: each link means the one that it meant in its chapter.
    assert "#link(<speed>)[there]" in source and "#link(<speed-2>)[here]" in source
    assert "#link(<sec-waves>)[all of waves]" in source
    assert source.count("<speed>") == 2 and source.count("[Speed] <speed-2>") == 1


def test_there_is_one_list_of_references(book: Path, pdf: PdfReader) -> None:
    source = (book / "A-Short-Book.typ").read_text("utf-8")
    assert source.count("#references(title: [References]") == 1
    last = pdf.pages[-1].extract_text()
    assert "Oscillatory Waves" in last and "Tides and Waves" in last


def test_notes_begin_anew_in_each_chapter(pdf: PdfReader) -> None:
    noted = [page.extract_text() for page in pdf.pages if "note." in page.extract_text()]
    assert len(noted) == 2
    assert all(re.search(r"1\s*(One|Another) note", text) for text in noted)


def test_the_word_document_holds_every_chapter_once(book: Path) -> None:
    with zipfile.ZipFile(book / "A-Short-Book.docx") as package:
        tree = etree.fromstring(package.read("word/document.xml"))
        assert any(name.endswith(".svg") for name in package.namelist())
    headings = [
        "".join(t.text or "" for t in p.iter(f"{W}t"))
        for p in tree.iter(f"{W}p")
        if (style := p.find(f"{W}pPr/{W}pStyle")) is not None and style.get(f"{W}val") == "Heading1"
    ]
    assert headings == [
        "Preface",
        "1Waves",
        "Second Part",
        "2Tides",
        "Closing",
        "Appendix A —Tables of numbers",
        "References",
    ]
    names = [b.get(f"{W}name") for b in tree.iter(f"{W}bookmarkStart")]
    assert len(names) == len(set(names))
    anchors = {h.get(f"{W}anchor") for h in tree.iter(f"{W}hyperlink")} - {None}
    assert anchors <= set(names), anchors - set(names)


def test_a_download_that_nothing_makes_is_told(tmp_path: Path) -> None:
    shutil.copytree(BOOK, tmp_path / "book")
    config = tmp_path / "book/_quarto.yml"
    config.write_text(config.read_text("utf-8").replace("  docx: default\n", ""), "utf-8")
    report = render(tmp_path / "book")
    told = [(d.code, d.message) for d in report.diagnostics]
    assert ("OCT-nav-missing", "`downloads` offers a Docx that no format of the project makes") in told
    assert not report.published


def test_the_file_is_called_as_the_book_says_and_a_chapter_alone_makes_none(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    shutil.copytree(BOOK, folder)
    config = folder / "_quarto.yml"
    text = config.read_text("utf-8").replace("book:\n", "book:\n  output-file: waves\n")
    config.write_text(text, "utf-8")
    assert render(folder, formats=("typst",)).published
    assert (folder / "_book/waves.pdf").is_file()
    (folder / "_book/waves.pdf").unlink()
    report = render_paths([folder / "closing.qmd"], Options(formats=("html",)), lambda *_: None)
    assert not (folder / "_book/waves.pdf").exists(), report


def test_appendices_are_called_as_the_author_wants(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    shutil.copytree(BOOK, folder)
    config = folder / "_quarto.yml"
    config.write_text(
        config.read_text("utf-8") + 'crossref:\n  appendix-title: "App."\n  appendix-delim: ":"\n', "utf-8"
    )
    report = render(folder, formats=("html",))
    assert report.published, report.diagnostics
    title = re.search(r"<h1 class=\"title\"[^>]*>(.*?)</h1>", (folder / "_book/tables.html").read_text("utf-8"))[1]
    assert re.sub(r"<[^>]+>", "", title).strip() == "App. A: Tables of numbers"
