"""The page shell: Quarto's ids and classes around the content, a policy that holds, and no barrier for anyone."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from octavo.site.navigation import PageInfo, navigation
from octavo.site.search import write_index
from octavo.write import bootswatch
from octavo.write.html import PageView, assets, lone_page, page, schemes
from octavo.write.policy import policy
from octavo.write.view import FormatLink, Heading

BODY = """
<p>See <a href="#thm-a" class="quarto-xref">Theorem 1</a>.<a href="#fn1" class="footnote-ref" role="doc-noteref">1</a></p>
<section id="first" class="level2"><h2 class="anchored">First</h2>
<div id="thm-a" class="theorem"><p><span class="theorem-title"><strong>Theorem 1</strong></span> Sinusoids.</p></div>
<div class="callout callout-style-default callout-tip callout-titled"><details><summary><div class="callout-header">
<div class="callout-icon-container"><i class="callout-icon"></i></div><div class="callout-title-container">Fold</div>
<div class="callout-btn-toggle"><i class="callout-toggle"></i></div></div></summary>
<div class="callout-body-container callout-body"><p>Inside.</p></div></details></div>
<div class="sourceCode"><pre class="sourceCode python"><code>x = 1  # a line that is much wider than a telephone's screen is</code></pre></div>
<p><span id="eq-a"><span class="math display"><math display="block"><mi>a</mi><mo>=</mo><mn>1</mn></math></span>
<span class="eq-number">(1)</span></span></p>
<section id="deeper" class="level3"><h3 class="anchored">Deeper</h3><table class="table"><thead><tr><th></th><th>b</th></tr></thead>
<tbody><tr><td>1</td><td>2</td></tr></tbody></table></section></section>
<div id="refs" class="references csl-bib-body"><div id="ref-x" class="csl-entry">Someone.</div></div>
<section class="footnotes footnotes-end-of-document" role="doc-endnotes"><hr /><ol><li id="fn1"><p>Note.</p></li></ol></section>
"""
WEBSITE = {
    "title": "Site",
    "site-url": "https://e.org/n",
    "navbar": {"left": ["index.qmd", {"text": "More", "menu": ["lectures/a.qmd"]}]},
    "sidebar": {"contents": ["index.qmd", {"section": "Lectures", "contents": ["lectures/a.qmd"]}]},
    "page-navigation": True,
    "page-footer": "With [a link](index.qmd)",
    "repo-url": "https://e.org/r",
    "repo-actions": ["edit"],
}
OPTIONS = {
    "author": [{"name": "Ada Lovelace", "affiliation": "University"}],
    "date": "2026-01-02",
    "categories": ["lecture"],
    "description": "What it is about.",
    "theme": {"light": "cosmo", "dark": "darkly"},
    "license": "CC BY",
}
PAGES = [PageInfo("index.qmd", "index.html", "Home"), PageInfo("lectures/a.qmd", "lectures/a.html", "A lecture")]


def view(here: PageInfo = PAGES[1], body: str = BODY, **options: object) -> PageView:
    nav, told = navigation(WEBSITE, PAGES, here)
    assert told == []
    return PageView(
        body=body,
        title=here.title,
        options={**OPTIONS, **options},
        website=WEBSITE,
        navigation=nav,
        toc=[Heading("first", "1", "First", 2), Heading("deeper", "1.1", "Deeper", 3)],
        formats=[FormatLink("PDF", "a.pdf", "file-pdf")],
        href=here.href,
        root="../" * here.href.count("/"),
    )


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


@pytest.mark.parametrize(
    "selector",
    [
        "html[lang=en] > body.nav-sidebar.floating.nav-fixed.quarto-light > #quarto-content.page-columns.page-layout-article",
        "header#quarto-header nav.navbar a.navbar-brand .navbar-title",
        "nav#quarto-sidebar a.sidebar-link.active[aria-current=page]",
        "#quarto-margin-sidebar nav#TOC[role=doc-toc] > h2#toc-title",
        "nav#TOC > ul > li > a.nav-link[href='#first'] + ul.collapse a.nav-link[href='#deeper']",
        "main#quarto-document-content.content[data-pagefind-body] > header#title-block-header.quarto-title-block.default h1.title",
        "#title-block-header nav.quarto-page-breadcrumbs li.breadcrumb-item",
        ".quarto-title-meta-author .quarto-title-meta-contents > p.author",
        ".quarto-categories > .quarto-category",
        ".quarto-title-meta p.date",
        "div.quarto-alternate-formats > ul > li > a[href='a.pdf']",
        "main #quarto-appendix.default > section[role=doc-bibliography] #refs",
        "main #quarto-appendix > section[role=doc-endnotes] > h2.quarto-appendix-heading",
        "main #quarto-appendix #quarto-reuse a[rel=license]",
        "nav.page-navigation .nav-page-previous > a.pagination-link .nav-page-text",
        "footer.footer .nav-footer-center > p > a[href='../index.html']",
        ".toc-actions a.toc-action[href='https://e.org/r/edit/main/lectures/a.qmd']",
        "link[rel=canonical][href='https://e.org/n/lectures/a.html']",
        "link[rel=prev][href='../index.html']",
        "meta[property='og:title'][content^='A lecture – ']",
        "#quarto-search",
    ],
)
def test_the_names_that_quarto_gives(selector: str) -> None:
    assert soup(page(view())).select_one(selector), selector


def test_title_forms() -> None:
    assert soup(page(view())).title.get_text() == "A lecture – Site"
    assert soup(page(view(pagetitle="Own", **{"title-prefix": "P"}))).title.get_text() == "Own – P"


def test_options_that_take_things_away() -> None:
    plain = soup(page(replace(view(toc=False, **{"format-links": False}), searched=False)))
    assert plain.select("#TOC, [data-pagefind-body], .quarto-alternate-formats, .quarto-title-formats") == []
    assert "toc-depth" not in page(view(**{"toc-depth": 2}))
    assert soup(page(view(**{"toc-depth": 2}))).select("#TOC a[href='#deeper']") == []


def test_metadata_is_escaped_and_rendered_metadata_is_not() -> None:
    made = view(subtitle="a < b")
    assert "a &lt; b" in page(made)
    assert "<em>x</em>" in page(PageView(body="", title="x", rendered={"title": "<em>x</em>"}))


def test_a_bibliography_with_a_heading_of_its_own_stays() -> None:
    body = '<section id="s"><h2>Sources</h2>\n<div id="refs"><div>One</div></div></section>'
    made = soup(page(view(body=body)))
    assert made.select_one("section#s > #refs")
    assert made.select_one("#quarto-appendix #refs") is None


def test_schemes_by_the_names_of_themes() -> None:
    assert schemes({}) == ("light", "dark")
    assert schemes({"theme": "cosmo"}) == ("light",)
    assert schemes({"theme": ["darkly", "own.scss"]}) == ("dark",)
    assert schemes({"theme": {"light": "a", "dark": "b"}}) == ("light", "dark")
    assert schemes({"theme": {"dark": "b", "light": "a"}}) == ("dark", "light")


@pytest.mark.parametrize("name", sorted(bootswatch.COLOURS))
def test_every_theme_can_be_read(name: str) -> None:
    tokens = dict(re.findall(r"--(\w+): (#\w{6})", bootswatch.as_css(name)))

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for text in ("ink", "accent", "muted"):
        for ground in ("paper", "soft"):
            low, high = sorted(luminance(tokens[key]) for key in (text, ground))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)
    dark = luminance(tokens["paper"]) < luminance(tokens["ink"])
    assert schemes({"theme": name}) == (("dark",) if dark else ("light",))
    assert "quarto-color-scheme-toggle" not in page(view(theme="cosmo"))


def test_the_language_of_the_page_is_that_of_its_words() -> None:
    made = PageView(body="", title="T", language="de", toc=[Heading("a", "", "A", 2)], options={"toc": True})
    assert soup(page(made)).select_one("#toc-title").get_text() == "Inhaltsverzeichnis"
    assert soup(page(made)).html["lang"] == "de"


def test_the_policy_lets_in_what_the_author_put_there_and_no_more() -> None:
    strict = policy("<p>x</p>")
    assert "script-src 'self' 'wasm-unsafe-eval';" in strict
    assert "unsafe-inline" not in strict
    assert "style-src-attr 'unsafe-inline'" in policy('<td style="text-align: left">')
    google = policy("<style>@import url('https://fonts.example.org/css2?family=X');</style>")
    assert "style-src 'self' 'sha256-" in google and "https://fonts.example.org" in google
    assert "font-src 'self' data: https://fonts.example.org https:" in google
    assert "font-src 'self' data: https:" in policy('<link href="https://e.org/a.css" rel="stylesheet">')
    assert "font-src 'self' data:;" in policy('<link rel="canonical" href="https://e.org/"><style>p {}</style>')
    assert "'sha256-" in policy("<script>let a = 1</script>")
    assert "script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'" in policy('<a onclick="go()">')
    assert "frame-src 'self' https://e.org" in policy('<iframe src="https://e.org/v"></iframe>')
    chart = policy("""<script>load("https://cdn.example.org/npm/vega@6")</script>""")
    assert "https://cdn.example.org 'unsafe-eval'" in chart and "connect-src 'self' https://cdn.example.org" in chart
    assert "'unsafe-eval'" not in policy("""<script>link("https://example.org/page")</script>""")
    assert "'sha256-" not in policy('<script type="application/json">{}</script><script src="a.js"></script>')


def test_theme_and_highlighting_stay_small() -> None:
    assert len(assets()["theme.css"]) <= 30 * 1024


def test_structured_data_cannot_leave_its_element() -> None:
    data = soup(page(view(title="x", description="</script>a"))).select_one("script[type='application/ld+json']")
    read = json.loads(data.get_text())
    assert read["@type"] == "Article"
    assert read["headline"] == "A lecture"
    assert read["author"] == [
        {"@type": "Person", "name": "Ada Lovelace", "affiliation": [{"@type": "Organization", "name": "University"}]}
    ]
    assert read["isPartOf"]["url"] == "https://e.org/n/"
    harmful = replace(view(), title="</script><b>")
    assert soup(page(harmful)).select("head b") == []


def test_a_first_visit_weighs_little() -> None:
    """What any page loads, compressed as hosts do; the font for formulas (up to 82 KB) is only for pages with formulas."""
    shell = soup(page(view()))
    wanted = [Path(e.get("src") or e["href"]).name for e in shell.select("script[src], link[rel=stylesheet]")]
    files = assets()
    assert {"theme.css", "octavo.js"} <= set(wanted)
    assert sum(len(brotli.compress(files[name])) for name in wanted) <= 19 * 1024


def test_a_window_always_has_a_title() -> None:
    nameless = replace(view(), title="", website={}, href="notes/first.html")
    assert soup(page(nameless)).title.get_text() == "first"


def test_the_head_waits_for_nothing_in_vain() -> None:
    """A script before the styles would hold back their requests; what no text of the page wants is not asked for."""
    callout = '<div class="callout-title-container flex-fill">A</div>'
    head = soup(page(replace(view(), body=callout))).head
    names = [
        Path(e.get("src") or e["href"]).name for e in head.select("script[src]:not([defer]), link[rel=stylesheet]")
    ]
    assert names.index("scheme.js") > max(names.index(name) for name in ("theme.css", "faces.css", "parts.css"))
    assert "bootstrap.css" not in names
    utility = soup(page(replace(view(), body='<div class="flex-fill">A</div>'))).head
    assert utility.select("link[href$='bootstrap.css']")


def test_a_lone_page_stands_alone(tmp_path: Path) -> None:
    (tmp_path / "dot.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    lone = PageView(body='<p><img src="dot.svg" alt="Dot"></p>', title="Alone")
    made = soup(lone_page(lone, embed=assets(), folder=tmp_path))
    assert made.select("link[rel=stylesheet], script[src]") == []
    assert made.img["src"].startswith("data:image/svg+xml;base64,")
    assert "--paper" in made.style.get_text()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages of a site, with their assets and search index."""
    folder = tmp_path_factory.mktemp("shell")
    for name, content in assets().items():
        target = folder / "site_libs/octavo" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    for here in PAGES:
        (folder / here.href).parent.mkdir(exist_ok=True)
        (folder / here.href).write_text(page(view(here)).replace("math.woff2", "none.woff2"), "utf-8")
    assert write_index(folder) == []
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1440])
def test_nobody_is_kept_out(browser: Browser, address: str, scheme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    tab.goto(address + "lectures/a.html")
    assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    for state in ("closed", "open"):
        tab.evaluate(f"document.querySelectorAll('main details').forEach(d => d.open = {str(state == 'open').lower()})")
        found = Axe().run(tab).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], state
    context.close()


@pytest.mark.browser
def test_search_toggle_and_preview_by_hand_and_keyboard(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    tab = context.new_page()
    # Generous: a busy machine takes its time to load the search's WebAssembly.
    tab.set_default_timeout(120_000)
    troubles: list[str] = []
    tab.on(
        "console", lambda m: troubles.append(m.text) if m.type == "error" and "woff2" not in m.location["url"] else None
    )
    tab.on("pageerror", lambda e: troubles.append(str(e)))
    tab.goto(address + "index.html")
    tab.keyboard.press("/")
    tab.get_by_role("combobox").fill("sinusoids")
    row = tab.get_by_role("option").filter(has_text="A lecture")
    row.first.wait_for()
    assert "First" in row.first.inner_text()
    tab.keyboard.press("Escape")
    assert not tab.locator("dialog").is_visible()
    tab.get_by_role("button", name="Toggle dark mode").click()
    tab.goto(address + "lectures/a.html")
    assert tab.evaluate("document.body.classList.contains('quarto-dark')")
    tab.locator("a.quarto-xref").hover()
    tab.locator(".preview").wait_for()
    assert "Sinusoids" in tab.locator(".preview").inner_text()
    assert troubles == []
    context.close()


@pytest.mark.browser
def test_search_works_in_a_site_that_is_read_from_files(browser: Browser, folder: Path) -> None:
    tab = browser.new_page()
    tab.set_default_timeout(120_000)
    tab.goto((folder / "index.html").as_uri())
    tab.keyboard.press("/")
    tab.get_by_role("combobox").fill("sinus")
    row = tab.get_by_role("option").filter(has_text="A lecture")
    row.first.wait_for()
    assert row.first.locator("mark").inner_text() == "Sinus"
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/lectures/a.html#first")
    tab.close()


@pytest.mark.browser
def test_without_a_script_all_is_there(browser: Browser, address: str) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 800}, color_scheme="dark"
    )
    tab = context.new_page()
    tab.goto(address + "lectures/a.html")
    assert not tab.locator("#quarto-search").is_visible()
    tab.get_by_role("button", name="Toggle sidebar navigation").click()
    assert tab.locator("#quarto-sidebar a.sidebar-link").first.is_visible()
    context.close()
