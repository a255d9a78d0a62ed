"""The page for addresses that do not exist: a host shows it at any depth, so its own addresses start at the root."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

NAME = "404.html"
# Attributes of octavo's pages that hold addresses; `data-` ones are those that scripts follow.
_ADDRESS = re.compile(r'(\s(?:href|src|data-font|data-search|data-styles|data-offline|data-pagefind)=)"([^"#][^"]*)"')
_FONTS = re.compile(r'(\sdata-fonts=)"([^"]+)"')  # several, with blanks between
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.IGNORECASE)


def site_path(website: Mapping[str, object]) -> str:
    """The folder of its host that a site stands in, with slashes around: `site-path`, or the path of `site-url`."""
    given = website.get("site-path") or urlsplit(str(website.get("site-url") or "")).path
    path = str(given).strip("/")
    return f"/{path}/" if path else "/"


def rooted(html: str, path: str) -> str:
    """The page with addresses from the root of its host; the site stands at `path` there."""

    def placed(address: str) -> str:
        if _ELSEWHERE.match(address):
            return address
        plain = posixpath.normpath(address)
        return f"{path}{'' if plain == '.' else plain}{'/' if address.endswith('/') and plain != '.' else ''}"

    html = _FONTS.sub(lambda m: f'{m[1]}"{" ".join(map(placed, m[2].split()))}"', html)
    return _ADDRESS.sub(lambda m: f'{m[1]}"{placed(m[2])}"', html)
