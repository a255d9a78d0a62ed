"""Links that lead out of the site, marked as the document asks: an icon, a window of their own.

https://quarto.org/docs/output-formats/html-basics.html#external-links
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

_LINK = re.compile(r'<a\b(?P<before>[^>]*?)\shref="(?P<href>https?://[^"]*)"(?P<after>[^>]*)>')
_CLASS = re.compile(r'\bclass="([^"]*)"')


def with_outward_links(body: str, options: Mapping[str, object], website: Mapping[str, object]) -> str:
    """The body with its outward links marked; `link-external-filter` is the pattern of what is not outward.

    A link of the class `no-external` stays as it is.
    """

    def wish(name: str) -> object:
        return options.get(name, website.get(name))

    icon, window = wish("link-external-icon") is True, wish("link-external-newwindow") is True
    if not (icon or window):
        return body
    own = urlsplit(str(website.get("site-url") or "")).netloc
    inward = re.compile(str(wish("link-external-filter") or (rf"^https?://{re.escape(own)}" if own else r"(?!)")))

    def marked(match: re.Match[str]) -> str:
        tag = match[0]
        classes = _CLASS.search(tag)
        if inward.search(match["href"]) or (classes and "no-external" in classes[1].split()):
            return tag
        if icon:
            tag = _CLASS.sub(r'class="\1 external"', tag, count=1) if classes else f'{tag[:-1]} class="external">'
        if window and "target=" not in tag:
            tag = f'{tag[:-1]} target="_blank" rel="noopener">'
        return tag

    return _LINK.sub(marked, body)
