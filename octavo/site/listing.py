"""Listings: pages that list other pages, drawn in Quarto's DOM (default, grid, table)."""

from __future__ import annotations

import base64
import posixpath
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from octavo.diagnostics import Diagnostic
from octavo.read.language import strings
from octavo.site.entries import Entry, Listing, configs, entries
from octavo.site.feed import feed_categories, feed_name
from octavo.site.fields import COUNTS, DATES, types
from octavo.site.navigation import PageInfo
from octavo.site.offers import listed_formats
from octavo.write.templates import environment

_KINDS = dict.fromkeys(DATES, "date") | dict.fromkeys(COUNTS, "number")

__all__ = ["Entry", "Listing", "categorised", "category_filter", "entries", "feed_listing", "feeds_of", "listings"]


def listings(
    config: object,
    page: PageInfo,
    pages: Sequence[PageInfo],
    words: Mapping[str, str] | None = None,
    root: Path | None = None,
) -> tuple[dict[str, str], list[Diagnostic]]:
    """The HTML of each listing of `page`, by the listing's id (that of the div it belongs into, "listing" if unnamed)."""
    words = words or strings(str(page.front_matter.get("lang") or "en"))
    found, diagnostics = entries(config, page, pages, words, root)
    template = environment().get_template("listing.html")
    drawn = {
        listing.id: template.render(
            listing=listing,
            options=defaultdict(lambda: None, listing.options),
            words=words,
            encoded=_encoded,
            formats=lambda entry: listed_formats(entry.page.outputs, page.href) if entry.page else [],
            sorts=_sorts(listing, words),
            sortable=_sortable(listing),
            filtered=_names(listing.options.get("filter-ui")),
            has_ui=listing.options.get("filter-ui", listing.type == "table"),
        ).strip()
        for listing in found
    }
    return drawn, diagnostics


def category_filter(
    config: object,
    page: PageInfo,
    pages: Sequence[PageInfo],
    words: Mapping[str, str] | None = None,
    root: Path | None = None,
) -> str:
    """The buttons that filter the page's listings by category, for the margin; "" where no listing asks for them.

    The first listing decides how they look, all of them are counted and filtered.
    """
    words = words or strings(str(page.front_matter.get("lang") or "en"))
    found, _ = entries(config, page, pages, words, root)
    style = found[0].categories if found else ""
    if not style:
        return ""
    counts = Counter(c for listing in found for e in listing.entries for c in e.fields["categories"])
    total = sum(len(listing.entries) for listing in found)
    rows = sorted(counts.items(), key=lambda row: row[0].casefold())
    template = environment().get_template("categories.html")
    return template.render(style=style, rows=rows, total=total, words=words, encoded=_encoded).strip()


def categorised(pages: Sequence[PageInfo], root: Path | None = None) -> dict[str, str]:
    """Where a page's categories are shown: its source -> the address of the first page that lists it by category."""
    found: dict[str, str] = {}
    for page in pages:
        if page.draft or not page.front_matter.get("listing"):
            continue
        if not any(config.get("categories") for config in configs(page.front_matter["listing"])):
            continue  # to list it all takes its time on a large site
        for listing in entries(page.front_matter["listing"], page, pages, strings("en"), root)[0]:
            for entry in listing.entries if listing.categories else ():
                if entry.page:
                    found.setdefault(entry.page.source, page.href)
    return found


def feed_listing(page: PageInfo, pages: Sequence[PageInfo], root: Path | None = None) -> Listing | None:
    """What the page's feed tells: the entries of all its listings that ask for one, None if none does."""
    found, _ = entries(page.front_matter.get("listing"), page, pages, strings("en"), root)
    asking = [listing for listing in found if listing.options.get("feed")]
    if not asking:
        return None
    every = {entry.href: entry for listing in asking for entry in listing.entries}
    return replace(asking[0], entries=tuple(every.values()))


def feeds_of(page: PageInfo, website: Mapping[str, object]) -> list[tuple[str, str]]:
    """Title and address (relative to the page) of each feed of the page; a feed needs the site's address."""
    if not website.get("site-url"):
        return []
    options = next((c["feed"] for c in configs(page.front_matter.get("listing")) if c.get("feed")), None)
    if not options:
        return []
    options = options if isinstance(options, Mapping) else {}
    title = str(options.get("title") or website.get("title") or page.title)
    name = posixpath.basename(feed_name(page.href))
    rows = [(title, name)]
    for category in feed_categories(options):
        rows.append((f"{title} - {category}", posixpath.basename(feed_name(page.href, category))))
    return rows


def _encoded(categories: Sequence[str] | str) -> str:
    text = categories if isinstance(categories, str) else ",".join(categories)
    return base64.b64encode(quote(text, safe="!~*'()").encode()).decode()


def _names(value: object) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list | tuple) else []


def _sortable(listing: Listing) -> list[str]:
    """The columns of a table that readers may sort by."""
    wanted = listing.options.get("sort-ui", True)
    names = _names(wanted) or ([wanted] if isinstance(wanted, str) else listing.fields if wanted else [])
    return [name for name in names if name not in ("image", "categories")]


def _sorts(listing: Listing, words: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The orders that readers may choose: field, direction, text."""
    wanted = listing.options.get("sort-ui", listing.type == "table")
    if not wanted or listing.type == "table":
        return []
    fields = [str(f) for f in wanted] if isinstance(wanted, list | tuple) else listing.fields
    rows = []
    for name in fields:
        if name in ("image", "description", "categories", "subtitle"):
            continue
        kind = types(listing.options).get(name, _KINDS.get(name, "")).replace("minutes", "number").replace("string", "")
        label = listing.names.get(name, name)
        if kind:
            for direction in ("asc", "desc"):
                rows.append((name, direction, f"{label} ({words[f'listing-page-order-by-{kind}-{direction}']})"))
        else:
            rows.append((name, "asc", label))
    return rows
