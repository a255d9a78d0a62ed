"""Typst packages that a filter imports and that cannot be had: the page is set without them, and that is told.

Typst fetches `@preview` packages from the network when it meets them for the first time, and keeps them.
"""

from __future__ import annotations

import re

from octavo.diagnostics import Diagnostic, warning

_UNAVAILABLE = re.compile(r"failed to download package|package not found")
_PACKAGE = re.compile(r"\bpreview/(?P<name>[\w-]+?)[-:](?P<version>\d+\.\d+\.\d+)")
_UNKNOWN = re.compile(r"unknown variable: (?P<name>[\w-]+)")
_MARK = "// What packages that are not at hand would have drawn is left out."


def without_package(source: str, problem: str) -> tuple[str, list[Diagnostic]] | None:
    """The source without the package, or with an empty function for what the package had, that Typst complains of.

    None for any other complaint.
    """
    if _UNAVAILABLE.search(problem) and (package := _PACKAGE.search(problem)):
        name = f"@preview/{package['name']}:{package['version']}"
        bare = re.sub(rf'^#import "{re.escape(name)}".*$', _MARK, source, flags=re.MULTILINE)
        if bare == source:
            return None
        message = f"the Typst package `{name}` cannot be fetched, and what it would draw is left out"
        hint = "render once with a network: Typst keeps its packages"
        return bare, [warning("OCT-typst-package", message, hint=hint)]
    if _MARK in source and (unknown := _UNKNOWN.search(problem)):
        return source.replace(_MARK, f"{_MARK}\n#let {unknown['name']}(..given) = none", 1), []
    return None
