"""Old addresses of pages, and of sections that have moved to a page of their own.

https://quarto.org/docs/websites/website-navigation.html#redirects
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from octavo.diagnostics import Diagnostic, error
from octavo.read.yaml import position_of


def aliases(page: str, options: Mapping[str, Any]) -> tuple[str, ...]:
    """The old addresses of a page, relative to the output folder; a folder's address means its `index.html`."""
    return tuple(path for path, anchor in _old(page, options) if not anchor)


def moved_sections(page: str, options: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The addresses and anchors under which a page's text was found: `overview.html#more` as a pair of them."""
    return tuple((path, anchor) for path, anchor in _old(page, options) if anchor)


def alias_clashes(pages: Iterable[tuple[str, str, Mapping[str, Any]]]) -> list[Diagnostic]:
    """One error for each old address that is the address of a page, or of two; triples are (page, address, options)."""
    known = list(pages)
    owners = {href: page for page, href, _ in known}
    diagnostics = []
    for page, _, options in known:
        for i, (path, anchor) in enumerate(_old(page, options)):
            alias = f"{path}#{anchor}" if anchor else path
            owner = owners.setdefault(alias, page)
            if owner != page:
                place = position_of(options["aliases"], i) or position_of(options, "aliases")
                message = f"the alias `{alias}` of `{page}` is an address of `{owner}`"
                diagnostics.append(error("OCT-output-clash", message, place, "take the alias out of one of them"))
    return diagnostics


def _old(page: str, options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    values = options.get("aliases") or []
    for value in [values] if isinstance(values, str) else values:
        written, _, anchor = str(value).partition("#")
        path = posixpath.normpath(posixpath.join("/", posixpath.dirname(page), written)).lstrip("/")
        yield (path if path.endswith((".html", ".htm")) else posixpath.join(path, "index.html")), anchor
