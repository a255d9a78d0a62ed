"""Broken documents: pieces of the notes and of the fixtures, mutated, rendered leniently through the stages.

Each render ends in time, with a page or with diagnostics, never with an exception; and no word of the prose is lost in
any format unless a diagnostic says where. Settings are mutated, too. 300 documents here, each as a page and in one
other format; `OCTAVO_FUZZ=10000` for the long run.
"""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import signal
import tempfile
import zipfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from octavo.diagnostics import AuthorError, Diagnostic
from octavo.read.lint.scan import COVER, scan
from octavo.read.project import read_project
from octavo.read.source import read_source
from octavo.run import Ask, Run
from octavo.session import Session
from octavo.site.info import Piece
from octavo.stages import written

CASES = int(os.environ.get("OCTAVO_FUZZ", "300"))
SECONDS = int(os.environ.get("OCTAVO_FUZZ_SECONDS", "20"))  # more on a machine that does other things
FILES = [*sorted((ROOT / "lectures").glob("*.qmd")), *sorted((ROOT / "tests/fixtures/documents").rglob("*.qmd"))]
MARKS = [
    *"`$:{}[]<>#*_\\\"'|~^@!-=%&\t\n ;\u00a0é多\u200b\u202e\u0301\u000b",
    "{{< ",
    " >}}",
    "{{< meta x >}}",
    "{#fig-x}",
    "{.a b=",
    "[^1]",
    "#| fig-cap: ",
    "#| label: x\n",
    "`{python} 1`",
    "<b>",
    "</div>",
    "<!--",
    "\\begin{align}",
    "$$",
    "\n:::\n",
    "\n```{python}\n",
    "\n---\n",
    "| a |",
    "![](x.png)",
    "[@x]",
    "&amp;",
    "\\",
    "`r`{=html}",
]
# What a page leaves out because something is wrong with it is told under one of these.
NAMES_A_LOSS = re.compile(
    r"unclosed|stray|table-cells|malformed|glued|unused|missing|duplicate|yaml|encoding|tex-|shortcode|attributes|html|label"
    r"|circular|layout|embed|contents|xref|unknown|argument|unsupported|image|link"
)
# Text that is no prose: what attributes, addresses, labels and raw markup say is not printed.
NOT_PROSE = re.compile(
    r"\{[^{}\n]*\}?|\]\([^)\n]*\)?|\]:.*|<[^<>\n]*>?|@[\w:.#$%&+?<>~/-]+|\[\^[^\]\n]*\]?|https?:\S+|^[ \t>]*:{3,}.*|&\w*;?|\\\w+",
    re.MULTILINE,
)
HIDDEN = re.compile(
    r"content-(?:visible|hidden)|data-qmd|\.hidden|when-|unless-|=\w+\}|nocite|\]:|code-|\\(?:begin|newcommand|def)"
)


def _pieces() -> list[str]:
    """Bodies of documents, cut at blank lines into pieces of some forty lines; every third with its front matter."""
    found = []
    for path in FILES:
        text = path.read_text("utf-8")
        parted = text.startswith("---\n") and "\n---\n" in text
        front, body = text.split("\n---\n", 1) if parted else ("", text)
        piece: list[str] = []
        for line in body.split("\n"):
            piece.append(line)
            if len(piece) >= 40 and not line.strip():
                found.append("\n".join(piece))
                piece = [*front.split("\n"), "---"] if front and len(found) % 3 == 0 else []
        found.append("\n".join(piece))
    return [piece for piece in found if piece.strip()]


PIECES = _pieces()


def _delete_line(lines: list[str], a: int, b: int) -> None:
    del lines[a % len(lines)]


def _repeat_line(lines: list[str], a: int, b: int) -> None:
    lines.insert(b % len(lines), lines[a % len(lines)])


def _swap_lines(lines: list[str], a: int, b: int) -> None:
    a, b = a % len(lines), b % len(lines)
    lines[a], lines[b] = lines[b], lines[a]


def _drop_character(lines: list[str], a: int, b: int) -> None:
    line = lines[a % len(lines)]
    at = b % max(len(line), 1)
    lines[a % len(lines)] = line[:at] + line[at + 1 :]


def _add_mark(lines: list[str], a: int, b: int) -> None:
    line = lines[a % len(lines)]
    at = b % (len(line) + 1)
    lines[a % len(lines)] = line[:at] + MARKS[(a + b) % len(MARKS)] + line[at:]


def _unbalance(lines: list[str], a: int, b: int) -> None:
    fences = [i for i, line in enumerate(lines) if line.lstrip().startswith((":::", "```", "$$", "<", "---"))]
    if fences:
        del lines[fences[a % len(fences)]]


def _indent(lines: list[str], a: int, b: int) -> None:
    lines[a % len(lines)] = ("    ", "\t", "> ", "- ", "1. ")[b % 5] + lines[a % len(lines)]


def _cut(lines: list[str], a: int, b: int) -> None:
    del lines[a % len(lines) + 1 :]
    lines[-1] = lines[-1][: b % (len(lines[-1]) + 1)]


MUTATIONS = [
    _delete_line, _repeat_line, _swap_lines, _drop_character, _add_mark, _add_mark, _unbalance, _unbalance, _indent, _cut,
]  # fmt: skip
NUMBERS = st.integers(0, 9999)
OTHERS = ("typst", "docx", "ipynb")
SETTINGS = [
    ROOT / "_quarto.yml", *sorted((ROOT / "tests/fixtures/sites").glob("*/_quarto.yml")),
    ROOT / "tests/fixtures/documents/_quarto.yml",
]  # fmt: skip


@st.composite
def documents(draw: st.DrawFn, pieces: list[str]) -> str:
    """A piece of a document with one to four mutations."""
    lines = draw(st.sampled_from(pieces)).split("\n")
    for mutate, a, b in draw(st.lists(st.tuples(st.sampled_from(MUTATIONS), NUMBERS, NUMBERS), min_size=1, max_size=4)):
        mutate(lines, a, b)
        lines = lines or [""]
    return "\n".join(lines)


@pytest.fixture
def renderer() -> Iterator[tuple[Path, Session]]:
    """A project of one page, and workers that outlive each render."""
    folder = Path(tempfile.mkdtemp(prefix="octavo-fuzz-"))
    (folder / "_quarto.yml").write_text("project: {type: website}\nformat: html\n", "utf-8")
    session = Session(folder / ".octavo")
    yield folder, session
    session.close()
    shutil.rmtree(folder)


def _render(
    renderer: tuple[Path, Session], text: str, formats: tuple[str, ...] | None
) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """All that is written of a page, by format, and what is said of it."""
    root, session = renderer
    (root / "index.qmd").write_text(text, "utf-8")
    shutil.rmtree(root / ".octavo", ignore_errors=True)
    project, told = read_project(root)
    ask = Ask(project, root / "_site", root / ".octavo", formats=formats, execution="never", lenient=True)
    run = Run(ask, session, lambda *_: None)
    run.diagnostics += told
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SECONDS)
    try:
        pieces, _ = written(run)
    finally:
        signal.alarm(0)
    said = {piece.document.base: _said(piece) for piece in pieces if piece.document.book != "chapter"}
    return said, run.verdict(())


def _said(piece: Piece) -> str:
    """What a format holds, as text in which every word of it stands."""
    title, fields = str(piece.gathered.get("title") or ""), str(piece.written.get("fields") or "")
    if piece.document.base == "docx":
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(piece.written["docx"]))) as archive:
            parts = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")]
        return "".join(re.sub(r"<[^>]*>", "", part) for part in parts) + title
    body = str(piece.written["body"]) + fields + title + str(piece.written.get("references") or "")
    return body if piece.document.base == "html" else escape(body)


def _words(root: Path) -> set[str]:
    """The words of the page's prose, as far as they can be told from markup without parsing it."""
    try:
        source = read_source(root, "index.qmd", [])
    except AuthorError:
        return set()
    if HIDDEN.search(source.text):
        return set()
    prose = "\n".join(scan(source).prose)
    words: set[str] = set()
    for part in NOT_PROSE.sub(" ", prose).split():
        if COVER not in part and part.isalpha() and len(part) > 2:
            words.add(part.lower())
    return words


def _letters(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    said = [soup.get_text(" ")]
    for element in soup.find_all(True):
        said += [str(element.get(name, "")) for name in ("alt", "title", "id", "class")]
    return "".join(re.findall(r"[^\W\d_]", " ".join(said))).lower()


def _too_long(*_: object) -> None:
    raise TimeoutError(f"a render took longer than {SECONDS} seconds")


def thoroughly(cases: int) -> settings:
    """So many cases; the same ones each time, unless it is the long run."""
    return settings(
        max_examples=cases,
        deadline=None,
        derandomize=CASES <= 300,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


@thoroughly(CASES)
@given(text=documents(PIECES), other=st.sampled_from(OTHERS))
@example(text="::: {.panel-tabset}\nInner words.\n\n## Python\nOne more.\n\n# Shell\nAnd more.\n:::\n", other="typst")
@example(text=":::: {.columns}\n::: {.column}\nOne.\n:::\nBetween.\n::::\n", other="typst")
@example(text=":::: {.columns}\n::: {.column}\nOne.\n:::\nBetween.\n::::\n", other="docx")
@example(text="```{python}\n#| label: !tagged\n1\n```\n", other="docx")
@example(text="---\n---\ntitle: These are words.\n---\n", other="typst")
@example(text="---\n\nThese are words between rules.\n\n---\n\nAnd these.\n", other="docx")
def test_broken_documents_end_in_a_page_or_in_diagnostics(
    renderer: tuple[Path, Session], text: str, other: str
) -> None:
    said, diagnostics = _render(renderer, text, ("html", other))
    assert "".join(said.values()).strip() or diagnostics or not re.search(r"\w", text)
    if any(NAMES_A_LOSS.search(d.code) for d in diagnostics):
        return
    words = _words(renderer[0])
    for form, body in said.items():
        letters = _letters(body)
        lost = sorted(word for word in words if word not in letters)
        assert not lost, (form, lost, [str(d) for d in diagnostics], text)


@thoroughly(max(CASES // 10, 30))
@given(text=documents([path.read_text("utf-8") for path in SETTINGS]))
@example(text="project: {type: book}\nbook: {title: A}\nformat: typst\n")
def test_broken_settings_end_in_diagnostics(renderer: tuple[Path, Session], text: str) -> None:
    (renderer[0] / "_quarto.yml").write_text(text, "utf-8")
    try:
        _render(renderer, "---\ntitle: A\n---\n\nWords.\n", None)
    except AuthorError as e:
        assert e.diagnostics
