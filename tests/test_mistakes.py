"""Every mistake in `fixtures/mistakes` is told in its exact words, at its place; in a lenient render nothing stops."""

from __future__ import annotations

import functools
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import documents
import mistakes
import pytest
from conftest import ROOT
from lxml import etree

from octavo.command import Options, render_paths
from octavo.diagnostics import failed
from octavo.execute import run
from octavo.resolve import pandoc

CASES = {f"{path.stem}: {case.title}": case for path in mistakes.FOLDER.glob("*.txt") for case in mistakes.cases(path)}


@pytest.mark.parametrize("name", sorted(CASES))
def test_each_mistake_is_told_in_its_words(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    mistakes.plant(case, tmp_path)
    said = mistakes.told(case, tmp_path)
    assert mistakes.text_of(said.diagnostics, tmp_path) == case.says
    assert not (failed(said.diagnostics) and said.published)


BROKEN = """---
title: Draft
format: {html: default, pdf: default, docx: default}
---

See @fig-nothing, ![A plot](no.png){fig-alt="A plot"}, [a page](no.qmd), $\\nosuch x$, {{< nosuch >}} and [^x].

{{< include _no.qmd >}}

```{python}
print("before")
1 / 0
```

[Click](javascript:alert(1)) and <a href="javascript:alert(2)">here</a>, as @nobody2026 says.
"""


@pytest.mark.execute
def test_a_lenient_render_marks_each_broken_place_in_every_format(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text(mistakes.PROJECT.replace("format: html\n", ""), "utf-8")
    (tmp_path / "index.qmd").write_text(BROKEN, "utf-8")
    (tmp_path / "broken.qmd").write_text("---\ntitle: [\n---\n\nWords <b>of</b> the page.\n", "utf-8")
    command = [sys.executable, "-m", "octavo", "render", str(tmp_path)]
    strict = subprocess.run(command, capture_output=True, text=True, check=False)
    assert strict.returncode == 1 and not (tmp_path / "_site").exists()
    lenient = subprocess.run([*command, "--lenient"], capture_output=True, text=True, check=False)
    assert lenient.returncode == 0, lenient.stderr
    assert "Traceback" not in lenient.stderr + strict.stderr
    codes = [set(re.findall(r"\[(OCT-[a-z-]+)\]", run.stderr)) for run in (strict, lenient)]
    assert codes[0] == codes[1]
    assert codes[0] >= {
        "OCT-xref-missing", "OCT-image-missing", "OCT-link-missing", "OCT-tex-unsupported", "OCT-shortcode-unknown",
        "OCT-footnote-missing", "OCT-include-missing", "OCT-cell-error", "OCT-link-scheme", "OCT-cite-missing",
    }  # fmt: skip
    soup = documents.soup(tmp_path / "_site" / "index.html")
    assert soup.select_one(".quarto-unresolved-ref").get_text() == "?@fig-nothing"
    marks = " ".join(e.get_text() for e in soup.select(".octavo-broken"))
    assert all(part in marks for part in ("no.png", "\\nosuch x", "_no.qmd"))
    assert "a page" in soup.select_one(".octavo-broken-link").get_text()
    assert "{{< nosuch >}}" in soup.get_text() and "[^x]" in soup.get_text()
    assert soup.select_one(".cell-output-error") and "before" in soup.get_text()
    assert "nobody2026" in soup.get_text()
    assert not [a for a in soup.select("[href], [src]") if "javascript:" in str(a)]
    texts = [documents.pdf_text(tmp_path / "_site/index.pdf")]
    texts.append("".join(etree.fromstring(documents.document_xml(tmp_path / "_site/index.docx")).itertext()))
    for text in texts:
        assert all(part in text for part in ("?@fig-nothing", "?image", "no.png", "nosuch", "?a page", "_no.qmd"))
        assert "ZeroDivisionError" in text
    page = documents.soup(tmp_path / "_site" / "broken.html").get_text()
    assert "This page cannot be read" in page and "Words <b>of</b> the page." in page


@pytest.mark.parametrize("form", ["json", "github", "text"])
def test_every_form_of_the_log_names_the_place(form: str, tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text(mistakes.PROJECT, "utf-8")
    (tmp_path / "index.qmd").write_text("Tabs\tand 100% of @fig-nothing\n", "utf-8")
    command = [sys.executable, "-m", "octavo", "check", str(tmp_path), "--log-format", form]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    first = done.stderr.splitlines()[0]
    if form == "json":
        found = json.loads(first)
        assert found["position"] == {"file": "index.qmd", "line": 1, "column": 18} and found["severity"] == "error"
    elif form == "github":
        assert first.startswith("::error file=index.qmd,line=1,col=18::nothing is labelled")
    else:
        tasks = json.loads((ROOT / ".vscode" / "tasks.json").read_text("utf-8"))["tasks"]
        patterns = {t["problemMatcher"]["pattern"]["regexp"] for t in tasks if t["problemMatcher"]}
        for pattern in patterns:
            match = re.match(pattern, first)
            assert match and match.groups()[:4] == ("index.qmd", "1", "18", "error") and match[6] == "OCT-xref-missing"
        assert patterns


def test_a_bug_is_said_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text(mistakes.PROJECT, "utf-8")
    (tmp_path / "index.qmd").write_text("Text\n", "utf-8")
    code = (
        "import sys, octavo.command\n"
        "def fail(*_): raise ZeroDivisionError('by zero')\n"
        "octavo.command.render_paths = fail\n"
        "from octavo.cli import main; main(['render', sys.argv[1]])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "octavo itself has failed: ZeroDivisionError: by zero [OCT-bug]" in done.stderr
    report = Path(re.search(r"with `(.*?)`", done.stderr)[1])
    assert "Traceback" in report.read_text("utf-8")
    report.unlink()


def test_loops_and_files_that_vanish(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text(mistakes.PROJECT, "utf-8")
    (tmp_path / "index.qmd").write_text("Text\n", "utf-8")
    (tmp_path / "loop.qmd").symlink_to("loop.qmd")
    (tmp_path / "folder").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.qmd").symlink_to("nowhere.qmd")
    case = mistakes.Case("", "render", {}, "")
    said = mistakes.text_of(mistakes.told(case, tmp_path).diagnostics, tmp_path)
    assert said == (
        "gone.qmd:1:1: error: the file `gone.qmd` does not exist [OCT-file-missing]\n"
        "loop.qmd:1:1: error: the file `loop.qmd` too many levels of symbolic links [OCT-file-missing]"
    )


@pytest.mark.execute
def test_a_cell_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "execute", functools.partial(run.execute, seconds=1.0))
    source = "```{python}\nimport time\ntime.sleep(30)\n```\n"
    case = mistakes.Case("", "run", {"index.qmd": source}, "")
    mistakes.plant(case, tmp_path)
    assert mistakes.text_of(mistakes.told(case, tmp_path).diagnostics, tmp_path) == (
        "index.qmd:1:1: error: this cell was still running when the document's 1 seconds were over [OCT-cell-timeout]\n"
        "  1 | ```{python}\n"
        "    | ^\n"
        "  hint: make it smaller, or freeze its result in a file"
    )


def test_a_page_over_which_pandoc_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = "abcdefghijklmnopqrs"
    doubling = "".join(f"\\newcommand{{\\x{a}}}{{\\x{b}\\x{b}}}\n" for a, b in itertools.pairwise(names))
    case = mistakes.Case("", "check", {"index.qmd": f"{doubling}\n$\\xa$\n", "other.qmd": "[Page](index.qmd)\n"}, "")
    mistakes.plant(case, tmp_path)
    monkeypatch.setattr(pandoc, "SECONDS", 5.0)
    assert mistakes.text_of(mistakes.told(case, tmp_path).diagnostics, tmp_path) == (
        "index.qmd:1:1: error: pandoc was stopped over this page: it did not end within 5 seconds [OCT-page-endless]\n"
        "  1 | \\newcommand{\\xa}{\\xb\\xb}\n"
        "    | ^\n"
        "  hint: take parts of the page away until it ends; a macro that doubles with each use, or a filter, may be the cause"
    )


@pytest.mark.execute
def test_frozen_results_that_are_older_than_what_they_come_from(tmp_path: Path) -> None:
    page = "---\nexecute: {freeze: auto}\n---\n\n{{< include _part.qmd >}}\n"
    part = "```{python}\nimport numpy\nprint(numpy.ones(2))\n```\n"
    case = mistakes.Case("", "run", {"index.qmd": page, "_part.qmd": part}, "")
    mistakes.plant(case, tmp_path)
    assert not mistakes.told(case, tmp_path).diagnostics
    record = next((tmp_path / "_freeze").rglob("cells.json"))
    kept = json.loads(record.read_text("utf-8"))
    version = kept["packages"]["numpy"]
    record.write_text(json.dumps({**kept, "packages": {"numpy": "1.0"}}), "utf-8")
    (tmp_path / "index.qmd").write_text(page + "\nMore.\n", "utf-8")
    said = mistakes.text_of(mistakes.told(case, tmp_path).diagnostics, tmp_path)
    assert f"warning: the frozen results come from other versions: numpy 1.0 → {version} [OCT-freeze-packages]" in said
    assert "included from index.qmd:5:1" in said
    (tmp_path / "_part.qmd").write_text(part.replace("ones", "zeros"), "utf-8")
    told = render_paths([tmp_path], Options(execution="never"), lambda *_: None)
    said = mistakes.text_of(told.diagnostics, tmp_path)
    assert "warning: the frozen results are not of this document" in said and "[OCT-freeze-stale]" in said
