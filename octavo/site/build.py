"""From written pages to a published site: every file as bytes, staged, verified, indexed, swapped in."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from octavo.cache import Cache
from octavo.diagnostics import Diagnostic
from octavo.home import user_folder
from octavo.read.aliases import aliases
from octavo.read.book import DOWNLOADS
from octavo.read.project import Project
from octavo.read.yaml import plain
from octavo.site import cards, feed, notfound, publish, search, verify
from octavo.site.archive import archived
from octavo.site.contents import own_address
from octavo.site.glob import matching
from octavo.site.listing import feed_listing
from octavo.site.llms import llms_files
from octavo.site.moved import redirect
from octavo.site.outputs import outputs
from octavo.site.page import Piece, Site, libs_of, page_html, site_of
from octavo.write import faces, fonts, handouts, html

# Files for the host of a site that are published without being asked for.
FOR_HOSTS = ("robots.txt", ".nojekyll", "CNAME", "_redirects", "_headers")
MapParallel = Callable[[str, Sequence[Any], Callable[[Any], Any]], list[Any]]
_CSS_URL = re.compile(r"""url\(\s*["']?([^"')#?:]+)["']?\s*[#?)]""")


@dataclass
class Files:
    """The staged site: contents made here, and files that are copied, by name relative to the output folder."""

    made: dict[str, bytes] = field(default_factory=dict)
    copied: dict[str, Path] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.made) | frozenset(self.copied)


def build(
    project: Project,
    output: Path,
    cache: Cache,
    wanted: Sequence[Piece],
    pieces: Sequence[Piece],
    *,
    map_parallel: MapParallel,
    accept: Callable[[Iterable[Diagnostic]], bool],
    whole: bool,
    promised: frozenset[str] = frozenset(),
    searched: bool = True,
    in_place: bool = False,
) -> tuple[int, list[Diagnostic]]:
    """Publish the `wanted` documents; returns how many files changed, and diagnostics.

    `pieces` are all of the site's documents, for navigation. Nothing is published unless `accept` agrees to the
    diagnostics. `promised` is what other renders of the site make. `whole`: the output is just this; else what is there already stays. `searched`: the search index is
    made again; else only if there is none.
    """
    if (in_place or not whole) and not (output / project.downloads.get("zip", "")).is_file():
        # The archive holds all pages, so it is packed with all of them only.
        project = replace(project, downloads={k: v for k, v in project.downloads.items() if k != "zip"})
    site = site_of(project, pieces)
    files, diagnostics = Files(), []

    def make(piece: Piece) -> tuple[dict[str, bytes], dict[str, Path], list[Diagnostic]]:
        return _document_files(piece, site, cache)

    for made, copied, told in map_parallel("format", wanted, make):
        files.made |= made
        files.copied |= copied
        diagnostics += told
    html_names = [piece.document.href for piece in wanted if piece.document.base == "html"]
    if html_names:
        files.made |= _assets(files, html_names, project, cache, whole)
    if project.type == "website":
        _site_files(site, files, whole, cache)
    _bring(project, files)
    # A partial render trusts the rest of the site to be there, or to come.
    later = promised | outputs(project, (piece.document for piece in pieces))
    known = files.names if whole else files.names | _existing(output) | later
    known |= {f"{project.book.stem}.{kind}" for kind in DOWNLOADS} if project.book and not whole else set()
    known |= {name for kind, name in project.downloads.items() if kind == "zip"}  # packed when all else is there
    pages = {
        name: verify.Page(name, content.decode()) for name, content in files.made.items() if name.endswith(".html")
    }
    diagnostics += verify.dead(pages, known)
    if not accept(diagnostics):
        return 0, diagnostics
    if notfound.NAME in files.made and project.type == "website":
        content = files.made[notfound.NAME].decode()
        files.made[notfound.NAME] = notfound.rooted(content, notfound.site_path(project.website)).encode()
    return _publish(project, output, files, cache, whole, searched, diagnostics, in_place), diagnostics


def _document_files(
    piece: Piece, site: Site, cache: Cache
) -> tuple[dict[str, bytes], dict[str, Path], list[Diagnostic]]:
    document, root = piece.document, site.project.root
    kept = {f"{document.href}.md": document.kept_markdown.encode()} if document.kept_markdown else {}
    siblings = {sibling.document.href for sibling in site.documents[document.source.file]}
    notebook, name = handouts.kept_notebook(document, piece.outputs), posixpath.splitext(document.href)[0] + ".ipynb"
    if notebook and name not in siblings:
        kept[name] = notebook
    if document.base == "html":
        page = page_html(piece, site, cache)
        files = {document.href: page.html.encode(), **page.made, **kept}
        info, website = site.infos[document.source.file], plain(site.project.website)
        if site.project.type == "website" and cards.wants_card(info, website):
            language = str(document.options.get("lang") or "en")
            files[cards.card_name(info)] = cards.card(info, website, language, cache)
        return files, {**piece.targets.files, **page.copied}, page.diagnostics
    if document.base in ("pdf", "typst"):
        made = handouts.pdf_of(document, piece.written, piece.targets, root, cache)
    elif document.base == "docx":
        made = handouts.docx_of(document, piece.written, root, cache)
    else:
        captions = {
            label["id"]: f"{label['name']} {label['number']}: {label.get('title') or ''}"
            for label in site.documents[document.source.file][0].gathered["labels"]
            if label["kind"] in ("fig", "tbl")
        }
        made = handouts.ipynb_of(document, piece.gathered, piece.written, piece.outputs, captions)
    return {**made.files, **kept}, {}, list(made.diagnostics)


def _assets(files: Files, html_names: Sequence[str], project: Project, cache: Cache, whole: bool) -> dict[str, bytes]:
    """The theme's files and faces, and the mathematics font cut to the characters that the pages use."""
    folders: dict[str, list[str]] = {}
    for name in html_names:
        folders.setdefault(libs_of(project, name), []).append(name)
    made = {}
    for folder, names in folders.items():
        pages = [files.made[name].decode() for name in names]
        if not any(f"{posixpath.basename(folder)}/" in page for page in pages):
            continue  # the pages hold it all themselves
        library = html.assets() | faces.faces(user_folder() / "fonts")
        made |= {f"{folder}/{name}": content for name, content in library.items()}
        needed = set().union(*map(fonts.needed_characters, pages))
        if not whole:
            # The pages that are there already share the font.
            needed |= set(cache.recalled(f"characters of {folder}") or "")
        characters = "".join(sorted(needed))
        cache.note(f"characters of {folder}", characters)
        if characters:
            # The font's licence wants its notice beside it.
            made[f"{folder}/math-font.txt"] = fonts.font_notice(cache.folder.parent / "fonts").encode()
            made[f"{folder}/math.woff2"] = fonts.math_font(characters, cache.folder.parent / "fonts")
    return made


def _site_files(site: Site, files: Files, whole: bool, cache: Cache) -> None:
    """What a website has beside its pages: sitemap, feeds, redirects from old addresses, resources."""
    project, website = site.project, plain(site.project.website)
    url = str(website.get("site-url") or "").rstrip("/")
    moved = {path: dict(sections) for path, sections in site.moved.items()}
    for info in site.pages:
        for alias in aliases(info.source, info.front_matter):
            files.made.setdefault(alias, redirect(info, alias, moved.pop(alias, {})).encode())
        listing = feed_listing(info, site.pages, project.root) if url else None
        if listing:
            options = listing.options["feed"]
            options = options if isinstance(options, Mapping) else {}
            kinds, sheet = feed.feed_categories(options), options.get("xml-stylesheet")
            if sheet:
                name = own_address(str(sheet), info.source).lstrip("/")
                files.copied[name] = project.root / name
            for kind in ("", *kinds):
                files.made[feed.feed_name(info.href, kind)] = feed.feed(listing, info, website, kind).encode()
    for path, sections in moved.items():
        files.made.setdefault(path, redirect(next(iter(sections.values())), path, sections).encode())
    if whole:
        if url:
            files.made["sitemap.xml"] = feed.sitemap(url, site.pages).encode()
            files.made["robots.txt"] = f"Sitemap: {url}/sitemap.xml\n".encode()
        if website.get("llms-txt") is True:
            files.made |= llms_files(website, site.pages, cache)
        _resources(site, files)


def _resources(site: Site, files: Files) -> None:
    """Files that are published as they are: the project's `resources`, the pages' own, and what hosts look for."""
    root = site.project.root
    everything = [p.relative_to(root).as_posix() for p in _project_files(site.project)]
    wanted = set(matching(site.project.resources, everything))
    for info in site.pages:
        own = info.front_matter.get("resources")
        own = [own] if isinstance(own, str) else own or []
        wanted |= set(matching(map(str, own), everything, posixpath.dirname(info.source)))
    named = {str(name).lstrip("/") for name in (*site.project.resources, *site.project.offered, *FOR_HOSTS)}
    for name in sorted(wanted | {n for n in named if (root / n).is_file()}):
        files.made.pop(name, None)
        files.copied.setdefault(name, root / name)


def _bring(project: Project, files: Files) -> None:
    """Add files of the project that the written pages and style sheets name (logos, fonts …) and nobody has brought."""
    names = files.names
    for name, content in list(files.made.items()):
        if name.endswith(".html"):
            for _, target, _ in verify.Page(name, content.decode()).targets:
                if target not in names and (project.root / target).is_file() and not target.startswith(".."):
                    files.copied[target] = project.root / target
    for name, path in list(files.copied.items()):
        if name.endswith(".css"):
            for target in _CSS_URL.findall(path.read_text("utf-8", errors="replace")):
                found = (path.parent / target).resolve()
                if found.is_file() and found.is_relative_to(project.root.resolve()):
                    files.copied.setdefault(found.relative_to(project.root.resolve()).as_posix(), found)


def _publish(
    project: Project,
    output: Path,
    files: Files,
    cache: Cache,
    whole: bool,
    searched: bool,
    diagnostics: list[Diagnostic],
    in_place: bool,
) -> int:
    with publish.staging(output, cache.folder.parent) as stage:
        for name, content in files.made.items():
            _target(stage, name).write_bytes(content)
        for name, path in files.copied.items():
            if not (project.type != "website" and output == project.root and path == output / name):
                shutil.copyfile(path, _target(stage, name))
        if in_place or (project.type != "website" and output == project.root):
            return publish.publish_into(stage, output)
        # A folder beyond the project may hold what is none of ours.
        if not whole or not output.is_relative_to(project.root.resolve()):
            publish.carry_over(output, stage)
        if project.type == "website" and (searched or not (stage / "pagefind").is_dir()):
            wanted = project.downloads.get("zip")
            with archived(stage, wanted, cache.folder.parent / "archive") if wanted and whole else nullcontext():
                diagnostics += _index(stage, cache)
        return publish.publish(stage, output)


def _index(stage: Path, cache: Cache) -> list[Diagnostic]:
    """The search index, made again only if a page has changed."""
    digest = hashlib.sha256()
    for path in sorted(stage.rglob("*.html")):
        digest.update(path.relative_to(stage).as_posix().encode() + b"\0" + path.read_bytes())
    kept = cache.folder.parent / "search" / digest.hexdigest()[:40]
    shutil.rmtree(stage / "pagefind", ignore_errors=True)
    diagnostics: list[Diagnostic] = []
    if not kept.is_dir():
        diagnostics = search.write_index(stage)
        shutil.rmtree(kept.parent, ignore_errors=True)
        if (stage / "pagefind").is_dir():
            # Kept under its name only when it is whole: a run may be killed here.
            shutil.copytree(stage / "pagefind", kept.parent / "new")
            os.rename(kept.parent / "new", kept)
    else:
        shutil.copytree(kept, stage / "pagefind")
    return diagnostics


def _target(stage: Path, name: str) -> Path:
    target = stage / name
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _existing(output: Path) -> frozenset[str]:
    return frozenset(p.relative_to(output).as_posix() for p in output.rglob("*") if p.is_file())


def _project_files(project: Project) -> list[Path]:
    """Files of the project that may be resources: not hidden, not octavo's or Quarto's own."""
    found = []
    for path in sorted(project.root.rglob("*")):
        parts = path.relative_to(project.root).parts
        if path.is_file() and not any(part.startswith((".", "_")) for part in parts):
            found.append(path)
    return found
