"""The table of Quarto's options: what it accepts, and what it says of the rest."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octavo.diagnostics import AuthorError
from octavo.read.schema import check, distance, nearest, table
from octavo.read.yaml import load_yaml


def found(text: str, kind: str = "document", page: str = "") -> list[str]:
    """Each diagnostic as `line:column CODE message (hint)`."""
    out = []
    for d in check(load_yaml(text, "f"), kind, page):
        assert d.position.file == "f"
        hint = f" ({d.hint})" if d.hint else ""
        out.append(f"{d.position.line}:{d.position.column} {d.code} {d.message}{hint}")
    return out


WRONG = [
    ("toc: yes", "1:1 OCT-config-value `toc` is `true` or `false`, not `yes` (YAML knows `true` and `false` only)"),
    ("toc-depth: deep", "1:1 OCT-config-value `toc-depth` is a number, not `deep`"),
    ("toc-location: lefty", "1:1 OCT-config-value `toc-location` is `body` or `left` or `right` or `left-body` or "
     "`right-body`, not `lefty` (did you mean `left`?)"),
    ("tocdepth: 2", "1:1 OCT-config-unknown `tocdepth` is not an option (did you mean `toc-depth`?)"),
    ("toc_depth: 2", "1:1 OCT-config-unknown `toc_depth` is not an option (did you mean `toc-depth`?)"),
    ("bibliografy: a.bib", "1:1 OCT-config-unknown `bibliografy` is not an option (did you mean `bibliography`?)"),
    ("format:\n  html:\n    code-fodl: true",
     "3:5 OCT-config-unknown `code-fodl` is not an option of the format `html` (did you mean `code-fold`?)"),
    ("format:\n  html:\n    frobnicate: 1",
     "3:5 OCT-config-unknown `frobnicate` is not an option of the format `html`"),
    ("format:\n  html: nice", "2:3 OCT-config-value the format `html` wants `default` or a mapping of options"),
    ("format:\n  html:\n  pdf: default",
     "2:3 OCT-config-value the format `html` has no value and is left out, as Quarto does "
     "(`html: default`)"),
    ("format: [html]", "1:1 OCT-config-value `format` is a name or a mapping of names to options"),
    ("execute:\n  ecko: false", "2:3 OCT-config-unknown `ecko` is not an option of `execute` (did you mean `echo`?)"),
    ("execute:\n  eval: maybe", "2:3 OCT-config-value `execute.eval` is `true` or `false` or a list, not `maybe`"),
    ("crossref:\n  fig-titel: A", "2:3 OCT-config-unknown `fig-titel` is not an option of `crossref` "
     "(did you mean `fig-title`?)"),
    ("listing:\n  contents: a\n  sort-by: date",
     "3:3 OCT-config-unknown `sort-by` is not an option of `listing` (did you mean `sort`?)"),
    ("listing:\n  - contents: a\n    typ: grid", "3:5 OCT-config-unknown `typ` is not an option of `listing` "
     "(did you mean `type`?)"),
    ("filters: [{path: a.lua, at: pre-quatro}]", "1:25 OCT-config-value `filters.at` is `pre-ast` or `post-ast` or "
     "`pre-quarto` or `post-quarto` or `pre-render` or `post-render` or `pre-finalize` or `post-finalize`, "
     "not `pre-quatro` (did you mean `pre-quarto`?)"),
    ("server: shiny", "1:1 OCT-option-unsupported `server: shiny` is not supported"),
    ("css: {a: b}", "1:1 OCT-config-value `css` is a file name or a list, not a mapping"),
    ("bibliography: [[a]]", "1:16 OCT-config-value `bibliography` is a file name, not a list"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_wrong_document_options(text, message):
    assert found(text) == [message]


WRONG_PROJECT = [
    ("project:\n  outputdir: x", "2:3 OCT-config-unknown `outputdir` is not an option of `project` "
     "(did you mean `output-dir`?)"),
    ("website:\n  navbar:\n    lefft: []", "3:5 OCT-config-unknown `lefft` is not an option of `website.navbar` "
     "(did you mean `left`?)"),
    ("website:\n  navbar:\n    left:\n      - txt: A\n        href: a.qmd",
     "4:9 OCT-config-unknown `txt` is not an option of `website.navbar.left` (did you mean `text`?)"),
    ("website:\n  sidebar:\n    - style: dockd\n      contents: auto",
     "3:7 OCT-config-value `website.sidebar.style` is `docked` or `floating`, not `dockd` (did you mean `docked`?)"),
    ("website:\n  repo-actions: [edit, isue]", "2:24 OCT-config-value `website.repo-actions` is `none` or `edit` or "
     "`source` or `issue`, not `isue` (did you mean `issue`?)"),
    ("website:\n  draft-mode: gon", "2:3 OCT-config-value `website.draft-mode` is `visible` or `unlinked` or `gone`, "
     "not `gon` (did you mean `gone`?)"),
    ("website:\n  google-analytics: G-1",
     "2:3 OCT-option-unsupported `website.google-analytics: G-1` is not supported and left out"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), WRONG_PROJECT)
def test_wrong_project_options(text, message):
    assert found(text, "config") == [message]


RIGHT = """
title: 2024
date: 2024-01-31
date-modified: last-modified
author:
  - name: A
    affiliations: [{ref: u}]
toc: true
toc-expand: 2
number-offset: [1, 4]
theme: {light: [cosmo, a.scss], dark: darkly}
css: [a.css, b.css]
html-math-method: katex
code-fold: show
code-tools: {source: true, toggle: false}
code-annotations: hover
highlight-style: a11y
execute: {echo: fenced, freeze: auto, eval: [1, -2], cache: refresh, fig-width: 6}
echo: false
fig-align: center
tbl-colwidths: [40, 60]
lightbox: {match: auto, effect: fade}
lightbox-gallery: custom
bibliography: refs.bib
nocite: |
  @*
crossref:
  chapters: true
  fig-labels: alpha a
  custom:
    - {kind: float, key: vid, reference-prefix: Video, latex-env: video}
include-in-header:
  - text: <b>
  - file.html
listing:
  - id: a
    contents: [posts, "x/*.qmd", {title: A, author: B}]
    sort: date desc
    type: grid
    categories: cloud
    feed: {items: 3}
about: {template: jolla, links: [{icon: github, text: G, href: x}]}
other-links: [{text: a, href: b}]
code-links: [repo, {text: a, href: b}]
comments: false
documentclass: scrartcl
geometry: [margin=1in]
papersize: a4
margin: {x: 1cm, y: 2cm}
pdf-standard: ua-1
course: metadata of the author's own
_quarto: {tests: {html: {}}}
format:
  html+draft: {toc: true}
  acm-pdf: {keep-tex: true, acm-metadata: 1}
  revealjs: {chalkboard: true}
  docx: default
  pdf: {include-in-header: {text: x}}
"""

RIGHT_PROJECT = """
project:
  type: website
  output-dir: docs
  render: ["*.qmd", "!x/"]
  resources: ["a/**"]
  execute-dir: project
  preview: {port: 4200, browser: false}
website:
  title: T
  site-url: https://e.org
  repo-actions: [edit, issue]
  page-navigation: true
  search: {location: sidebar, type: textbox, keyboard-shortcut: [s]}
  announcement: {icon: info, content: "x", type: primary, position: below-navbar, dismissable: true}
  navbar:
    title: false
    logo: {light: a.png, dark: b.png}
    background: primary
    left:
      - index.qmd
      - {text: More, menu: [a.qmd, {text: "---"}, {text: B, href: b.qmd, icon: bug}]}
    tools: [{icon: github, menu: [{text: a, href: b}]}]
  sidebar:
    - id: a
      style: docked
      logo: a.png
      align: left
      contents:
        - index.qmd
        - "---"
        - section: S
          href: s.qmd
          contents: [a.qmd, {text: B, href: b.qmd}, {section: T, contents: auto}]
        - auto: "c/*"
    - title: B
      contents: posts/**
  page-footer:
    left: text
    right: [{icon: github, href: a, aria-label: b}, {text: a, href: b}]
    border: true
  open-graph: {locale: en_US, site-name: S}
  twitter-card: {creator: "@a", card-style: summary}
  drafts: [a.qmd]
  comments: {hypothesis: false}
profile: {default: a, group: [[a, b], [c, d]]}
octavo: {severity: {}}
toc: true
metadata-files: [a.yml]
editor: {markdown: {wrap: 72}}
"""


def test_right_options():
    assert found(RIGHT) == []
    assert found(RIGHT_PROJECT, "config") == []


def test_every_script_that_is_not_run_is_told():
    assert found("project:\n  pre-render: [a.py, b.py]\n", "config") == [
        "2:16 OCT-option-unsupported `project.pre-render: a.py` is not supported and left out",
        "2:22 OCT-option-unsupported `project.pre-render: b.py` is not supported and left out",
    ]


def test_metadata_that_the_page_uses():
    assert found("titel: A") == ["1:1 OCT-config-unknown `titel` is not an option (did you mean `title`?)"]
    assert found("titel: A", page="{{< meta titel >}}") == []
    assert found("titel: A", page='::: {.content-visible when-meta="titel"}') == []


def test_every_type_is_known():
    def walk(options, seen):
        for option in options.values():
            for kind in option.types:
                item = kind.strip("[]*")
                if item.startswith("@") and item not in seen:
                    seen.add(item)
                    from octavo.read.schema import _definition

                    walk({"": _definition(item[1:])}, seen)
            assert option.types or option.keys, options
            assert option.status in ("works", "elsewhere", "latex", "omitted", "unsupported")
            walk(option.keys or {}, seen)

    walk(table("config"), set())


@pytest.mark.parametrize(
    ("a", "b", "d"), [("", "ab", 2), ("toc", "toc", 0), ("fodl", "fold", 1), ("ab", "ba", 1), ("kitten", "sitting", 3)]
)
def test_distance(a, b, d):
    assert distance(a, b) == distance(b, a) == d


def test_nearest():
    assert nearest("TITLE", ["title"]) == "title"
    assert nearest("tags", ["toc"]) is None
    assert nearest("course", ["resource", "source-code"]) is None


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(table("config"))), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(sorted(table("config"))), values, max_size=5))
def test_no_value_breaks_it(config):
    check(config, "config")


@given(st.text())
def test_no_text_breaks_the_yaml(text):
    with contextlib.suppress(AuthorError):
        check(load_yaml(text, "f"), "config")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: A\ndate: 2024-13-45", 2),
        ("date: 2024-02-30", 1),
        ("a: !!int x", 1),
        ("a: !!bool maybe", 1),
        ("? {&a b: [c]}\n: d\n? {*a : [c]}\n: e", 1),
        ("a:" + " [" * 600, 1),
    ],
)
def test_values_that_make_no_sense(text, line):
    with pytest.raises(AuthorError) as raised:
        load_yaml(text, "f")
    (diagnostic,) = raised.value.diagnostics
    assert (diagnostic.code, diagnostic.position.line) == ("OCT-yaml-syntax", line)


def test_a_service_that_is_given_nothing_is_none() -> None:
    assert check(load_yaml("website: {google-analytics: ''}", "_quarto.yml"), "config") == []


def test_options_of_the_search_without_an_effect_are_told() -> None:
    config = load_yaml("website: {search: {algolia: {index-name: a}, copy-button: true}}", "q")
    assert [(d.code, d.severity) for d in check(config, "config")] == [("OCT-option-unsupported", "warning")]
