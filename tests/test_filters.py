"""What a filter reads is part of its result."""

from __future__ import annotations

from pathlib import Path

from octavo.command import Options, render_paths

FILTER = """
function Div(div)
  local names = pandoc.List(pandoc.system.list_directory 'notes')
  names:sort()
  div.content = names:map(function(name) return pandoc.Para(name .. ': ' .. io.open('notes/' .. name):read 'a') end)
  return div
end
"""


def test_a_page_follows_the_files_and_folders_that_its_filter_reads(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/a.txt").write_text("one", "utf-8")
    (tmp_path / "list.lua").write_text(FILTER, "utf-8")
    (tmp_path / "index.qmd").write_text("---\ntitle: T\nfilters: [list.lua]\n---\n\n::: {#list}\n:::\n", "utf-8")
    (tmp_path / "_quarto.yml").write_text("project: {type: website}\nformat: html\n", "utf-8")

    def shown() -> str:
        assert not render_paths([tmp_path], Options(), lambda *_: None).diagnostics
        return (tmp_path / "_site/index.html").read_text("utf-8")

    assert "a.txt: one" in shown()
    (tmp_path / "notes/a.txt").write_text("two", "utf-8")
    assert "a.txt: two" in shown()
    (tmp_path / "notes/b.txt").write_text("three", "utf-8")
    assert "b.txt: three" in shown()
