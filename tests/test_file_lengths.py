"""Code is read a file at a time: none is too long for that, and a construct is seen on two screens."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

SCREEN = 80
CONSTRUCTS = sorted((ROOT / "octavo/resolve/filters").glob("*.lua"))
CODE = sorted(
    p for folder in ("octavo", "tests") for p in (ROOT / folder).rglob("*") if p.suffix in (".py", ".lua", ".typ")
)


def lines_of(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


@pytest.mark.parametrize("path", CONSTRUCTS, ids=lambda path: path.stem)
def test_a_construct_is_two_screens_at_most(path: Path) -> None:
    assert lines_of(path) <= 2 * SCREEN


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert [path.relative_to(ROOT).as_posix() for path in CODE if lines_of(path) > 400] == []
