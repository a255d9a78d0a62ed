"""Statements say which other pages use them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from octavo.command import Options, render_paths

PAGES = {
    "_quarto.yml": "project: {type: website}\nwebsite: {title: Notes}\nformat: html\n",
    "index.qmd": "---\ntitle: Home\n---\n\nBegin.\n",
    "one.qmd": "---\ntitle: One\n---\n\n::: {#def-task}\n## Task\nA task.\n\n::: {.inner}\nMore.\n:::\n:::\n\n::: {#thm-own}\nOwn, by @def-task.\n:::\n",
    "two.qmd": "---\ntitle: Two & a half\n---\n\nBy @def-task, and again [that one](one.qmd#def-task).\n",
    "sub/three.qmd": "---\ntitle: Three\n---\n\nSee [the definition](../one.qmd#def-task).\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in PAGES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def used_in(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """By the id of a statement on page one: the links of its line."""
    page = BeautifulSoup((folder / "_site/one.html").read_text("utf-8"), "html.parser")
    return {
        line.parent["id"]: [(a["href"], a.get_text()) for a in line.select("a")] for line in page.select("p.used-in")
    }


def test_a_statement_names_the_pages_that_use_it(folder: Path) -> None:
    assert not render_paths([folder], Options(), lambda *_: None).diagnostics
    assert used_in(folder) == {"def-task": [("sub/three.html", "Three"), ("two.html", "Two & a half")]}


def test_it_is_the_same_if_the_page_is_rendered_alone(folder: Path) -> None:
    render_paths([folder], Options(), lambda *_: None)
    whole = (folder / "_site/one.html").read_bytes()
    (folder / "_site/one.html").unlink()
    render_paths([folder / "one.qmd"], Options(), lambda *_: None)
    assert (folder / "_site/one.html").read_bytes() == whole
