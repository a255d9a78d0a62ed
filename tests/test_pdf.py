"""The Typst template and the compiler: everything the renderers may write compiles to a tagged, readable PDF."""

import io
import re
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest

from octavo.diagnostics import AuthorError
from octavo.write.pdf import compile_pdf, document

FIXTURES = Path(__file__).parent / "fixtures" / "print"
META = {
    "title": "Multi-task and *meta*-learning",
    "title-plain": 'Multi-task and "meta"-learning',
    "subtitle": "Lecture 1",
    "authors": [
        {"name": "Ada Lovelace", "affiliations": ["University", "Institute"], "email": "ada@example.org"},
        {"name": "Bob Brown", "affiliations": ["Institute"]},
    ],
    "date": "2 January 2026",
    "abstract": "What a task is.",
    "keywords": ["tasks"],
    "lang": "en-GB",
    "toc": True,
}


def rendered(body, meta=META, **options):
    pdf, diagnostics = compile_pdf(document(body, meta, {}), options.pop("root", FIXTURES), **options)
    assert diagnostics == []
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(reader):
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


@pytest.fixture(scope="module")
def dialect():
    return rendered((FIXTURES / "dialect.typ").read_text("utf-8"))


@pytest.mark.parametrize(
    "expected",
    [
        "Figure 4.2: A caption",
        "Figure 4.4: Panel caption",
        "(a) First",
        "Table 1: Pipe caption",
        "Listing 1: A listing",
        "Definition 1 (Task).",
        "Theorem 2 (Main result).",
        "Assumption 1.",
        "Titled tip",
        "See Definition 1, Equation 2.1, Remark 1, Tip 1, Section “Theorems”, Section 4, Figure 4.2, 4.2, Figure 4.4,",
        "Figure 4.4 (a), Table 1, Assumption 1.",
        "Multi-task and meta-learning",
        "Ada Lovelace",
        "2 January 2026",
        "Table of contents",
        "task.py",
        "Algorithm 1 (Adapt).",
        "Works Finn, Chelsea",
    ],
)
def test_dialect_prints(dialect, expected):
    assert expected in text_of(dialect)


def test_dialect_numbers_uncaptioned_figures_only_by_their_label(dialect):
    assert "Figure 4.3" in text_of(dialect)
    assert "Figure 4.3:" not in text_of(dialect)


@pytest.mark.parametrize("paper", ["a4", "us-letter", "letter", "a5"])
def test_dialect_compiles_on_any_paper(paper):
    reader = rendered((FIXTURES / "dialect.typ").read_text("utf-8"), META | {"papersize": paper})
    width = {"a4": 595, "us-letter": 612, "letter": 612, "a5": 420}[paper]
    assert round(float(reader.pages[0].mediabox.width)) == width


def test_file_is_tagged_pdf_ua_with_outline_title_and_language(dialect):
    root = dialect.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en-GB"
    assert dialect.metadata.title == META["title-plain"]
    assert dialect.metadata.author == "Ada Lovelace, Bob Brown"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert [item["/Title"] for item in dialect.outline if not isinstance(item, list)][:2] == ["Callouts", "Theorems"]


def test_all_fonts_are_embedded(dialect):
    fonts = {
        font.get_object() and name: font.get_object()
        for page in dialect.pages
        for name, font in page["/Resources"]["/Font"].items()
    }
    assert fonts
    for font in fonts.values():
        for descendant in font.get("/DescendantFonts", [font]):
            descriptor = descendant.get_object()["/FontDescriptor"]
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)


def test_running_head_starts_on_the_second_page(dialect):
    second = dialect.pages[1].extract_text()
    assert second.startswith(META["title-plain"])
    assert f"2 / {len(dialect.pages)}" in second


def test_same_source_gives_the_same_bytes():
    source = document((FIXTURES / "dialect.typ").read_text("utf-8"), META, {})
    assert compile_pdf(source, FIXTURES)[0] == compile_pdf(source, FIXTURES)[0]


@pytest.mark.parametrize("lines", range(24, 42, 3))
def test_callout_title_never_stands_alone_at_the_foot_of_a_page(lines):
    filler = "\n\n".join(["A line."] * lines)
    reader = rendered(
        f'{filler}\n#callout(kind: "note", title: [Beware], body: [First words. #lorem(150)])', {"title": ""}
    )
    page = next(page.extract_text() for page in reader.pages if "Beware" in page.extract_text())
    assert "First words" in page


@pytest.mark.parametrize("lines", range(12, 36, 4))
def test_long_code_is_continued_at_one_of_its_blank_lines(lines):
    functions = "\n\n\n".join(f"def f{i}(x):\n    y = x + {i}\n    return y" for i in range(20))
    reader = rendered("\n\n".join(["A line."] * lines) + f"\n```python\nimport os\n\n{functions}\n```", {"title": ""})
    pages = [page.extract_text().replace("\xa0", " ").splitlines() for page in reader.pages]
    code = [[line.strip() for line in page if re.match(r"\s*(import|def|y =|return)", line)] for page in pages]
    continued = [page for page in code if page]
    assert len(continued) > 1
    for before, after in pairwise(continued):
        assert before[-1] == "return y" and after[0].startswith("def")


def test_tall_figure_stays_on_its_page_with_its_caption(tmp_path):
    (tmp_path / "tall.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="3000"/>')
    body = '#figure([#box(image("tall.svg", alt: "x"))], caption: figure.caption(position: bottom, [Tall]), kind: "quarto-float-fig", supplement: "Figure", numbering: (..) => "1")'
    assert len(rendered(body, {"title": ""}, root=tmp_path).pages) == 1


def test_images_are_found_beside_the_page_in_the_project_and_among_given_files(tmp_path):
    project, frozen = tmp_path / "project", tmp_path / "frozen.svg"
    (project / "lectures").mkdir(parents=True)
    (project / "assets").mkdir()
    drawing = (FIXTURES / "drawing.svg").read_text("utf-8")
    for path in (project / "lectures" / "a.svg", project / "assets" / "b.svg", frozen):
        path.write_text(drawing)
    names = ["a.svg", "../assets/b.svg", "/assets/b.svg", "01_files/figure-pdf/c.svg"]
    body = "\n".join(f'#image("{name}", alt: "x")' for name in names)
    rendered(body, root=project, page="lectures/01.qmd", files={"lectures/01_files/figure-pdf/c.svg": frozen})
    assert not (project / "lectures" / "01_files").exists()


def test_error_of_typst_is_a_diagnostic():
    pdf, (diagnostic,) = compile_pdf(document("#nonsense[x]", META, {}), FIXTURES)
    assert pdf == b""
    assert (diagnostic.code, diagnostic.severity) == ("OCT-typst-error", "error")
    assert "unknown variable: nonsense" in diagnostic.message
    assert "#nonsense[x]" in diagnostic.message


def test_equation_without_alternative_text_is_an_error():
    _, (diagnostic,) = compile_pdf(document("$ x $", META, {}), FIXTURES)
    assert "alt text" in diagnostic.message


def test_unknown_font_is_a_warning():
    pdf, diagnostics = compile_pdf(document("Text.", {"title": "T", "mainfont": "No Such Font"}, {}), FIXTURES)
    assert pdf
    assert [d.code for d in diagnostics] == ["OCT-typst-warning"]
    assert "no such font" in diagnostics[0].message


def test_letter_that_no_font_has_is_a_warning_not_a_failure():
    private_use = "\U0010fffd"
    pdf, diagnostics = compile_pdf(document(f"Text {private_use}.", META, {}), FIXTURES)
    assert pdf.startswith(b"%PDF")
    assert [d.code for d in diagnostics] == ["OCT-typst-warning"]
    assert "could not be displayed" in diagnostics[0].message


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"linkcolor": "RoyalBlue"}, 'linkcolor: rgb("#4169e1")'),
        ({"linkcolor": "#123"}, 'linkcolor: rgb("#123")'),
        ({"geometry": ["margin=2cm", "top=30mm"]}, "margin: (rest: 2cm, top: 30mm)"),
        ({"geometry": "hmargin=2cm,vmargin=1in"}, "margin: (x: 2cm, y: 1in)"),
        ({"margin": {"x": "2cm"}, "geometry": "margin=1in"}, "margin: (x: 2cm)"),
        ({"papersize": "a4paper"}, 'paper: "a4"'),
        ({"fontsize": 12}, "fontsize: 12pt"),
        ({"lang": "pt-BR"}, 'region: "BR"'),
        ({"title-plain": 'A "quoted" \\ title'}, r'title-text: "A \"quoted\" \\ title"'),
    ],
)
def test_option_in_the_source(given, expected):
    assert expected in document("", given, {})


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ({"fontsize": "big"}, "OCT-option-length"),
        ({"margin": {"x": "2 apples"}}, "OCT-option-length"),
        ({"columns": "two"}, "OCT-option-number"),
        ({"linkcolor": "#12"}, "OCT-option-color"),
    ],
)
def test_wrong_option_is_named(option, code):
    with pytest.raises(AuthorError) as raised:
        document("", option, {})
    assert raised.value.diagnostics[0].code == code
    assert next(iter(option)) in raised.value.diagnostics[0].message


def test_options_reach_the_page():
    meta = META | {
        "fontsize": "9pt", "margin": {"x": "3cm", "y": "2cm"}, "columns": 2, "linestretch": 1.3, "linkcolor": "#204060",
        "section-numbering": "1.1", "toc-title": "Inhalt", "lang": "de",
    }  # fmt: skip
    text = text_of(
        rendered("= Erster\n\n#lorem(50)\n\n== Zweiter <sec-z>\n\n#ref(<sec-z>, supplement: [Abschnitt])", meta)
    )
    assert "Inhalt" in text
    assert "Abschnitt 1.1" in text
