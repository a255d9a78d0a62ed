"""A book as one document: its chapters, gathered each by itself, are bound into one and written once.

So the whole has one list of references, one table of contents, and references from chapter to chapter that are links in
it. https://quarto.org/docs/books/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from octavo.cache import key_of
from octavo.finish import finished
from octavo.read.book import WHOLE, Book
from octavo.read.config import formats
from octavo.read.project import Project
from octavo.read.source import Source
from octavo.read.yaml import PlacedDict, placed_as
from octavo.resolve import labels as labelling
from octavo.resolve.document import Document
from octavo.resolve.labels import Index, Label
from octavo.resolve.links import Site, Targets, in_project, is_external, page_of, targets_of
from octavo.site.page import Piece

if TYPE_CHECKING:
    from octavo.run import Run

Gathered = Mapping[tuple[str, str], Mapping[str, Any]]
Labels = Mapping[tuple[str, str], Sequence[Label]]


def is_bound(project: Project, base: str) -> bool:
    """Whether a format of the project holds the whole book in one file."""
    return project.book is not None and base in WHOLE


def chapter_options(project: Project, source: Source, options: Mapping[str, Any]) -> PlacedDict:
    """The options of a chapter that will be bound: its title is its own, not that of the book, which the first one bears."""
    title = source.front_matter.get("title")
    if project.book and title == project.book.options.get("title"):
        title = next((e.title for e in project.book.order if e.page == source.file and e.title), title)
    return placed_as({**options, "title": title, "o:bound": True}, options)


def bind(run: Run, documents: Sequence[Document], gathered: Gathered, labels: Labels, site: Site) -> list[Piece]:
    """One piece for each format that holds the whole book. `documents` are those of all chapters and formats."""
    book = run.ask.project.book
    if not book:
        return []
    chapters = {entry.page for entry in book.order}  # a page beside them, such as 404.qmd, is bound with nothing
    by_format: dict[str, dict[str, Document]] = {}
    for document in documents:
        if document.book == "chapter" and document.source.file in chapters:
            by_format.setdefault(document.name, {})[document.source.file] = document

    def bound(parts: Mapping[str, Document]) -> Piece:
        return _bound(run, book, parts, gathered, labels, site)

    return [piece for _, piece in run.each("bind", list(by_format.values()), bound)]


def _bound(
    run: Run, book: Book, chapters: Mapping[str, Document], gathered: Gathered, labels: Labels, site: Site
) -> Piece:
    order = [entry for entry in book.order if not entry.page or entry.page in chapters]
    parts = [chapters[entry.page] for entry in order if entry.page]
    found = {d.source.file: gathered[d.source.file, d.name] for d in parts}
    index = labelling.index_of(label for d in parts for label in labels[d.source.file, d.name])
    ids = _own_ids(found)
    whole, meanings, missing = Targets(), {}, {}
    requests = []
    for entry in order:
        if not entry.page:
            requests.append({"title": entry.title, "place": "part", "numbered": False})
            continue
        document, facts = chapters[entry.page], found[entry.page]
        meant, unknown, told = _meanings(document, facts, index, site)
        run.diagnostics += told
        missing |= unknown
        final = {id: ids[label.page].get(label.id, label.id) for id, label in meant.items()}
        for id, label in meant.items():
            meanings[final[id]] = _as_request(label, final[id])
        targets = targets_of(document.source, facts, site, document.base, document.href, document.figures)
        run.diagnostics += targets.diagnostics
        links, images = _links(document, facts, site, ids, targets), _images(document, facts, targets)
        whole.files.update(targets.files)
        whole.media.update({images.get(src, src): path for src, path in targets.media.items()})
        whole.links.update({target: False for target, to in targets.links.items() if to is False})
        whole.images.update({src: False for src, to in targets.images.items() if to is False})
        requests.append(
            {
                "page": entry.page,
                "ast": facts["ast"],
                "changes": facts.get("changes"),
                "ids": ids[entry.page],
                "cites": final,
                "links": links,
                "images": images,
                "numbered": "o:chapter" in document.options,
                "sections": document.options.get("number-sections") is True,
                "place": "part" if entry.is_part else "appendix" if entry.appendix else "chapter",
                "in_part": entry.in_part,
            }
        )
    document = _document(run, book, parts[0])
    request = {"target": document.target, "chapters": requests}
    merged = run.cache.json(key_of("whole", request), lambda: run.pool.ask("whole", request))
    formulas = {str(f): f for facts in found.values() for f in facts.get("formulas") or []}
    gathering = {"ast": merged["ast"], "formulas": list(formulas.values()), "labels": [], "ids": [], "words": 0}
    written = finished(run, document, gathering, meanings, missing, whole, parts)
    return Piece(document, gathering, written, whole, ())


def _document(run: Run, book: Book, chapter: Document) -> Document:
    """The whole book as a document: the project's options, those of the book, none of a single chapter's."""
    project = run.ask.project
    first = next(entry.page for entry in book.order if entry.page)
    source = replace(run.known.sources[first], front_matter={}) if first in run.known.sources else chapter.source
    found, _ = formats(replace(project, book=None), source, [chapter.name])
    defaults = {"number-sections": True, "toc": True}
    options = placed_as({**defaults, **found[0].options, **book.options, "o:book": True}, found[0].options)
    href = f"{book.stem}.{chapter.href.rpartition('.')[2]}"
    return replace(chapter, source=source, href=href, options=options, figures={}, markdown="", book="whole")


def _own_ids(found: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """For each page those of its ids that an earlier one has, and what they are called in the whole."""
    taken: set[str] = set()
    renamed: dict[str, dict[str, str]] = {}
    for page, facts in found.items():
        names = renamed.setdefault(page, {})
        mine = dict.fromkeys(facts["ids"])
        for id in mine:
            if id in taken:
                count = 2
                while f"{id}-{count}" in taken or f"{id}-{count}" in mine:
                    count += 1
                names[id] = f"{id}-{count}"
            taken.add(names.get(id, id))
    return renamed


def _meanings(
    document: Document, facts: Mapping[str, Any], index: Index, site: Site
) -> tuple[dict[str, Label], dict[str, bool], list]:
    """What the references of a chapter mean in the whole book: labels by the id that is cited."""
    page = document.source.file
    own = index.by_page.get(page, {})
    known, missing, told = labelling.resolved(document.source, facts, own, index, site.hrefs, document.href)
    meant = {id: own.get(id) or index.find(page, id) for id in known}
    return {id: label for id, label in meant.items() if label}, missing, told


def _as_request(label: Label, id: str) -> dict[str, Any]:
    return {"id": id, "number": label.number, "prefix": label.prefix, "space": label.space, "title": label.title}


def _links(
    document: Document, facts: Mapping[str, Any], site: Site, ids: Mapping[str, Mapping[str, str]], targets: Targets
) -> dict[str, str]:
    """Where a chapter's links lead in the whole: to other chapters within it, else where they lead from any handout."""
    links = {target: to for target, to in targets.links.items() if isinstance(to, str)}
    here = document.source.file
    for target in facts["links"]:
        if not target or is_external(target) or targets.links.get(target) is False:
            continue
        path, _, anchor = target.partition("#")
        page = page_of(in_project(unquote(path.partition("?")[0]), here), site) if path else here
        if page in ids:
            name = unquote(anchor)
            links[target] = f"#{ids[page].get(name, name)}" if anchor else f"#page:{page}"
    return links


def _images(document: Document, facts: Mapping[str, Any], targets: Targets) -> dict[str, str]:
    """The pictures of a chapter by their place in the project."""
    page = document.source.file
    files = {src: in_project(unquote(src.partition("?")[0].partition("#")[0]), page) for src in facts["images"]}
    return {src: f"/{quote(file)}" for src, file in files.items() if file in targets.files}
