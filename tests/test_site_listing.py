"""Listings choose, sort, filter and draw; feeds and the sitemap name the same pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from bs4 import BeautifulSoup

from octavo.read.language import strings
from octavo.read.yaml import load_yaml
from octavo.site.feed import feed, mistakes, sitemap
from octavo.site.listing import category_filter, entries, feed_listing, listings
from octavo.site.navigation import PageInfo

HOME = PageInfo("index.qmd", "index.html", "Home")


def page(name: str, date: str, categories: list[str], words: int = 100, **fields: object) -> PageInfo:
    title = name.rsplit("/", 1)[-1].capitalize()
    options = {"title": title, "date": date, "categories": categories, "author": "Ada"}
    return PageInfo(f"{name}.qmd", f"{name}.html", title, front_matter=options, word_count=words, **fields)


PAGES = [
    HOME,
    page("posts/beta", "2026-02-01", ["proof"], 900, description="About <b> & co."),
    page("posts/alpha", "2026-03-01", ["proof", "code"], image="posts/a.png", image_alt="A"),
    page("posts/deep/gamma", "2025-12-01", ["code"]),
    page("other/delta", "2026-01-01", [], draft=True),
]


def hrefs(config: str, here: PageInfo = HOME) -> list[str]:
    found, told = entries(load_yaml(config, "index.qmd"), here, PAGES, strings("en"))
    assert told == []
    return [entry.href for entry in found[0].entries]


def test_contents_are_the_folder_a_glob_or_a_folder_less_what_is_taken_away() -> None:
    everything = ["posts/alpha.html", "posts/beta.html", "posts/deep/gamma.html"]
    assert hrefs("type: default") == everything
    assert hrefs("contents: posts") == everything
    assert hrefs("contents: 'posts/*.qmd'") == everything[:2]
    assert hrefs("contents: ['posts/**', '!posts/deep/**']") == everything[:2]
    assert hrefs("contents: '/posts/b*'", PAGES[3]) == ["../beta.html"]


def test_sort_include_exclude_and_limit() -> None:
    assert hrefs("sort: date desc")[0] == "posts/alpha.html"
    assert hrefs("sort: [reading-time desc, title desc]")[:2] == ["posts/beta.html", "posts/deep/gamma.html"]
    assert hrefs("include: {categories: cod*}") == ["posts/alpha.html", "posts/deep/gamma.html"]
    assert hrefs("exclude: {categories: code}") == ["posts/beta.html"]
    assert hrefs("max-items: 1") == ["posts/alpha.html"]


def test_items_may_be_metadata_in_the_page_or_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "items.yml").write_text("- title: From a file\n  path: https://e.org\n", "utf-8")
    config = load_yaml("contents: [items.yml, {title: Inline, path: x.pdf, date: 2026-01-02}]", "index.qmd")
    found, _ = entries(config, HOME, PAGES, strings("en"), root=tmp_path)
    assert [(e.href, e.fields["title"], e.fields["date"]) for e in found[0].entries] == [
        ("https://e.org", "From a file", ""),
        ("x.pdf", "Inline", "Jan 2, 2026"),
    ]


def test_the_default_listing_has_quartos_shape() -> None:
    drawn, _ = listings("default", HOME, PAGES)
    soup = BeautifulSoup(drawn["listing"], "html.parser")
    post = soup.select(
        "#listing-listing.quarto-listing-container-default > .list.quarto-listing-default > .quarto-post"
    )[1]
    link = post.select_one(".body > h3.no-anchor.listing-title > a")
    assert link is not None
    assert (link["href"], link.get_text()) == ("posts/beta.html", "Beta")
    assert "About <b> & co." in post.select_one(".listing-description").get_text()
    assert post.select_one(".metadata .listing-date").get_text(strip=True) == "Feb 1, 2026"
    assert post["data-categories"] == "cHJvb2Y="
    assert post["data-listing-date-sort"] == "1769904000000"
    picture = soup.select_one(".thumbnail img")
    assert (picture["src"], picture["alt"]) == ("posts/a.png", "A")


def test_grid_and_table_show_the_fields_that_were_asked_for() -> None:
    config = load_yaml(
        "a:\n - {id: g, type: grid, fields: [title, reading-time]}\n"
        " - {id: t, type: table, fields: [title, date, reading-time], field-display-names: {date: When}, date-format: iso}\n",
        "index.qmd",
    )["a"]
    drawn, _ = listings(config, HOME, PAGES)
    grid, table = (BeautifulSoup(drawn[name], "html.parser") for name in ("g", "t"))
    assert [e.get_text(strip=True) for e in grid.select(".card .listing-reading-time")] == ["1 min", "4 min", "1 min"]
    assert [e.get_text() for e in table.select("th")] == ["Title", "When", "Reading Time"]
    assert [e.get_text() for e in table.select("tbody tr")[0].select("td")] == ["Alpha", "2026-03-01", "1 min"]
    assert [a["href"] for a in table.select("tbody tr")[0].select("a")] == ["posts/alpha.html"]


def test_categories_are_counted_over_all_listings() -> None:
    html = category_filter({"categories": True}, HOME, PAGES)
    buttons = [" ".join(b.get_text().split()) for b in BeautifulSoup(html, "html.parser").select("button.category")]
    assert buttons == ["All (3)", "code (2)", "proof (2)"]
    assert category_filter({}, HOME, PAGES) == ""


def test_what_a_listing_does_not_find_or_know_is_told() -> None:
    _, told = listings(load_yaml("contents: psots", "index.qmd"), HOME, PAGES)
    assert [(d.code, str(d.position)) for d in told] == [("OCT-listing-missing", "index.qmd:1:1")]
    _, told = listings(load_yaml("type: gird", "index.qmd"), HOME, PAGES)
    assert [d.code for d in told] == ["OCT-listing-type"]


def test_the_feed_holds_the_newest_first() -> None:
    config = {"contents": "posts", "feed": {"items": 2, "title": "News", "categories": ["b"]}}
    home = replace(HOME, front_matter={"listing": config})
    listing = feed_listing(home, PAGES)
    root = ElementTree.fromstring(feed(listing, home, {"site-url": "https://e.org/n", "title": "Site"}))
    assert root.findtext("channel/title") == "News"
    assert [i.findtext("link") for i in root.iter("item")] == [
        "https://e.org/n/posts/alpha.html",
        "https://e.org/n/posts/beta.html",
    ]
    assert root.findtext("channel/item/pubDate") == "Sun, 01 Mar 2026 00:00:00 GMT"


def test_the_sitemap_leaves_drafts_out() -> None:
    root = ElementTree.fromstring(sitemap("https://e.org/n/", PAGES))
    found = [loc.text for loc in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert found[0] == "https://e.org/n/index.html"
    assert len(found) == 4


def test_a_pattern_that_matches_nothing_yet_is_a_warning() -> None:
    found, told = entries(load_yaml("contents: [posts, 'talks/*']", "index.qmd"), HOME, PAGES, strings("en"))
    assert len(found[0].entries) == 3
    assert [(d.code, d.severity) for d in told] == [("OCT-listing-missing", "warning")]
    # Drafts are there, though nobody lists them.
    assert entries(load_yaml("contents: 'other/*'", "index.qmd"), HOME, PAGES, strings("en"))[1] == []


def test_fields_and_orders_that_nothing_has_are_told() -> None:
    config = load_yaml("fields: [title, auhtor]\nsort: [dte, 'title down']\nsort-ui: [title]", "index.qmd")
    _, told = entries(config, HOME, PAGES, strings("en"))
    assert [(d.code, d.severity, d.hint) for d in told] == [
        ("OCT-listing-field", "warning", "did you mean `author`?"),
        ("OCT-listing-field", "warning", "did you mean `date`?"),
        ("OCT-listing-field", "warning", "`title asc` or `title desc`"),
    ]


def test_fields_have_the_types_that_the_author_gives_them() -> None:
    pages = [
        HOME,
        replace(PAGES[1], front_matter={"title": "B", "due": "2026-10-01", "length": 9, "topics": ["x", "y"]}),
        replace(PAGES[2], front_matter={"title": "A", "due": "2026-09-30", "length": 10}),
    ]
    config = load_yaml(
        "type: table\nfields: [title, due, length, topics]\nfield-types: {due: date, length: minutes}\n"
        "sort: [length desc]\nsort-ui: [due]\nfilter-ui: [title]\nfield-links: [due]",
        "index.qmd",
    )
    drawn, told = listings(config, HOME, pages)
    assert told == []
    soup = BeautifulSoup(drawn["listing"], "html.parser")
    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in soup.select("tbody tr")]
    assert rows == [["Alpha", "Sep 30, 2026", "10 min", ""], ["Beta", "Oct 1, 2026", "9 min", "x, y"]]
    assert soup.select_one("tbody tr")["data-listing-length-sort"] == "10.0"
    assert [head.get("data-sort") for head in soup.select("th")] == [None, "due", None, None]
    assert soup.select_one(".quarto-listing")["data-filter"] == "title"
    assert soup.select_one("td a.due") and not soup.select_one("td a.title")


def test_cards_stand_as_wide_and_as_the_author_says() -> None:
    config = load_yaml(
        "{type: grid, grid-columns: 2, grid-item-align: center, grid-item-border: false, image-height: 90px}", "q"
    )
    soup = BeautifulSoup(listings(config, HOME, PAGES)[0]["listing"], "html.parser")
    assert soup.select_one(".quarto-listing-cols-2")["style"] == "--cols: 2"
    assert soup.select_one(".quarto-grid-item.card-center.borderless")
    assert soup.select_one("img.card-img")["style"] == "height: 90px"


def test_the_style_of_the_categories() -> None:
    for style, shown in (
        ("category-unnumbered", "proof"),
        ("category-default", "proof (2)"),
        ("category-cloud", "proof"),
    ):
        html = category_filter({"categories": True, "category-style": style}, HOME, PAGES)
        buttons = [" ".join(b.get_text().split()) for b in BeautifulSoup(html, "html.parser").select("button.category")]
        assert buttons[-1] == shown


def test_a_feed_holds_as_much_as_its_type_says_and_names_its_style_sheet() -> None:
    body = "<h2>H</h2><p>First <em>one</em>.</p><p>Second.</p>"
    pages = [HOME, replace(PAGES[1], body=body)]

    def text(kind: str) -> str:
        config = {"contents": "posts", "feed": {"type": kind, "xml-stylesheet": "/feeds/look.xsl"}}
        home = replace(HOME, front_matter={"listing": config})
        written = feed(feed_listing(home, pages), home, {"site-url": "https://e.org/n"})
        assert '<?xml-stylesheet type="text/xsl" href="feeds/look.xsl"?>' in written
        return ElementTree.fromstring(written.encode()).findtext("channel/item/description") or ""

    assert text("full") == body
    assert text("partial") == "<p>First <em>one</em>.</p>"
    assert text("metadata") == "About &lt;b&gt; &amp; co."


def test_a_feed_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    config = load_yaml("feed: {xml-stylesheet: look.xsl}", "index.qmd")
    assert [(d.code, d.severity) for d in mistakes(config, HOME, {}, tmp_path)] == [
        ("OCT-listing-feed", "warning"),
        ("OCT-listing-feed", "error"),
    ]
    assert mistakes({"feed": True}, HOME, {"site-url": "https://e.org"}, tmp_path) == []


def test_entries_offer_their_other_formats_if_the_listing_asks() -> None:
    outputs = {"html": "posts/beta.html", "pdf": "posts/beta.pdf", "ipynb": "posts/beta.ipynb"}
    pages = [HOME, replace(PAGES[1], outputs=outputs), PAGES[2]]
    config = {"contents": "posts", "fields": ["title", "format-links"]}
    drawn = BeautifulSoup(listings(config, HOME, pages)[0]["listing"], "html.parser")
    found = {
        post.h3.get_text(strip=True): post.select(".listing-format-links a") for post in drawn.select(".quarto-post")
    }
    assert found["Alpha"] == []
    assert [(a["href"], a.get("download"), a["aria-label"]) for a in found["Beta"]] == [
        ("posts/beta.pdf", None, "PDF: Beta"),
        ("posts/beta.ipynb", "beta.ipynb", "Jupyter: Beta"),
    ]
