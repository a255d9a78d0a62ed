"""What each page is rendered to, with which options: project, folders, front matter and format laid over each other."""

from __future__ import annotations

import os.path
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from octavo.diagnostics import Diagnostic, Position, did_you_mean, error, warning
from octavo.read.extensions import format_extension, missing
from octavo.read.merge import merged, without_wrong
from octavo.read.project import Project, metadata_files, missing_resources, read_yaml
from octavo.read.schema import check
from octavo.read.source import Source
from octavo.read.yaml import PlacedDict, PlacedList, position_of

EXTENSION = {"html": "html", "pdf": "pdf", "typst": "pdf", "docx": "docx", "ipynb": "ipynb"}
ALIASES = {"html5": "html", "html4": "html"}
# A lenient render writes these as pages, so that what leads to them leads somewhere.
SLIDES = frozenset(["revealjs", "slidy", "slideous", "dzslides", "s5", "dashboard"])
FOREIGN = frozenset(
    [
        "asciidoc",
        "asciidoctor",
        "beamer",
        "biblatex",
        "bibtex",
        "commonmark",
        "commonmark_x",
        "context",
        "csljson",
        "dashboard",
        "docbook",
        "docbook4",
        "docbook5",
        "dokuwiki",
        "dzslides",
        "email",
        "epub",
        "epub2",
        "epub3",
        "fb2",
        "gfm",
        "haddock",
        "hugo",
        "icml",
        "jats",
        "jats_archiving",
        "jats_articleauthoring",
        "jats_publishing",
        "jira",
        "json",
        "latex",
        "man",
        "markdown",
        "markdown_github",
        "markdown_mmd",
        "markdown_phpextra",
        "markdown_strict",
        "markua",
        "md",
        "mediawiki",
        "ms",
        "muse",
        "native",
        "odt",
        "opendocument",
        "opml",
        "org",
        "plain",
        "pptx",
        "revealjs",
        "rst",
        "rtf",
        "s5",
        "slideous",
        "slidy",
        "tei",
        "texinfo",
        "textile",
        "vimdoc",
        "xwiki",
        "zimwiki",
        "ansi",
        "bbcode",
        "djot",
    ]
)
OF_THE_PROJECT = ("project", "website", "site", "book", "manuscript", "profile", "octavo", "format")
OF_EXECUTION = ("eval", "echo", "output", "warning", "error", "include", "cache", "freeze")
# What `minimal: true` takes away from a page, unless the option itself is there.
MINIMAL = {"theme": "none", "document-css": False, "anchor-sections": False, "code-copy": False} | {
    f"{kind}-hover": False for kind in ("citations", "crossrefs", "footnotes")
}
NAME = re.compile(r"^(?P<name>[A-Za-z0-9_-]*?)(?P<variant>(?:\+[a-z_]+|-[a-z_]*_[a-z_]+)*)$")


@dataclass(frozen=True)
class Format:
    """One output of one page. `name` as written, `base` is what octavo writes, `output` is a file name."""

    name: str
    base: str
    output: str
    options: Mapping[str, Any]


def formats(project: Project, source: Source, asked: Sequence[str] = ()) -> tuple[tuple[Format, ...], list[Diagnostic]]:
    """The formats of a page. Those in its front matter (or its folders') replace the project's choice; all inherit.

    `asked` names the formats that the command line wants instead; a page need not declare them. A page that is nothing
    but slides comes with its error as a plain page.
    """
    diagnostics: list[Diagnostic] = []
    levels = [_own(project.config, project, "", source.file)]
    below = _folder_levels(project, source.file, diagnostics) + [_page_level(project, source, diagnostics)]
    named = _named(below) or _named(levels) or {"html": Position(source.file)}
    if asked:
        named = {name: named.get(name, Position(source.file)) for name in asked}
    of_book = project.book.chapters.get(source.file, {}) if project.book else {}
    levels = [of_book, *levels, *below, project.given]
    result = []
    for name, place in named.items():
        base, wrong = base_of(name, project.root, place, posixpath.dirname(source.file))
        diagnostics += wrong
        if base:
            options = _options([*_of_extension(project, source.file, name), *levels], name)
            result.append(Format(name, base, _output(options, base, source.file), options))
    if not result and not asked and any(name.rpartition("-")[2] in SLIDES for name in named):
        options = _options(levels, "html")
        result.append(Format("html", "html", _output(options, "html", source.file), options))
    diagnostics += _clashes(source, result, named)
    return tuple(result), diagnostics


def output_clashes(outputs: Iterable[tuple[str, Format]]) -> list[Diagnostic]:
    """One error for each output path that a second page would write; pairs are (page, format)."""
    owners: dict[str, str] = {}
    asked: dict[str, Position] = {}
    diagnostics = []
    for page, form in outputs:
        path = output_path(page, form)
        owner = owners.setdefault(path, page)
        if wanted := position_of(form.options, "output-file"):
            asked[path] = wanted
        if owner != page:
            place = asked.get(path) or Position(page)
            hint = "rename one of them, or give it an `output-file`"
            diagnostics.append(error("OCT-output-clash", f"`{owner}` and `{page}` both become `{path}`", place, hint))
    return diagnostics


def output_path(page: str, form: Format) -> str:
    """Where a page's format goes, relative to the output folder."""
    return posixpath.join(posixpath.dirname(page), form.output)


def is_draft(project: Project, page: str, options: Mapping[str, Any]) -> bool:
    """Whether the page calls itself a draft or the site lists it among its drafts."""
    drafts = project.website.get("drafts") or []
    return options.get("draft") is True or page in ([drafts] if isinstance(drafts, str) else drafts)


def base_of(name: str, root: Path, place: Position | None, folder: str = "") -> tuple[str | None, list[Diagnostic]]:
    """What octavo writes for the format `name` (`html`, `html+draft`, `acm-pdf` …), or None; the reason if it cannot."""
    match = NAME.match(name)
    bare = match["name"] if match else name
    bare = ALIASES.get(bare, bare)
    if bare in EXTENSION:
        return bare, []
    if bare not in FOREIGN and "-" in bare:
        extension, _, tail = bare.rpartition("-")
        tail = ALIASES.get(tail, tail)
        if tail in EXTENSION or tail in FOREIGN:
            found = format_extension(root, folder, extension, tail)
            if not found:
                # A lenient render writes what the extension builds on.
                return tail if tail in EXTENSION else None, [missing(extension, f"the format `{name}`", place)]
            if tail in EXTENSION:
                return tail, _omitted(name, found.format(tail) or {}, place)
            bare = tail
    writable = ", ".join(f"`{f}`" for f in EXTENSION)
    if bare in FOREIGN:
        hint = f"octavo writes {writable}"
        return None, [error("OCT-format-unsupported", f"the format `{name}` is not supported", place, hint)]
    hint = did_you_mean(bare, EXTENSION) or f"octavo writes {writable}"
    return None, [error("OCT-format-unsupported", f"there is no format `{name}`", place, hint)]


def _omitted(name: str, options: Mapping[str, Any], place: Position | None) -> list[Diagnostic]:
    """A warning if the format of an extension consists of more than options, filters and files."""
    left_out = [f"`{key}`" for key in ("template", "template-partials", "reference-doc-partials") if options.get(key)]
    if not left_out:
        return []
    message = f"`{name}` is rendered in octavo's own form: the extension's {' and '.join(left_out)} are not applied"
    return [warning("OCT-extension-omitted", message, place)]


def _of_extension(project: Project, page: str, name: str) -> list[Mapping[str, Any]]:
    """The options that a format of an extension brings, as the lowest level."""
    match = NAME.match(name)
    bare, _, tail = (match["name"] if match else name).rpartition("-")
    found = format_extension(project.root, posixpath.dirname(page), bare, tail) if bare else None
    if not found:
        return []
    return [_own(found.format(tail) or {}, project, found.folder, page)]


def _named(levels: Iterable[Mapping[str, Any]]) -> dict[str, Position | None]:
    """The formats that these levels choose, in their order, each with its place; the innermost level comes first."""
    named: dict[str, Position | None] = {}
    for level in reversed(list(levels)):
        chosen = level.get("format")
        if isinstance(chosen, str):
            named.setdefault(chosen, position_of(level, "format"))
        elif isinstance(chosen, Mapping):
            for name, value in chosen.items():
                if value is not None and value is not False:
                    named.setdefault(str(name), position_of(chosen, name))
    return named


def _options(levels: Iterable[Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    """Every level's options for the format `name`: what it says in general, then what it says for that format."""
    layers = []
    for level in levels:
        layers.append(_with_places({k: v for k, v in level.items() if k not in OF_THE_PROJECT}, level))
        chosen = level.get("format")
        own = chosen.get(name) if isinstance(chosen, Mapping) else None
        if isinstance(own, Mapping):
            layers.append(own)
    options = merged(*map(_gathered, layers))
    return merged(MINIMAL, options) if options.get("minimal") is True else options


def _with_places(values: Mapping[str, Any], level: Mapping[str, Any]) -> PlacedDict:
    return PlacedDict(values, {k: p for k in values if (p := position_of(level, k))})


def _gathered(layer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The layer with its loose execution options (`echo: false` beside `execute:`) under `execute`."""
    execute = layer.get("execute")
    loose = {k: layer[k] for k in OF_EXECUTION if k in layer}
    if isinstance(execute, bool):
        execute = {"enabled": execute}
    if not loose and execute is layer.get("execute"):
        return layer
    rest = {k: v for k, v in layer.items() if k not in loose and k != "execute"}
    gathered = merged(_with_places(loose, layer), execute if isinstance(execute, Mapping) else {})
    places = {k: p for k in layer if (p := position_of(layer, k))}
    return PlacedDict(rest | {"execute": gathered}, places)


def _page_level(project: Project, source: Source, diagnostics: list[Diagnostic]) -> Mapping[str, Any]:
    folder = posixpath.dirname(source.file)
    told = check(source.front_matter, "document", source.text)
    diagnostics += told
    level = _own(without_wrong(source.front_matter, told), project, folder, source.file)
    named = source.front_matter.get("resources")
    here = project.root / folder
    for item in missing_resources(here, [named] if isinstance(named, str) else named or [], project.root):
        diagnostics.append(replace(item, position=item.position or position_of(source.front_matter, "resources")))
    for name, place in metadata_files(source.front_matter):
        file = posixpath.normpath(posixpath.join(folder, name))
        if not (project.root / file).is_file():
            diagnostics.append(error("OCT-file-missing", f"the metadata file `{name}` does not exist", place))
            continue
        included = read_yaml(project.root, file)
        told = check(included, "document", source.text)
        diagnostics += told
        level = merged(level, _own(without_wrong(included, told), project, posixpath.dirname(file), source.file))
    return level


def _folder_levels(project: Project, page: str, diagnostics: list[Diagnostic]) -> list[Mapping[str, Any]]:
    """The `_metadata.yml` of each folder from the project's down to the page's."""
    parts = posixpath.dirname(page).split("/") if posixpath.dirname(page) else []
    levels = []
    for depth in range(len(parts) + 1):
        folder = "/".join(parts[:depth])
        for name in ("_metadata.yml", "_metadata.yaml"):
            file = posixpath.join(folder, name)
            if (project.root / file).is_file():
                level = read_yaml(project.root, file)
                told = check(level, "document")
                diagnostics += told
                levels.append(_own(without_wrong(level, told), project, folder, page))
                break
    return levels


def _own(level: Mapping[str, Any], project: Project, folder: str, page: str) -> Mapping[str, Any]:
    """A level of another folder as the page sees it: the files it names are found from the page's folder."""
    here = posixpath.dirname(page)

    def seen(value: Any) -> Any:
        if isinstance(value, Mapping):
            return PlacedDict({k: v if k in OF_THE_PROJECT[:-1] else seen(v) for k, v in value.items()}, value.places)
        if isinstance(value, list):
            return PlacedList(map(seen, value), value.places)
        if not isinstance(value, str) or not ("." in value or "/" in value) or len(value) > 255 or "\n" in value:
            return value
        path = posixpath.normpath(value.lstrip("/") if value.startswith("/") else posixpath.join(folder, value))
        return posixpath.relpath(path, here or ".") if os.path.isfile(project.root / path) else value

    return seen(merged(level))


def _output(options: Mapping[str, Any], base: str, page: str) -> str:
    stem = posixpath.splitext(posixpath.basename(page))[0]
    extension = str(options.get("output-ext") or EXTENSION[base]).lstrip(".")
    name = posixpath.basename(str(options.get("output-file") or stem)) or stem
    return name if name.endswith("." + extension) else f"{name}.{extension}"


def _clashes(source: Source, written: Iterable[Format], named: Mapping[str, Position | None]) -> list[Diagnostic]:
    first: dict[str, str] = {}
    diagnostics = []
    for form in written:
        other = first.setdefault(form.output, form.name)
        if other != form.name:
            message = f"the formats `{other}` and `{form.name}` both write `{form.output}`; the later one stays"
            hint = f"give `{form.name}` an `output-file` of its own"
            diagnostics.append(warning("OCT-output-clash", message, named.get(form.name), hint))
    return diagnostics
