"""What is done to a document's text before pandoc reads it: diagrams are drawn, shortcodes are expanded."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from octavo.cache import Cache
from octavo.diagnostics import Diagnostic, Position
from octavo.read.project import Project
from octavo.read.source import Source
from octavo.read.yaml import PlacedList, placed_as, plain, position_of
from octavo.resolve import extensions
from octavo.resolve.diagrams import draw_diagrams
from octavo.resolve.document import WOVEN, Document, request_of
from octavo.resolve.extensions import remembered
from octavo.resolve.pandoc import Pool
from octavo.resolve.shortcodes import SHORTCODES, Calls, Context, expand, expand_text
from octavo.resolve.shortcodes.embedding import Embedder

Known = Mapping[str, tuple[Source, Sequence[list[dict[str, Any]]]]]


def prepared(
    document: Document, project: Project, cache: Cache, folder: Path, known: Known, pool: Pool | None = None
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
        environment={**os.environ, **project.environment},
        embed=embedder,
        calls=Calls(tuple(SHORTCODES)) if document.code and document.code.shortcodes else None,
    )
    markdown, wrong = expand(markdown, context)
    told += wrong
    options = _expanded(document.options, context, told)
    figures |= embedder.figures
    document = replace(document, markdown=markdown, options=options, figures=figures, notebooks=embedder.notebooks)
    if isinstance(context.calls, Calls) and pool:
        document = _called(document, project, context, context.calls, told, pool, cache)
    return document, told


def _called(
    document: Document,
    project: Project,
    context: Context,
    calls: Calls,
    told: list[Diagnostic],
    pool: Pool,
    cache: Cache,
) -> Document:
    """The document with the results of the author's own shortcodes, those in the texts of the site included."""
    if document.base == "html":
        for text in _texts(project.website):
            expand_text(text, context, "html")
    if not calls.calls or not document.code:
        return document
    code = document.code
    content = request_of(document) | {"calls": calls.request()}
    request = content | {"user": code.request(document.source.file, document.href)}
    answer = remembered(cache, "shortcodes", content, code, lambda: pool.ask("shortcodes", request))
    calls.results, calls.names = answer["results"], answer["names"] or []
    told += calls.unknown()
    for entry in answer["diagnostics"] or []:
        wrong = extensions.placed(entry, code, code.shortcodes)
        call = calls.places[int(entry["call"]) - 1] if entry.get("call") else None
        told += [replace(wrong, included_from=(call,) if call else ())] if wrong else []
    return replace(
        document,
        markdown=calls.filled(document.markdown),
        options=_filled(document.options, calls),
        added=(*document.added, *(answer["user"].get("added") or [])),
        spoken=calls.said(),
    )


def _texts(value: Any) -> Iterator[str]:
    """The texts with shortcodes in a part of the settings."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str) and "{{<" in value:
        yield str(value)


def _filled(value: Any, calls: Calls) -> Any:
    if isinstance(value, str):
        return calls.filled(value)
    if isinstance(value, Mapping):
        return placed_as({key: _filled(inner, calls) for key, inner in value.items()}, value)
    if isinstance(value, list):
        return PlacedList([_filled(inner, calls) for inner in value], getattr(value, "places", None))
    return value


def _expanded(value: Any, context: Context, told: list[Diagnostic], place: Position | None = None) -> Any:
    """A value of the metadata with the shortcodes in all its texts expanded; `place` is where it is given."""
    if isinstance(value, str):
        text, wrong = expand_text(value, context)
        # What the page's own text does not hold stands in a settings file.
        told += [replace(d, position=place) if place and d.position == Position(context.page) else d for d in wrong]
        return text
    if isinstance(value, Mapping):
        inner = {key: _expanded(v, context, told, position_of(value, key) or place) for key, v in value.items()}
        return placed_as(inner, value)
    if isinstance(value, list):
        inner = [_expanded(v, context, told, position_of(value, n) or place) for n, v in enumerate(value)]
        return PlacedList(inner, getattr(value, "places", None))
    return value
