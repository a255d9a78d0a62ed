"""What each shortcode gives: breaks, keys, films, pictures, moved contents, brands, cells of notebooks."""

from __future__ import annotations

import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from shortcodes import FORMATS, ast_of, context, html_of

from octavo.cache import Cache
from octavo.read.project import Project
from octavo.read.source import read_source
from octavo.resolve.document import Document
from octavo.resolve.pandoc import pandoc_path
from octavo.resolve.prepare import prepared
from octavo.resolve.shortcodes import Context, Problem, expand, expand_text

FIXTURES = Path(__file__).parent / "fixtures" / "shortcodes"


def test_pagebreak(expanded):
    assert expanded("a\n\n{{< pagebreak >}}\n\nb") == "a\n\n::: {.page-break}\n:::\n\nb"
    assert [b["t"] for b in ast_of(expanded("a {{< pagebreak >}} b"))] == ["Para", "Div", "Para"]
    assert [b["t"] for b in ast_of(expanded("> a\n> {{< pagebreak >}}\n> b"))] == ["BlockQuote"]
    assert [b["t"] for b in ast_of(expanded("1. a {{< pagebreak >}}\n   b"))] == ["OrderedList"]
    # Typst has no page break within anything, but a column may end there, which is the page if it has one column.
    assert "#colbreak(weak: true)`{=typst}" in expanded("# A {{< pagebreak >}}", "pdf")
    assert 'w:type="page"' in expanded("# A {{< pagebreak >}}", "docx")
    assert expanded("# A{{< pagebreak >}}", "ipynb") == "# A"


def test_kbd(expanded):
    keys = '<kbd title="Ctrl-C" aria-hidden="true">Ctrl-C</kbd><span class="visually-hidden">Ctrl-C</span>'
    assert html_of(expanded("{{< kbd Ctrl-C >}}")) == f"<p>{keys}</p>"
    several = html_of(expanded("{{< kbd mac=Shift-Command-O win=Shift-Control-O linux=Shift-Ctrl-L >}}"))
    assert 'data-linux="Shift-Ctrl-L" data-mac="Shift-Command-O" data-windows="Shift-Control-O"' in several
    assert ">Shift-Control-O</kbd>" in several
    for form in ("pdf", "docx", "typst", "ipynb"):
        assert expanded("{{< kbd Ctrl-C >}}", form) == "`Ctrl-C`"
    assert expanded("{{< kbd A mac=B win=C >}}", "pdf") == "`A` (mac: `B`; windows: `C`)"
    assert expanded("{{< kbd mac=B win=C >}}", "docx") == "`B` (mac), `C` (windows)"


@pytest.mark.parametrize(("src", "address"), [
    ("https://youtu.be/abc", "https://www.youtube.com/embed/abc"),
    ("https://www.youtube.com/watch?v=abc&list=x", "https://www.youtube.com/embed/abc"),
    ("https://www.youtube.com/embed/abc", "https://www.youtube.com/embed/abc"),
    ("https://vimeo.com/548291297", "https://player.vimeo.com/video/548291297"),
    ("https://players.brightcove.net/1/default_default/index.html?videoId=5",
     "https://players.brightcove.net/1/default_default/index.html?videoId=5"),
])  # fmt: skip
def test_video_of_a_service(expanded, src, address):
    html = html_of(expanded(f"{{{{< video {src} >}}}}"))
    assert html.startswith('<div class="quarto-video ratio ratio-16x9"><iframe data-external="1" src="' + address + '"')
    assert 'title="Video"' in html
    for form in ("pdf", "docx", "ipynb"):
        assert f'<a href="{src.replace("&", "&amp;")}">' in html_of(expanded(f"{{{{< video {src} >}}}}", form))


def test_video_options(expanded, failing):
    written = '{{< video https://www.youtube.com/embed/a\n    title="What is \'it\'?"\n    start="116"\n    aspect-ratio="21x9" \n>}}'
    html = html_of(expanded(written))
    assert "ratio-21x9" in html and "/embed/a?start=116" in html and 'title="What is &#x27;it&#x27;?"' in html
    fixed = html_of(expanded('{{< video https://youtu.be/a width="400" height="300" >}}'))
    assert '<div class="quarto-video"><iframe' in fixed and 'width="400" height="300"' in fixed
    assert failing("{{< video x.mp4 aspect-ratio=3x2 >}}")[1][0].code == "OCT-shortcode-argument"
    assert failing("{{< video >}}")[1][0].code == "OCT-shortcode-argument"


def test_video_file(expanded):
    html = html_of(expanded("{{< video film.mp4 title=Film >}}"))
    assert (
        '<video class="video-js vjs-default-skin" title="Film" aria-label="Film" controls preload="metadata"><source src="film.mp4">'
        in html
    )
    assert "<script" not in html and '<a href="film.mp4">Film</a>' in html
    assert [b["t"] for b in ast_of(expanded("see {{< video film.mp4 >}} there"))] == ["Para", "RawBlock", "Para"]
    assert [b["t"] for b in ast_of(expanded("# See {{< video film.mp4 >}}"))] == ["Header"]


def test_lipsum(expanded, failing):
    def paragraphs(text):
        return expanded(text).split("\n\n")

    five = paragraphs("{{< lipsum >}}")
    assert len(five) == 5 and five[0].startswith("Lorem ipsum dolor sit amet")
    assert paragraphs("{{< lipsum 2-4 >}}") == five[1:4]
    assert paragraphs("{{< lipsum 4-2 >}}") == five[3:0:-1]
    assert paragraphs("{{< lipsum 1 random=true >}}") != five[:1]
    assert ast_of(expanded("- {{< lipsum 2 >}}\n- b"))[0]["c"][0][1]["t"] == "Para"
    assert len(ast_of(expanded("> {{< lipsum 3 >}}"))[0]["c"]) == 3
    assert len(ast_of(expanded("So: {{< lipsum 2 >}}"))) == 1
    assert failing("{{< lipsum many >}}")[1][0].code == "OCT-shortcode-argument"


@pytest.mark.parametrize(("form", "shown"), [
    ("html", "data:image/svg+xml;base64,"), ("ipynb", "data:image/svg+xml;base64,"),
    ("docx", "data:image/png;base64,"), ("pdf", "box(width: 300pt, height: 150pt"),
])  # fmt: skip
def test_placeholder(expanded, form, shown):
    written = "{{< placeholder 400 200 format=svg >}}"
    assert shown in expanded(written, form)
    assert ast_of(expanded(written, form))[0]["t"] == "Para"


def test_placeholder_as_target(expanded):
    (block,) = ast_of(expanded("![cap]({{< placeholder 40 >}}){#fig-x}"))
    assert block["t"] == "Figure"


def test_contents(expanded, failing):
    assert expanded("{{< contents a-cell >}}") == '::: {.o-contents of="a-cell"}\n:::'
    assert expanded("is {{< contents a-span >}}.") == 'is []{.o-contents of="a-span"}.'
    assert failing("`{{< contents a >}}`")[1][0].code == "OCT-shortcode-argument"


def test_brand(tmp_path, expanded, failing):
    (tmp_path / "_brand.yml").write_text(
        "color:\n  palette: {sky: '#0af'}\n  primary: sky\nlogo:\n  images:\n"
        "    mark: {path: mark.svg, alt: The mark}\n  small: mark\n  medium: {light: l.png, dark: d.png}\n"
    )
    assert expanded("{{< brand color primary >}}") == "#0af"
    assert expanded('[x]{style="color: {{< brand color sky >}}"}') == '[x]{style="color: #0af"}'
    assert expanded("{{< brand logo small >}}") == '![](/mark.svg){fig-alt="The mark"}'
    assert ".light-content" in expanded("{{< brand logo medium >}}") and "/d.png" in expanded(
        "{{< brand logo medium >}}"
    )
    assert failing("{{< brand color primry >}}")[1][0].hint == "did you mean `primary`?"


def test_embed(expanded, failing):
    asked = []

    def embed(file, cell, options):
        asked.append((file, cell, dict(options)))
        return "::: {.cell}\nout\n:::"

    shown = expanded("{{< embed nb.ipynb#fig-x echo=true >}}", embed=embed)
    assert asked == [("nb.ipynb", "fig-x", {"echo": "true"})] and shown == "::: {.cell}\nout\n:::"
    expanded("{{< embed nb.ipynb >}}", embed=embed)
    assert asked[1] == ("nb.ipynb", None, {})
    lost = failing("{{< embed x.ipynb >}}", embed=lambda *_: Problem("OCT-embed-missing", "no such file"))
    assert lost[1][0].code == "OCT-embed-missing"


def test_metadata_text(tmp_path):
    ctx = context(tmp_path, "---\ntitle: 'On {{< var nope >}}'\n---\n")
    assert expand_text("On {{< var version >}}", ctx) == ("On 1.2", [])
    shown, (told,) = expand_text("On {{< var nope >}}", ctx)
    assert shown == r"On **\?var\:nope**" and str(told.position) == "page.qmd:2:12"
    assert expand_text("{{< pagebreak >}}", ctx)[1] == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_document_of_them_all(form):
    meta = {"title": "All", "level": 2}
    source = read_source(FIXTURES, "all.qmd")
    ctx = Context(FIXTURES, "all.qmd", form, meta, {"course": "Meta-Learning"}, source, environment={})
    shown, told = expand(source.text, ctx)
    assert told == []
    html = html_of(shown)
    assert "{{&lt; meta title &gt;}}" in html and "{{<" not in html
    assert "Meta-Learning, level 2" in html


def moved(expanded, text: str) -> str:
    resolve = Path(__file__).parents[1] / "octavo" / "resolve"
    done = subprocess.run(
        [pandoc_path(), "lua", str(FIXTURES / "contents.lua"), str(resolve)],
        input=expanded(text), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return " ".join(done.stdout.split())


def test_contents_are_moved(expanded):
    text = "{{< contents later >}}\n\nbetween\n\n::: {#later}\nMoved.\n:::\n"
    assert moved(expanded, text) == '<div id="later"> <p>Moved.</p> </div> <p>between</p>'
    text = "[words]{#s} are {{< contents s >}}"
    assert moved(expanded, text) == '<p> are <span id="s">words</span></p>'
    text = "::: {#cell-plot .cell}\nout\n:::\n\n::: callout-note\n{{< contents plot >}}\n:::\n"
    assert (
        moved(expanded, text) == '<div class="callout-note"> <div id="cell-plot" class="cell"> <p>out</p> </div> </div>'
    )
    assert moved(expanded, "{{< contents nowhere >}}") == "OCT-contents-missing"


def test_a_long_page_is_quick(tmp_path):
    page = (
        "Text with *words* and $x^2$ and `code` of a lecture, some lines of it.\n\n- -   -   -   -   -   -   -   -   -\n\n"
        * 1500
    )
    page += "{{< version >}}\n"
    started = time.perf_counter()
    assert expand(page, context(tmp_path, page))[0].endswith("1.9.38\n")
    assert time.perf_counter() - started < 5


def test_a_document_is_prepared(tmp_path):
    cell = "```{dot}\n//| label: fig-net\ndigraph { a -> b }\n```\n"
    text = f"---\ntitle: 'On {{{{< var course >}}}}'\n---\n\n{{{{< meta title >}}}}\n\n{cell}"
    (tmp_path / "page.qmd").write_text(text)
    source = read_source(tmp_path, "page.qmd")
    project = Project(tmp_path, {}, "default", ("page.qmd",), "", variables={"course": "Learning"})
    options = {"title": "On {{< var course >}}", "listing": [{"id": "{{< var nope >}}"}]}
    document = Document(source, "html", "html", "page.html", options, {}, text.split("---\n")[2], {"old": tmp_path})
    made, told = prepared(document, project, Cache(tmp_path / "cache"), tmp_path / "embedded", {})
    assert made.options["title"] == "On Learning" and made.markdown.startswith("\nOn Learning\n")
    assert "#fig-net" in made.markdown and set(made.figures) == {"old", "page_files/figure-html/dot-figure-1.svg"}
    assert [d.code for d in told] == ["OCT-variable-missing"]
    notebook, _ = prepared(replace(document, base="ipynb"), project, Cache(tmp_path / "cache"), tmp_path, {})
    assert "digraph" in notebook.markdown
