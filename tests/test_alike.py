"""Formats of a page that differ in pictures and cell ids alone share what is gathered; nothing else does."""

from pathlib import Path

import pytest

from octavo.cache import Cache
from octavo.read.source import parsed
from octavo.resolve.alike import changed, changes
from octavo.resolve.document import Document, gather
from octavo.resolve.pandoc import Pool


@pytest.fixture(scope="module")
def pool():
    pool = Pool(1)
    yield pool
    pool.close()


def document(base: str, markdown: str, figures=(), **options) -> Document:
    source = parsed("page.qmd", b"", [], [])
    return Document(source, base, base, f"page.{base}", options, {}, markdown, dict.fromkeys(figures, Path("x")))


def shared(pool, tmp_path, first: Document, other: Document):
    found = gather(first, pool, Cache(tmp_path))
    difference = changes(first, found, other)
    return None if difference is None else changed(found, difference)


HTML = "::: {#cell-fig-a .cell execution_count=1}\n![A](p_files/figure-html/a.svg){#fig-a fig-alt='x'}\n:::\n"
WORD = "::: {.cell execution_count=1}\n![A](p_files/figure-docx/a.png){#fig-a width=6 height=3 fig-alt='x'}\n:::\n"
FILES = {"html": ["p_files/figure-html/a.svg"], "docx": ["p_files/figure-docx/a.png"]}


def test_pictures_and_cell_ids_are_exchanged(pool, tmp_path):
    found = shared(pool, tmp_path, document("html", HTML, FILES["html"]), document("docx", WORD, FILES["docx"]))
    assert found["images"] == ["p_files/figure-docx/a.png"]
    assert "cell-fig-a" not in found["ids"] and "fig-a" in found["ids"]
    size = {"width": "6", "height": "3"}
    assert found["changes"]["images"]["p_files/figure-html/a.svg"] == {"src": "p_files/figure-docx/a.png", "size": size}


@pytest.mark.parametrize(
    ("first", "other", "options", "alike"),
    [
        ("A.", "A.", {}, True),
        ("A.", "B.", {}, False),
        ("![A](a.svg)", "![A](a.png)", {}, False),  # no pictures of cells
        ("A.", "A.", {"toc": True}, True),  # parsing does not ask for it
        ("A.", "A.", {"shift-heading-level-by": 1}, False),
        ('::: {.content-visible when-format="html"}\nA.\n:::', None, {}, False),
        ('::: {.content-visible when-format="pdf"}\nA.\n:::', None, {}, True),  # neither of the two shows it
        ('::: {.content-visible when-format="docx"}\n\\newcommand{\\x}{y}\n:::', None, {}, True),  # nothing to see
    ],
)
def test_what_differs_is_gathered_by_itself(pool, tmp_path, first, other, options, alike):
    found = shared(pool, tmp_path, document("html", first), document("docx", other or first, **options))
    assert (found is not None) == alike
