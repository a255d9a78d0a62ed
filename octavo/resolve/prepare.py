"""What is done to a document's text before pandoc reads it: diagrams are drawn, shortcodes are expanded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from octavo.cache import Cache
from octavo.diagnostics import Diagnostic
from octavo.read.project import Project
from octavo.read.source import Source
from octavo.read.yaml import PlacedList, placed_as, plain
from octavo.resolve.diagrams import draw_diagrams
from octavo.resolve.document import WOVEN, Document
from octavo.resolve.shortcodes import Context, expand, expand_text
from octavo.resolve.shortcodes.embedding import Embedder

Known = Mapping[str, tuple[Source, Sequence[list[dict[str, Any]]]]]


def prepared(
    document: Document, project: Project, cache: Cache, folder: Path, known: Known
) -> tuple[Document, list[Diagnostic]]:
    """The document with its text and metadata expanded and the pictures that came with that, and what was wrong.

    `known` holds the site's pages with their cells' outputs, for `embed`; `folder` takes pictures of embedded cells.
    """
    source, form, figures, told = document.source, WOVEN[document.base], dict(document.figures), []
    markdown = document.markdown
    if document.base != "ipynb":  # a notebook holds a diagram as its text
        drawn = draw_diagrams(markdown, source, form, document.options, project.root, cache)
        markdown, told = drawn.markdown, [*drawn.diagnostics]
        figures |= drawn.figures
    embedder = Embedder(project.root, source.file, form, document.options, folder, known, document.strings)
    context = Context(
        root=project.root,
        page=source.file,
        format=document.base,
        meta=document.options,
        variables=plain(project.variables),
        source=source,
        profiles=document.profiles,
        embed=embedder,
    )
    markdown, wrong = expand(markdown, context)
    told += wrong
    options = _expanded(document.options, context, told)
    return replace(document, markdown=markdown, options=options, figures=figures | embedder.figures), told


def _expanded(value: Any, context: Context, told: list[Diagnostic]) -> Any:
    """A value of the metadata with the shortcodes in all its texts expanded."""
    if isinstance(value, str):
        text, wrong = expand_text(value, context)
        told += wrong
        return text
    if isinstance(value, Mapping):
        return placed_as({key: _expanded(v, context, told) for key, v in value.items()}, value)
    if isinstance(value, list):
        return PlacedList([_expanded(v, context, told) for v in value], getattr(value, "places", None))
    return value
