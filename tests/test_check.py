"""`octavo check` tells what a render tells, and writes no format only to find nothing new in it."""

from __future__ import annotations

from pathlib import Path

import mistakes
import pytest
from ruamel.yaml import YAML

from octavo.command import Options, check_paths, render_paths
from octavo.read.yaml import load_yaml, position_of
from octavo.resolve import pandoc

PAGE = """---
format: {html: default, docx: default, typst: default}
bibliography: refs.bib
---

See @fig-nothing and @nobody, ![A](gone.png){fig-alt="A"}.

::: {.content-visible when-format="docx"}
In Word, @thm-nothing.
:::
"""


def _asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    asked = []
    ask = pandoc.Pandoc.ask

    def noted(self: pandoc.Pandoc, operation: str, request: dict) -> dict:
        asked.append((operation, request["format"]))
        return ask(self, operation, request)

    monkeypatch.setattr(pandoc.Pandoc, "ask", noted)
    return asked


def test_a_check_tells_what_a_render_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"index.qmd": PAGE, "refs.bib": "", "alike.qmd": PAGE.partition(":::")[0]}
    mistakes.plant(mistakes.Case("", "check", files, ""), tmp_path)
    asked = _asked(monkeypatch)
    checked = check_paths([tmp_path], Options(execution="never"), lambda *_: None)
    # Only a part for Word alone can be wrong in Word alone.
    assert sorted(form for operation, form in asked if operation == "write") == ["docx", "html", "html"]
    rendered = render_paths([tmp_path], Options(execution="never"), lambda *_: None)
    assert checked.diagnostics == rendered.diagnostics
    codes = {d.code for d in checked.diagnostics}
    assert codes == {"OCT-xref-missing", "OCT-cite-missing", "OCT-image-missing"}
    assert any("thm-nothing" in d.message for d in checked.diagnostics)


def test_what_a_render_found_right_is_not_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mistakes.plant(mistakes.Case("", "check", {"index.qmd": "One.\n"}, ""), tmp_path)
    assert render_paths([tmp_path], Options(), lambda *_: None).diagnostics == ()
    asked = _asked(monkeypatch)
    told = check_paths([tmp_path], Options(execution="never"), lambda *_: None)
    assert "nothing changed" in told.summary and asked == []
    (tmp_path / "index.qmd").write_text("One @fig-none.\n", "utf-8")
    assert [d.code for d in check_paths([tmp_path], Options(execution="never"), lambda *_: None).diagnostics]
    assert asked
    lenient = Options(lenient=True)
    assert [d.code for d in render_paths([tmp_path], lenient, lambda *_: None).diagnostics]
    assert check_paths([tmp_path], Options(execution="never"), lambda *_: None).diagnostics


def test_an_edit_has_one_page_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"index.qmd": "One.\n", "other.qmd": "Two:\n- one\n- two\n"}
    mistakes.plant(mistakes.Case("", "check", files, ""), tmp_path)
    first = check_paths([tmp_path], Options(), lambda *_: None).diagnostics
    assert [d.code for d in first] == ["OCT-list-glued"]
    (tmp_path / "index.qmd").write_text("One @fig-none.\n", "utf-8")
    asked = _asked(monkeypatch)
    again = check_paths([tmp_path], Options(), lambda *_: None).diagnostics
    assert [d.code for d in again] == ["OCT-xref-missing", "OCT-list-glued"]
    assert asked == [("gather", "html"), ("write", "html")]


@pytest.mark.parametrize(
    "text",
    [
        "", "a: true", "a: false\nb-c: 12", 'a: "äö — 𝔼 # no: comment"', "a: word ", "a:  two-words", 'a: ""',
        "a: null", "a: NULL", "a: True", "true: 1", "a: 012", "a: 0x1", "a: yes", "a: 1e3", "a: .5", "a: two words",
        'a: "one" # two', "a: [1]", "a: 'x'", "a:\n  b: 1", 'a: "tab\\t"', "a: ~", "# only this", "null: 1", "a: 2024-01-02",
    ],
)  # fmt: skip
def test_plain_options_are_read_as_the_library_reads_them(text: str) -> None:
    mine, its = load_yaml(text, "f.qmd", 3, 2), YAML(typ="rt").load(text) or {}
    assert [(k, v, type(v)) for k, v in mine.items()] == [(k, v, type(v)) for k, v in its.items()]
    places = {key: position_of(mine, key) for key in mine}
    assert {k: (p.line, p.column) for k, p in places.items()} == {
        k: (its.lc.data[k][0] + 4, its.lc.data[k][1] + 3) for k in its
    }
