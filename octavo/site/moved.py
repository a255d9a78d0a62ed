"""Old addresses lead to where their pages are now, and those of sections to the pages that these have become."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape

from octavo.read.aliases import moved_sections
from octavo.site.contents import relative
from octavo.site.navigation import PageInfo

Moved = Mapping[str, Mapping[str, PageInfo]]


def moved_of(pages: Iterable[PageInfo]) -> Moved:
    """The page that each anchor of an address has become."""
    found: dict[str, dict[str, PageInfo]] = {}
    for page in pages:
        for path, anchor in moved_sections(page.source, page.front_matter):
            found.setdefault(path, {})[anchor] = page
    return found


def redirect(info: PageInfo, alias: str, sections: Mapping[str, PageInfo]) -> str:
    """What stands at an old address of a page, whose `sections` may have become other ones."""
    target, title = escape(relative(info.href, alias)), escape(info.title)
    refresh = f'<meta http-equiv="refresh" content="0; url={target}">'
    if sections:
        ways = {f"#{anchor}": relative(page.href, alias) for anchor, page in sections.items()}
        # A browser keeps what is behind `#` to itself.
        known = json.dumps({"": relative(info.href, alias), **ways}).replace("<", "\\u003c")
        script = f'<script>const to = {known}; location.replace(to[location.hash] || to[""]);</script>'
        refresh = f"{script}<noscript>{refresh}</noscript>"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'{refresh}<link rel="canonical" href="{target}"></head>'
        f'<body><p><a href="{target}">{title}</a></p></body></html>\n'
    )
