"""Mistakes in a page's Markdown that pandoc swallows without a word, each at its line; one kind a file."""

from __future__ import annotations

from octavo.diagnostics import Diagnostic, in_order
from octavo.read.lint import (
    accessible,
    attributes,
    divs,
    footnotes,
    headings,
    html,
    labels,
    lists,
    names,
    scripts,
    tables,
    unclosed,
)
from octavo.read.lint.scan import scan
from octavo.read.source import Source

CHECKS = (unclosed, divs, attributes, html, labels, footnotes, headings, lists, tables, names, scripts, accessible)


def lint(source: Source) -> list[Diagnostic]:
    """What is wrong with the Markdown of a page, through its includes, in the order of its lines."""
    seen = scan(source)
    return in_order(found for kind in CHECKS for found in kind.check(seen))
