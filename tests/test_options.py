"""Options whose effect a single document cannot show: dates from Git, an author's own reference document."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import documents
import pypandoc
import pytest
from lxml import etree
from pypdf import PdfReader

from octavo.command import Options, metadata_of, render_paths
from octavo.diagnostics import AuthorError, Position
from octavo.execute.plan import plan
from octavo.read.dates import with_dates
from octavo.read.language import strings
from octavo.read.project import read_project
from octavo.read.source import read_source
from octavo.write import reference_docx
from octavo.write.docx_styles import W


def test_last_modified_is_the_date_of_the_last_commit(tmp_path: Path) -> None:
    page = tmp_path / "page.qmd"
    page.write_text("Text.\n")
    who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org"}
    who |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}
    when = {"GIT_AUTHOR_DATE": "2020-02-03T04:05:06Z", "GIT_COMMITTER_DATE": "2020-02-03T04:05:06Z"}
    for command in (["init", "-q"], ["add", "page.qmd"], ["commit", "-q", "-m", "A page"]):
        subprocess.run(["git", *command], cwd=tmp_path, env=os.environ | who | when, check=True)
    dated = with_dates({"date-modified": "last-modified"}, page)
    assert dated["date-modified"].startswith("2020-02-03")


def test_today_is_the_day_that_the_build_is_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1577836800")
    dated = with_dates({"date": {"value": "today", "format": "iso"}}, tmp_path / "page.qmd")
    assert dated == {"date": "2020-01-01", "date-format": "iso"}


def test_an_own_reference_document_keeps_its_styles_and_gets_the_missing_ones() -> None:
    pandoc = pypandoc.get_pandoc_path()
    own = subprocess.run([pandoc, "--print-default-data-file", "reference.docx"], check=True, capture_output=True)

    def styles(package: bytes) -> dict[str, bytes]:
        tree = etree.fromstring(zipfile.ZipFile(BytesIO(package)).read("word/styles.xml"))
        return {s.get(f"{{{W}}}styleId"): etree.tostring(s, method="c14n") for s in tree.iter(f"{{{W}}}style")}

    before, after = styles(own.stdout), styles(reference_docx.extended(own.stdout))
    assert before.items() <= after.items()
    assert {"CalloutNote", "DefinitionBlock", "CellOutput"} <= set(after) - set(before)
    added = [after[name] for name in set(after) - set(before)]
    assert {s.split(b'basedOn w:val="')[1].split(b'"')[0].decode() for s in added if b"basedOn" in s} <= set(after)


@pytest.mark.parametrize(
    ("lang", "figure"), [("it", "Figura"), ("pt-BR", "Figura"), ("nl", "Figuur"), ("ja", "図"), ("xx", "Figure")]
)
def test_the_words_of_a_language_and_english_where_there_is_none(lang: str, figure: str) -> None:
    assert strings(lang)["crossref-fig-title"] == figure


def test_the_environment_of_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "QUARTO_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIVEN", "outside")
    files = {
        "_quarto.yml": "project: {type: default}\n",
        "_environment": (
            "# what all have\nHOST='https://a.example' # theirs\nAPI=\"${HOST}/api\"\nNEXT=${NOBODY_SETS_IT:-none}\n"
            "GIVEN=inside\nQUARTO_PROFILE=production\n"
        ),
        "_environment-production": "HOST=https://b.example\n",
        "_environment.local": "export TOKEN=secret\n",
        "_environment.required": "TOKEN=\nGIVEN=\nMISSING=\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    project, (missing,) = read_project(tmp_path)
    assert (missing.code, missing.position) == ("OCT-environment-missing", Position("_environment.required", 3, 1))
    assert project.profiles == ("production",)
    assert project.environment == {
        "HOST": "https://b.example",
        "API": "https://a.example/api",
        "NEXT": "none",
        "TOKEN": "secret",
        "QUARTO_PROFILE": "production",
    }


@pytest.mark.execute
def test_cells_and_shortcodes_have_the_project_s_environment(tmp_path: Path) -> None:
    cell = "import os\nprint(os.environ['WHO'], os.environ['QUARTO_DOCUMENT_FILE'], os.environ['QUARTO_PROFILE'])"
    page = f"Greetings, {{{{< env WHO >}}}}.\n\n```{{python}}\n{cell}\n```\n"
    for name, text in {"_quarto.yml": "", "_environment": "WHO=World\n", "page.qmd": page}.items():
        (tmp_path / name).write_text(text, "utf-8")
    told = render_paths([tmp_path], Options(profiles=("one", "two")), lambda *_: None)
    html = (tmp_path / "page.html").read_text("utf-8")
    assert not told.diagnostics and "Greetings, World." in html and "World page.qmd one,two" in html


@pytest.mark.parametrize(
    ("code", "same"), [("print(1)", True), ("import os\nprint(os.environ['QUARTO_PROFILE'])", False)]
)
def test_a_profile_makes_stale_only_the_results_that_ask_for_it(code: str, same: bool, tmp_path: Path) -> None:
    (tmp_path / "page.qmd").write_text(f"```{{python}}\n{code}\n```\n", "utf-8")
    source = read_source(tmp_path, "page.qmd")
    one, two = ({"html": {"environment": {"QUARTO_PROFILE": name}}} for name in ("one", "two"))
    assert (plan(tmp_path, source, one).key == plan(tmp_path, source, two).key) is same


def test_options_given_at_the_command_line_stand_over_all_others(tmp_path: Path) -> None:
    page = tmp_path / "page.qmd"
    page.write_text("---\ntitle: Own\nformat:\n  html:\n    toc: false\n---\n\n## A section\n", "utf-8")
    given = metadata_of(["title=Theirs: *new*", "toc:true", "lang:de"], "other", [page])
    assert given == {"title": "Theirs: *new*", "toc": True, "lang": "de", "output-file": "other"}
    told = render_paths([page], Options(metadata=given), lambda *_: None)
    html = (tmp_path / "other.html").read_text("utf-8")
    assert not told.diagnostics and "Theirs: <em>new</em>" in html and 'id="TOC"' in html and '<html lang="de"' in html


@pytest.mark.parametrize(
    ("metadata", "output", "message"),
    [
        (["toc-dept:2"], None, "`toc-dept` is not an option"),
        (["toc:perhaps"], None, "`toc` is `true` or `false`, not `perhaps`"),
        ([":x"], None, "`:x` names no option"),
        ([], "a/b.html", "`--output a/b.html` is no name of a file"),
    ],
)
def test_options_of_the_command_line_that_are_wrong(
    metadata: list[str], output: str | None, message: str, tmp_path: Path
) -> None:
    page = tmp_path / "page.qmd"
    page.write_text("Text.\n", "utf-8")
    try:
        told = render_paths([page], Options(metadata=metadata_of(metadata, output, [page])), lambda *_: None)
        said = told.diagnostics
    except AuthorError as e:
        said = e.diagnostics
    assert [d.message for d in said] == [message]


@pytest.mark.parametrize(
    ("profile", "shown", "hidden"), [("advanced", "for-some", "for-all"), ("", "for-all", "for-some")]
)
def test_a_profile_s_settings_and_content_are_in_every_format(
    profile: str, shown: str, hidden: str, tmp_path: Path
) -> None:
    (tmp_path / "_quarto.yml").write_text("format: {html: default, typst: {keep-typ: true}, docx: default}\n", "utf-8")
    (tmp_path / "_quarto-advanced.yml").write_text("subtitle: for-some-only\n", "utf-8")
    page = '::: {.content-visible when-profile="advanced"}\nfor-some\n:::\n\n'
    page += '::: {.content-hidden when-profile="advanced"}\nfor-all\n:::\n'
    (tmp_path / "page.qmd").write_text(f"---\ntitle: Page\n---\n\n{page}", "utf-8")
    told = render_paths([tmp_path], Options(profiles=(profile,) if profile else ()), lambda *_: None)
    assert not told.diagnostics
    texts = [(tmp_path / name).read_text("utf-8") for name in ("page.html", "page.typ")]
    for text in [*texts, documents.document_xml(tmp_path / "page.docx").decode()]:
        assert shown in text and hidden not in text
        assert ("for-some-only" in text) == bool(profile)


def test_a_picture_beside_the_folder_of_a_lone_document_is_in_every_format(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    shutil.copy(Path(__file__).parent / "fixtures/documents/dot.png", tmp_path / "a dot.png")
    formats = "format: {html: default, typst: {keep-typ: true}, docx: default}"
    text = f"---\ntitle: Page\n{formats}\n---\n\n![Dot](<../a dot.png>)\n"
    (tmp_path / "notes" / "page.qmd").write_text(text, "utf-8")
    told = render_paths([tmp_path / "notes" / "page.qmd"], Options(), lambda *_: None)
    assert not told.diagnostics
    assert 'src="../a%20dot.png"' in (tmp_path / "notes" / "page.html").read_text("utf-8")
    assert PdfReader(tmp_path / "notes" / "page.pdf").pages[0].images
    assert b"w:drawing" in documents.document_xml(tmp_path / "notes" / "page.docx")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a dot.png", "notes"]
    assert not (tmp_path / "notes" / ".outside").exists()
