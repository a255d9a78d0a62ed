"""One page in one format, on its way from woven Markdown to what a writer takes."""

from __future__ import annotations

import base64
import hashlib
import os
import posixpath
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from octavo.cache import Cache, digest_of, key_of, write_atomically
from octavo.diagnostics import Diagnostic, Position, did_you_mean
from octavo.read.places import places
from octavo.read.source import Source
from octavo.read.yaml import load_yaml, placed_as, plain
from octavo.resolve import extensions
from octavo.resolve.extensions import Code, remembered
from octavo.resolve.links import Targets
from octavo.resolve.pandoc import Pool

# What each format is written as: PDF comes from Typst in both of its names.
TARGETS = {"html": "html", "pdf": "typst", "typst": "typst", "docx": "docx", "ipynb": "ipynb"}
# Which of the frozen results a format is made from. PDF takes Typst's, whose figures a tagged PDF may hold.
WOVEN = {"html": "html", "pdf": "typ", "typst": "typ", "docx": "docx", "ipynb": "html"}
# The stages of filters that belong to writing.
WRITTEN = frozenset(["post-quarto", "pre-render", "post-render", "pre-finalize", "post-finalize"])
# Metadata that are Markdown and that the formats show.
FIELDS = ("title", "subtitle", "abstract", "description", "thanks", "abstract-title")
# As `read.source` finds it: it may be empty, and dashes above an empty line are a rule.
FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(?![ \t]*\n)(?:.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Document:
    """One page in one format. `href` is where it goes, relative to the output folder."""

    source: Source
    name: str
    base: str
    href: str
    options: Mapping[str, Any]
    strings: Mapping[str, str]
    markdown: str
    figures: Mapping[str, Path] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()
    code: Code | None = None  # filters and shortcodes of the author's own
    added: tuple[Mapping[str, Any], ...] = ()  # what those put around the page
    notebooks: Mapping[str, str] = field(default_factory=dict)  # titles of those embedded, by where they can be seen
    spoken: Mapping[str, str] = field(default_factory=dict)  # what such shortcodes give in the texts of the site
    book: str = ""  # "chapter": bound with others into one document, the "whole"

    @property
    def target(self) -> str:
        return TARGETS[self.base]

    @property
    def kept_markdown(self) -> str:
        """What `keep-md` keeps: the Markdown as executed, with the author's front matter; "" if it is not asked for."""
        execution = self.options.get("execute") or {}
        if not (self.options.get("keep-md") or execution.get("keep-md")):
            return ""
        front = FRONT_MATTER.match(self.source.text)
        return (front[0] if front else "") + self.markdown


def without_front_matter(markdown: str) -> str:
    """The body of a document."""
    match = FRONT_MATTER.match(markdown)
    return markdown[match.end() :] if match else markdown


def computed_front_matter(source: Source, woven: str) -> dict[str, Any]:
    """The texts of the front matter that hold inline expressions, as execution filled them in."""
    shown = [key for key, value in source.front_matter.items() if "`{" in str(value) and not key.startswith("_")]
    match = FRONT_MATTER.match(woven) if shown else None
    if not match:
        return {}
    filled = load_yaml(match[0].strip().strip("-."), source.file)
    values = {key: plain(filled[key]) for key in shown if key in filled}
    return {k: str(v) if isinstance(source.front_matter[k], str) else v for k, v in values.items()}


def gather(
    document: Document,
    pool: Pool,
    cache: Cache,
    numbers: Mapping[str, str] | None = None,
    formulas: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The first pass: the AST with its numbers, and what the page offers to and asks of the others.

    `numbers` overrides the numbers of labels, for a format that does not hold all that is counted. `formulas` have been
    converted before, for another format or by an earlier run (`formulas` of the result); they only save time.
    """
    request = request_of(document) | {"markdown": document.markdown, "numbers": dict(numbers or {})}
    known = list(formulas)
    if document.code and document.code.filters:
        full = {**request, "formulas": known, "user": document.code.request(document.source.file, document.href)}
        return remembered(cache, "gather", request, document.code, lambda: pool.ask("gather", full))
    return cache.json(key_of("gather", request), lambda: pool.ask("gather", {**request, "formulas": known}))


def filtered(document: Document, gathered: Mapping[str, Any], folder: Path) -> Document:
    """The document with what its filters have changed besides its text: options, additions, pictures (kept in `folder`)."""
    user = gathered.get("user")
    if not user:
        return document
    figures = dict(document.figures)
    for name, content in (user.get("media") or {}).items():
        data = base64.b64decode(content)
        figures[name] = folder / f"{hashlib.sha256(data).hexdigest()[:16]}{Path(name).suffix}"
        if not figures[name].is_file():
            write_atomically(figures[name], data)
    options = placed_as({**document.options, **(user.get("changed") or {})}, document.options)
    return replace(document, options=options, figures=figures, added=(*document.added, *(user.get("added") or [])))


def write(
    document: Document,
    gathered: Mapping[str, Any],
    pool: Pool,
    cache: Cache,
    *,
    labels: Mapping[str, Any],
    missing: Mapping[str, bool],
    targets: Targets,
    bibliography: Sequence[Path],
    csl: Path | None,
    reference_doc: Path | None = None,
    title_block: Mapping[str, Any] | None = None,
    cite_as: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The second pass: the body in the target's language (DOCX as base64), rendered metadata and headings.

    `title_block` holds `authors` (names) and `date` as a Word document prints them; `cite_as` is the document itself
    as an entry of a bibliography (CSL).
    """
    options = document.options
    meta = {**options, **(gathered.get("meta") or {})}
    request = request_of(document) | {
        "meta": meta,
        "ast": gathered["ast"],
        "changes": gathered.get("changes"),
        "labels": labels,
        "missing": missing,
        "links": targets.links,
        "images": targets.images,
        "media": targets.media,
        "bibliography": [str(path) for path in bibliography],
        "bibliography_digest": " ".join(digest_of(path) for path in bibliography) or None,
        "csl": str(csl) if csl else None,
        "csl_digest": digest_of(csl) if csl else None,
        "reference_doc": str(reference_doc) if reference_doc else None,
        "nocite": str(options["nocite"]) if options.get("nocite") else None,
        "title_block": title_block,
        "cite_as": cite_as,
        "fields": {name: str(meta[name]) for name in FIELDS if isinstance(meta.get(name), str | int | float)},
    }
    # The paths are this machine's; what counts is what the files hold.
    content = request | {
        "bibliography": [digest_of(path) for path in bibliography],
        "csl": digest_of(csl) if csl else None,
        "reference_doc": digest_of(reference_doc) if reference_doc else None,
        "media": {name: digest_of(Path(path)) for name, path in targets.media.items()},
    }
    ask = _ask_docx if document.target == "docx" else _ask
    known = {"formulas": gathered.get("formulas") or []}
    if document.code and any(script.at in WRITTEN for script in document.code.filters):
        known |= {"user": document.code.request(document.source.file, document.href)}
        return remembered(cache, "write", content, document.code, lambda: ask(pool, request | known))
    return cache.json(key_of("write", content), lambda: ask(pool, request | known))


def _ask(pool: Pool, request: Mapping[str, Any]) -> dict[str, Any]:
    return pool.ask("write", request)


def _ask_docx(pool: Pool, request: Mapping[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="octavo-docx-") as folder:
        output = Path(folder) / "document.docx"
        answer = pool.ask("write", {**request, "output": str(output)})
        return answer | {"docx": base64.b64encode(output.read_bytes()).decode()}


def placed(
    raw: Sequence[Mapping[str, Any]] | Mapping, source: Source, root: Path, code: Code | None = None
) -> list[Diagnostic]:
    """The Lua side's diagnostics with the author's lines: each names the text by which its place is found, or the
    place itself if it is in another file."""
    diagnostics = []
    met: dict[tuple[str, str], int] = {}
    for entry in raw or []:
        if code and (own := extensions.placed(entry, code, code.filters)):
            diagnostics.append(own)
            continue
        needle, word = entry.get("needle") or "", entry.get("word")
        # The same words are reported once for each time that they stand on the page, in its order.
        key = (entry["code"], needle)
        met[key] = met.get(key, -1) + 1
        place = _place_of(needle, met[key], source, entry.get("at"), word)
        if other := entry.get("place"):
            place = Position(os.path.relpath(other["file"], root), other["line"], other["column"])
        among = entry.get("among")
        hint = entry.get("hint") or (did_you_mean(word or needle.lstrip("@"), among) if among else None)
        diagnostics.append(Diagnostic(entry["code"], entry["severity"], entry["message"], place, hint))
    return diagnostics


def _place_of(needle: str, nth: int, source: Source, at: int | None, word: str | None) -> Position:
    """Where the `nth` of equal texts stands, or `at` characters into it; else where its `word` stands."""
    found = places(source, needle, code=at is not None)
    if found:
        place = found[min(nth, len(found) - 1)]
        before = needle[: at or 0]
        lines, column = before.count("\n"), len(before) - (before.rfind("\n") + 1)
        return Position(place.file, place.line + lines, column + 1 + (0 if lines else place.column - 1))
    # A macro of the author's own was replaced in the formula, or its lines were joined.
    parts = [word or "", *sorted(needle.strip().split("\n"), key=len, reverse=True)]
    return next((p[0] for part in parts if (p := places(source, part.strip(), code=True))), Position(source.file))


def page_file(document: Document, path: str) -> str:
    """A path as the page names it, relative to the project: `/x` counts from the project's root."""
    if path.startswith("/"):
        return posixpath.normpath(path.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(document.source.file), path))


def request_of(document: Document) -> dict[str, Any]:
    """What every request to a worker says of a document."""
    return {
        "page": document.source.file,
        "format": document.base,
        "target": document.target,
        "meta": dict(document.options),
        "strings": dict(document.strings),
        "profiles": list(document.profiles),
    }
