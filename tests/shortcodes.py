"""Shortcodes of a page that has metadata and variables, and what pandoc reads in what they become."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from octavo.read.source import read_source
from octavo.resolve.pandoc import pandoc_path
from octavo.resolve.shortcodes import Context

META = {
    "title": "A *meta* title",
    "labels": {"description": "nested", "a.b": "dotted"},
    "keywords": ["one", "two"],
    "draft": False,
    "author": [{"name": {"literal": "Ada Lovelace"}}, {"name": "Alan"}],
    "echo": "again {{< var version >}}",
    "loop": "{{< meta loop >}}",
    "file": "a file.py",
    "paragraphs": "First.\n\nSecond.",
    "count": 3,
}
VARIABLES = {"version": 1.2, "email": {"info": "info@example.com"}, "link": "[Jupyter](https://jupyter.org)"}
FORMATS = ("html", "pdf", "typst", "docx", "ipynb")


def context(tmp_path: Path, text: str, form: str = "html", **more) -> Context:
    (tmp_path / "page.qmd").write_text(text, "utf-8")
    given = {"meta": META, "variables": VARIABLES, "environment": {"TERM_NAME": "a*b"}, **more}
    return Context(root=tmp_path, page="page.qmd", format=form, source=read_source(tmp_path, "page.qmd"), **given)


def html_of(markdown: str) -> str:
    done = subprocess.run(
        [pandoc_path(), "-f", "markdown", "-t", "html", "--wrap=none"],
        input=markdown, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def ast_of(markdown: str) -> list:
    done = subprocess.run(
        [pandoc_path(), "-f", "markdown", "-t", "json"], input=markdown, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)["blocks"]
