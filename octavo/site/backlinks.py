"""Where else a statement is used: definitions and theorems name the other pages that refer to them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote, unquote

from octavo.resolve.links import is_external
from octavo.site.about import about_div
from octavo.site.contents import relative
from octavo.site.info import Piece
from octavo.site.navigation import PageInfo

Uses = Mapping[tuple[str, str], Sequence[str]]
_STATEMENTS = frozenset({"thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "alg", "axm"})


def uses(documents: Mapping[str, Sequence[Piece]]) -> dict[tuple[str, str], list[str]]:
    """The pages that refer to a label of another page, by that page and label. `documents`: by page, the main one first.

    References count from what a page asks for, not from what was written of it: a page that is not rendered this time
    still uses what it uses.
    """
    mains = {page: pieces[0].gathered for page, pieces in documents.items()}
    # An index uses nothing of what it lists: it says so with `backlinks: false`.
    lists = {page for page, pieces in documents.items() if pieces[0].document.options.get("backlinks") is False}
    statements = {
        page: {label["id"] for label in found["labels"] if label["kind"] in _STATEMENTS}
        for page, found in mains.items()
    }
    given: dict[str, list[str]] = {}
    for page, ids in statements.items():
        for id in ids:
            given.setdefault(id, []).append(page)
    found: dict[tuple[str, str], list[str]] = {}
    for page, gathered in mains.items():
        for other, id in _asked(page, gathered, given):
            users = found.setdefault((other, id), [])
            if other != page and page not in lists and id in statements.get(other, ()) and page not in users:
                users.append(page)
    return {target: pages for target, pages in found.items() if pages}


def _asked(page: str, gathered: Mapping[str, Any], given: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The labels of other pages that a page refers to, as (page, label)."""
    own = {label["id"] for label in gathered["labels"]}
    for cited in gathered["references"]:
        pages = given.get(cited, ())
        if cited not in own and len(pages) == 1:
            yield pages[0], cited
    for target in gathered["links"]:
        path, _, anchor = target.partition("#")
        if path and anchor and not is_external(target):
            folder = "" if path.startswith("/") else posixpath.dirname(page)
            yield posixpath.normpath(posixpath.join(folder, unquote(path).lstrip("/"))), unquote(anchor)


def with_backlinks(
    body: str, info: PageInfo, found: Uses, infos: Mapping[str, PageInfo], words: Mapping[str, str]
) -> str:
    """The body of a page, with "Used in …" at the end of each statement that other pages use."""
    for (page, id), users in found.items():
        shown = [infos[user] for user in users if not infos[user].draft]
        place = about_div(body, id) if page == info.source and shown else None
        if place:
            links = ", ".join(
                f'<a href="{escape(quote(relative(user.href, info.href)))}">{escape(user.title)}</a>' for user in shown
            )
            end = len(body) - len(place[2]) - len("</div>")
            line = f'<p class="used-in" data-pagefind-ignore>{escape(words["used-in"])} {links}</p>'
            body = body[:end] + line + body[end:]
    return body
