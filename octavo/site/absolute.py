"""Addresses that begin with `/` count from the project, wherever its site will stand: each page names them from itself.

https://quarto.org/docs/websites/website-tools.html#site-resources
"""

from __future__ import annotations

import re
from html import escape, unescape

from octavo.site.contents import Links

_ABSOLUTE = re.compile(r'(?<=\s)(href|src|srcset|poster|data)="(/(?!/)[^"]*)"')
_VERBATIM = re.compile(r"<(script|style|textarea|!--)", re.IGNORECASE)
_ENDS = {"!--": "-->"}


def relative_to_page(html: str, links: Links) -> str:
    """The page with what its author named from the project's root, in HTML of any kind, named from the page."""

    def placed(match: re.Match[str]) -> str:
        if not _is_attribute(match.string, match.start()):
            return match[0]
        value = unescape(match[2])
        if match[1] == "srcset":
            value = ", ".join(_candidate(one, links) for one in value.split(","))
        else:
            value = links.address(value)
        return f'{match[1]}="{escape(value)}"'

    return _ABSOLUTE.sub(placed, html)


def _candidate(text: str, links: Links) -> str:
    """One picture of a `srcset`: an address, and for which screens it is."""
    address, *for_screens = text.split()
    return " ".join([links.address(address) if address.startswith("/") else address, *for_screens])


def _is_attribute(html: str, at: int) -> bool:
    """Whether the place is inside of a tag, and the tag is no text of a script or a comment."""
    tag = html.rfind("<", 0, at)
    if tag < html.rfind(">", 0, at) or not re.match(r"<[a-z]", html[tag : tag + 2], re.IGNORECASE):
        return False
    opened = [m for m in _VERBATIM.finditer(html, 0, tag)]
    if not opened:
        return True
    name = opened[-1][1].lower()
    return html.find(_ENDS.get(name, f"</{name}"), opened[-1].end(), tag) >= 0
