"""What is told of a run does not hang on the order in which pages were read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from octavo.causes import Known, causes
from octavo.diagnostics import Position, error
from octavo.read.source import read_source


@pytest.mark.parametrize("order", [("a.qmd", "b.qmd"), ("b.qmd", "a.qmd")])
def test_a_mistake_in_a_shared_file_is_told_with_the_first_page_that_includes_it(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    (tmp_path / "_shared.md").write_text("See @fig-none.\n", "utf-8")
    for name in order:
        (tmp_path / name).write_text("Words.\n\n{{< include _shared.md >}}\n", "utf-8")
    known = Known({name: read_source(tmp_path, name, []) for name in order})
    [told] = causes([error("OCT-xref-missing", "nothing is labelled `fig-none`", Position("_shared.md", 1, 5))], known)
    assert told.included_from == (Position("a.qmd", 3, 1),)
    [alone] = causes([replace(told, included_from=())], known, {"b.qmd"})
    assert alone.included_from == (Position("b.qmd", 3, 1),)
