"""What other programs read of a site: its map for search engines, and feeds of its listings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path
from urllib.parse import urljoin

from octavo.diagnostics import Diagnostic, error, warning
from octavo.read.dates import parse_date
from octavo.read.yaml import position_of
from octavo.site.contents import own_address, relative
from octavo.site.entries import Entry, Listing
from octavo.site.navigation import PageInfo

_PARAGRAPH = re.compile(r"<p\b[^>]*>.*?</p>", re.DOTALL)


def sitemap(site_url: str, pages: Sequence[PageInfo]) -> str:
    """`sitemap.xml`: the address of every page that is no draft, and when it last changed."""
    base = site_url.rstrip("/") + "/"
    rows = []
    for page in sorted(pages, key=lambda p: p.href):
        if page.draft or page.front_matter.get("sitemap") is False or page.href == "404.html":
            continue
        moment = parse_date(page.modified)
        changed = f"\n    <lastmod>{moment.date().isoformat()}</lastmod>" if moment else ""
        rows.append(f"  <url>\n    <loc>{escape(base + page.href)}</loc>{changed}\n  </url>")
    body = "\n".join(rows)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{space}">\n{body}\n</urlset>\n'


def feed_name(href: str, category: str = "") -> str:
    """The address of the feed of the page at `href`, or of the one for a category, relative to the site's root."""
    tail = "-" + re.sub(r"\W+", "-", category.lower()).strip("-") if category else ""
    return re.sub(r"\.html$", f"{tail}.xml", href)


def feed_categories(options: Mapping[str, object]) -> list[str]:
    """The categories that have a feed of their own."""
    return [str(c) for c in _list(options.get("categories"))]


def feed(listing: Listing, page: PageInfo, website: Mapping[str, object], category: str = "") -> str:
    """An RSS 2.0 feed of the listing that stands on `page`, newest first; the site needs a `site-url`.

    Undated entries are left out: a feed is what is new. `category` leaves out the entries of others.
    """
    options = listing.options.get("feed")
    options = options if isinstance(options, Mapping) else {}
    base = str(website.get("site-url") or "").rstrip("/") + "/"
    here = urljoin(base, page.href)
    address = urljoin(base, feed_name(page.href, category))
    dated = [e for e in listing.entries if e.sort.get("date") is not None]
    dated = [e for e in dated if not category or category in e.fields["categories"]]
    newest = sorted(dated, key=lambda e: e.sort["date"], reverse=True)[: int(options.get("items") or 20)]
    title = options.get("title") or website.get("title") or page.title
    description = options.get("description") or page.description or website.get("description") or title
    own = options.get("image")
    image = (own_address(str(own), page.source).lstrip("/") if own else None) or page.image or website.get("image")
    head = [
        f"<title>{escape(f'{title} - {category}' if category else str(title))}</title>",
        f"<link>{escape(here)}</link>",
        f'<atom:link href="{escape(address)}" rel="self" type="application/rss+xml"/>',
        f"<description>{escape(str(description))}</description>",
        "<generator>octavo</generator>",
    ]
    if options.get("language"):
        head.append(f"<language>{escape(str(options['language']))}</language>")
    if image:
        url = escape(urljoin(base, str(image)))
        head.append(f"<image><url>{url}</url><title>{escape(str(title))}</title><link>{escape(here)}</link></image>")
    if newest:
        head.append(f"<lastBuildDate>{_moment(newest[0])}</lastBuildDate>")
    items = [_item(e, here, str(options.get("type") or "full")) for e in newest]
    sheet = options.get("xml-stylesheet")
    style = f'<?xml-stylesheet type="text/xsl" href="{escape(stylesheet(str(sheet), page))}"?>\n' if sheet else ""
    spaces = 'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    inner = "\n".join([*head, *items])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{style}<rss version="2.0" {spaces}>\n<channel>\n{inner}\n</channel>\n</rss>\n'


def mistakes(
    config: Mapping[str, object], page: PageInfo, website: Mapping[str, object], root: Path
) -> list[Diagnostic]:
    """Why the feed that a listing asks for is not as its author means it."""
    options = config.get("feed")
    if not options:
        return []
    found = []
    if not website.get("site-url"):
        message = "the site has no `site-url`, so there is no feed"
        found.append(warning("OCT-listing-feed", message, position_of(config, "feed"), "`website: site-url:`"))
    name = options.get("xml-stylesheet") if isinstance(options, Mapping) else None
    if name and not (root / own_address(str(name), page.source).lstrip("/")).is_file():
        place = position_of(options, "xml-stylesheet")
        found.append(error("OCT-listing-feed", f"there is no style sheet `{name}`", place))
    return found


def stylesheet(name: str, page: PageInfo) -> str:
    """Where the style sheet of the page's feed stands, relative to the feed."""
    return relative(own_address(name, page.source).lstrip("/"), page.href)


def _item(entry: Entry, here: str, kind: str) -> str:
    """One item: with all of the page's text (`full`), its first paragraph (`partial`) or its description (`metadata`)."""
    link = urljoin(here, entry.href)
    body = entry.page.body if entry.page else ""
    first = _PARAGRAPH.search(body)
    text = body if kind == "full" else first[0] if kind == "partial" and first else ""
    text = text or escape(str(entry.fields["description"]))
    # Addresses in the text count from its page, and a feed is read elsewhere.
    text = re.sub(r'\b(src|href)="([^"]*)"', lambda m: f'{m[1]}="{urljoin(link, m[2])}"', text)
    parts = [
        f"<title>{escape(entry.title)}</title>",
        *(f"<dc:creator>{escape(name)}</dc:creator>" for name in str(entry.fields["author"]).split(", ") if name),
        f"<link>{escape(link)}</link>",
        f"<description><![CDATA[{text.replace(']]>', ']]&gt;')}]]></description>",
        *(f"<category>{escape(c)}</category>" for c in entry.fields["categories"]),
        f"<guid>{escape(link)}</guid>",
        f"<pubDate>{_moment(entry)}</pubDate>",
    ]
    return "<item>\n  " + "\n  ".join(parts) + "\n</item>"


def _moment(entry: Entry) -> str:
    return format_datetime(datetime.fromtimestamp(entry.sort["date"] / 1000, UTC), usegmt=True)


def _list(value: object) -> list:
    return list(value) if isinstance(value, list | tuple) else [value] if value else []
