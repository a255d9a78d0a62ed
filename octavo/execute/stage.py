"""The execution stage: a page's source to its Markdown per format, from frozen results or by running its cells."""

from __future__ import annotations

import atexit
import platform
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from octavo.diagnostics import Diagnostic, Position, error, warning
from octavo.execute import freeze, packages
from octavo.execute.cell import FIGURE_FOLDERS, Weaving
from octavo.execute.described import undescribed, unshown
from octavo.execute.options import check_options, execute_options
from octavo.execute.outputs import Picture
from octavo.execute.plan import Plan, check_languages, is_plain, kernel_of, language_of, plan
from octavo.execute.weave import NOTEBOOK, with_places, woven
from octavo.read.source import Source

Outputs = Sequence[list[dict[str, Any]]]
Values = Sequence[Mapping[str, Any] | None]


@dataclass(frozen=True)
class Woven:
    """A page's Markdown for one format, and the file of each picture that it names."""

    markdown: str
    figures: Mapping[str, Path]


@dataclass(frozen=True)
class Results:
    """`woven` by format key ("html", "docx", "tex", "typ"); `outputs` in nbformat's form for each of the cells.

    Where cells are woven, "ipynb" holds the prose with a mark in the place of each cell.
    """

    woven: Mapping[str, Woven]
    outputs: tuple[list[dict], ...]
    executed: bool
    diagnostics: tuple[Diagnostic, ...]


def results(
    root: Path,
    source: Source,
    options: Mapping[str, Mapping],
    store: Path,
    mode: str,
    progress: Callable[[str], None] | None = None,
    lenient: bool = False,
    parameters: Mapping[str, Any] | None = None,
) -> Results:
    """The Markdown of `source` for each format in `options`, which holds the page's merged options by format key.

    All formats come from one execution: pass the options of every format that the page has, also where only one is
    rendered, or a format's own figure options make the results another format's.

    `mode` is "auto" (frozen results if they are valid, else run), "always" (run) or "never" (frozen results, valid or
    not). What an author did wrong is told in the diagnostics; the Markdown then shows what there is: `lenient` goes on
    after a cell that fails. `parameters` take the place of what the cell with that tag sets.
    """
    main = options.get("html") or next(iter(options.values()), {})
    language = language_of(source, kernel_of(main))
    told, enabled = check_options(source, bool(main.get("filters"))), _execute(main).get("enabled") is not False
    if enabled:
        told += check_languages(source, language, execute_options(main))
    nothing: Outputs = [[] for _ in source.cells]
    if is_plain(source, language):
        return Results({key: Woven(source.text, {}) for key in options}, tuple(nothing), False, tuple(told))
    every = _all_formats(options)
    page = _Page(root, source, every, plan(root, source, every, parameters or {}), freeze.folder_of(store, source))
    if not enabled:
        found = _unexecuted(page, options)
        return Results(found.woven, found.outputs, False, tuple(told))
    keeps = mode == "never" or main.get("freeze") is True or _execute(main).get("freeze") is True
    found = None if mode == "always" else _frozen(page, tuple(options), keeps, mode)
    if found is None and mode == "never":
        found = _unexecuted(page, options)
    if found is None:
        found = _executed(root, page, tuple(options), progress, lenient)
    told += undescribed(source, found.outputs, execute_options(main))
    told += unshown(source, found.outputs, execute_options(main))
    return Results(found.woven, found.outputs, found.executed, (*told, *found.diagnostics))


@dataclass(frozen=True)
class _Page:
    root: Path
    source: Source
    options: Mapping[str, Mapping]
    plan: Plan
    folder: Path

    def weave(self, forms: Sequence[str], outputs: Outputs, values: Values) -> tuple[dict, dict]:
        """Markdown by format, the notebook's included, and all pictures by their names below the page's folder."""
        texts, figures = {NOTEBOOK: with_places(self.source, self.plan.language, values)}, {}
        for form in forms:
            weaving = Weaving(self.source, form, self.options[form], self.plan.language)
            texts[form] = woven(weaving, outputs, values)
            figures.update(weaving.figures)
        return texts, figures

    def results(self, forms: Sequence[str], texts: Mapping, files: Mapping[str, Path], outputs: Outputs, *rest: Any):
        stem = PurePosixPath(self.source.file).stem
        woven_by_form = {}
        for form in forms:
            own = {f"{stem}_files/{n}": p for n, p in files.items() if n.startswith(FIGURE_FOLDERS[form] + "/")}
            woven_by_form[form] = Woven(texts[form], own)
        woven_by_form[NOTEBOOK] = Woven(texts[NOTEBOOK], {})
        plain = tuple(freeze.notebook_outputs(o, self.folder) for o in outputs)
        return Results(woven_by_form, plain, *rest)


def _execute(options: Mapping[str, Any]) -> Mapping[str, Any]:
    found = options.get("execute")
    return found if isinstance(found, Mapping) else {}


def _all_formats(options: Mapping[str, Mapping]) -> dict[str, Mapping]:
    """Options for all four formats; one that is not asked for takes those of the first that is.

    One execution makes all formats, and its results hold for all: the same page has the same key for `--to html`.
    """
    first = options.get("html") or next(iter(options.values()), {})
    others = {key: value for key, value in first.items() if key != "fig-format"}
    return {form: options.get(form, others) for form in FIGURE_FOLDERS}


def _frozen(page: _Page, forms: Sequence[str], keeps: bool, mode: str) -> Results | None:
    """The page from what is frozen, or None if it has to run."""
    record = freeze.read_record(page.folder)
    if record is not None and (keeps or _is_valid(page, record)):
        return _rewoven(page, forms, record, mode)
    quarto = freeze.read_quarto(page.folder)
    if any(form not in quarto or quarto[form]["ours"] for form in forms):
        return None
    fresh = all(quarto[form]["hash"] == page.source.digest for form in forms)
    if not fresh and not keeps:
        return None
    figures = {form: freeze.frozen_figures(page.folder, page.source, form) for form in forms}
    woven_by_form = {form: Woven(quarto[form]["markdown"], figures[form]) for form in forms}
    told = () if fresh or mode != "never" else (_stale(page, "the document has changed since"),)
    return Results(woven_by_form, tuple([] for _ in page.source.cells), False, told)


def _is_valid(page: _Page, record: freeze.Record) -> bool:
    """Whether code, options and the files that the code reads are those of the record."""
    if record.key != page.plan.key:
        return False
    paths = {page.root / name: digest for name, digest in record.files.items()}
    return all(path.is_file() and packages.digest_of(path) == digest for path, digest in paths.items())


def _rewoven(page: _Page, forms: Sequence[str], record: freeze.Record, mode: str) -> Results | None:
    """The page with recorded outputs, cell by cell; what is frozen follows the edited prose unless `mode` is never.

    None if pictures are missing and may be drawn again.
    """
    valid = _is_valid(page, record)
    outputs, values, missing = _recorded(page, record)
    told = _package_changes(page, record) if valid else []
    if missing and mode == "never":
        told.append(_stale(page, f"{missing} of its cells and expressions have changed since"))
    if not valid or mode == "never":
        texts, figures = page.weave(forms, outputs, values)
        files = {name: _path(page, picture) for name, picture in figures.items()}
        lost = sorted(name for name, path in files.items() if not path.is_file())
        if lost:
            told.append(_stale(page, f"pictures are missing: {', '.join(lost)}"))
        return page.results(forms, texts, files, outputs, False, tuple(told))
    texts, figures = page.weave(tuple(FIGURE_FOLDERS), outputs, values)
    if not all(_path(page, picture).is_file() for picture in figures.values()):
        return None
    if all(_in_place(page, name, picture) for name, picture in figures.items()):
        files = {name: (page.folder / name).resolve() for name in figures}
        freeze.write_quarto(page.folder, page.source, record.key, texts, figures)
    else:
        files = _save(page, replace(record, **_steps_of(page, outputs, values)), texts, figures)
        outputs, _, _ = _recorded(page, freeze.read_record(page.folder) or record)
    return page.results(forms, texts, files, outputs, False, tuple(told))


def _in_place(page: _Page, name: str, picture: Picture) -> bool:
    """Whether the picture's file already has the name that the labels give it now."""
    here, there = _path(page, picture), page.folder / name
    return here == there.resolve() or (there.is_file() and here.read_bytes() == there.read_bytes())


def _path(page: _Page, picture: Picture) -> Path:
    return (page.folder / picture.data["file"]).resolve()


def _recorded(page: _Page, record: freeze.Record) -> tuple[Outputs, Values, int]:
    """Recorded outputs and values for the page's cells and expressions as they are now, and how many have none."""
    cells: dict[str, list] = {}
    for cell in record.cells:
        cells.setdefault(cell["code"], []).append(cell["outputs"])
    data: dict[str, list] = {}
    for one in record.inline:
        data.setdefault(one["code"], []).append(one["data"])
    outputs: list[list[dict[str, Any]]] = [[] for _ in page.source.cells]
    values: list[Mapping[str, Any] | None] = [None] * page.plan.expressions
    missing = 0
    for step in page.plan.steps:
        known = cells.get(freeze.code_digest(step.code)) if step.kind == "cell" else data.get(step.code)
        if not known:
            missing += 1
        elif step.kind == "cell":
            outputs[step.index] = known.pop(0)
        else:
            values[step.index] = known.pop(0)
    return outputs, values, missing


def _unexecuted(page: _Page, options: Mapping[str, Mapping]) -> Results:
    outputs: Outputs = [[] for _ in page.source.cells]
    texts, _ = page.weave(tuple(options), outputs, [None] * page.plan.expressions)
    if not page.plan.steps:
        return page.results(tuple(options), texts, {}, outputs, False, ())
    hint = "run it once where its packages are installed, and commit the frozen results"
    message = "this page has cells to run, and there are no frozen results for it"
    told = error("OCT-execute-missing", message, page.plan.steps[0].position, hint)
    return page.results(tuple(options), texts, {}, outputs, False, (told,))


def _executed(
    root: Path, page: _Page, forms: Sequence[str], progress: Callable[[str], None] | None, lenient: bool
) -> Results:
    from octavo.execute.run import execute

    before = {path: path.stat().st_mtime_ns for path in page.plan.files}
    outcome = execute(root, page.source, page.plan, progress, goes_on=lenient)
    texts, figures = page.weave(tuple(FIGURE_FOLDERS), outcome.outputs, outcome.values)
    if outcome.complete:
        read = [path for path, time in before.items() if path.is_file() and path.stat().st_mtime_ns == time]
        files = _save(page, _record_of(page, read, outcome.outputs, outcome.values), texts, figures)
    else:
        # A failed run must not take the place of a good one, but what it drew belongs into a lenient page.
        files = freeze.write_figures(_temporary_folder(), page.folder, figures) if figures else {}
    return page.results(forms, texts, files, outcome.outputs, bool(page.plan.steps), tuple(outcome.diagnostics))


def _temporary_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="octavo-failed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _record_of(page: _Page, read: Sequence[Path], outputs: Outputs, values: Values) -> freeze.Record:
    """The record of an execution that has read the files `read`; what the code itself writes is not among them."""
    python = ".".join(platform.python_version_tuple()[:2])
    versions = packages.versions(page.plan.modules)
    root = page.root.resolve()
    files = {path.resolve().relative_to(root).as_posix(): packages.digest_of(path) for path in read}
    return freeze.Record(page.plan.key, python, versions, files, **_steps_of(page, outputs, values))


def _steps_of(page: _Page, outputs: Outputs, values: Values) -> dict[str, tuple[dict[str, Any], ...]]:
    """Outputs and values as a record holds them, in the order of the steps."""
    cells, inline = [], []
    for step in page.plan.steps:
        if step.kind == "cell":
            cells.append({"code": freeze.code_digest(step.code), "outputs": outputs[step.index]})
        else:
            inline.append({"code": step.code, "data": values[step.index]})
    return {"cells": tuple(cells), "inline": tuple(inline)}


def _save(page: _Page, record: freeze.Record, texts: Mapping[str, str], figures: Mapping) -> dict[str, Path]:
    loaded = {name: _loaded(page, picture) for name, picture in figures.items()}
    freeze.write_record(page.folder, record, loaded)  # reads pictures by their old names, so it comes first
    files = freeze.write_figures(page.folder, page.folder, loaded)
    freeze.write_quarto(page.folder, page.source, record.key, texts, figures)
    return files


def _loaded(page: _Page, picture: Picture) -> Picture:
    """The picture with its data in hand, so that files can be renamed under it."""
    if isinstance(picture.data, str):
        return picture
    data = freeze.picture_bytes(page.folder, picture)
    return Picture(picture.suffix, freeze.embedded(data, picture.suffix), picture.width, picture.height)


def _package_changes(page: _Page, record: freeze.Record) -> list[Diagnostic]:
    """A warning if packages that the results come from are installed in other versions now."""
    now = packages.versions(page.plan.modules)
    changed = [f"{name} {then} → {now[name]}" for name, then in record.packages.items() if now.get(name, then) != then]
    if not changed:
        return []
    message = f"the frozen results come from other versions: {', '.join(changed)}"
    place = page.plan.steps[0].position if page.plan.steps else Position(page.source.file)
    return [warning("OCT-freeze-packages", message, place, "run the page again to see whether its results still hold")]


def _stale(page: _Page, why: str) -> Diagnostic:
    message = f"the frozen results are not of this document: {why}"
    return warning("OCT-freeze-stale", message, Position(page.source.file), "run the page again")
