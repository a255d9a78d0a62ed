"""Small projects as people write them, each rendered once: a blog, a course, documentation of a tool."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree

import documents
import pytest
from site_pages import PAGES

from octavo.command import Options, Report, render_paths

SITES = Path(__file__).parent / "fixtures/sites"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Report]]:
    made = {}
    for source in sorted(SITES.iterdir()):
        folder = tmp_path_factory.mktemp("sites") / source.name
        shutil.copytree(source, folder)
        report = render_paths([folder], Options(), lambda *_: None)
        made[source.name] = (
            folder / {"book": "_book", "handbook": "_book", "course": "docs_out"}.get(source.name, "_site"),
            report,
        )
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
        ("handbook", []),
        ("shelf", []),
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
