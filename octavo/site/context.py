"""Where a page stands in its site, as its hits in the search say: the texts of the entries that lead down to it.

https://quarto.org/docs/reference/projects/websites.html#search
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from octavo.site.contents import flat
from octavo.site.markup import without_tags
from octavo.write.view import Navbar, NavItem, Sidebar


def context(
    search: Mapping[str, object], trail: Sequence[NavItem], navbar: Navbar | None, sidebar: Sidebar | None, page: str
) -> str:
    """The way to the page as `show-item-context` wants it (`tree`, `parent` or `root`), "" if nobody asks.

    `merge-navbar-crumbs`, unless it is false, begins the way with the navbar's entry that leads to the page's sidebar.
    """
    wanted = search.get("show-item-context")
    if not wanted:
        return ""
    above = [without_tags(item.text_html) for item in trail[:-1]]
    if navbar and search.get("merge-navbar-crumbs") is not False:
        above = [*_in_bar(navbar, sidebar, page), *above]
    above = list(dict.fromkeys(filter(None, above)))
    return " › ".join(above[:1] if wanted == "root" else above[-1:] if wanted == "parent" else above)


def _in_bar(navbar: Navbar, sidebar: Sidebar | None, page: str) -> list[str]:
    """The menu that holds the page, or the entry that leads to its section of the sidebar, or to a sidebar of its own."""
    entries = [*navbar.left, *navbar.right]
    for entry in entries:
        if any(item.source == page for item in flat(entry.children)):
            return [without_tags(entry.text_html)]
    sections = [tuple(flat([item])) for item in sidebar.items] if sidebar else []
    places = [section for section in sections if any(item.source == page for item in section)]
    if places and sidebar and not sidebar.everywhere:
        places += sections
    beside = [item.source for section in places for item in section if item.source]
    named = (entry for entry in entries if entry.source in beside and entry.source != page)
    return [without_tags(entry.text_html) for entry in named][:1]
