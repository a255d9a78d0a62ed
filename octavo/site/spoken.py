"""Shortcodes in the texts of the site (`© {{< meta author >}}` in a footer), which say something else on every page."""

from __future__ import annotations

import copy
from collections.abc import Mapping, MutableMapping, MutableSequence
from dataclasses import replace
from typing import Any

from octavo.diagnostics import Diagnostic
from octavo.read.project import Project
from octavo.read.yaml import plain, position_of
from octavo.resolve.document import Document
from octavo.resolve.shortcodes import Context, expand_text
from octavo.resolve.shortcodes.extensions import Said


def spoken(project: Project, document: Document) -> tuple[Mapping[str, Any], list[Diagnostic]]:
    """The project's `website:` as the page says it; the mapping as read if nothing in it depends on the page."""
    if not _speaks(project.website):
        return project.website, []
    context = Context(
        root=project.root,
        page=document.source.file,
        format=document.base,
        meta=document.options,
        variables=plain(project.variables),
        source=document.source,
        profiles=document.profiles,
        calls=Said(document.spoken) if document.code else None,
    )
    told: list[Diagnostic] = []
    # A copy knows the lines of its entries, as the mapping does.
    website = copy.deepcopy(project.website)
    _expand(website, context, told)
    return website, told


def _speaks(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_speaks, value.values()))
    return any(map(_speaks, value)) if isinstance(value, list | tuple) else isinstance(value, str) and "{{<" in value


def _expand(value: MutableMapping | MutableSequence, context: Context, told: list[Diagnostic]) -> None:
    for key, inner in list(value.items()) if isinstance(value, Mapping) else list(enumerate(value)):
        if isinstance(inner, MutableMapping | MutableSequence):
            _expand(inner, context, told)
        elif isinstance(inner, str) and "{{<" in inner:
            value[key], wrong = expand_text(str(inner), context)
            place = position_of(value, key)
            told += [replace(d, position=place or d.position) for d in wrong]
