"""The HTML of one page: its body, navigation and links to its other formats, in the page shell."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from octavo.cache import Cache
from octavo.diagnostics import Diagnostic, Position, did_you_mean, warning
from octavo.home import user_folder
from octavo.read.brand import brand_of
from octavo.read.config import is_draft
from octavo.read.lint.scripts import without_code
from octavo.read.places import places
from octavo.read.project import Project
from octavo.read.yaml import plain, position_of
from octavo.resolve.book_references import led_there, references_page
from octavo.resolve.document import Document, page_file
from octavo.site import cards, feed, pictures
from octavo.site.about import about_div, about_of
from octavo.site.absolute import relative_to_page
from octavo.site.added import Added, added_of
from octavo.site.backlinks import Uses, uses, with_backlinks
from octavo.site.contents import Links, relative
from octavo.site.entries import configs
from octavo.site.info import Piece, page_infos
from octavo.site.listing import categorised, category_filter, feeds_of, listings
from octavo.site.moved import Moved, moved_of
from octavo.site.navigation import Navigation, PageInfo, navigation
from octavo.site.offers import format_links, notebook_links, whole_links
from octavo.site.sizes import with_sizes
from octavo.site.spoken import spoken
from octavo.site.styles import Styles, bars, styles_of
from octavo.write import faces, fonts, html
from octavo.write.icons import icon_names, unknown_icons
from octavo.write.included import included
from octavo.write.view import Heading, PageView

__all__ = ["LIBRARY", "Made", "Piece", "Site", "libs_of", "page_html", "site_of"]

LIBRARY = (*html.assets(), *faces.names(), "math.woff2")


@dataclass(frozen=True)
class Site:
    """All pages together. `documents` holds each page's pieces by its source, the main one first.

    `categories` leads from a page to the address of the listing page that shows its categories; `uses` says by page and
    label which other pages refer to a statement; `references` is the chapter that lists those of a whole book;
    `moved` says which sections that an address had are now where.
    """

    project: Project
    documents: Mapping[str, Sequence[Piece]]
    infos: Mapping[str, PageInfo]
    categories: Mapping[str, str] = field(default_factory=dict)
    uses: Uses = field(default_factory=dict)
    references: str | None = None
    moved: Moved = field(default_factory=dict)

    @property
    def pages(self) -> list[PageInfo]:
        return list(self.infos.values())


@dataclass(frozen=True)
class Made:
    """A page's HTML, and the files that go with it: copied ones and made ones, by name relative to the site."""

    html: str
    copied: Mapping[str, Path]
    made: Mapping[str, bytes]
    diagnostics: list[Diagnostic]


def site_of(project: Project, pieces: Sequence[Piece]) -> Site:
    """The site that all `pieces` make."""
    documents: dict[str, list[Piece]] = {}
    for piece in pieces:
        page = piece.document.source.file
        # What the whole book holds is no file of a chapter's; a book in print alone has its pages from there.
        if not piece.document.book or (piece.document.book == "chapter" and page not in documents):
            documents.setdefault(page, []).append(piece)
    infos = page_infos(project, documents)
    uses_of = uses(documents) if project.type == "website" else {}
    facts = {page: pieces[0].gathered for page, pieces in documents.items()}
    listing = references_page(project, facts)
    moved = moved_of(infos.values())
    return Site(project, documents, infos, categorised(list(infos.values()), project.root), uses_of, listing, moved)


def libs_of(project: Project, href: str) -> str:
    """Where the theme's files for a page stand: once for a website, beside each document elsewhere."""
    return "site_libs/octavo" if project.type == "website" else f"{href.removesuffix('.html')}_files/octavo"


def page_html(piece: Piece, site: Site, cache: Cache) -> Made:
    """The page as it is published, before anything is known of the other pages' anchors."""
    view, styles, told = viewed(piece, site)
    if view.options.get("embed-resources") is True or view.options.get("self-contained") is True:
        folder = (site.project.root / piece.document.source.file).parent
        return Made(_alone(view, styles, cache, folder), {}, {}, told)
    text = html.page(view)
    if site.project.type == "website" and '="/' in text:
        text = relative_to_page(text, Links(site.pages, site.infos[piece.document.source.file], site.project.root))
    return Made(text, styles.copied, styles.made, told)


def viewed(piece: Piece, site: Site) -> tuple[PageView, Styles, list[Diagnostic]]:
    """What the page's template is filled with, the styles that go with it, and what is wrong with any of it."""
    document, project = piece.document, site.project
    info = site.infos[document.source.file]
    options = {**info.front_matter, **document.options}
    words = document.strings
    website, unknown = spoken(project, document)
    links = Links(site.pages, info, project.root)
    is_site = project.type == "website"
    brand = brand_of(options.get("brand"), project.root, posixpath.dirname(info.source))
    ways, told = navigation(website, site.pages, info, project.root, words, brand) if is_site else (Navigation(), [])
    # What the site's settings do not place is the page's own wish for a sidebar.
    told = [replace(d, position=d.position or position_of(document.options, "sidebar")) for d in told]
    body, margin, wrong = _with_listings(piece, site, info)
    body = with_backlinks(body, info, site.uses, site.infos, words)
    folder = (project.root / document.source.file).parent
    around = {
        key: included(document.options, key, folder, project.root)
        for key in ("include-in-header", "include-before-body", "include-after-body")
    }
    styles = styles_of(document, project.root)
    more = _added(piece, project, options)
    styles.copied |= more.copied
    styles.made |= more.made
    banner = _banner(document, project.root)
    if banner:
        options["title-block-banner"] = relative(banner, document.href)
        styles.copied[banner] = project.root / banner
    notebooks = notebook_links(piece, links)
    if notebooks:
        named = (page_file(document, name) for name in document.notebooks)
        styles.copied |= {
            name: file for name in named if not links.find(f"/{name}") and (file := project.root / name).is_file()
        }
    category_page = site.categories.get(info.source)
    view = PageView(
        body=with_sizes(without_code(body), document.href, piece.targets.files),
        title=piece.written.get("title_text") or info.title,
        options=options,
        website={**plain(website), **({"title": ways.site_title} if ways.site_title else {})},
        rendered=piece.written.get("fields") or {},
        toc=_headings(piece),
        navigation=ways,
        formats=[
            *whole_links(document.href, project.offered if is_site else {}, words),
            *format_links(piece, site.documents[info.source], links),
        ],
        notebooks=notebooks,
        language=str(options.get("lang") or "en"),
        strings=words,
        href=document.href,
        moved={anchor: relative(to.href, document.href) for anchor, to in site.moved.get(document.href, {}).items()},
        root="../" * document.href.count("/"),
        assets=_assets(project, document.href),
        styles=styles.hrefs,
        style=f"{styles.text} {bars(project.website) if is_site else ''}".strip(),
        head="\n".join([*more.head, around["include-in-header"][0]]),
        before_body="\n".join([*more.before_body, around["include-before-body"][0]]),
        after_body="\n".join([around["include-after-body"][0], *more.after_body]),
        hosts=tuple(sorted(more.hosts | styles.hosts)),
        image=info.image,
        card=cards.card_name(info) if is_site and cards.wants_card(info, website) else None,
        feeds=feeds_of(info, project.website) if is_site else (),
        source=document.source.text if _shows_source(options.get("code-tools")) else None,
        margin_html=margin,
        category_href=relative(category_page, document.href) if category_page else None,
        description=info.description,
        references=piece.written.get("cited") or (),
        searched=_searched(options, project.website) and not info.draft,
        draft=is_draft(project, info.source, options),
    )
    view = _with_about(view, links)
    own = [
        *pictures.missing(document, project.website, project.root),
        *wrong,
        *links.diagnostics,
        *styles.diagnostics,
        *more.diagnostics,
        *_unknown_icons(document, body),
        *(d for _, found in around.values() for d in found),
    ]
    told = [*told, *unknown, *(replace(d, position=d.position or Position(info.source)) for d in own)]
    return view, styles, told


def _unknown_icons(document: Document, body: str) -> list[Diagnostic]:
    """Icons that the author wrote as Bootstrap's and that the theme has not."""
    return [
        warning("OCT-icon-unknown", f"there is no icon `{name}`", place, did_you_mean(name, icon_names()))
        for name in unknown_icons(body)
        for place in places(document.source, f"bi-{name}") or [None]
    ]


def _added(piece: Piece, project: Project, options: Mapping[str, Any]) -> Added:
    """What the page's filters and shortcodes put around it."""
    document = piece.document
    user = piece.written.get("user") or {}
    entries = [*document.added, *(user.get("added") or [])]
    resources = options.get("format-resources") or []
    for name in [resources] if isinstance(resources, str) else resources:
        entries.append({"type": "format-resource", "path": project.root / page_file(document, str(name))})
    is_site = project.type == "website"
    libs = "site_libs" if is_site else f"{document.href.removesuffix('.html')}_files/libs"
    alone = options.get("embed-resources") is True or options.get("self-contained") is True
    return added_of(entries, f"{libs}/quarto-contrib", document.href, document.source.file, project.root, inline=alone)


def _headings(piece: Piece) -> list[Heading]:
    return [
        Heading(h["id"], h.get("number") or "", h["html"], h["level"])
        for h in piece.written["headings"] or []
        if not h.get("unlisted")
    ]


def _assets(project: Project, href: str) -> dict[str, str]:
    libs, here = libs_of(project, href), posixpath.dirname(href) or "."
    return {name: posixpath.relpath(f"{libs}/{name}", here) for name in LIBRARY}


def _alone(view: PageView, styles: Styles, cache: Cache, folder: Path) -> str:
    characters = fonts.needed_characters(view.body)
    font = {"math.woff2": fonts.math_font(characters, cache.folder.parent / "fonts")} if characters else {}
    compiled = "\n".join(content.decode() for content in styles.made.values())
    kept = [href for href in view.styles if not any(name.endswith(href.lstrip("./")) for name in styles.made)]
    accented = not set(map(ord, view.body)).isdisjoint(faces.ACCENTED)
    of_text = faces.faces(user_folder() / "fonts").items()
    font |= {name: data for name, data in of_text if accented or "accents" not in name}
    view = replace(view, style=f"{view.style}\n{compiled}".strip(), styles=kept)
    return html.lone_page(view, html.assets() | font, folder)


def _with_listings(piece: Piece, site: Site, info: PageInfo) -> tuple[str, str, list[Diagnostic]]:
    """The body with its listings, the buttons for their categories, and what is wrong with them."""
    listed = piece.written.get("references") or ""
    body = piece.written["body"]
    if listed and site.references and info.source != site.references:
        body = led_there(body, relative(site.infos[site.references].href, info.href))
    else:
        body += listed
    config = piece.document.options.get("listing")
    if not config:
        return body, "", []
    words, root = piece.document.strings, site.project.root
    lists, wrong = listings(config, info, site.pages, words, root)
    wrong += [d for one in configs(config) for d in feed.mistakes(one, info, site.project.website, root)]
    for name, listing in lists.items():
        body = _placed(body, name, listing)
    return body, category_filter(config, info, site.pages, words, root), wrong


def _placed(body: str, name: str, listing: str) -> str:
    """The listing in the div that carries its name, else at the end."""
    place = about_div(body, name)
    if not place:
        return body + listing
    before, inner, after = place
    # The div keeps its classes.
    opening = body[len(before) : body.index(">", len(before)) + 1]
    return f"{before}{opening}{inner}{listing}</div>{after}"


def _with_about(view: PageView, links: Links) -> PageView:
    """The view of a page that is `about:` somebody; it has no table of contents."""
    about = about_of(view.options, links)
    if not about:
        return view
    view = replace(view, about=about, toc=())
    place = about_div(view.body, about.id) if about.id else None
    if not place:
        return replace(view, about=replace(about, id=None))
    before, inner, after = place
    return replace(view, body=before + html.about(replace(view, body=inner)) + after)


def _banner(document: Document, root: Path) -> str | None:
    """The picture that `title-block-banner` names, relative to the project."""
    value = document.options.get("title-block-banner")
    file = page_file(document, value) if isinstance(value, str) and "." in value else None
    return file if file and (root / file).is_file() else None


def _shows_source(code_tools: object) -> bool:
    return code_tools is True or (isinstance(code_tools, Mapping) and code_tools.get("source", True) is True)


def _searched(options: Mapping, website: Mapping) -> bool:
    return options.get("search") is not False and website.get("search") is not False
