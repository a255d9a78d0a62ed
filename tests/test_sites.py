"""Small projects as people write them, each rendered once: a blog, a course, documentation of a tool."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree

import documents
import pytest

from octavo.command import Options, Report, render_paths

SITES = Path(__file__).parent / "fixtures/sites"

# site, page, what it must have, what it must not have
PAGES = [
    (
        "book",
        "index.html",
        [
            "h1.title:-soup-contains('A Short Book')",
            "p.author:-soup-contains('Ada Writer')",
            "meta[name=author][content='A. Writer']",
            "meta[name='dcterms.date'][content='2026-03-04']",
            "meta[name=description][content='In short.']",
            "main h1#preface, main section#preface > h1.unnumbered",
            "a.quarto-xref[href='parts/waves.html#sec-waves']:-soup-contains('Chapter\u00a01')",
            "a.quarto-xref[href='parts/waves.html#eq-speed']:-soup-contains('Equation\u00a01.1')",
            "a.quarto-xref[href='tables.html#sec-tables']:-soup-contains('Appendix\u00a0A')",
            "#quarto-sidebar a[href='index.html'] .menu-text:-soup-contains('Preface')",
            "#quarto-sidebar a[href='parts/waves.html'] .chapter-number:-soup-contains('1')",
            "#quarto-sidebar a[href='parts/second.html'] .menu-text",
            "#quarto-sidebar a[href='parts/tides.html'] .chapter-title:-soup-contains('Tides')",
            "#quarto-sidebar a[href='tables.html'] .chapter-number:-soup-contains('A')",
            "main img.quarto-cover-image[src='cover.svg'][alt='A wave']",
            "meta[property='og:image'][content='https://example.org/short/cover.svg']",
            ".sidebar-tools-main a[href='https://github.com/example/short'] i.bi-github",
            ".sidebar-tools-main a[href='https://twitter.com/intent/tweet?url=https%3A%2F%2Fexample.org%2Fshort%2F']",
            ".nav-page-next a[href='parts/waves.html']",
            # What is said of the website counts for the book, too.
            "#quarto-announcement a[href='tables.html']",
            ".sidebar-tools-main a[href='A-Short-Book.pdf'] i.bi-file-pdf",
            ".sidebar-tools-main a[href='A-Short-Book.docx'] i.bi-file-word",
        ],
        [".quarto-alternate-formats", "a[href*='notes']", "#quarto-sidebar [id^='sec-']"],
    ),
    (
        "book",
        "parts/tides.html",
        [
            "h1.title > span.chapter-number:-soup-contains('2')",
            "h2[data-number='2.1'] > span.header-section-number:-soup-contains('2.1')",
            "a.quarto-xref[href='waves.html#thm-sum']:-soup-contains('Theorem\u00a01.1')",
            "a.quarto-xref[href='#sec-moon']:-soup-contains('Section\u00a02.1')",
        ],
        ["p.author", ".quarto-cover-image"],
    ),
    (
        "book",
        "closing.html",
        ["h1.title:-soup-contains('Closing')"],
        [".chapter-number + .chapter-title:-soup-contains('Closing')", ".header-section-number"],
    ),
    (
        "book",
        "tables.html",
        [
            "h1.title > span#sec-tables:-soup-contains('Appendix A — Tables of numbers')",
            "figcaption:-soup-contains('Table\u00a0A.1')",
        ],
        [],
    ),
    (
        "blog",
        "index.html",
        [
            "header#title-block-header.banner h1.title",
            "#listing-listing.quarto-listing-container-default .quarto-post",
            ".quarto-post .listing-title a[href='posts/welcome/index.html'] em",
            ".quarto-post .thumbnail img[src='posts/welcome/thumbnail.svg']",
            ".listing-description p:-soup-contains('This is the first post')",
            "#quarto-margin-sidebar .quarto-listing-category .category[data-category]",
            "link[type='application/rss+xml'][href='index.xml']",
            "link[type='application/rss+xml'][href='index-code.xml']",
            "link[rel=stylesheet][href='custom.css']",
            "link[rel=stylesheet][href='styles.css']",
            "meta[name='author-note']",
            "meta[property='og:site_name'][content='My Blog']",
            "meta[name='twitter:creator'][content='@janedoe']",
            ".navbar .ms-auto a.nav-link[href='about.html']",
            ".navbar a[href='https://github.com/'] i.bi.bi-github",
            ".footer a[href='index.xml']",
            ".footer .nav-footer-left p:-soup-contains('Copyright 2024, Jane') em:-soup-contains('Doe')",
        ],
        ["script[src*=google]", ".listing-sort"],
    ),
    (
        "blog",
        "about.html",
        [
            "main .quarto-about-jolla > img.about-image[src='profile.svg']",
            ".quarto-about-jolla #title-block-header h1.title",
            ".about-links > a.about-link[href='https://twitter.com'] > i.bi-twitter + span.about-link-text",
        ],
        ["nav#TOC"],
    ),
    (
        "blog",
        "posts/post-with-code/index.html",
        [
            "header.banner .quarto-category a[href='../../index.html#category=analysis']",
            "meta[name=description][content='This is a post with executable code.']",
            "meta[property='og:image'][content='https://example.org/blog/posts/post-with-code/image.svg']",
        ],
        [],
    ),
    ("blog", "posts/old-code.html", ["meta[http-equiv=refresh][content$='url=post-with-code/index.html']"], []),
    ("blog", "posts/code/index.html", ["meta[http-equiv=refresh][content$='url=../post-with-code/index.html']"], []),
    (
        "course",
        "index.html",
        [
            ".page-layout-full #sched table td.listing-title a[href='lectures/week1.html']",
            "#sched td.listing-reading-time",
            "#lab-list.column-page .quarto-listing-cols-2 .card-title a[href='labs/lab2.html']",
            "#ext .listing-title a[href='https://example.org/thing']",
            "#ext .listing-title a[href='lectures/week2.html']",
            "#quarto-announcement.alert-info i.bi-info-circle",
            "#quarto-announcement a[href='lectures/week1.html']",
            "main > .site-banner",
            "main > p:-soup-contains('build by us') > em",
            ".quarto-margin-header .margin-header-item img[src='img/favicon.svg']",
            ".quarto-margin-footer strong",
            "link[rel=icon][href='img/favicon.svg']",
            "link[rel=canonical][href='https://example.org/stat101/']",
            ".navbar-brand-container > a.navbar-brand.navbar-brand-logo > img.navbar-logo[alt=STAT]",
            "#quarto-header:not(.headroom) > nav.navbar.navbar-expand-xl.toggle-right",
            "style:-soup-contains('75rem'):-soup-contains('.navbar-expand-xl .navbar-toggler')",
            "#navbarCollapse .tools-narrow .dropdown a.dropdown-item.quarto-navbar-tools-item",
            ".tools-collapse summary.quarto-navigation-tool#quarto-navigation-tool-dropdown-0",
            ".ms-auto summary#nav-menu-lectures + ul.dropdown-menu.dropdown-menu-end",
            ".me-auto summary#nav-menu-labs + ul.dropdown-menu[aria-labelledby=nav-menu-labs] .dropdown-text",
            ".navbar details li.dropdown-header:-soup-contains('Other stuff')",
            ".navbar a.dropdown-item[href='labs/lab2.html'] i.bi-file-text",
            ".navbar a.nav-link[target=_blank]",
            ".navbar details a.dropdown-item[href='lectures/week2.html']",
            ".quarto-navbar-tools details a[href$='issues']",
            ".quarto-reader-toggle",
            "#quarto-back-to-top",
            ".footer .nav-footer-left a[href='https://example.org']",
            ".footer .nav-footer-center a[href='license.html']",
            ".footer .nav-footer-right a[aria-label=GitHub]",
            ".quarto-code-links a[href='https://github.com/example/stat101']",
            ".quarto-code-links a[href^='https://mybinder.org/v2/gh/example/stat101/']",
            ".quarto-other-links a[href='https://cran.r-project.org']",
            "script[src='site_libs/octavo/listing.js']",
        ],
        ["main[data-pagefind-body]", "nav#TOC", "a[href*='lab3']", ".navbar-brand .navbar-title"],
    ),
    (
        "course",
        "lectures/week1.html",
        [
            "nav#quarto-sidebar.docked",
            "#quarto-sidebar details > ul#quarto-sidebar-section-1.collapse.sidebar-section.depth1",
            "nav#TOC > .toc-actions a.toc-action",
            "nav#TOC a[id^='toc-'].nav-link",
            "#quarto-sidebar a.sidebar-link.active:-soup-contains('Week one')",
            "#quarto-sidebar hr.sidebar-divider",
            "#quarto-sidebar .sidebar-item-section a[href='week2.html']",
            "#quarto-sidebar .quarto-search-button",
            ".quarto-page-breadcrumbs .breadcrumb-item:-soup-contains('Start')",
            ".quarto-alternate-formats li:first-child a[href='../files/data.csv'] i.bi-file-slides",
            ".quarto-alternate-formats li:last-child a[href='week1.pdf']:-soup-contains('Print version')",
            ".quarto-code-links a[href='https://example.org/code']",
            ".quarto-other-links a[href='https://example.org']",
            ".quarto-category a[href='index.html#category=data%20science']",
            ".nav-page-previous a[href='index.html']",
            ".toc-actions a[href$='edit/master/lectures/week1.qmd']",
            "h2 .header-section-number",
            "main p:-soup-contains('build by us')",
        ],
        # A separator ends a sequence of pages.
        [
            ".quarto-other-links a[href*=cran]",
            ".navbar .quarto-search-button",
            ".nav-page-next a",
            "#quarto-sidebar .sidebar-title",
        ],
    ),
    (
        "course",
        "lectures/week2.html",
        [
            ".description strong",
            "#quarto-embedded-source-code pre code:-soup-contains('title: \"Week 2\"')",
            ".quarto-code-tools button:-soup-contains('Kode')",
            ".quarto-alternate-formats li:only-child a[href='week2.pdf']",
            "main p > a[href='week1.pdf']",
            "main p > a[href='../sitemap.xml']",
            "main p > a[href='../index.html#category=data%20science']",
        ],
        ["#quarto-code-tools-toggle"],
    ),
    ("course", "labs/lab3.html", ["#quarto-draft-alert"], ["main[data-pagefind-body]"]),
    ("course", "license.html", [], ["nav.navbar", "#quarto-sidebar", ".quarto-alternate-formats"]),
    (
        "course",
        "404.html",
        [
            "link[href='/stat101/site_libs/octavo/theme.css']",
            "main a[href='/stat101/index.html']",
            "main img[src='/stat101/img/favicon.svg']",
        ],
        ["[href^='site_libs']", "[src^='site_libs']"],
    ),
    (
        "docs",
        "guide/basics/a.html",
        [
            'nav#quarto-sidebar.docked .sidebar-header.text-center a.sidebar-logo-link img.sidebar-logo[alt="Tool\'s sign"]',
            ".sidebar-subtitle:-soup-contains('the tool')",
            ".quarto-sidebar-header strong",
            ".sidebar-tools-main i.bi-github",
            "#quarto-sidebar .menu-text span.smaller:-soup-contains('so') + sub",
            ".quarto-margin-footer img.by-us[src='../../images/l.svg'][alt='A dot']",
            ".quarto-margin-footer li:-soup-contains('one – “two”')",
            ".quarto-sidebar-footer a[href='../index.html']",
            ".sidebar-tools-main a[href='https://github.com/x/y']",
            "#quarto-sidebar .sidebar-section .sidebar-section a.active:-soup-contains('Alpha')",
            "#quarto-sidebar a[href='../../reference/r.html']",
            "body.extra",
            "meta[content*='https://fonts.example.org']",
            "title:-soup-contains('Alpha – TOOL')",
            "h1.title:-soup-contains('Alpha')",
        ],
        ["nav.navbar", ".sidebar-title"],
    ),
    (
        "docs",
        "reference/r.html",
        ["#quarto-code-tools-toggle", ".quarto-code-tools button:-soup-contains('View Source')"],
        [],
    ),
    ("docs", "guide/index.html", [".quarto-title-banner[style*=\"url('../images/l.svg')\"]"], []),
    ("docs", "guide/adv/c.html", [".quarto-title-banner[style='background: #eee']"], []),
    (
        "docs",
        "about.html",
        [
            "main > #title-block-header + p:-soup-contains('Before.')",
            "#hero.quarto-about-trestles .about-entity img.about-image.round[style*='10em'][title=T]",
            "#hero .about-entity .about-links a[href='mailto:a@b.c']",
            "#hero .about-contents h2:-soup-contains('Bio')",
            "#hero + p:-soup-contains('After.')",
        ],
        [],
    ),
    (
        "docs",
        "about-solana.html",
        [".quarto-about-solana .about-entity .entity-contents h1", ".about-entity > img"],
        [],
    ),
    ("docs", "about-marquee.html", [".quarto-about-marquee .about-image-container img[alt='A dot']"], []),
    (
        "atlas",
        "maps/north.html",
        [
            # What begins with `/` counts from the project, in settings and in HTML of any kind.
            "link[rel=icon][href='../art/dot.svg']",
            ".navbar a.nav-link[href='index.html'] img.sign[src='../art/ring.svg'][alt=Sheet]",
            "#quarto-sidebar .menu-text img[src='../art/ring.svg'] + strong",
            ".breadcrumb-item img[src='../art/ring.svg']",
            "head script[src='../art/count.js']",
            ".before a[href='../about.html'] + img[src='../art/dot.svg']",
            "main img[src='../art/square.svg'][srcset='../art/dot.svg 1x, ../art/ring.svg 2x']",
            "main a.home[href='../index.html']",
            "main pre code:-soup-contains('/art/none.svg')",
            # A tool is its icon, and speaks its text.
            ".quarto-navbar-tools a[title='The sources'][aria-label='The sources'] i.bi-github:only-child",
            "#quarto-announcement.alert-danger strong",
            # A filter that changes no option leaves them in their order: a pair of themes begins with its first.
            "html[data-bs-theme=light]",
        ],
        ["main img[src^='/']", "script[src^='/']"],
    ),
    (
        "atlas",
        "maps/index.html",
        [
            "#listing-listing td a[href='south.html']",
            # A page shows itself by the picture whose name says that it is meant for that.
            "#listing-listing td img[src='../art/cover-dot.svg']",
        ],
        ["#listing-listing td img[src='../art/ring.svg']"],
    ),
    (
        "atlas",
        "maps/sheets.html",
        [
            # What an author writes in an item is Markdown, and no field has to be there.
            "#sheets td a[href='https://example.org/one'] em",
            "#sheets td.listing-author a[href='https://example.org/office']",
            "#sheets td.listing-description code",
            "#sheets td a[href='north.html']:-soup-contains('No title')",
            "#sheets td.listing-keeper:-soup-contains('Ada & ') strong",
            "#cards .quarto-post .listing-description code",
            "#cards .listing-title a[href='north.html']",
        ],
        [],
    ),
    (
        "atlas",
        "maps/office.html",
        [
            "a.about-link[href='north.html']",
            "a.about-link[href='../about.html']",
        ],
        [],
    ),
    ("atlas", "index.html", ["main p > strong:-soup-contains('loudly')"], []),
    ("docs", "about-broadside.html", [".quarto-about-broadside .about-main .about-contents a.about-link"], []),
]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Report]]:
    made = {}
    for source in sorted(SITES.iterdir()):
        folder = tmp_path_factory.mktemp("sites") / source.name
        shutil.copytree(source, folder)
        report = render_paths([folder], Options(), lambda *_: None)
        made[source.name] = (folder / {"book": "_book", "course": "docs_out"}.get(source.name, "_site"), report)
    return made


@pytest.mark.parametrize(("site", "page", "wanted", "unwanted"), PAGES, ids=[f"{s}/{p}" for s, p, _, _ in PAGES])
def test_the_page_has_what_its_project_asks_for(
    rendered: dict[str, tuple[Path, Report]], site: str, page: str, wanted: list[str], unwanted: list[str]
) -> None:
    assert documents.ensure_html_elements(rendered[site][0] / page, [wanted, unwanted]) == []


@pytest.mark.parametrize(
    ("site", "codes"),
    [
        ("blog", ["OCT-option-unsupported", "OCT-option-unsupported"]),
        ("atlas", ["OCT-config-unknown"]),
        ("book", []),
        ("course", ["OCT-option-unsupported"]),
        ("docs", []),
    ],
)
def test_what_is_left_out_is_told_and_nothing_else(
    rendered: dict[str, tuple[Path, Report]], site: str, codes: list[str]
) -> None:
    report = rendered[site][1]
    assert report.published
    assert [d.code for d in report.diagnostics] == codes, report.diagnostics


def test_feeds_hold_the_posts_in_full_newest_first(rendered: dict[str, tuple[Path, Report]]) -> None:
    feed = ElementTree.parse(rendered["blog"][0] / "index.xml")
    assert [item.findtext("title") for item in feed.iter("item")] == ["Post With Code", "Welcome To My Blog"]
    texts = [item.findtext("description") or "" for item in feed.iter("item")]
    assert "<pre" in texts[0]
    assert 'src="https://example.org/blog/posts/welcome/thumbnail.svg"' in texts[1]
    code = ElementTree.parse(rendered["blog"][0] / "index-code.xml")
    assert [item.findtext("title") for item in code.iter("item")] == ["Post With Code"]


def test_files_for_hosts_and_search_engines(rendered: dict[str, tuple[Path, Report]]) -> None:
    blog, course = rendered["blog"][0], rendered["course"][0]
    assert (blog / "robots.txt").read_text("utf-8") == "Sitemap: https://example.org/blog/sitemap.xml\n"
    assert (course / "robots.txt").read_text("utf-8") == "User-agent: *\n"
    assert (course / "CNAME").is_file()
    assert (course / "files/data.csv").is_file()
    sitemap = (course / "sitemap.xml").read_text("utf-8")
    assert "lectures/week1.html" in sitemap
    assert "404.html" not in sitemap and "lab3" not in sitemap


def test_the_rules_of_a_theme_file_are_taken_over(rendered: dict[str, tuple[Path, Report]]) -> None:
    css = (rendered["blog"][0] / "custom.css").read_text("utf-8")
    assert ".hero h1 {" in css and "#2c5282" in css
    assert "--accent: #2c5282" in css
    dark = (rendered["course"][0] / "img/theme-dark.css").read_text("utf-8")
    assert ':root[data-bs-theme="dark"]' in dark and "--paper: #111" in dark


def test_a_listing_is_printed_with_its_titles_and_links(rendered: dict[str, tuple[Path, Report]]) -> None:
    course = rendered["course"][0] / "lectures"
    assert "Week 1: Intro" in documents.pdf_text(course / "index.pdf")
    assert ">Week 2<" in documents.document_xml(course / "index.docx").decode()


def test_programs_read_the_pages_as_markdown(rendered: dict[str, tuple[Path, Report]]) -> None:
    docs = rendered["docs"][0]
    contents = (docs / "llms.txt").read_text("utf-8")
    assert contents.startswith("# Tool\n")
    assert "- [Alpha](guide/basics/a.llms.md): Hello" in contents
    assert (docs / "reference/r.llms.md").read_text("utf-8") == "# Ref\n\nHello [a](../guide/basics/a.llms.md)\n"
    assert not (rendered["blog"][0] / "llms.txt").exists()


@pytest.mark.parametrize("site", ["book", "course"])
def test_one_format_may_be_rendered_before_the_others_that_its_pages_link_to(tmp_path: Path, site: str) -> None:
    shutil.copytree(SITES / site, tmp_path / site)
    report = render_paths([tmp_path / site], Options(formats=("html",)), lambda *_: None)
    assert report.published, report.diagnostics
