"""The stages of a run, each over all pages: read, execute, weave, gather (parse and number), resolve and write.

`written` is their one straight way; each takes what the one before gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from time import time_ns
from typing import Any

from octavo import execute
from octavo.bind import bind, chapter_options, is_bound
from octavo.cache import key_of
from octavo.diagnostics import AuthorError, Diagnostic, error, from_dict
from octavo.execute.plan import takes_parameters
from octavo.finish import finished
from octavo.read.aliases import alias_clashes, moved_sections
from octavo.read.config import Format, formats, is_draft, output_clashes, output_path
from octavo.read.dates import with_dates
from octavo.read.language import own_words, strings
from octavo.read.lint import lint
from octavo.read.notebook import read_notebook
from octavo.read.project import Project
from octavo.read.script import EXTENSION as SCRIPT
from octavo.read.script import read_script
from octavo.read.source import Source, read_source
from octavo.read.unreadable import text_of, unreadable
from octavo.read.yaml import placed_as, plain
from octavo.resolve import labels as labelling
from octavo.resolve.alike import alike, changed, changes
from octavo.resolve.bibliography import reference_doc_of
from octavo.resolve.book_references import listing_all, references_page
from octavo.resolve.document import (
    WOVEN,
    Document,
    computed_front_matter,
    filtered,
    gather,
    placed,
    without_front_matter,
)
from octavo.resolve.extensions import code_of
from octavo.resolve.links import Site, Targets, targets_of
from octavo.resolve.prepare import prepared
from octavo.run import Run
from octavo.site.outputs import outputs
from octavo.site.page import Piece
from octavo.site.printed import with_listings


def written(run: Run) -> tuple[list[Piece], dict[str, execute.Results]]:
    """Every document up to what its writer made of it."""
    pages = run.ask.project.pages
    since = time_ns()
    light = run.session.unchanged(run.ask.project, [page for page in pages if not run.wants(page)])
    sources, results = execute_all(run, read_all(run, [page for page in pages if page not in light]))
    documents = weave_all(run, sources, results)
    documents, gathered = gather_all(run, documents, [(known.document, known.facts) for known in light.values()])
    # Other documents are not the ones that number the labels.
    mains = [d for d in documents if d.href == run.hrefs.get(d.source.file) and not d.book]
    if not run.ask.parameters:
        known = ((document, gathered[document.source.file, document.name]) for document in mains)
        run.session.remember(run.ask.project, run.ask.state, known, since)
    for known in light.values():
        gathered[known.document.source.file, known.document.name] = known.facts
        run.hrefs[known.document.source.file] = known.document.href
    order = {page: place for place, page in enumerate(pages)}
    documents = sorted([*documents, *(k.document for k in light.values())], key=lambda d: order[d.source.file])
    return resolve_all(run, documents, gathered, results), results


def count_pages(wanted: Iterable[Piece], pieces: Iterable[Piece] = ()) -> int:
    """How many pages the `wanted` documents show; a whole book shows all that are bound in it (among `pieces`)."""
    shown = {piece.document.source.file for piece in wanted if piece.document.book != "whole"}
    bound = any(piece.document.book == "whole" for piece in wanted)
    return len(shown | {p.document.source.file for p in pieces if bound and p.document.book == "chapter"})


def read_all(run: Run, asked_pages: Sequence[str]) -> dict[str, tuple[Source, tuple[Format, ...]]]:
    """Every page as read, with the formats that it is rendered to."""
    project, asked = run.ask.project, run.ask.formats

    def read(page: str) -> tuple[Source, tuple[Format, ...]]:
        source = _source(run, page)
        run.known.sources[page] = source
        # A page that is not asked for lends what its own main format has.
        wanted = asked if run.wants(page) else ()
        forms, told = formats(project, source, wanted or ())
        run.diagnostics += told + _linted(run, source)
        declared = formats(project, source)[0] if wanted else forms
        main = next((form for form in declared if form.base == "html"), None) or next(iter(declared or forms), None)
        if main:
            run.hrefs[page] = output_path(page, main)
        for form in declared or forms:
            name = output_path(page, form)
            suffix = name.rpartition(".")[2]
            # The chapters of a book are bound into one file of each print format.
            run.promised |= {name, f"{project.book.stem}.{suffix}" if project.book else name}
        run.outside |= {project.root / name for name in source.includes if name.startswith(("/", ".."))}
        return source, forms

    pages = dict(run.each("read", asked_pages, read))
    if project.draft_mode == "gone":
        pages = {p: (s, f) for p, (s, f) in pages.items() if not any(is_draft(project, p, form.options) for form in f)}
    run.diagnostics += output_clashes((page, form) for page, (_, forms) in pages.items() for form in forms)
    own = [(page, form) for page, (_, forms) in pages.items() for form in forms if form.base == "html"]
    run.diagnostics += alias_clashes((page, output_path(page, form), form.options) for page, form in own)
    return pages


def _linted(run: Run, source: Source) -> list[Diagnostic]:
    """What is wrong with a page's Markdown, looked for once as long as its lines are the same."""
    if source.notebook is not None:
        return lint(source)
    lines = [[line.text, line.file, line.number, [asdict(p) for p in line.included_from]] for line in source.lines]
    key = key_of("lint", [source.file, source.body_first, lines])
    return [from_dict(d) for d in run.cache.json(key, lambda: {"told": [asdict(d) for d in lint(source)]})["told"]]


def _source(run: Run, page: str) -> Source:
    """A page as read. One that cannot be read at all becomes, in a lenient render, a page that says why."""
    root = run.ask.project.root
    try:
        if page.endswith(".ipynb"):
            return read_notebook(root, page)
        if page.endswith(SCRIPT):
            return read_script(root, page)
        return read_source(root, page, run.diagnostics)
    except AuthorError as e:
        run.known.unread[page] = unread = text_of(root, page)
        if not run.ask.lenient:
            raise
        run.diagnostics += e.diagnostics
        return unreadable(page, unread, e.diagnostics)


def execute_all(
    run: Run, pages: Mapping[str, tuple[Source, tuple[Format, ...]]]
) -> tuple[dict[str, tuple[Source, tuple[Format, ...]]], dict[str, execute.Results]]:
    """The pages that could be executed or taken from frozen results, with what their cells gave.

    Pages that are not asked for are taken as they are: the others need only their labels.
    """
    project = run.ask.project

    def results(page: str) -> execute.Results:
        source, forms = pages[page]
        # All formats of the page, asked for or not: one execution serves them all, now and later.
        declared = formats(project, source)[0] if run.ask.formats else forms
        options: dict[str, Mapping[str, Any]] = {}
        for form in (*declared, *forms):
            given = plain(form.options)
            given["execute-dir"] = plain(project.config.get("project") or {}).get("execute-dir")
            given["environment"] = dict(project.environment)
            options.setdefault(WOVEN[form.base], given)
            if form.base == "pdf":
                options["tex"] = given
        freeze = (next(iter(options.values()), {}).get("execute") or {}).get("freeze")
        store = project.root / "_freeze" if freeze in ("auto", True) else run.ask.state / "freeze"
        parameters = run.ask.parameters
        if parameters:  # a page of other values has results of its own
            store = run.ask.state / "freeze-of-parameters" / key_of("parameters", dict(parameters))
        mode = "always" if freeze is False and run.ask.execution == "auto" else run.ask.execution
        if not run.wants(page):
            mode = "never"
        return execute.results(project.root, source, options, store, mode, None, run.ask.lenient, parameters)

    if run.ask.parameters and not any(takes_parameters(cell) for source, _ in pages.values() for cell in source.cells):
        message, hint = (
            "no cell takes the parameters that are given",
            "tag the cell that sets them: `#| tags: [parameters]`",
        )
        run.diagnostics.append(error("OCT-parameters-unused", message, hint=hint))
    found = dict(run.each("execute", list(pages), results))
    for result in found.values():
        run.diagnostics += result.diagnostics
    return {page: pages[page] for page in found}, found


def weave_all(
    run: Run, pages: Mapping[str, tuple[Source, tuple[Format, ...]]], results: Mapping[str, execute.Results]
) -> list[Document]:
    """Every page in every format, as Markdown that pandoc can read; a page's first document numbers its labels."""
    documents = []
    for page, (source, declared) in pages.items():
        forms = sorted(declared, key=lambda f: (f.base != "html", f.base == "ipynb"))
        if forms and forms[0].base == "ipynb":
            # A notebook alone does not hold all that is counted: its page is numbered, too, and not published.
            forms.insert(0, Format("html", "html", forms[0].output.removesuffix(".ipynb") + ".html", forms[0].options))
            run.unpublished.add(page)
        for form in forms if run.wants(page) else forms[:1]:
            found = results[page]
            woven = found.woven[WOVEN[form.base]]
            options = placed_as({**form.options, **computed_front_matter(source, woven.markdown)}, form.options)
            options = with_dates(options, run.ask.project.root / source.file)
            folder = (run.ask.project.root / source.file).parent
            text = without_front_matter(woven.markdown)
            if form.base == "ipynb":
                text = found.woven["ipynb"].markdown if "ipynb" in found.woven else execute.with_places(source)
            bound = is_bound(run.ask.project, form.base) and run.ask.pages is None
            if bound:
                options = chapter_options(run.ask.project, source, options)
            code, missing = code_of(run.ask.project, page, form.options, run.ask.output)
            run.diagnostics += missing
            documents.append(
                Document(
                    source=source,
                    name=form.name,
                    base=form.base,
                    href=output_path(page, form),
                    options=options,
                    strings=strings(str(options.get("lang") or "en"), own_words(options.get("language"), folder)),
                    markdown=text,
                    figures=woven.figures,
                    profiles=run.ask.project.profiles,
                    code=code,
                    book="chapter" if bound else "",
                )
            )
    known = {page: (source, results[page].outputs) for page, (source, _) in pages.items()}
    folder = run.ask.state / "embedded"
    ready = run.each("prepare", documents, lambda d: prepared(d, run.ask.project, run.cache, folder, known, run.pool))
    for _, (_, told) in ready:
        run.diagnostics += told
    return [document for _, (document, _) in ready]


def gather_all(
    run: Run, documents: Sequence[Document], others: Sequence[tuple[Document, dict[str, Any]]]
) -> tuple[list[Document], dict[tuple[str, str], dict[str, Any]]]:
    """The first pass over every document, by page and format. A page's formulas are converted once for all of them.

    The documents come back with the listings that are printed in them, which want the titles of all pages: `others`
    are the main documents of those that are known already.
    """
    first: dict[str, Document] = {}
    for document in documents:
        first.setdefault(document.source.file, document)
    gathered = {}

    def main(document: Document) -> dict[str, Any]:
        name = f"formulas of {document.source.file}"
        found = gather(document, run.pool, run.cache, formulas=run.cache.recalled(name) or ())
        run.cache.note(name, found["formulas"])
        return found

    for document, found in run.each("parse", list(first.values()), main):
        gathered[document.source.file, document.name] = found

    def again(document: Document) -> dict[str, Any]:
        main = first[document.source.file]
        known = gathered[main.source.file, main.name]
        differs = changes(main, known, document) if document.base != "ipynb" else None
        if differs is not None:
            return changed(known, differs)
        numbers = {label["id"]: label["number"] for label in known["labels"]} if document.base == "ipynb" else None
        return gather(document, run.pool, run.cache, numbers, known["formulas"])

    read = [d for d in documents if (d.source.file, first[d.source.file].name) in gathered]
    documents = with_listings(run.ask.project, read, gathered, others)
    rest = [d for d in documents if first[d.source.file] is not d]
    for document, found in run.each("parse", rest, again):
        gathered[document.source.file, document.name] = found
    documents = [d for d in documents if (d.source.file, d.name) in gathered]
    for document in documents:
        told = gathered[document.source.file, document.name]["diagnostics"]
        run.diagnostics += placed(told, document.source, run.ask.project.root, document.code)
    folder = run.ask.state / "filtered"
    return [filtered(d, gathered[d.source.file, d.name], folder) for d in documents], gathered


def resolve_all(
    run: Run,
    documents: Sequence[Document],
    gathered: Mapping[tuple[str, str], Mapping[str, Any]],
    results: Mapping[str, execute.Results],
) -> list[Piece]:
    """Every document written, its references, links and citations resolved over the whole site."""
    project = run.ask.project
    sources = {d.source.file: d.source for d in documents}
    main: dict[str, Document] = {}
    for document in documents:
        main.setdefault(document.source.file, document)
    own = {key: labelling.labels_of(key[0], found) for key, found in gathered.items()}
    site_labels = [label for page, d in main.items() for label in own[page, d.name]]
    index = labelling.index_of(site_labels)
    for page, document in main.items():
        run.diagnostics += labelling.duplicates(sources[page], own[page, document.name])
    run.diagnostics += labelling.across_pages(
        index, sources, lambda page: gathered[page, main[page].name].get("given") or labelling.given(sources[page])
    )
    hrefs = {page: run.hrefs[page] for page in main}
    anchors = _anchors(documents, gathered, hrefs)
    url = run.url
    addresses = {page: f"{url.rstrip('/')}/{href}" for page, href in hrefs.items()}
    published = project.root / project.output_dir if project.output_dir else None
    promised = outputs(project, documents) | run.promised
    site = Site(project.root, hrefs, anchors, url, promised, published, _drafts(project, main))
    facts = {page: gathered[page, d.name] for page, d in main.items()}
    listing = references_page(project, facts)

    def finish(document: Document) -> Piece:
        found = gathered[document.source.file, document.name]
        if not run.wants(document.source.file) or document.book:
            return Piece(document, found, {}, Targets(), ())
        if document.source.file == listing and document.base == "html":
            document = listing_all(document, main, facts)
        mine = {label.id: label for label in own[document.source.file, document.name]}
        reach = hrefs if document.base == "html" or not url else addresses
        if document.base == "ipynb":
            mine |= index.by_page.get(document.source.file, {})
        labels, missing, told = labelling.resolved(document.source, found, mine, index, reach, document.href)
        targets = targets_of(document.source, found, site, document.base, document.href, document.figures)
        run.diagnostics += [*told, *targets.diagnostics]
        if not run.ask.writes and alike(main[document.source.file], document, found):
            run.diagnostics += reference_doc_of(document, project.root)[1]
            return Piece(document, found, {}, targets, results[document.source.file].outputs)
        written = finished(run, document, found, labels, missing, targets)
        return Piece(document, found, written, targets, results[document.source.file].outputs)

    pieces = [piece for _, piece in run.each("write", documents, finish)]
    return [*pieces, *bind(run, documents, gathered, own, site)]


def _drafts(project: Project, main: Mapping[str, Document]) -> frozenset[str]:
    """The pages that no link may lead to: those that were left out as drafts, or are rendered for who knows of them."""
    if project.draft_mode == "gone":
        return frozenset(project.pages) - set(main)
    hidden = project.draft_mode == "unlinked"
    return frozenset(page for page, d in main.items() if hidden and is_draft(project, page, d.options))


def _anchors(
    documents: Sequence[Document], gathered: Mapping[tuple[str, str], Mapping[str, Any]], hrefs: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """The ids of each page, in any of its formats, and those of its sections that have moved to other pages."""
    ids: dict[str, set[str]] = {}
    for document in documents:
        ids.setdefault(document.source.file, set()).update(gathered[document.source.file, document.name]["ids"])
    pages = {href: page for page, href in hrefs.items()}
    for document in documents:
        for path, anchor in moved_sections(document.source.file, document.options):
            if path in pages:
                ids[pages[path]].add(anchor)
    return {page: frozenset(found) for page, found in ids.items()}
