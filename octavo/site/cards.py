"""The picture that stands for a page where it is shared: its title and its site, drawn where the page names none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from octavo.cache import Cache, key_of
from octavo.site.navigation import PageInfo
from octavo.write.faces import folders
from octavo.write.typst_options import string

WIDTH, HEIGHT = 1200, 630  # what the networks show whole
_CARD = """
#set page(width: {width}pt, height: {height}pt, margin: (x: 80pt, y: 72pt), fill: rgb("#fdfcfa"))
#set text(font: "Source Sans Pro", size: 30pt, fill: rgb("#565e69"), lang: {language})
#place(top + left, dx: -80pt, dy: -72pt, rect(width: 14pt, height: {height}pt, fill: rgb("#0b5c7d")))
#text(weight: "semibold", fill: rgb("#0b5c7d"), {site})
#v(1fr)
#block(par(leading: .45em, text(size: {size}pt, weight: "semibold", fill: rgb("#0d1117"), {title})))
#block(above: 30pt, par(leading: .55em, text(font: "Source Serif Pro", {description})))
#v(1fr)
"""


def wants_card(info: PageInfo, website: Mapping[str, Any]) -> bool:
    """Whether links to the page show a card: the site has an address, and the page no picture that networks draw."""
    given = info.front_matter.get("image") or website.get("image")
    return bool(website.get("site-url")) and not given and (not info.image or info.image.endswith(".svg"))


def card_name(info: PageInfo) -> str:
    """The card's file, relative to the site."""
    return info.href.removesuffix(".html") + "-card.png"


def card(info: PageInfo, website: Mapping[str, Any], language: str, cache: Cache) -> bytes:
    """The card as PNG. The same words give the same bytes."""
    title = info.title or str(website.get("title") or "")
    site = str(website.get("title") or "")
    source = _CARD.format(
        width=WIDTH,
        height=HEIGHT,
        language=string(language.split("-")[0][:3].lower()),
        site=string(site if site != title else ""),
        size=76 if len(title) < 36 else 60 if len(title) < 70 else 46,
        title=string(title),
        description=string(_shortened(info.description, 170)),
    )

    def drawn() -> bytes:
        import typst

        return typst.compile(
            {"card.typ": source.encode()}, root=".", font_paths=[str(f) for f in folders()], format="png", ppi=72.0
        )

    return cache.bytes(key_of("card", source), drawn)


def _shortened(text: str, length: int) -> str:
    """At most so many letters, cut between words."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0].rstrip(",.;:") + " …"
