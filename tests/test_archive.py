"""What the home page offers to take along: the site as one ZIP file that is read from the disk, and a PDF of all pages."""

import posixpath
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from octavo.command import Options, render_paths

CONFIG = """project:
  type: website
website:
  title: Small
  site-url: https://example.org/small
  navbar:
    left: [index.qmd, part/deep.qmd]
octavo:
  downloads:
    pdf: downloads/all.pdf
    zip: downloads/small.zip
format:
  html: default
  pdf: default
"""


def made(folder: Path) -> Path:
    (folder / "part").mkdir(parents=True)
    (folder / "_quarto.yml").write_text(CONFIG, "utf-8")
    (folder / "index.qmd").write_text("---\ntitle: Start\nformat: html\n---\n\nGo [deeper](part/deep.qmd).\n", "utf-8")
    (folder / "part/deep.qmd").write_text(
        "---\ntitle: Deep\n---\n\n## A whirlpool {#sec-whirl}\n\nIt turns: $x^2$.\n\n![A dot](dot.svg)\n", "utf-8"
    )
    (folder / "part/dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', "utf-8")
    return folder


def rendered(folder: Path) -> Path:
    report = render_paths([folder], Options(), lambda *_: None)
    assert report.published and not report.diagnostics, report.diagnostics
    return folder / "_site"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered(made(tmp_path_factory.mktemp("archive") / "small"))


@pytest.fixture(scope="module")
def unpacked(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(site / "downloads/small.zip") as pack:
        pack.extractall(folder)
    return folder / "small"


def addresses(page: Path) -> list[str]:
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    return [str(e.get(key)) for key in ("href", "src") for e in soup.find_all(attrs={key: True})]


def test_the_home_page_offers_the_archive_and_no_pdf_that_is_not_there(site: Path) -> None:
    offered = BeautifulSoup((site / "index.html").read_text("utf-8"), "html.parser").select(".quarto-title-formats a")
    assert [(a.get_text(), a["href"]) for a in offered] == [("All pages offline (ZIP)", "downloads/small.zip")]
    assert "small.zip" not in (site / "part/deep.html").read_text("utf-8")


def test_the_archive_is_whole_and_leads_nowhere_else(unpacked: Path) -> None:
    names = {p.relative_to(unpacked).as_posix() for p in unpacked.rglob("*") if p.is_file()}
    assert {"index.html", "part/deep.html", "part/deep.pdf", "part/dot.svg", "pagefind/offline-index.js"} <= names
    assert not any(name.endswith((".zip", ".pf_index", "sitemap.xml")) for name in names)
    for page in unpacked.rglob("*.html"):
        here = posixpath.dirname(page.relative_to(unpacked).as_posix())
        for address in addresses(page):
            path = unquote(address.partition("#")[0])
            if path and not path.startswith(("https://example.org", "data:")) and page.name != "404.html":
                assert posixpath.normpath(posixpath.join(here, path)) in names, (page, address)
        assert "small.zip" not in page.read_text("utf-8")


def test_the_same_site_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    again = rendered(made(tmp_path / "small"))
    assert (again / "downloads/small.zip").read_bytes() == (site / "downloads/small.zip").read_bytes()


def test_a_change_is_in_the_archive_and_a_pdf_is_offered_once_it_is_made(tmp_path: Path) -> None:
    folder = made(tmp_path / "small")
    rendered(folder)
    page = folder / "part/deep.qmd"
    page.write_text(page.read_text("utf-8") + "\nA maelstrom.\n", "utf-8")
    (folder / "downloads").mkdir()
    (folder / "downloads/all.pdf").write_bytes(b"%PDF-1.7")
    site = rendered(folder)
    with zipfile.ZipFile(site / "downloads/small.zip") as pack:
        assert b"maelstrom" in pack.read("small/part/deep.html")
        assert b"maelstrom" in pack.read("small/pagefind/offline-index.js")
        assert pack.read("small/downloads/all.pdf") == b"%PDF-1.7"
    home = (site / "index.html").read_text("utf-8")
    assert "All pages as PDF" in home and "downloads/all.pdf" in home
    assert len(list((folder / ".octavo/archive").iterdir())) == 1


def test_pages_alone_offer_no_archive_that_nobody_packed(tmp_path: Path) -> None:
    folder = made(tmp_path / "small")
    report = render_paths([folder / "index.qmd"], Options(), lambda *_: None)
    assert report.published
    assert "small.zip" not in (folder / "_site/index.html").read_text("utf-8")


@pytest.mark.browser
def test_it_is_read_and_searched_without_a_network(browser: Browser, unpacked: Path) -> None:
    context = browser.new_context(offline=True)
    tab = context.new_page()
    tab.set_default_timeout(120_000)
    asked: list[str] = []
    troubles: list[str] = []
    tab.on("request", lambda r: asked.append(r.url))
    tab.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
    tab.on("pageerror", lambda e: troubles.append(str(e)))
    tab.goto((unpacked / "index.html").as_uri())
    tab.get_by_role("link", name="deeper").click()
    tab.get_by_role("heading", name="A whirlpool").wait_for()
    tab.wait_for_load_state("load")  # the page shows before its script listens
    tab.keyboard.press("/")
    tab.get_by_role("combobox").fill("whirl")
    tab.get_by_role("option").filter(has_text="A whirlpool").first.click()
    tab.wait_for_url("**/part/deep.html#sec-whirl")
    assert asked and all(url.startswith(("file:", "data:")) for url in asked), asked
    assert troubles == []
    context.close()
