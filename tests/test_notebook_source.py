"""Notebooks as sources: their cells, their places, their own outputs, and cells embedded from them."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from octavo.diagnostics import AuthorError
from octavo.execute import results
from octavo.read.notebook import read_notebook
from octavo.read.source import Cell, Prose
from octavo.resolve.shortcodes import Context, expand
from octavo.resolve.shortcodes.embedding import Embedder, cells_named

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n plot").decode()
FORMS = ("html", "docx", "typ", "tex")


def code(source: str, outputs: list | None = None, **more) -> dict:
    return {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": outputs or [],
            "source": source.splitlines(keepends=True), **more}  # fmt: skip


def text(source: str, kind: str = "markdown", **more) -> dict:
    return {"cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True), **more}


PLOT = {"output_type": "display_data", "data": {"image/png": PNG, "text/plain": ["<Figure>"]}, "metadata": {}}
PRINTED = {"output_type": "stream", "name": "stdout", "text": ["one\n", "two\n"]}
CELLS = [
    text("---\ntitle: A notebook\nlabels: {a: 1}\n---", "raw"),
    text("## Heading\n\nProse with ![pasted](attachment:my.png).", attachments={"my.png": {"image/png": PNG}}),
    code("#| label: fig-plot\n#| fig-cap: A plot\nplot()", [PLOT], id="abc"),
    text("After, with ```{python}` in it."),
    code("print('one')", [PRINTED], metadata={"tags": ["printed"]}),
]


@pytest.fixture
def written(tmp_path: Path):
    def write(cells=CELLS, name: str = "nb.ipynb", indent: int | None = 1, **metadata) -> Path:
        kernel = {"name": "python3", "language": "python"}
        value = {"cells": cells, "metadata": {"kernelspec": kernel, **metadata}, "nbformat": 4, "nbformat_minor": 5}
        (tmp_path / name).write_text(json.dumps(value, indent=indent) + "\n", "utf-8")
        return tmp_path

    return write


def test_parts(written):
    source = read_notebook(written(), "nb.ipynb")
    assert source.front_matter["title"] == "A notebook"
    assert [type(p) for p in source.parts] == [Prose, Cell, Prose, Cell]
    plot, printed = source.cells
    assert plot.options == {"label": "fig-plot", "fig-cap": "A plot"} and plot.code == "plot()"
    assert printed.options == {"tags": ["printed"]} and printed.language == "python"
    assert source.notebook["outputs"] == [[PLOT], [PRINTED]]
    assert source.text.startswith("---\ntitle: A notebook\n")


def test_every_line_knows_where_it_stands(written):
    root = written()
    source = read_notebook(root, "nb.ipynb")
    lines = (root / "nb.ipynb").read_text().split("\n")
    for needle in ("title: A notebook", "## Heading", "plot()", "After, with", "print('one')"):
        assert needle in lines[source.find(needle).line - 1]
    index = source.cells[0].code_first
    assert source.lines[index].text == "plot()" and "plot()" in lines[source.lines[index].number - 1]


def test_yaml_mistakes_have_their_place(written):
    root = written([code("#| label: x\n#| fig-cap: a: b\nplot()")])
    with pytest.raises(AuthorError) as caught:
        read_notebook(root, "nb.ipynb")
    (told,) = caught.value.diagnostics
    assert told.code == "OCT-yaml-syntax"
    assert "fig-cap: a: b" in (root / "nb.ipynb").read_text().split("\n")[told.position.line - 1]


@pytest.mark.parametrize(("content", "diagnostic"), [
    ("{", "OCT-notebook-json"), ("[]", "OCT-notebook-version"), ('{"worksheets": []}', "OCT-notebook-version"),
])  # fmt: skip
def test_no_notebook(tmp_path, content, diagnostic):
    (tmp_path / "nb.ipynb").write_text(content)
    with pytest.raises(AuthorError) as caught:
        read_notebook(tmp_path, "nb.ipynb")
    assert caught.value.diagnostics[0].code == diagnostic
    with pytest.raises(AuthorError):
        read_notebook(tmp_path, "lost.ipynb")


def test_sources_in_one_string_and_in_one_line(written):
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "# Title\n\nText"}, code("a\nb")]
    source = read_notebook(written(cells, indent=None), "nb.ipynb")
    assert source.front_matter == {} and source.parts[0].text == "# Title\n\nText\n"
    assert {line.number for line in source.lines} == {1} and source.cells[0].code == "a\nb"


def test_raw_cells_and_longer_fences(written):
    cells = [text("<b>x</b>", "raw", metadata={"raw_mimetype": "text/html"}), code('x = """\n```\n"""')]
    source = read_notebook(written(cells), "nb.ipynb")
    assert source.parts[0].text == "```{=html}\n<b>x</b>\n```\n"
    assert source.cells[0].fence == "````"


@pytest.mark.parametrize("form", FORMS)
def test_own_outputs_are_woven_without_a_kernel(written, tmp_path, form):
    source = read_notebook(written(), "nb.ipynb")
    found = results(tmp_path, source, {form: {}}, tmp_path / "store", "auto")
    assert not found.executed and found.diagnostics == () and not (tmp_path / "store").exists()
    page = found.woven[form]
    assert "one\ntwo" in page.markdown and "A plot" in page.markdown
    assert set(page.figures) >= {"nb_files/attachments/1-my.png"} and len(page.figures) == 2
    for name, path in page.figures.items():
        assert f"]({name})" in page.markdown and path.read_bytes() == base64.b64decode(PNG)
    assert found.outputs == tuple(source.notebook["outputs"])


def test_a_notebook_never_run_shows_its_code(written, tmp_path):
    source = read_notebook(written([code("1 + 1")]), "nb.ipynb")
    found = results(tmp_path, source, {"html": {}}, tmp_path / "store", "auto")
    assert "1 + 1" in found.woven["html"].markdown and found.diagnostics == ()


def test_wrong_options_are_told(written, tmp_path):
    source = read_notebook(written([code("#| fig-capt: x\n1")]), "nb.ipynb")
    assert [d.code for d in results(tmp_path, source, {"html": {}}, tmp_path, "auto").diagnostics] == [
        "OCT-cell-option"
    ]


def test_cells_by_name(written):
    source = read_notebook(written(), "nb.ipynb")
    assert [cells_named(source, n) for n in ("abc", "fig-plot", "printed", "x")] == [[0], [0], [1], []]


@pytest.fixture
def embedded(written, tmp_path):
    def run(shortcode: str, form: str = "html", **options):
        root = written()
        (tmp_path / "page.md").write_text(shortcode)
        embed = Embedder(root, "page.md", form, options, tmp_path / "pictures")
        ctx = Context(root, "page.md", "html", {}, {}, read_notebook(root, "nb.ipynb"), embed=embed)
        return (*expand(shortcode, ctx), embed)

    return run


def test_embed(embedded):
    shown, told, embed = embedded("{{< embed nb.ipynb#fig-plot >}}")
    assert told == [] and "plot()" not in shown and "![A plot](nb_files/figure-html/" in shown
    assert shown.startswith("::: {.quarto-embed-nb-cell notebook='nb.ipynb' notebook-title='A notebook' ")
    assert shown.endswith("[Source: A notebook](nb.ipynb){#nblink-1 .quarto-notebook-link}\n:::")
    ((name, path),) = embed.figures.items()
    assert name in shown and path.is_file()


def test_embed_options(embedded):
    assert "print('one')" in embedded("{{< embed nb.ipynb#printed echo=true >}}")[0]
    assert "Source:" not in embedded("{{< embed nb.ipynb#printed >}}", "typ")[0]
    assert "Source:" not in embedded("{{< embed nb.ipynb#printed >}}", **{"notebook-links": False})[0]
    both = embedded("{{< embed nb.ipynb >}}")[0]
    assert "A plot" in both and "one\ntwo" in both
    view = {"notebook-view": [{"notebook": "nb.ipynb", "title": "Seen", "url": "https://example.org/nb"}]}
    assert "[Source: Seen](https://example.org/nb)" in embedded("{{< embed nb.ipynb#printed >}}", **view)[0]


def test_embed_mistakes(embedded):
    shown, (told,), _ = embedded("text\n\n{{< embed nb.ipynb#fig-plto >}}")
    assert (told.code, told.hint) == ("OCT-embed-missing", "did you mean `fig-plot`?") and "fig\\-plto" in shown
    assert embedded("{{< embed lost.ipynb#x >}}")[1][0].code == "OCT-embed-missing"
    assert embedded("{{< embed nb.ipynb[99] >}}")[1][0].message == "`nb.ipynb` has no cell `99`"
    assert embedded("{{< embed nb.ipynb ecko=true >}}")[1][0].hint == "did you mean `echo`?"
