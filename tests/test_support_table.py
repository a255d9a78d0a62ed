"""The table of what works, in octavo's README, names what holds each of its lines; nothing is promised that nobody looks at."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT
from test_documents import FIXTURES, NAMES

from octavo.read.source import read_source

TESTS = Path(__file__).parent
TABLE = (ROOT / "octavo" / "README.md").read_text("utf-8").partition("## What works")[2].partition("\n\nThe last")[0]
ROWS = [[cell.strip() for cell in row.strip("| ").split(" | ")] for row in TABLE.splitlines() if row.startswith("| ")][
    1:
]
DOCUMENTS = {name.removesuffix(".qmd") for name in NAMES}
WRITTEN = {"html": "HTML", "typst": "PDF", "pdf": "PDF", "docx": "Word"}


def held_by(row: list[str]) -> list[str]:
    return re.findall(r"`([^`]+)`", row[4])


def looked_at(document: str) -> set[str]:
    """The formats for which a document says what must appear."""
    expected = read_source(FIXTURES, f"{document}.qmd").front_matter["_quarto"]["tests"]
    return {WRITTEN[form] for form in expected if form in WRITTEN}


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:40] for row in ROWS])
def test_what_holds_a_line_exists_and_looks_at_each_format_that_works(row: list[str]) -> None:
    names = held_by(row)
    documents = [name for name in names if name in DOCUMENTS]
    fixtures = [name for name in names if name.startswith(("sites/", "mistakes/"))]
    for name in set(names) - set(documents):
        place = TESTS / "fixtures" / name
        found = (
            place.is_dir() or place.with_suffix(".txt").is_file()
            if name in fixtures
            else (TESTS / f"{name}.py").is_file()
        )
        assert found, name
    assert names
    if len(documents) == len(names):
        works = {form for form, mark in zip(("HTML", "PDF", "Word"), row[1:4], strict=True) if mark == "✓"}
        assert works <= set().union(*map(looked_at, documents))
