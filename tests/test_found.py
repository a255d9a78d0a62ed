"""What lets a site be found and shared: addresses, previews, feeds, and copies for programs. All of it wants to know where
the site will stand; a site that does not say gets none of it, and no address is made up."""

import json
import posixpath
import re
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from octavo.command import Options, render_paths

URL = "https://notes.example.org/meta"
CONFIG = """project:
  type: website
website:
  title: Notes
  description: On learning.
  {address}
  open-graph: true
  twitter-card: true
  navbar:
    left: [index.qmd, lectures/one.qmd]
format: html
octavo:
  llms-txt: true
"""
PAGES = {
    "index.qmd": "---\ntitle: Home\nlisting:\n  contents: lectures\n  feed: {feed}\n---\n\nWelcome.\n",
    "lectures/one.qmd": "---\ntitle: One task\ndescription: What a task is.\nauthor: Ada Writer\ndate: 2026-01-02\n"
    "categories: [lecture]\n---\n\n## A task {#sec-task}\n\nA distribution $p$, as in [two](two.qmd#sec-many).\n",
    "lectures/two.qmd": "---\ntitle: Two tasks\ndate: 2026-01-09\n---\n\n## Many {#sec-many}\n\nAnd another.\n",
    "404.qmd": "---\ntitle: Not here\n---\n\nGo [home](index.qmd).\n",
}


def rendered(folder: Path, address: str) -> Path:
    (folder / "lectures").mkdir(parents=True)
    (folder / "_quarto.yml").write_text(CONFIG.format(address=address), "utf-8")
    for name, text in PAGES.items():
        (folder / name).write_text(text.replace("{feed}", "true" if address else "false"), "utf-8")
    report = render_paths([folder], Options(), lambda *_: None)
    assert report.published and not report.diagnostics, report.diagnostics
    return folder / "_site"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered(tmp_path_factory.mktemp("found") / "notes", f"site-url: {URL}")


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered(tmp_path_factory.mktemp("nowhere") / "notes", "")


def soup(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text("utf-8"), "html.parser")


def test_every_page_says_where_it_stands(site: Path) -> None:
    for name, address in (("index.html", f"{URL}/"), ("lectures/one.html", f"{URL}/lectures/one.html")):
        page = soup(site / name)
        assert page.select_one("link[rel=canonical]")["href"] == address
        assert page.select_one("meta[property='og:url']")["content"] == address


def test_a_shared_link_shows_title_words_and_a_picture_that_is_there(site: Path) -> None:
    for name, title in (("index.html", "Home"), ("lectures/one.html", "One task"), ("lectures/two.html", "Two tasks")):
        page = soup(site / name)
        assert page.select_one("meta[property='og:title']")["content"] == f"{title} – Notes"
        for picture in page.select("meta[property='og:image'], meta[name='twitter:image']"):
            assert picture["content"].startswith(f"{URL}/")
            drawn = Image.open(BytesIO((site / picture["content"].removeprefix(f"{URL}/")).read_bytes()))
            assert drawn.size == (1200, 630)
        assert page.select_one("meta[name='twitter:card']")["content"] == "summary_large_image"
    page = soup(site / "lectures/one.html")
    assert page.select_one("meta[property='og:description']")["content"] == "What a task is."


def test_the_sitemap_names_every_page_and_the_robots_find_it(site: Path) -> None:
    tree = ElementTree.parse(site / "sitemap.xml")
    named = {e.text for e in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    assert named == {f"{URL}/index.html", f"{URL}/lectures/one.html", f"{URL}/lectures/two.html"}
    assert (site / "robots.txt").read_text("utf-8") == f"Sitemap: {URL}/sitemap.xml\n"


def test_the_feed_is_announced_and_holds_the_pages_newest_first(site: Path) -> None:
    assert (
        soup(site / "index.html").select_one("link[rel=alternate][type='application/rss+xml']")["href"] == "index.xml"
    )
    items = list(ElementTree.parse(site / "index.xml").iter("item"))
    assert [item.findtext("link") for item in items] == [f"{URL}/lectures/two.html", f"{URL}/lectures/one.html"]


def test_structured_data_says_who_wrote_what_and_when(site: Path) -> None:
    data = json.loads(soup(site / "lectures/one.html").select_one("script[type='application/ld+json']").string)
    assert data["@context"] == "https://schema.org"
    assert data["author"] == [{"@type": "Person", "name": "Ada Writer"}]
    assert data["url"] == f"{URL}/lectures/one.html" and data["datePublished"] == "2026-01-02"


def test_programs_find_a_list_of_pages_and_each_as_markdown(site: Path) -> None:
    told = (site / "llms.txt").read_text("utf-8")
    assert told.startswith("# Notes\n\n> On learning.\n")
    copies = re.findall(r"\]\(([^)]+)\)", told)
    assert copies == [f"{URL}/{name}.llms.md" for name in ("index", "lectures/one", "lectures/two")]
    text = (site / "lectures/one.llms.md").read_text("utf-8")
    assert text.startswith("# One task\n") and "## A task" in text and "$p$" in text
    link = re.search(r"\[two\]\(([^)]+)\)", text)[1]
    assert (site / posixpath.join("lectures", link.partition("#")[0])).is_file()


def test_the_page_for_lost_readers_works_at_any_depth(site: Path) -> None:
    page = soup(site / "404.html")
    lost = f"{URL}/lectures/gone/deep.html"
    for element, key in [(e, k) for k in ("href", "src") for e in page.find_all(attrs={k: True})]:
        address = urljoin(lost, str(element[key])).partition("#")[0]
        if address.startswith(f"{URL}/") and not str(element[key]).startswith("#"):
            name = address.removeprefix(f"{URL}/") or "index.html"
            assert (site / name).exists(), element
    assert page.select_one("main a[href='/meta/index.html']")
    fonts = page.select_one("script[data-fonts]")["data-fonts"].split()
    assert fonts and all((site / urljoin(lost, name).removeprefix(f"{URL}/")).is_file() for name in fonts), fonts


def test_a_site_that_does_not_say_where_it_stands_invents_no_address(nowhere: Path) -> None:
    page = soup(nowhere / "lectures/one.html")
    assert not page.select("link[rel=canonical], meta[property='og:url'], script[type='application/ld+json']")
    assert page.select_one("meta[property='og:title']")["content"] == "One task – Notes"
    assert not (nowhere / "sitemap.xml").exists() and not (nowhere / "robots.txt").exists()
    assert "(lectures/one.llms.md)" in (nowhere / "llms.txt").read_text("utf-8")
