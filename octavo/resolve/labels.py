"""The site-wide index of labels: what every page numbers, and what each reference on a page means."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from octavo.diagnostics import Diagnostic, did_you_mean, error, warning
from octavo.read.places import places
from octavo.read.source import Source


@dataclass(frozen=True)
class Label:
    """One numbered thing. `number` and `prefix` are what a reference prints ("4 (a)", "Figure")."""

    id: str
    page: str
    kind: str
    number: str
    prefix: str
    title: str = ""
    name: str = ""
    space: bool = True


@dataclass(frozen=True)
class Index:
    """Labels of a site: by page and id, and by id over all pages."""

    by_page: Mapping[str, Mapping[str, Label]] = field(default_factory=dict)
    by_id: Mapping[str, tuple[Label, ...]] = field(default_factory=dict)

    def find(self, page: str, id: str) -> Label | None:
        """The label that `id` means on `page`: its own before another page's; None if none or several do."""
        own = self.by_page.get(page, {}).get(id)
        elsewhere = self.by_id.get(id, ())
        return own or (elsewhere[0] if len(elsewhere) == 1 else None)


def labels_of(page: str, gathered: Mapping[str, Any]) -> list[Label]:
    """The labels that one page numbers, in document order."""
    fields = ("id", "kind", "number", "prefix", "title", "name", "space")
    return [Label(page=page, **{f: entry[f] for f in fields if f in entry}) for entry in gathered["labels"]]


def index_of(labels: Iterable[Label]) -> Index:
    """The index over all pages' labels."""
    by_page: dict[str, dict[str, Label]] = {}
    by_id: dict[str, list[Label]] = {}
    for label in labels:
        if by_page.setdefault(label.page, {}).setdefault(label.id, label) is label:
            by_id.setdefault(label.id, []).append(label)
    return Index(by_page, {id: tuple(found) for id, found in by_id.items()})


def duplicates(source: Source, labels: Sequence[Label]) -> list[Diagnostic]:
    """Labels that one page gives twice."""
    seen: dict[str, int] = {}
    diagnostics = []
    for label in labels:
        seen[label.id] = seen.get(label.id, 0) + 1
        if seen[label.id] > 1:
            first, again = _place(source, label.id, 1), _place(source, label.id, seen[label.id])
            hint = f"the first one stands at {first}" if first else None
            message = f"the label `{label.id}` is given twice"
            diagnostics.append(error("OCT-label-duplicate", message, again or source.position(0), hint))
    return diagnostics


def resolved(
    source: Source,
    gathered: Mapping[str, Any],
    own: Mapping[str, Label],
    index: Index,
    hrefs: Mapping[str, str],
    page_href: str,
) -> tuple[dict[str, dict[str, Any]], dict[str, bool], list[Diagnostic]]:
    """What a page's references mean: (labels by id as its format prints them, ids that mean nothing, diagnostics).

    `own` are the labels of this page in the format at hand; `hrefs` maps pages to addresses that can be linked to from
    `page_href`'s folder.
    """
    labels: dict[str, dict[str, Any]] = {}
    missing: dict[str, bool] = {}
    diagnostics = []
    for cited in dict.fromkeys(gathered["references"]):
        id = cited if cited in own or cited in index.by_id else cited[:1].lower() + cited[1:]
        label = own.get(id) or index.find(source.file, id)
        if label and (label.page == source.file or label.page in hrefs):
            entry = {
                "id": id,
                "number": label.number,
                "prefix": label.prefix,
                "space": label.space,
                "title": label.title,
            }
            if label.page != source.file:
                target = hrefs[label.page]
                here = posixpath.dirname(page_href)
                entry["href"] = (target if "://" in target else posixpath.relpath(target, here or ".")) + f"#{id}"
            labels[id] = entry
        else:
            missing[cited] = True
            diagnostics += _missing(source, cited, index)
    return labels, missing, diagnostics


def _missing(source: Source, id: str, index: Index) -> list[Diagnostic]:
    """One error at each place that refers to `id`."""
    found = places(source, "@" + id) or [source.position(0)]
    several = index.by_id.get(id, ())
    if len(several) > 1:
        pages = ", ".join(f"`{label.page}`" for label in several)
        message = f"`{id}` is the label of several pages ({pages})"
        return [error("OCT-xref-ambiguous", message, place, "give each its own label") for place in found]
    hint = did_you_mean(id, [*index.by_page.get(source.file, {}), *index.by_id])
    return [error("OCT-xref-missing", f"nothing is labelled `{id}`", place, hint) for place in found]


def across_pages(
    index: Index, sources: Mapping[str, Source], given_by: Callable[[str], Collection[str]]
) -> list[Diagnostic]:
    """Labels that several pages give: legal as long as no third page refers to them, but a trap.

    `given_by(page)` are the labels that the page's own words give.
    """
    diagnostics = []
    for id, labels in index.by_id.items():
        if len(labels) == 1:
            continue
        # What is embedded from another page has its label there, and so have parts from their whole.
        for label in [label for label in labels if id in given_by(label.page)][1:]:
            place = _place(sources[label.page], id, 1) or sources[label.page].position(0)
            message = f"the label `{id}` stands in `{labels[0].page}` too"
            diagnostics.append(warning("OCT-label-shared", message, place, "give each its own label"))
    return diagnostics


def given(source: Source) -> frozenset[str]:
    """All that a page's own words may label something: the word behind a `#`, up to any of its marks or its end."""
    found: set[str] = set()
    for word in re.findall(r"(?:[{\s]#|label:\s*[\"']?)([^\s\"'{}]+)", source.text):
        found |= {word, *(word[: mark.start()] for mark in re.finditer(r"[^\w-]", word))}
    return frozenset(found)


def _place(source: Source, id: str, occurrence: int) -> Any:
    return source.find("#" + id, occurrence) or source.find(f"label: {id}", occurrence)
