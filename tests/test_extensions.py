"""Filters, shortcodes and what else comes with extensions, as far as a single document cannot show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.command import Options, Report, render_paths
from octavo.read.project import read_project
from octavo.write.typst_packages import without_package

SITE = "project: {type: website}\nwebsite: {search: false}\nformat: html\n"


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def rendered(root: Path) -> Report:
    report = render_paths([root], Options(), lambda *_: None)
    assert not [d for d in report.diagnostics if d.severity == "error"], report.diagnostics
    return report


def test_a_file_that_a_filter_reads_is_part_of_the_result(tmp_path):
    filter_ = "function Para() return pandoc.Para{pandoc.Str(io.open('data/word.txt'):read('a'))} end"
    page = "---\nfilters: [own.lua]\n---\n\nText.\n"
    write(tmp_path, **{"_quarto.yml": SITE, "index.qmd": page, "own.lua": filter_, "data/word.txt": "first"})
    rendered(tmp_path)
    assert "<p>first</p>" in (tmp_path / "_site/index.html").read_text()
    write(tmp_path, **{"data/word.txt": "second"})
    rendered(tmp_path)
    assert "<p>second</p>" in (tmp_path / "_site/index.html").read_text()
    write(tmp_path, **{"own.lua": filter_.replace("pandoc.Str(", "pandoc.Str('the ' .. ")})
    rendered(tmp_path)
    assert "<p>the second</p>" in (tmp_path / "_site/index.html").read_text()


def test_nothing_of_a_filter_stays_behind(tmp_path):
    leaves = """
      mine = 'mine'
      _G.yours = 'yours'
      string.shout = function(s) return s:upper() .. '!' end
      pandoc.utils.stringify = nil
      function Str(s) return pandoc.Str(s.text:shout()) end
    """
    looks = """
      function Str(s)
        return pandoc.Str(('%s %s %s %s'):format(mine, yours, string.shout, type(pandoc.utils.stringify)))
      end
    """
    page = "---\nfilters: [%s]\n---\n\nword\n"
    names = [f"p{n}.qmd" for n in range(6)]
    files = {name: page % ("leaves.lua" if n % 2 == 0 else "looks.lua") for n, name in enumerate(names)}
    write(tmp_path, **{"_quarto.yml": SITE, "leaves.lua": leaves, "looks.lua": looks, **files})
    rendered(tmp_path)
    for n in range(6):
        shown = "WORD!" if n % 2 == 0 else "nil nil nil function"
        assert f"<p>{shown}</p>" in (tmp_path / f"_site/p{n}.html").read_text()


def test_pictures_that_a_filter_makes_are_published(tmp_path):
    filter_ = """
      local svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><circle r="2"/></svg>'
      function CodeBlock()
        pandoc.mediabag.insert('disc.svg', 'image/svg+xml', svg)
        return pandoc.Para{pandoc.Image({}, 'disc.svg', '', {id = 'fig-disc', alt = 'a disc'})}
      end
    """
    page = "---\nfilters: [own.lua]\n---\n\nSee @fig-disc.\n\n``` {.drawn}\nx\n```\n"
    write(tmp_path, **{"_quarto.yml": SITE, "index.qmd": page, "own.lua": filter_})
    rendered(tmp_path)
    html = (tmp_path / "_site/index.html").read_text()
    assert 'src="disc.svg"' in html and ">Figure\u00a01</a>" in html
    assert (tmp_path / "_site/disc.svg").read_text().startswith("<svg")


def test_bibliographies_by_topic_are_for_filters(tmp_path):
    filter_ = """
      function Pandoc(doc)
        local file = pandoc.utils.stringify(doc.meta.bibliography.other)
        local part = pandoc.Pandoc({pandoc.Para{pandoc.Cite({}, {pandoc.Citation('b', 'AuthorInText')})}}, {bibliography = file})
        doc.blocks:extend(pandoc.utils.citeproc(part).blocks)
        return doc
      end
    """
    page = "---\nfilters: [own.lua]\nciteproc: false\nbibliography: {main: a.bib, other: b.bib}\n---\n\nText.\n"
    book = "@book{b, title={%s}, author={Bob, B.}, year={2002}}"
    files = {"index.qmd": page, "own.lua": filter_, "a.bib": "", "b.bib": book % "Beta"}
    write(tmp_path, **{"_quarto.yml": SITE, **files})
    rendered(tmp_path)
    assert "<em>Beta</em>" in (tmp_path / "_site/index.html").read_text()
    write(tmp_path, **{"b.bib": book % "Gamma"})
    rendered(tmp_path)
    assert "<em>Gamma</em>" in (tmp_path / "_site/index.html").read_text()


def test_octavo_s_own_modules_are_not_the_author_s(tmp_path):
    page = "---\nfilters: [own.lua]\n---\n\nword\n"
    filter_ = """
      local found, why = pcall(require, 'lib.node')
      local mine = require './parts/number'
      function Str() return pandoc.Str(tostring(found) .. ' ' .. mine.name) end
    """
    files = {"parts/number.lua": "return {name = require('words')}", "parts/words.lua": "return 'beside'"}
    write(tmp_path, **{"_quarto.yml": SITE, "index.qmd": page, "own.lua": filter_, **files})
    rendered(tmp_path)
    assert "<p>false beside</p>" in (tmp_path / "_site/index.html").read_text()


@pytest.fixture
def glowing(tmp_path: Path) -> Path:
    shortcode = """
      return {glow = function(args)
        quarto.doc.add_html_dependency{
          name = 'glow', version = '2', scripts = {'glow.js'}, stylesheets = {'css/glow.css'}, resources = {{name = 'w.txt', path = 'css/w.txt'}},
        }
        return pandoc.RawInline('html', '<i class="glow">' .. args[1] .. '</i>')
      end}
    """
    folder = "_extensions/ada/glow"
    footer = "website: {search: false, page-footer: 'By {{< glow foot >}}', navbar: {left: [{text: '{{< glow bar >}}', href: index.qmd}]}}"
    write(
        tmp_path,
        **{
            "_quarto.yml": f"project: {{type: website}}\n{footer}\nformat: html\n",
            "index.qmd": "---\ntitle: Here\n---\n\nA {{< glow word >}}.\n",
            "sub/page.qmd": "---\ntitle: There\nembed-resources: true\n---\n\nText.\n",
            f"{folder}/_extension.yml": "contributes:\n  shortcodes: [glow.lua]\n",
            f"{folder}/glow.lua": shortcode,
            f"{folder}/glow.js": "fetch('https://icons.example.org/a.json')",
            f"{folder}/css/glow.css": "@font-face { font-family: G; src: url('../font/g.woff2') }",
            f"{folder}/css/w.txt": "w",
            f"{folder}/font/g.woff2": "font",
        },
    )
    return tmp_path


def test_dependencies_go_into_the_site_and_through_its_policy(glowing):
    rendered(glowing)
    page = (glowing / "_site/index.html").read_text()
    for word in ("word", "foot", "bar"):
        assert f'<i class="glow">{word}</i>' in page
    libs = glowing / "_site/site_libs/quarto-contrib/glow-2"
    assert '<script src="site_libs/quarto-contrib/glow-2/glow.js"></script>' in page
    assert page.count("glow-2/glow.css") == 1 and (libs / "w.txt").read_text() == "w"
    assert "url(font/g.woff2)" in (libs / "glow.css").read_text() and (libs / "font/g.woff2").is_file()
    assert "connect-src 'self' https://icons.example.org" in page.replace("&#39;", "'")


def test_a_page_that_stands_alone_holds_its_dependencies(glowing):
    rendered(glowing)
    page = (glowing / "_site/sub/page.html").read_text()
    assert "quarto-contrib" not in page
    assert (
        "fetch('https://icons.example.org/a.json')</script>" in page and "url(data:font/woff2;base64,Zm9udA==)" in page
    )


def test_files_of_a_format_stand_beside_its_pages(tmp_path):
    format_ = "contributes:\n  formats:\n    html:\n      format-resources: [notes.txt]\n"
    files = {"_extensions/slim/_extension.yml": format_, "_extensions/slim/notes.txt": "n"}
    site = "project: {type: website}\nwebsite: {search: false}\nformat: slim-html\n"
    write(tmp_path, **{"_quarto.yml": site, "sub/page.qmd": "Text.\n", **files})
    rendered(tmp_path)
    assert (tmp_path / "_site/sub/notes.txt").read_text() == "n"


def test_project_types_and_metadata_of_extensions(tmp_path):
    kind = "contributes:\n  project:\n    project: {type: website}\n    website: {page-footer: F, favicon: i.png}\n    toc: true\n"
    more = "contributes:\n  metadata:\n    project:\n      toc: false\n      lang: de\n"
    files = {
        "_extensions/lex/docs/_extension.yml": kind,
        "_extensions/lex/docs/i.png": "",
        "_extensions/words/_extension.yaml": more,
    }
    write(tmp_path, **{"_quarto.yml": "project: {type: docs}\nwebsite: {title: T}\n", "index.qmd": "x", **files})
    project, told = read_project(tmp_path)
    assert (project.type, told) == ("website", [])
    assert project.website["title"] == "T" and project.website["page-footer"] == "F"
    assert project.website["favicon"] == "_extensions/lex/docs/i.png"
    assert (project.config["toc"], project.config["lang"]) == (True, "de")


def test_a_typst_package_that_cannot_be_fetched_is_left_out_and_told():
    source = '#import "@preview/icons:0.6.0": *\n#set-up("6")\nA #star() here.'
    problem = "failed to download package (https://packages.typst.org/preview/icons-0.6.0.tar.gz: no route)"
    bare, (told,) = without_package(source, problem)
    assert told.code == "OCT-typst-package" and "`@preview/icons:0.6.0`" in told.message and "#import" not in bare
    bare, told = without_package(bare, "unknown variable: set-up")
    assert "#let set-up(..given) = none" in bare and told == []
    assert without_package(source, "unknown variable: star") is None
