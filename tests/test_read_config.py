"""Project configuration and page formats, from small projects written to a temporary folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.diagnostics import AuthorError
from octavo.read.aliases import aliases
from octavo.read.config import formats, is_draft, output_clashes, output_path
from octavo.read.project import find_project, lone_project, read_project
from octavo.read.source import read_source
from octavo.read.yaml import plain, position_of


def write(root: Path, **files: str) -> Path:
    """A project folder with these files, by path."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def page_formats(root: Path, page: str):
    project, _ = read_project(root)
    return formats(project, read_source(root, page))


def options(root: Path, page: str, name: str = "html"):
    found, diagnostics = page_formats(root, page)
    assert not diagnostics, diagnostics
    return next(f for f in found if f.name == name).options


def test_levels_lie_over_each_other(tmp_path):
    write(
        tmp_path,
        **{
            "_quarto.yml": "bibliography: a.bib\nformat:\n  html: {toc: true, theme: cosmo}\n  pdf: default\n",
            "a.bib": "",
            "part/_metadata.yml": "toc: false\nbibliography: b.bib\n",
            "part/b.bib": "",
            "part/page.qmd": "---\ntitle: T\nbibliography: [c.bib]\nformat:\n  html: {theme: flatly}\n---\n",
        },
    )
    found = options(tmp_path, "part/page.qmd")
    assert found["toc"] is False
    assert found["theme"] == "flatly"
    assert plain(found["bibliography"]) == ["../a.bib", "b.bib", "c.bib"]
    assert str(position_of(found["bibliography"], 1)) == "part/_metadata.yml:2:1"
    assert str(position_of(found["bibliography"], 2)) == "part/page.qmd:3:16"


def test_front_matter_chooses_the_formats(tmp_path):
    write(
        tmp_path,
        **{
            "_quarto.yml": "format:\n  html: default\n  docx:\n    toc: true\n",
            "a.qmd": "---\ntitle: A\n---\n",
            "b.qmd": "---\nformat: docx\n---\n",
            "c.qmd": "---\nformat:\n  pdf:\n    output-file: other\n  html: false\n---\n",
        },
    )
    assert [f.output for f in page_formats(tmp_path, "a.qmd")[0]] == ["a.html", "a.docx"]
    (docx,) = page_formats(tmp_path, "b.qmd")[0]
    assert (docx.base, docx.output, docx.options["toc"]) == ("docx", "b.docx", True)
    assert [f.output for f in page_formats(tmp_path, "c.qmd")[0]] == ["other.pdf"]


def test_a_lone_page_is_html(tmp_path):
    write(tmp_path, **{"a.qmd": "Text\n"})
    project, diagnostics = lone_project(tmp_path / "a.qmd")
    (form,), _ = formats(project, read_source(tmp_path, "a.qmd"))
    assert (diagnostics, project.pages, form.name, form.output) == ([], ("a.qmd",), "html", "a.html")
    assert find_project(tmp_path / "a.qmd") is None


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [
        ("beamer", "OCT-format-unsupported", "octavo writes"),
        ("htm", "OCT-format-unsupported", "did you mean `html`?"),
        ("quux", "OCT-format-unsupported", "octavo writes"),
    ],
)
def test_formats_that_cannot_be_written(tmp_path, written, code, hint):
    write(tmp_path, **{"a.qmd": f"---\ntitle: A\nformat:\n  {written}: default\n---\n"})
    found, (diagnostic,) = formats(lone_project(tmp_path / "a.qmd")[0], read_source(tmp_path, "a.qmd"))
    assert (found, diagnostic.code, str(diagnostic.position)) == ((), code, "a.qmd:4:3")
    assert hint is None or hint in diagnostic.hint


def test_a_format_whose_extension_is_missing_is_an_error_and_what_it_builds_on(tmp_path):
    write(tmp_path, **{"a.qmd": "---\nformat: acm-pdf\n---\n"})
    (form,), (diagnostic,) = formats(lone_project(tmp_path / "a.qmd")[0], read_source(tmp_path, "a.qmd"))
    assert (form.base, form.output) == ("pdf", "a.pdf")
    assert (diagnostic.code, diagnostic.severity) == ("OCT-extension-missing", "error")


def test_an_installed_extension_gives_a_format(tmp_path):
    manifest = (
        "contributes:\n  formats:\n    common: {toc: true}\n    pdf: {template: a.tex, css: a.css, number-depth: 2}\n"
    )
    files = {"_extensions/x/acm/_extension.yml": manifest, "_extensions/x/acm/a.css": ""}
    write(tmp_path, **{"a.qmd": "---\nformat: {acm-pdf: {number-depth: 3}}\n---\n", **files})
    (form,), diagnostics = formats(lone_project(tmp_path / "a.qmd")[0], read_source(tmp_path, "a.qmd"))
    assert (form.base, form.output) == ("pdf", "a.pdf")
    assert (form.options["toc"], form.options["number-depth"]) == (True, 3)
    assert form.options["css"] == ["_extensions/x/acm/a.css"]
    assert [(d.code, d.severity) for d in diagnostics] == [("OCT-extension-omitted", "warning")]


def test_two_formats_for_one_file(tmp_path):
    write(tmp_path, **{"a.qmd": "---\nformat:\n  pdf: default\n  typst: default\n---\n"})
    _, (diagnostic,) = formats(lone_project(tmp_path / "a.qmd")[0], read_source(tmp_path, "a.qmd"))
    assert (diagnostic.code, str(diagnostic.position)) == ("OCT-output-clash", "a.qmd:4:3")


def test_two_pages_for_one_file(tmp_path):
    write(tmp_path, **{"_quarto.yml": "", "a.qmd": "", "b.qmd": "---\noutput-file: a.html\n---\n"})
    pages = [(page, f) for page in ("a.qmd", "b.qmd") for f in page_formats(tmp_path, page)[0]]
    (diagnostic,) = output_clashes(pages)
    assert (diagnostic.code, str(diagnostic.position)) == ("OCT-output-clash", "b.qmd:2:1")
    assert output_path("x/a.qmd", pages[0][1]) == "x/a.html"


def test_loose_execution_options_are_gathered(tmp_path):
    write(
        tmp_path, **{"_quarto.yml": "execute: {freeze: auto, echo: true}\nformat: {html: {echo: false}}\n", "a.qmd": ""}
    )
    assert plain(options(tmp_path, "a.qmd")["execute"]) == {"freeze": "auto", "echo": False}
    write(tmp_path, **{"a.qmd": "---\nexecute: false\n---\n"})
    assert plain(options(tmp_path, "a.qmd")["execute"]) == {"freeze": "auto", "echo": False, "enabled": False}


PAGES = {
    "index.qmd": "", "README.md": "", "a.md": "", "b.ipynb": "{}", "_c.qmd": "", "_d/e.qmd": "", ".f/g.qmd": "",
    "part/h.qmd": "", "part/i.qmd": "", "_site/j.qmd": "", "k.txt": "", "old/l.qmd": "", ".gitignore": "/old/\n",
}  # fmt: skip


@pytest.mark.parametrize(
    ("render", "pages"),
    [
        (None, "a.md b.ipynb index.qmd part/h.qmd part/i.qmd"),
        ("[part/i.qmd, index.qmd]", "part/i.qmd index.qmd"),
        ("['*.qmd', '!part/h.qmd']", "index.qmd part/i.qmd"),
        ("['*', '!part/']", "a.md b.ipynb index.qmd"),
        ("['!part/']", "a.md b.ipynb index.qmd"),
        ("[part]", "part/h.qmd part/i.qmd"),
        ("['/*.qmd']", "index.qmd"),
        ("['part/{h,i}.qmd']", "part/h.qmd part/i.qmd"),
        ("[README.md, index.qmd]", "README.md index.qmd"),
    ],
)
def test_which_files_are_pages(tmp_path, render, pages):
    write(tmp_path, **PAGES)
    write(tmp_path, **{"_quarto.yml": "project: {type: website" + (f", render: {render}" if render else "") + "}\n"})
    project, diagnostics = read_project(tmp_path)
    assert (project.pages, diagnostics) == (tuple(pages.split()), [])


def test_a_page_that_does_not_exist(tmp_path):
    write(tmp_path, **{"_quarto.yml": "project:\n  render:\n    - index.qmd\n    - indx.qmd\n", "index.qmd": ""})
    _, (diagnostic,) = read_project(tmp_path)
    assert (diagnostic.code, str(diagnostic.position)) == ("OCT-page-missing", "_quarto.yml:4:7")
    assert diagnostic.hint == "did you mean `index.qmd`?"


def test_a_resource_that_does_not_exist(tmp_path):
    write(
        tmp_path, **{"_quarto.yml": "project:\n  resources: [a.csv, /b, 'c/*', '!d', e.csv]\n", "a.csv": "", "b/x": ""}
    )
    project, (diagnostic,) = read_project(tmp_path)
    assert (diagnostic.code, str(diagnostic.position)) == ("OCT-resource-missing", "_quarto.yml:2:39")
    assert project.resources == ("a.csv", "/b", "c/*", "!d", "e.csv")


def test_profiles_and_metadata_files(tmp_path, monkeypatch):
    monkeypatch.delenv("QUARTO_PROFILE", raising=False)
    write(
        tmp_path,
        **{
            "_quarto.yml": "profile: {default: one, group: [[x, y]]}\nmetadata-files: [more.yml]\ncourse: a\n",
            "more.yml": "toc: true\nwebsite: {title: More}\n",
            "_quarto-one.yml": "course: b\n",
            "_quarto-two.yml": "course: c\n",
            "_quarto.yml.local": "website: {title: Local}\n",
            "_variables.yml": "version: 1.2\nemail: {info: a@b.c}\n",
        },
    )
    project, diagnostics = read_project(tmp_path)
    assert (project.profiles, project.config["course"], diagnostics) == (("one", "x"), "b", [])
    assert (project.website["title"], project.config["toc"]) == ("Local", True)
    assert project.variables["email"]["info"] == "a@b.c"
    assert read_project(tmp_path, ["two"])[0].config["course"] == "c"
    monkeypatch.setenv("QUARTO_PROFILE", "two,y")
    assert read_project(tmp_path)[0].profiles == ("two", "y")


def test_severities_want_a_reason(tmp_path):
    write(
        tmp_path,
        **{
            "_quarto.yml": "octavo:\n  severity:\n    OCT-alt-missing: {level: warning, reason: drafts}\n"
            "    OCT-link-empty: {level: off}\n    OCT-div-stray: {level: silent, reason: x}\n    OCT-alt-misng: off\n"
        },
    )
    project, diagnostics = read_project(tmp_path)
    assert project.severities == {"OCT-alt-missing": "warning"}
    codes = ["OCT-severity-reason", "OCT-config-value", "OCT-config-unknown"]
    assert [(d.code, d.position.line) for d in diagnostics] == list(zip(codes, (4, 5, 6), strict=True))
    assert diagnostics[2].hint == "did you mean `OCT-alt-missing`?"


def test_slides_come_as_a_page_with_their_error(tmp_path):
    write(
        tmp_path, **{"_quarto.yml": "project:\n  type: website\n", "a.qmd": "---\nformat: {revealjs: default}\n---\n"}
    )
    project, _ = read_project(tmp_path)
    source = read_source(tmp_path, "a.qmd")
    found, told = formats(project, source)
    assert [(f.name, f.output) for f in found] == [("html", "a.html")]
    assert [d.code for d in told] == ["OCT-format-unsupported"]
    assert formats(project, source, ("revealjs",))[0] == ()


def test_other_project_types(tmp_path):
    write(tmp_path, **{"_quarto.yml": "project:\n  type: manuscript\n"})
    assert [d.code for d in read_project(tmp_path)[1]] == ["OCT-project-type"]


def test_drafts_and_aliases(tmp_path):
    write(tmp_path, **{"_quarto.yml": "website: {drafts: [b.qmd], draft-mode: unlinked}\n"})
    project, _ = read_project(tmp_path)
    assert project.draft_mode == "unlinked"
    assert [
        is_draft(project, "a.qmd", {"draft": True}),
        is_draft(project, "b.qmd", {}),
        is_draft(project, "c.qmd", {}),
    ] == [
        True,
        True,
        False,
    ]
    assert aliases("part/a.qmd", {"aliases": ["old.html", "/x/", "../y"]}) == (
        "part/old.html",
        "x/index.html",
        "y/index.html",
    )


def test_a_project_file_that_is_not_yaml(tmp_path):
    write(tmp_path, **{"_quarto.yml": "project: [\n"})
    with pytest.raises(AuthorError) as raised:
        read_project(tmp_path)
    assert raised.value.diagnostics[0].code == "OCT-yaml-syntax"
