"""What other programs read of a page: previews of links (Open Graph, Twitter) and structured data (schema.org)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urljoin

from octavo.read.dates import parse_date
from octavo.write.title_block import authors, license_of
from octavo.write.view import PageView


def social(view: PageView, url: str | None, title: str) -> list[tuple[str, str, str]]:
    """Meta elements for link previews: attribute, name, content; `title` is that of the window."""
    website, options = view.website, view.options
    description = str(view.description or options.get("abstract") or website.get("description") or "")
    site_url = str(website.get("site-url") or "").rstrip("/") + "/"
    rows: list[tuple[str, str, str]] = []
    for key, attribute, prefix in (("open-graph", "property", "og:"), ("twitter-card", "name", "twitter:")):
        own = options.get(key, website.get(key))
        if own is False or not (own or url):
            continue
        own = own if isinstance(own, Mapping) else {}
        # What a page names counts from the page, what the site names from its root.
        given = own.get("image")
        given = urljoin(view.href, str(given)).lstrip("/") if given and key in options else given
        image = given or view.card or view.image or website.get("image")
        values = {
            "title": own.get("title") or (title if view.title or website.get("title") else None),
            "description": own.get("description") or description,
            "image": urljoin(site_url, str(image)) if image and url else image,
            "image:alt": own.get("image-alt") or options.get("image-alt"),
        }
        for side in ("width", "height"):
            name = f"image:{side}" if prefix == "og:" else f"image-{side}"
            values[name] = own.get(f"image-{side}") or options.get(f"image-{side}")
        if prefix == "og:":
            values |= {"type": "article" if options.get("date") else "website", "url": url}
            values |= {"site_name": own.get("site-name") or website.get("title"), "locale": own.get("locale")}
        else:
            card = own.get("card-style") or ("summary_large_image" if image else "summary")
            values |= {"card": card, "creator": own.get("creator"), "site": own.get("site")}
        rows += [(attribute, prefix + name, str(value)) for name, value in values.items() if value]
    return rows


def structured(view: PageView, url: str | None) -> str:
    """The page as schema.org describes one, in JSON that may stand in a script element; "" without a site's address."""
    if not url or view.draft or not view.title:
        return ""
    options, site = view.options, view.website
    site_url = str(site.get("site-url") or "").rstrip("/") + "/"
    keywords = options.get("keywords") or options.get("categories")
    moment, changed = parse_date(options.get("date")), parse_date(options.get("date-modified"))
    people = [
        {
            "@type": "Person",
            "name": author.name,
            "url": author.url,
            "identifier": f"https://orcid.org/{author.orcid}" if author.orcid else None,
            "affiliation": [{"@type": "Organization", "name": a.name} for a in author.affiliations],
        }
        for author in authors(options)
    ]
    data = {
        "@context": "https://schema.org",
        "@type": "Article" if moment or people else "WebPage",
        "headline": view.title,
        "description": view.description,
        "url": url,
        "inLanguage": view.language,
        "author": people,
        "datePublished": moment.date().isoformat() if moment else None,
        "dateModified": changed.date().isoformat() if changed else None,
        "image": urljoin(site_url, view.card or view.image or "") if view.card or view.image else None,
        "keywords": keywords if isinstance(keywords, list | tuple) else [keywords] if keywords else None,
        "license": license_of(options)[1],
        "isPartOf": {"@type": "WebSite", "name": site.get("title"), "url": site_url},
    }
    # A script element ends at the first `</`, wherever that stands.
    return json.dumps(_filled(data), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def _filled(value: object) -> object:
    """The data without what is empty."""
    if isinstance(value, Mapping):
        return {k: _filled(v) for k, v in value.items() if v not in (None, "", [])}
    return [_filled(v) for v in value] if isinstance(value, list) else value
