"""Where a page's links and images lead: to other pages in each format, to files that go with the site, to nowhere."""

from __future__ import annotations

import posixpath
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from octavo.diagnostics import Diagnostic, Position, did_you_mean, error
from octavo.read.lint.scripts import runs_code
from octavo.read.places import places
from octavo.read.source import Source

PICTURES = {
    "html": (".png", ".svg", ".jpg", ".jpeg", ".gif", ".webp", ".avif"),
    "docx": (".png", ".jpg", ".jpeg", ".svg", ".gif"),
    "typst": (".svg", ".png", ".jpg", ".jpeg", ".pdf", ".gif", ".webp"),
    "pdf": (".pdf", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp"),
}
SOURCES = (".qmd", ".md", ".ipynb", ".py", ".Rmd", ".rmd", ".markdown")


@dataclass(frozen=True)
class Site:
    """What links can lead to: addresses of pages (relative to the site's root) and their anchors.

    `outputs` are further files that the site will have, `published` is the folder of the site as it is. Links to
    `drafts` are left out: their text stays.
    """

    root: Path
    hrefs: Mapping[str, str]
    anchors: Mapping[str, frozenset[str]]
    url: str = ""
    outputs: frozenset[str] = frozenset()
    published: Path | None = None
    drafts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Targets:
    """What one page's targets become. `files`: files to bring along, by their name relative to the site's root."""

    links: dict[str, str | bool] = field(default_factory=dict)
    images: dict[str, str | bool] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def targets_of(
    source: Source, gathered: Mapping[str, Any], site: Site, base: str, page_href: str, figures: Mapping[str, Path]
) -> Targets:
    """Resolve every link and image of a page for the format `base` ("html", "pdf", "typst", "docx", "ipynb")."""
    targets = Targets()
    for target in dict.fromkeys(gathered["links"]):
        _link(target, source, site, base, page_href, targets)
    for src in dict.fromkeys(gathered["images"]):
        _image(src, source, site, base, page_href, figures, targets)
    return targets


def is_external(target: str) -> bool:
    """Whether a target has a scheme or a host of its own."""
    parts = urlsplit(target)
    return bool(parts.scheme and len(parts.scheme) > 1) or target.startswith("//")


def _link(target: str, source: Source, site: Site, base: str, page_href: str, targets: Targets) -> None:
    if runs_code(target):
        targets.links[target] = False
        targets.diagnostics.extend(_errors(source, target, "OCT-link-scheme", f"a link must not run code: `{target}`"))
        return
    if not target or is_external(target):
        return
    path, mark, written = target.partition("#")
    anchor, suffix = unquote(written), mark + written
    if not path.partition("?")[0]:
        if anchor and anchor not in site.anchors[source.file] and not made_later(anchor):
            hint = did_you_mean(anchor, site.anchors[source.file])
            message = f"this page has no anchor `#{anchor}`"
            targets.diagnostics.extend(_errors(source, target, "OCT-link-anchor", message, hint))
            targets.links[target] = False
        return
    file = in_project(unquote(path.partition("?")[0]), source.file)
    page = page_of(file, site)
    if named(file, site.drafts):
        targets.links[target] = ""
    elif page:
        if anchor and anchor not in site.anchors[page] and not made_later(anchor):
            hint = did_you_mean(anchor, site.anchors[page])
            message = f"`{page}` has no anchor `#{anchor}`"
            targets.diagnostics.extend(_errors(source, target, "OCT-link-anchor", message, hint))
        targets.links[target] = _address(site.hrefs[page], page_href, site, base) + suffix
    elif file not in site.outputs and (site.root / file).is_file():
        targets.files[file] = site.root / file
        targets.links[target] = _address(quote(file), page_href, site, base)
    elif file in site.outputs or (site.published and (site.published / file).is_file()):
        targets.links[target] = _address(quote(file), page_href, site, base) + suffix
    elif not (site.root / file).is_dir():
        known = [*site.hrefs, *(posixpath.basename(p) for p in site.hrefs)]
        hint = _not_rendered(file, site) or did_you_mean(file, known) or did_you_mean(posixpath.basename(file), known)
        name = target
        if target.startswith("%60"):
            hint = "a name in backticks is resolved by the extension interlinks, if `filters` names it"
            name = unquote(target).strip("`")
        message = f"the link leads nowhere: `{name}`"
        targets.diagnostics.extend(_errors(source, target, "OCT-link-missing", message, hint))
        targets.links[target] = False


def _image(
    src: str, source: Source, site: Site, base: str, page_href: str, figures: Mapping[str, Path], targets: Targets
) -> None:
    if src.startswith("data:"):
        return
    if runs_code(src):
        message = f"an image must not run code: `{src}`"
        targets.diagnostics.extend(_errors(source, src, "OCT-link-scheme", message))
        targets.images[src] = False
        return
    if is_external(src):
        if base != "html":
            message = f"an image from another host cannot be brought along: `{src}`"
            hint = "save it in the project and name it there"
            targets.diagnostics.extend(_errors(source, src, "OCT-image-remote", message, hint))
        return
    named, name = src, unquote(src.partition("?")[0].partition("#")[0])
    file = in_project(name, source.file)
    path = figures.get(name) or site.root / file
    if not path.is_file() and (extension := _left_off(path, base)):
        # Quarto's way to give each format its own picture: the extension is left off.
        targets.images[src] = src + extension
        src, file, path = src + extension, file + extension, path.with_name(path.name + extension)
    if not path.is_file():
        hint = _nearby(path)
        targets.diagnostics.extend(_errors(source, src, "OCT-image-missing", f"the image `{src}` does not exist", hint))
        targets.images[src] = False
        return
    if base in ("pdf", "typst") and file.startswith("../"):
        # Typst reads nothing outside of the project: such a picture is laid into it.
        file = ".outside/" + file.replace("../", "")
        targets.images[named] = posixpath.relpath(quote(file), posixpath.dirname(source.file) or ".")
    targets.files[file] = path
    if base == "html" and src.startswith("/"):
        targets.images[named] = posixpath.relpath(quote(file), posixpath.dirname(page_href) or ".")
    if base == "docx":
        targets.media[src] = str(path)


def _left_off(path: Path, base: str) -> str:
    """The extension of the picture that `path` names without one, the format's own first; "" if there is none."""
    if path.suffix:
        return ""
    return next((e for e in PICTURES.get(base, PICTURES["html"]) if path.with_name(path.name + e).is_file()), "")


def in_project(path: str, page: str) -> str:
    """A path as `page` names it, relative to the project."""
    joined = path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(page), path)
    return posixpath.normpath(joined)


def page_of(file: str, site: Site) -> str | None:
    """The page that a link's file means: its source, its output, or its folder's index."""
    return named(file, site.hrefs)


def named(file: str, pages: Container[str]) -> str | None:
    """The one of `pages` that a path means: a source, its output, or a folder's index."""
    if file in pages:
        return file
    stem, extension = posixpath.splitext(file)
    candidates = [stem + e for e in SOURCES] if extension in (".html", "") else []
    candidates += [posixpath.join(file, "index" + e).removeprefix("./") for e in SOURCES]
    return next((c for c in candidates if c in pages), None)


def _not_rendered(file: str, site: Site) -> str | None:
    stem, extension = posixpath.splitext(file)
    sources = [stem + e for e in SOURCES] if extension == ".html" else []
    source = next((s for s in sources if (site.root / s).is_file()), None)
    return f"`{source}` is not among the project's pages" if source else None


def _address(href: str, page_href: str, site: Site, base: str) -> str:
    """An address as a page of the format may link it: handouts travel, so they name the site if it has a name."""
    if base != "html" and site.url:
        return f"{site.url.rstrip('/')}/{href}"
    return posixpath.relpath(href, posixpath.dirname(page_href) or ".")


def made_later(anchor: str) -> bool:
    """Anchors that only the written page has: notes, entries of the bibliography, listings, the page's own parts."""
    return anchor.startswith(
        ("fn", "ref-", "refs", "quarto-", "tabset-", "cb", "TOC", "annotated-cell-", "listing-", "category=")
    ) or anchor in (
        "top",
        "footnotes",
        "title-block-header",
    )


def _errors(source: Source, target: str, code: str, message: str, hint: str | None = None) -> list[Diagnostic]:
    """One error at each place that names the target."""
    found = places(source, target) or places(source, unquote(target)) or [Position(source.file)]
    return [error(code, message, place, hint) for place in found]


def _nearby(path: Path) -> str | None:
    try:
        names = [p.name for p in path.parent.iterdir()]
    except OSError:
        return None
    return did_you_mean(path.name, names)
