"""Navigation of a website: `website:` of `_quarto.yml` and the pages become what one page shows around its content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from octavo.diagnostics import Diagnostic, did_you_mean, error
from octavo.read.brand import Brand
from octavo.read.language import strings
from octavo.read.yaml import position_of
from octavo.site import markup
from octavo.site.contents import Links, contents, flat, items, own_entries, relative
from octavo.site.context import context
from octavo.site.logos import logos_of
from octavo.write.view import Announcement, Footer, Navbar, Navigation, NavItem, Sidebar

__all__ = ["NavItem", "Navigation", "PageInfo", "navigation", "reading_time"]


# Bootstrap's names for the colours of bars.
_NAMED_COLOURS = {
    "primary": "var(--accent)",
    "secondary": "#5c636a",
    "success": "#146c43",
    "danger": "#b02a37",
    "warning": "#ffc107",
    "info": "#0dcaf0",
    "light": "var(--soft)",
    "dark": "#212529",
}


@dataclass(frozen=True)
class PageInfo:
    """What the site knows of a page.

    `source`        path of the document in the project, with `/` ("lectures/01.qmd")
    `href`          its address relative to the site's root ("lectures/01.html")
    `title`         plain text; `title_html` the same with its markup (no links)
    `front_matter`  merged options of the document, plain values (dates as text)
    `description`   plain text: the front matter's, or the first paragraph's
    `image`, `image_alt`  preview picture relative to the site's root, or an absolute address
    `word_count`    words of the body, for reading times
    `modified`      date of the last change, ISO text, or ""
    `outputs`       format -> address relative to the site's root ({"pdf": "lectures/01.pdf"})
    `body`          the rendered content, for full feeds ("" if not kept)
    `draft`         drafts take no part in navigation, listings, feeds and sitemap
    """

    source: str
    href: str
    title: str
    title_html: str = ""
    front_matter: Mapping[str, object] = field(default_factory=dict)
    description: str = ""
    word_count: int = 0
    image: str | None = None
    image_alt: str = ""
    modified: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    draft: bool = False
    anchors: frozenset[str] | None = None

    @property
    def text_html(self) -> str:
        """The title as HTML; a page without one goes by its file's name."""
        return self.title_html or escape(self.title) or escape(self.source.rsplit("/", 1)[-1].rsplit(".", 1)[0])


def reading_time(page: PageInfo) -> int:
    """Minutes to read the page at 200 words a minute, at least one."""
    return max(1, round(page.word_count / 200))


def navigation(
    website: Mapping[str, object],
    pages: Sequence[PageInfo],
    page: PageInfo,
    root: Path | None = None,
    words: Mapping[str, str] | None = None,
    brand: Brand | None = None,
) -> tuple[Navigation, list[Diagnostic]]:
    """What `page` shows of the site's navigation, and entries of the configuration that lead nowhere.

    `website` is the mapping as read (so that diagnostics know its lines); the addresses in the result are relative to
    the page. `root` is the project's folder, for texts that stand in files. The diagnostics are the same for every page: print each once.
    """
    links = Links(pages, page, root, str(website.get("site-url") or ""))
    words = words or strings(str(page.front_matter.get("lang") or "en"))
    sidebars = [_sidebar(config, website, links, brand) for config in _sidebars(website)]
    navbar = _navbar(website, sidebars, links, brand)
    sidebar = _chosen(sidebars, page, links)
    trail = _trail(sidebar.items, page.source) if sidebar else ()
    before, after = _neighbours(sidebar, page)
    options = page.front_matter
    return (
        Navigation(
            site_title=markup.words(str(website.get("title") or "")),
            home=relative("index.html", page.href),
            navbar=navbar if options.get("navbar") is not False else None,
            sidebar=sidebar if options.get("sidebar") is not False else None,
            breadcrumbs=trail if _wants(website, options, "bread-crumbs", True) and len(trail) > 1 else (),
            previous=before if _wants(website, options, "page-navigation", False) else None,
            next=after if _wants(website, options, "page-navigation", False) else None,
            footer=_footer(website, links),
            actions=_actions(website, options, page, links),
            back_to_top=_wants(website, options, "back-to-top-navigation", False),
            reader_mode=_wants(website, options, "reader-mode", False),
            announcement=_announcement(website, options, links),
            other_links=_links(website, options, "other-links", links, words),
            code_links=_links(website, options, "code-links", links, words),
            search_key=_search_keys(website),
            search_type=str(
                _mapping(website.get("search")).get("type") or ("overlay" if website.get("navbar") else "textbox")
            ),
            search_limit=int(_mapping(website.get("search")).get("limit", 50)),
            search_placeholder=str(_mapping(website.get("search")).get("placeholder") or ""),
            search_sections=int(_mapping(website.get("search")).get("collapse-after", 3)),
            search_copy=_mapping(website.get("search")).get("copy-button") is True,
            search_context=context(_mapping(website.get("search")), trail, navbar, sidebar, page.source),
            body_header=links.block(website, "body-header"),
            body_footer=links.block(website, "body-footer"),
            margin_header=links.block(website, "margin-header"),
            margin_footer=links.block(website, "margin-footer"),
        ),
        links.diagnostics,
    )


def _wants(website: Mapping, options: Mapping, key: str, default: bool) -> bool:
    value = options.get(key, website.get(key, default))
    return default if value is None else bool(value)


def _search(website: Mapping, place: str) -> bool:
    """Whether the search button stands in `place`: in the navbar if there is one, else in the sidebar."""
    search = website.get("search", True)
    own = _mapping(website.get(place)).get("search")
    if search is False or own is False:
        return False
    location = _mapping(search).get("location", "navbar" if website.get("navbar") else "sidebar")
    return own is True or location == place


def _search_keys(website: Mapping) -> tuple[str, ...]:
    keys = _mapping(website.get("search")).get("keyboard-shortcut", ("/", "k", "s", "f"))
    return tuple(str(k) for k in ([keys] if isinstance(keys, str) else keys))


def _navbar(website: Mapping, sidebars: Sequence[Sidebar], links: Links, brand: Brand | None) -> Navbar | None:
    config = website.get("navbar")
    if config is None or config is False:
        return None
    config = _mapping(config)
    title = config.get("title", website.get("title"))
    return Navbar(
        title_html=None if title is False else links.placed(markup.inline(str(title or ""))),
        href=links.address(str(config.get("logo-href") or "/index.html")),
        logos=logos_of(config, links, brand, ("small", "medium", "large")),
        left=_bar_items(config, "left", sidebars, links),
        right=_bar_items(config, "right", sidebars, links),
        tools=items(config.get("tools"), links, config, "tools"),
        search=_search(website, "navbar"),
        background=bar_colours(config)[0] or None,
        pinned=bool(config.get("pinned", False)),
        below=str(config.get("collapse-below") or "lg") if config.get("collapse") is not False else "",
        toggle=str(config.get("toggle-position") or "left"),
        tools_collapse=config.get("tools-collapse") is True,
    )


def bar_colours(config: Mapping) -> tuple[str, str]:
    """Background and text colour that a bar asks for, "" for the theme's own; a text that can be read if none is given."""
    background = named_colour(config.get("background"))
    foreground = named_colour(config.get("foreground"))
    if background in ("", "none", "body", "transparent"):
        return "", foreground
    if not foreground:
        from PIL import ImageColor

        try:
            red, green, blue = ImageColor.getrgb(background)[:3]
        except ValueError:
            return background, "var(--paper)" if background == "var(--accent)" else "inherit"
        foreground = "#111" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#fff"
    return background, foreground


def named_colour(given: object) -> str:
    """A colour, by Bootstrap's name for it or as it is; "" for none."""
    name = str(given or "").strip()
    return _NAMED_COLOURS.get(name, name)


def _bar_items(config: Mapping, side: str, sidebars: Sequence[Sidebar], links: Links) -> tuple[NavItem, ...]:
    """Items of the navbar; `sidebar:ID` is a menu of what that sidebar holds."""
    value = config.get(side)
    found: list[NavItem] = []
    for entry in value if isinstance(value, list | tuple) else [value] if value else []:
        name = entry.removeprefix("sidebar:") if isinstance(entry, str) and entry.startswith("sidebar:") else None
        named = next((s for s in sidebars if name and s.id == name), None)
        if named:
            menu = tuple(replace(i, children=(), kind="link" if i.href else "text") for i in flat(named.items))
            title = named.title_html or escape(name or "")
            id = links.menu_id(re.sub(r"<[^>]+>", "", title))
            found.append(NavItem(text_html=title, kind="section", children=menu, id=id))
        elif name:
            links.missing(name, config, side, "sidebar")
        else:
            found += items([entry], links, config, side)
    return tuple(found)


def _sidebars(website: Mapping) -> list[Mapping]:
    config = website.get("sidebar")
    if isinstance(config, Mapping):
        return [config]
    return [c for c in config if isinstance(c, Mapping)] if isinstance(config, list | tuple) else []


def _sidebar(config: Mapping, website: Mapping, links: Links, brand: Brand | None) -> Sidebar:
    # The first sidebar's look is that of the others, unless they say otherwise.
    first = _sidebars(website)[0]
    look = {key: first.get(key) for key in ("style", "collapse-level", "tools", "search", "alignment", "pinned")}
    style, levels, tools = (config.get(key, look[key]) for key in ("style", "collapse-level", "tools"))
    # The navbar, or a logo, says already whose site it is.
    title = config.get("title", None if website.get("navbar") or config.get("logo") else website.get("title"))
    bound = bool(config.get("title") or config.get("id"))
    found = contents(config.get("contents"), links, config, "contents", int(levels or 2))
    return Sidebar(
        items=found,
        title_html=links.placed(markup.inline(str(title))) if title else None,
        href=links.address(str(config.get("logo-href") or "/index.html")),
        logos=logos_of(config, links, None if website.get("navbar") else brand, ("medium", "small", "large")),
        subtitle=str(config["subtitle"]) if config.get("subtitle") else None,
        style=str(style or "floating"),
        tools=items(tools, links, config, "tools"),
        search=_search({**website, "sidebar": {**look, **config}}, "sidebar"),
        id=str(config["id"]) if config.get("id") else None,
        alignment=str(config.get("alignment") or config.get("align") or look["alignment"] or "left"),
        pinned=bool(config.get("pinned", look["pinned"])),
        everywhere=not bound,
        header_html=links.block(config, "header"),
        footer_html=links.block(config, "footer"),
    )


def _chosen(sidebars: Sequence[Sidebar], page: PageInfo, links: Links) -> Sidebar | None:
    """The sidebar that the page names, or that holds it, or else the first that is bound to no pages of its own."""
    wanted = page.front_matter.get("sidebar")
    named = [s for s in sidebars if isinstance(wanted, str) and s.id == wanted]
    if isinstance(wanted, str) and not named:
        ids = [s.id for s in sidebars if s.id]
        hint = did_you_mean(wanted, ids) or (f"the site has {', '.join(ids)}" if ids else None)
        place = position_of(page.front_matter, "sidebar")
        links.diagnostics.append(error("OCT-nav-missing", f"no sidebar `{wanted}` in this project", place, hint))
    holding = [s for s in sidebars if any(item.source == page.source for item in flat(s.items))]
    return next(iter([*named, *holding, *(s for s in sidebars if s.everywhere)]), None)


def _trail(found: Sequence[NavItem], source: str) -> tuple[NavItem, ...]:
    """The way from the top of the sidebar to the page: its sections, then the page."""
    for item in found:
        if item.source == source and item.kind == "link":
            return (item,)
        below = _trail(item.children, source)
        if below:
            first = next((i.href for i in flat(item.children) if i.href), None)
            return (replace(item, href=item.href or first, children=()), *below)
        if item.source == source:
            return (replace(item, children=()),)
    return ()


def _neighbours(sidebar: Sidebar | None, page: PageInfo) -> tuple[NavItem | None, NavItem | None]:
    """The pages before and after this one in the sidebar; a separator ends a sequence."""
    run: list[NavItem | None] = []
    for item in flat(sidebar.items) if sidebar else ():
        if item.kind == "separator":
            run.append(None)
        elif item.source and item.source not in [i.source for i in run if i]:
            run.append(item)
    at = next((n for n, item in enumerate(run) if item and item.source == page.source), None)
    if at is None:
        return None, None
    return (run[at - 1] if at else None), (run[at + 1] if at + 1 < len(run) else None)


def _footer(website: Mapping, links: Links) -> Footer | None:
    config = website.get("page-footer")
    if config is None or config is False:
        return None
    if isinstance(config, str):
        return Footer(center_html=links.inline(config, website, "page-footer"))
    config = _mapping(config)
    texts, entries = {}, {}
    for side in ("left", "center", "right"):
        value = config.get(side)
        if isinstance(value, str):
            texts[f"{side}_html"] = links.inline(value, config, side)
        elif value:
            entries[side] = items(value, links, config, side)
    return Footer(**texts, **entries, border=config.get("border", True) is not False)


def _actions(website: Mapping, options: Mapping, page: PageInfo, links: Links) -> tuple[NavItem, ...]:
    """Links to the page's source in its repository."""
    repo = str(website.get("repo-url") or "").rstrip("/")
    wanted = options.get("repo-actions", website.get("repo-actions"))
    issue = str(website.get("issue-url") or (f"{repo}/issues/new" if repo else ""))
    if not wanted or not (repo or issue):
        return ()
    wanted = [wanted] if isinstance(wanted, str) else (["edit"] if wanted is True else wanted)
    branch = website.get("repo-branch") or "main"
    folder = str(website.get("repo-subdir") or "").strip("/")
    path = f"{folder}/{page.source}" if folder else page.source
    attributes = {"target": website.get("repo-link-target"), "rel": website.get("repo-link-rel")}
    edit = f"{repo}/edit/{branch}/{path}"
    if path.endswith(".ipynb") and "github.com" in repo:
        # GitHub edits notebooks there only.
        edit = f"{repo.replace('github.com', 'github.dev')}/blob/{branch}/{path}"
    forms = {
        "edit": ("repo-action-links-edit", edit, "pencil"),
        "source": ("repo-action-links-source", f"{repo}/blob/{branch}/{path}", "code"),
        "issue": ("repo-action-links-issue", issue, "chat"),
    }
    return tuple(
        # The text is a key of the language table: the page knows its language.
        NavItem(text_html=key, href=href, icon=icon, **attributes)
        for action in wanted
        if action in forms
        for key, href, icon in [forms[action]]
    )


def _announcement(website: Mapping, options: Mapping, links: Links) -> Announcement | None:
    config = website.get("announcement")
    if not config or options.get("announcement") is False:
        return None
    config = {"content": config} if isinstance(config, str) else _mapping(config)
    text = str(config.get("content") or "")
    return Announcement(
        html=links.placed(markup.inline(text)),
        id="announcement-" + hashlib.sha256(text.encode()).hexdigest()[:12],
        kind=str(config.get("type") or "primary"),
        icon=links.icon(config.get("icon"), config),
        dismissable=config.get("dismissable", True) is not False,
        position=str(config.get("position") or "below-navbar"),
    )


def _links(website: Mapping, options: Mapping, key: str, links: Links, words: Mapping) -> tuple[NavItem, ...]:
    """`other-links` and `code-links`: the site's, or the page's own in their place."""
    own = key in options
    holder = options if own else website
    value = holder.get(key)
    if key == "code-links":
        value = code_entries(["repo"] if value is True else value, website, links.page.source, words)
    entries = value if isinstance(value, list | tuple) else [value] if value else []
    return items(own_entries(entries, links.page.source) if own else entries, links, holder, key)


def code_entries(value: object, website: Mapping, page: str, words: Mapping[str, str]) -> list:
    """`code-links:` with its names spelled out: `repo`, `binder`, `devcontainer` lead to the site's repository."""
    repo = str(website.get("repo-url") or "").rstrip("/")
    host, path = urlsplit(repo).netloc, urlsplit(repo).path.strip("/")
    branch = str(website.get("repo-branch") or "HEAD")
    shown = "GitHub" if host.endswith("github.com") else host
    binder = f"https://mybinder.org/v2/gh/{path}/{branch}?urlpath=lab/tree/{page}"
    known = {
        "repo": {"text": f"{shown} Repo", "icon": "github" if shown == "GitHub" else "git", "href": repo},
        "binder": {"text": words["launch-binder-title"], "icon": "journals", "href": binder},
        "devcontainer": {
            "text": words["launch-dev-container-title"],
            "icon": "github",
            "href": f"https://codespaces.new/{path}?resume=1",
        },
    }
    entries = value if isinstance(value, list | tuple) else [value] if value else []
    spelled = [known[e] if isinstance(e, str) and e in known else e for e in entries]
    return [e for e in spelled if not isinstance(e, Mapping) or repo or e not in known.values()]


def _mapping(value: object) -> Mapping:
    return value if isinstance(value, Mapping) else {}
