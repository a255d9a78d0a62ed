"""Python scripts that are written as documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.command import Options, render_paths
from octavo.diagnostics import AuthorError
from octavo.read.project import read_project
from octavo.read.script import read_script

SCRIPT = '''# %% [markdown]
# ---
# title: Palmer
# ---
#
# A *paragraph*.

# %%
#| label: bills

radius = 10

# %% [markdown]
r"""
## Exploring $\\frac{a}{b}$

More.
"""

# %% A title
print("```")

# %% [raw] format="text/html"
"""
<b>raw</b>
"""
'''


def test_a_script_is_read_as_the_document_that_it_could_be(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT, "utf-8")
    source = read_script(tmp_path, "script.py")
    assert source.front_matter == {"title": "Palmer"}
    assert "A *paragraph*." in source.text and "## Exploring $\\frac{a}{b}$" in source.text and '"""' not in source.text
    assert "```{=html}\n<b>raw</b>\n```" in source.text
    first, second = source.cells
    assert (first.options, first.code.strip()) == ({"label": "bills"}, "radius = 10")
    assert (second.code, second.fence) == ('print("```")', "````")
    place = source.find("More.")
    assert place and (place.file, place.line) == ("script.py", 17)


def test_only_scripts_that_begin_with_prose_are_pages(tmp_path: Path) -> None:
    files = {"_quarto.yml": "", "script.py": SCRIPT, "plain.py": "# %%\nprint(1)\n", "page.qmd": "[A](script.py)\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert read_project(tmp_path)[0].pages == ("page.qmd", "script.py")


@pytest.mark.execute
def test_a_script_is_rendered_and_any_other_is_refused(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT, "utf-8")
    (tmp_path / "plain.py").write_text("print(1)\n", "utf-8")
    assert not render_paths([tmp_path / "script.py"], Options(lenient=True), lambda *_: None).diagnostics
    assert "<em>paragraph</em>" in (tmp_path / "script.html").read_text("utf-8")
    with pytest.raises(AuthorError, match="no document"):
        render_paths([tmp_path / "plain.py"], Options(), lambda *_: None)
