"""When frozen results are taken, woven anew, or not enough; execution is replaced by given outputs."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from octavo.execute import Results, packages, results, run
from octavo.execute.outputs import FIGURES_MIME
from octavo.read.source import read_source

FORMS = ("html", "docx", "tex", "typ")
PAGE = """---
title: T
---

```{python}
#| label: fig-a
#| fig-cap: A
import torch
plot()
```

```{python}
print(1)
```

Value `{python} v`.
"""


def picture(name):
    data = base64.b64encode(name.encode()).decode()
    drawn = {form: {"mime": "image/png", "data": data} for form in FORMS}
    plain = {"image/png": data, "text/plain": "<Figure>"}
    return {"output_type": "display_data", "data": {FIGURES_MIME: drawn, **plain}, "metadata": {}}


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder with one page, and the list of its executions."""
    runs = []

    def execute(root, source, plan, progress=None, goes_on=False):
        runs.append(source.file)
        outcome = run.Outcome([[] for _ in source.cells], [{"text/plain": "42"}] * plan.expressions)
        for step in plan.steps:
            if step.kind == "cell":
                is_print = step.code.startswith("print")
                text = {"output_type": "stream", "name": "stdout", "text": f"out {step.code}\n"}
                outcome.outputs[step.index] = [text] if is_print else [picture(step.code)]
        return outcome

    monkeypatch.setattr(run, "execute", execute)
    monkeypatch.setattr(packages, "version_of", lambda name: {"torch": "2.0"}.get(name))
    (tmp_path / "sub").mkdir()
    write(tmp_path, PAGE)
    return tmp_path, runs


def write(root: Path, text: str) -> None:
    (root / "sub" / "page.qmd").write_text(text, "utf-8")


def render(root: Path, mode: str = "auto", forms=FORMS, **options) -> Results:
    source = read_source(root, "sub/page.qmd")
    return results(root, source, {form: options for form in forms}, root / "_freeze", mode)


def frozen(root: Path, form: str = "html") -> dict:
    return json.loads((root / "_freeze/sub/page/execute-results" / f"{form}.json").read_text("utf-8"))


def codes(found: Results) -> list[str]:
    return [d.code for d in found.diagnostics]


def test_an_execution_is_frozen_in_quartos_form(site):
    root, _ = site
    found = render(root, forms=("html",))
    assert found.executed
    value = frozen(root)
    assert value["hash"] == read_source(root, "sub/page.qmd").digest
    assert value["result"]["markdown"] == found.woven["html"].markdown
    assert value["result"] | {"markdown": ""} == {
        "engine": "jupyter", "markdown": "", "supporting": ["page_files"], "filters": [], "includes": {},
    }  # fmt: skip
    assert frozen(root, "docx")["result"]["supporting"] == ["page_files/figure-docx"]
    assert "page_files/figure-pdf/fig-a-output-1.png" in frozen(root, "tex")["result"]["markdown"]
    path = found.woven["html"].figures["page_files/figure-html/fig-a-output-1.png"]
    assert path == root / "_freeze/sub/page/figure-html/fig-a-output-1.png"
    assert path.read_bytes() == b"import torch\nplot()"


def test_frozen_results_hold_no_paths_and_are_written_once(site):
    root, _ = site
    render(root)
    files = {p: p.stat().st_mtime_ns for p in (root / "_freeze").rglob("*") if p.is_file()}
    assert all(str(root) not in p.read_text("utf-8", errors="replace") for p in files)
    render(root)
    assert {p: p.stat().st_mtime_ns for p in (root / "_freeze").rglob("*") if p.is_file()} == files


def test_an_edit_of_the_prose_weaves_anew_and_runs_nothing(site):
    root, runs = site
    first = render(root)
    write(root, PAGE.replace("Value", "The new value").replace("fig-cap: A", "fig-cap: B"))
    found = render(root)
    assert runs == ["sub/page.qmd"]
    assert not found.executed
    assert "The new value 42." in found.woven["html"].markdown
    assert "![B](" in found.woven["typ"].markdown
    assert found.outputs == first.outputs
    assert frozen(root)["hash"] == read_source(root, "sub/page.qmd").digest
    assert frozen(root)["result"]["markdown"] == found.woven["html"].markdown


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("print(1)", "print(2)"),
        ("print(1)", "#| error: true\nprint(1)"),
        ("print(1)", "#| include: false\nprint(1)"),
        ("`{python} v`", "`{python} w`"),
        ("plot()", "#| fig-width: 3\nplot()"),
    ],
)
def test_what_changes_results_runs_again(site, old, new):
    root, runs = site
    render(root)
    text = (
        PAGE.replace(old, new)
        if not new.startswith("#| fig")
        else PAGE.replace("import torch", "#| fig-width: 3\nimport torch")
    )
    write(root, text)
    assert render(root).executed
    assert len(runs) == 2


def test_figure_options_of_the_document_run_again_and_display_options_do_not(site):
    root, runs = site
    render(root)
    render(root, **{"code-fold": True, "toc": True, "execute": {"echo": False}})
    assert len(runs) == 1
    render(root, **{"fig-width": 3})
    assert len(runs) == 2


def test_a_changed_file_that_the_code_reads_or_imports_runs_again(site):
    root, runs = site
    (root / "sub/data.csv").write_text("1", "utf-8")
    (root / "sub/helper.py").write_text("import second\n", "utf-8")
    (root / "sub/second.py").write_text("x = 1\n", "utf-8")
    write(root, PAGE.replace("plot()", "import helper\nplot('data.csv')"))
    for file in ("data.csv", "second.py"):
        render(root)
        before = len(runs)
        render(root)
        assert len(runs) == before
        (root / "sub" / file).write_text("y = 2\n", "utf-8")
        assert render(root).executed


def test_a_new_label_renames_the_pictures(site):
    root, runs = site
    render(root)
    write(root, PAGE.replace("fig-a", "fig-b"))
    found = render(root)
    assert len(runs) == 1
    names = [p.name for p in (root / "_freeze/sub/page").glob("figure-*/*")]
    assert set(names) == {"fig-b-output-1.png"}
    assert all(p.is_file() for w in found.woven.values() for p in w.figures.values())
    assert render(root).outputs == found.outputs


def test_never_takes_what_is_there_and_writes_nothing(site):
    root, runs = site
    render(root)
    write(root, PAGE.replace("print(1)", "print(2)").replace("Value", "Other"))
    before = {p: p.read_bytes() for p in (root / "_freeze").rglob("*") if p.is_file()}
    found = render(root, "never")
    assert len(runs) == 1
    assert codes(found) == ["OCT-freeze-stale"]
    assert "Other 42" in found.woven["html"].markdown
    assert "fig-a-output-1.png" in found.woven["html"].markdown
    assert "out print" not in found.woven["html"].markdown
    assert {p: p.read_bytes() for p in (root / "_freeze").rglob("*") if p.is_file()} == before


def test_never_without_results_shows_the_code_and_says_so(site):
    root, runs = site
    found = render(root, "never")
    assert (runs, codes(found)) == ([], ["OCT-execute-missing"])
    assert "``` {.python .cell-code}\nprint(1)\n```" in found.woven["html"].markdown
    assert not (root / "_freeze").exists()


def test_always_runs_again(site):
    root, runs = site
    render(root)
    assert render(root, "always").executed
    assert len(runs) == 2


def test_freeze_true_keeps_results_of_changed_code(site):
    root, runs = site
    render(root)
    write(root, PAGE.replace("print(1)", "print(2)"))
    assert not render(root, freeze=True).executed
    assert not render(root, execute={"freeze": True}).executed
    assert len(runs) == 1


def test_execution_switched_off_shows_the_code_alone(site):
    root, runs = site
    found = render(root, execute={"enabled": False})
    assert (runs, codes(found), found.executed) == ([], [], False)
    assert not (root / "_freeze").exists()


def test_what_quarto_froze_is_used_as_it_is_while_the_page_is_the_same(site):
    root, runs = site
    render(root)
    (root / "_freeze/sub/page/cells.json").unlink()
    for form in FORMS:
        value = frozen(root, form)
        del value["octavo"]
        value["result"]["markdown"] = f"from Quarto for {form}"
        (root / f"_freeze/sub/page/execute-results/{form}.json").write_text(json.dumps(value), "utf-8")
    found = render(root)
    assert {form: w.markdown for form, w in found.woven.items()} == {f: f"from Quarto for {f}" for f in FORMS}
    assert list(found.woven["html"].figures) == ["page_files/figure-html/fig-a-output-1.png"]
    write(root, PAGE + "\nmore\n")
    stale = render(root, "never")
    assert codes(stale) == ["OCT-freeze-stale"]
    assert stale.woven["html"].markdown == "from Quarto for html"
    assert render(root).executed
    assert len(runs) == 2


@pytest.mark.parametrize("damage", ["", "{}", "[1", '{"key": 1}'])
def test_damaged_records_are_made_again(site, damage):
    root, runs = site
    render(root)
    (root / "_freeze/sub/page/cells.json").write_text(damage, "utf-8")
    (root / "_freeze/sub/page/execute-results/html.json").write_text(damage, "utf-8")
    assert render(root).executed
    assert len(runs) == 2


def test_a_missing_picture_is_drawn_again(site):
    root, runs = site
    render(root)
    shutil.rmtree(root / "_freeze/sub/page/figure-typst")
    assert render(root).executed
    assert len(runs) == 2


def test_other_versions_of_packages_warn_and_missing_ones_do_not(site, monkeypatch):
    root, _ = site
    render(root)
    monkeypatch.setattr(packages, "version_of", lambda name: {"torch": "3.0"}.get(name))
    found = render(root)
    assert [(d.code, d.severity) for d in found.diagnostics] == [("OCT-freeze-packages", "warning")]
    assert "torch 2.0 → 3.0" in found.diagnostics[0].message
    monkeypatch.setattr(packages, "version_of", lambda name: None)
    assert codes(render(root)) == []


def test_pages_without_cells_are_their_text(site):
    root, runs = site
    text = "# T\n\n```python\nx\n```\n\n```{mermaid}\ngraph TD\n```\n\n``{python} x``\n"
    write(root, text)
    found = render(root, "always")
    assert found.woven["html"].markdown == text
    assert (runs, found.executed, (root / "_freeze").exists()) == ([], False, False)


def test_options_are_checked_where_they_stand(site):
    root, _ = site
    write(root, "```{python}\n#| lable: a\n#| echo: maybe\n#| data-x: 1\n1\n```\n\n```{r}\n1\n```\n")
    found = render(root, "never")
    places = {d.code: (d.position.line, d.position.column, d.hint) for d in found.diagnostics}
    assert places["OCT-cell-option"] == (2, 4, "did you mean `label`?")
    assert places["OCT-cell-option-value"][:2] == (3, 4)
    assert places["OCT-cell-language"][:2] == (8, 1)


def test_inline_expressions_in_other_languages_are_errors(site):
    root, _ = site
    write(root, "a\n\nb `{r} x` and ``{r} y``\n")
    found = render(root)
    assert [(d.code, d.position.line, d.position.column) for d in found.diagnostics] == [("OCT-cell-language", 3, 3)]


def test_labels_are_used_once(site):
    root, _ = site
    write(root, "```{python}\n#| label: a\n1\n```\n\n```{python}\n#| label: a\n2\n```\n")
    found = [d for d in render(root, "never").diagnostics if d.code == "OCT-cell-label-twice"]
    assert [d.position.line for d in found] == [7]


def test_frozen_pages_need_nothing_of_jupyter(site):
    root, _ = site
    render(root)
    code = f"""
import sys
from pathlib import Path
from octavo.execute import results
from octavo.read.source import read_source
root = Path({str(root)!r})
found = results(root, read_source(root, "sub/page.qmd"), {{"html": {{}}}}, root / "_freeze", "auto")
assert not found.executed
heavy = {{"IPython", "nbformat", "nbclient", "jupyter_client", "matplotlib", "numpy", "zmq"}} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
