"""The staged site is whole: every local address in every page leads to a file, every anchor to an element."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from urllib.parse import unquote

from octavo.diagnostics import Diagnostic, error
from octavo.resolve.links import is_external

# Attributes are matched within tags that have no `>` in a quoted value before them, which is how octavo writes them.
_TARGET = re.compile(r"""<(a|link|img|script|source|video|audio|iframe)\b[^>]*?\s(?:href|src)="([^"]*)\"""")
_ID = re.compile(r"""\s(?:id|name)=(?:"([^"]+)"|'([^']+)')""")
_MOVED = re.compile(r'<body\b[^>]*\sdata-moved="([^"]*)"')
_CODE = re.compile(r"(<(script|style)\b[^>]*>).*?(</\2>)|<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A written page: its address relative to the site's root, and its HTML."""

    href: str
    html: str

    @cached_property
    def targets(self) -> list[tuple[str, str, str]]:
        """Local addresses as (element, file relative to the site's root, anchor)."""
        found = []
        for element, target in _TARGET.findall(_CODE.sub(r"\1\3", self.html)):
            target = unescape(target)
            if not target or is_external(target):
                continue
            path, _, anchor = target.partition("#")
            path = unquote(path.partition("?")[0])
            folder = "" if path.startswith("/") else posixpath.dirname(self.href)
            file = posixpath.normpath(posixpath.join(folder, path.lstrip("/"))) if path else self.href
            found.append((element, file, unquote(anchor)))
        return list(dict.fromkeys(found))

    @cached_property
    def ids(self) -> frozenset[str]:
        moved = _MOVED.search(self.html)
        return frozenset(a or b for a, b in _ID.findall(self.html)) | frozenset(moved[1].split()[::2] if moved else ())


def dead(pages: Mapping[str, Page], files: frozenset[str]) -> list[Diagnostic]:
    """An error for each address of a page that leads to no file or element of the site. `files`: all of its files."""
    diagnostics = []
    for page in pages.values():
        for element, file, anchor in page.targets:
            target = file if file in files else posixpath.join(file, "index.html")
            if target not in files:
                diagnostics.append(
                    error("OCT-site-dead-link", f"`{page.href}` names `{file}`, which is not in the site")
                )
            elif element == "a" and anchor and target in pages and not _answers(pages[target], anchor):
                message = f"`{page.href}` links to `{target}#{anchor}`, which that page does not have"
                diagnostics.append(error("OCT-site-dead-link", message))
    return diagnostics


def _answers(page: Page, anchor: str) -> bool:
    # A listing's categories are filters in the address, not elements.
    return anchor in page.ids or anchor == "top" or anchor.startswith("category=")
