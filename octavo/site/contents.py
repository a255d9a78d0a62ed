"""Entries of navbars, sidebars, menus and footers: from the forms that authors write to `NavItem`s with addresses."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from octavo.diagnostics import AuthorError, Diagnostic, Position, did_you_mean, error, warning
from octavo.read.yaml import load_yaml, placed_as, position_of
from octavo.resolve.links import made_later
from octavo.site import markup
from octavo.site.glob import is_glob, matching
from octavo.write.icons import icon_names
from octavo.write.view import NavItem

if TYPE_CHECKING:
    from octavo.site.navigation import PageInfo

_EXTERNAL = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
_FILE = re.compile(r"[^\s<>*]+\.(md|qmd|html)")
# Quarto's names for where an entry leads.
ADDRESSES = ("href", "file", "url")
_DOCUMENT = re.compile(r"\.(qmd|ipynb|md|Rmd|rmd)$")


def relative(address: str, page: str) -> str:
    """An address that counts from the site's root, as seen from the page at `page`."""
    path = posixpath.relpath(address or ".", posixpath.dirname(page) or ".")
    return path + "/" if address.endswith("/") else path


def own_address(href: str, page: str) -> str:
    """An address that counts from a page's folder, as one that counts from the site's root."""
    if _EXTERNAL.match(href) or href.startswith("/"):
        return href
    return "/" + posixpath.normpath(posixpath.join(posixpath.dirname(page), href))


def own_entries(value: object, page: str) -> list:
    """Entries whose addresses count from a page's folder, as ones that count from the site's root."""
    entries = value if isinstance(value, list | tuple) else []
    return [
        placed_as({**e, **{key: own_address(str(e[key]), page) for key in ADDRESSES if e.get(key)}}, e)
        if isinstance(e, Mapping)
        else e
        for e in entries
    ]


class Links:
    """The pages of a site seen from one of them; collects what leads nowhere. `root` is the project's folder, `url` the site's address."""

    def __init__(self, pages: Sequence[PageInfo], page: PageInfo, root: Path | None = None, url: str = "") -> None:
        self.pages = [p for p in pages if not p.draft]
        self.page = page
        self.root = root
        self.url = url
        self.drafts = frozenset(p.source for p in pages if p.draft)
        self.diagnostics: list[Diagnostic] = []
        self._by_source = {p.source: p for p in self.pages}
        self._menus: Counter[str] = Counter()

    @property
    def own_url(self) -> str:
        """The address of the page on the web, for links that share it."""
        return f"{self.url.rstrip('/')}/{self.page.href.removesuffix('index.html')}" if self.url else self.page.href

    def find(self, href: str) -> PageInfo | None:
        """The page that an author's `href` names: its document, its folder, or its address."""
        path = posixpath.normpath(href.split("#")[0].split("?")[0].lstrip("/") or ".")
        by_folder = ("index.qmd", "index.ipynb", "index.md")
        names = [path, *(posixpath.normpath(f"{path}/{name}") for name in by_folder)]
        found = next((self._by_source[n] for n in names if n in self._by_source), None)
        return found or next((p for p in self.pages if p.href == path), None)

    def address(self, href: str) -> str:
        """The address for a link of this page; foreign ones stay as they are."""
        if _EXTERNAL.match(href):
            return href
        page = self.find(href)
        tail = re.sub(r"^[^?#]*", "", href)
        path = page.href if page else href.split("#")[0].split("?")[0].lstrip("/")
        return relative(path, self.page.href) + tail

    def missing(self, name: str, holder: Mapping, key: str, what: str = "page") -> None:
        """Note that an entry leads nowhere."""
        hint = did_you_mean(name.lstrip("/"), self._by_source)
        place = _place(holder, key, name)
        self.diagnostics.append(error("OCT-nav-missing", f"no {what} `{name}` in this project", place, hint))

    def anchor(self, page: PageInfo, href: str, holder: Mapping, key: str) -> None:
        """Note that an address names an anchor that its page does not have."""
        anchor = href.partition("#")[2]
        if anchor and page.anchors is not None and anchor not in page.anchors and not made_later(anchor):
            hint = did_you_mean(anchor, page.anchors)
            message = f"`{page.source}` has no anchor `#{anchor}`"
            self.diagnostics.append(error("OCT-link-anchor", message, _place(holder, key, href), hint))

    def icon(self, name: object, holder: Mapping) -> str | None:
        """The icon if there is one of that name."""
        name = str(name or "").removeprefix("bi-")
        if not name or name in icon_names():
            return name or None
        hint = did_you_mean(name, icon_names()) or "the text is shown alone"
        place = position_of(holder, "icon")
        self.diagnostics.append(warning("OCT-icon-unknown", f"octavo has no drawing of an icon `{name}`", place, hint))
        return None

    def menu_id(self, name: str) -> str:
        """The id of a menu that goes by its text or icon; the second of a name is numbered."""
        slug = re.sub(r"[^\w-]", "", "-".join(name.lower().split()))
        self._menus[slug] += 1
        return f"nav-menu-{slug}" + (f"-{self._menus[slug] - 1}" if self._menus[slug] > 1 else "")

    def inline(self, text: str, holder: Mapping, key: str) -> str:
        """An author's Markdown at `key` as HTML, its links made relative to the page."""
        html = markup.blocks(text)
        for target in re.findall(r'<a\b[^>]*\shref="([^"]*)"', html):
            href = unescape(target)
            if not _EXTERNAL.match(href) and _DOCUMENT.search(href.split("#")[0]) and not self.find(href):
                self.missing(href, holder, key)
        return self.placed(html)

    def placed(self, html: str) -> str:
        """HTML whose addresses count from the site's root, as the page has to write it."""
        return re.sub(r'\b(href|src)="([^"]*)"', lambda m: f'{m[1]}="{escape(self.address(unescape(m[2])))}"', html)

    def block(self, holder: Mapping, key: str) -> str:
        """Markdown that authors put around every page: text, or the name of a file that holds it."""
        value, found = holder.get(key), []
        for text in value if isinstance(value, list | tuple) else [value] if value else []:
            file = (
                self.root / str(text).strip().lstrip("/") if self.root and _FILE.fullmatch(str(text).strip()) else None
            )
            found.append(self.inline(file.read_text("utf-8") if file and file.is_file() else str(text), holder, key))
        return "\n".join(found)


def flat(found: Sequence[NavItem]) -> Iterator[NavItem]:
    """All items in reading order, sections before what they hold."""
    for item in found:
        yield item
        yield from flat(item.children)


def items(value: object, links: Links, holder: Mapping, key: str) -> tuple[NavItem, ...]:
    """Entries of a navbar, a menu, tools or a footer."""
    entries = value if isinstance(value, list | tuple) else [value] if value else []
    found = [_item(entry, links, holder, key) for entry in entries]
    return tuple(item for item in found if item)


def contents(
    value: object, links: Links, holder: Mapping, key: str, levels: int, depth: int = 1
) -> tuple[NavItem, ...]:
    """Entries of a sidebar; sections deeper than `levels` start closed unless they hold the page."""
    found: list[NavItem] = []
    # A folder has a section of its own, unless it is all that a section holds.
    bare = isinstance(value, str) and depth > 1
    for entry in value if isinstance(value, list | tuple) else [value] if value else []:
        if isinstance(entry, str) and (entry == "auto" or is_glob(entry) or _is_folder(entry, links)):
            found += _auto(entry, links, holder, key, levels, depth, bare)
        elif isinstance(entry, Mapping) and "auto" in entry:
            patterns = entry["auto"] if isinstance(entry["auto"], list | tuple) else [entry["auto"]]
            for pattern in patterns:
                found += _auto("auto" if pattern is True else str(pattern), links, entry, "auto", levels, depth)
        elif isinstance(entry, Mapping) and ("section" in entry or "contents" in entry):
            found.append(_section(entry, links, levels, depth))
        elif item := _item(entry, links, holder, key):
            found.append(item)
    return tuple(found)


def _item(entry: object, links: Links, holder: Mapping, key: str) -> NavItem | None:
    if isinstance(entry, str):
        if re.fullmatch(r"-{3,}", entry):
            return NavItem(kind="separator")
        entry = {"href": entry} if _EXTERNAL.match(entry) or _looks_like_path(entry) else {"text": entry}
        bare = True
    else:
        bare = False
    if not isinstance(entry, Mapping):
        return None
    text = str(entry.get("text") or "")
    if re.fullmatch(r"-{3,}", text):
        return NavItem(kind="separator")
    href = next((entry[key] for key in ADDRESSES if entry.get(key)), None)
    if href and "|url|" in str(href):
        href = str(href).replace("|url|", quote(links.own_url, safe=""))
    icon = links.icon(entry.get("icon"), entry)
    page = links.find(str(href)) if href and not _EXTERNAL.match(str(href)) else None
    if href and not page and not _EXTERNAL.match(str(href)) and _DOCUMENT.search(str(href).split("#")[0]):
        if posixpath.normpath(str(href).split("#")[0].lstrip("/")) not in links.drafts:
            where = (holder, key) if bare else (entry, "href" if "href" in entry else "file")
            links.missing(str(href), *where)
        return None
    if page:
        links.anchor(page, str(href), *((holder, key) if bare else (entry, "href")))
    menu = entry.get("menu")
    # An icon that is not drawn still says what it stands for.
    spoken = str(entry.get("icon") or "").replace("-", " ").capitalize()
    otherwise = "" if icon else page.text_html if page else escape(spoken or str(href or ""))
    text_html = links.placed(markup.inline(text)) if text else otherwise
    return NavItem(
        text_html=text_html,
        href=links.address(str(href)) if href else None,
        icon=icon,
        active=page is not None and page.source == links.page.source,
        children=items(menu, links, entry, "menu") if menu else (),
        aria_label=_text(entry.get("aria-label"))
        or (_text(entry.get("text")) if icon else None)
        or (icon if icon and not text else None),
        target=_text(entry.get("target")),
        rel=_text(entry.get("rel")),
        kind="section" if menu else "link" if href else "text",
        source=page.source if page else None,
        id=links.menu_id(text or (f"bi-{icon}" if icon else "")) if menu else None,
    )


def _section(entry: Mapping, links: Links, levels: int, depth: int) -> NavItem:
    """A section; its name may be a document, which then gives title and address."""
    name = str(entry.get("section") or entry.get("text") or "")
    index = None if entry.get("href") or _DOCUMENT.search(name) else _index_of(entry.get("contents"), links)
    href = index.source if index else entry.get("href") or (name if _DOCUMENT.search(name) else None)
    head = (
        _item({**entry, "href": href, "text": None if href == name else name}, links, entry, "section")
        if href
        else None
    )
    inner = contents(entry.get("contents"), links, entry, "contents", levels, depth + 1)
    inner = tuple(item for item in inner if not index or item.source != index.source)
    shown = depth < levels or any(item.active for item in flat(inner)) or bool(head and head.active)
    base = head or NavItem(text_html=links.placed(markup.inline(name)), icon=links.icon(entry.get("icon"), entry))
    return replace(base, kind="section", children=inner, expanded=shown)


def _index_of(value: object, links: Links) -> PageInfo | None:
    """The first page of the folder that is all that a section holds; the section leads to it."""
    folder = value.strip("/").split("/*")[0] if isinstance(value, str) else ""
    if not folder or is_glob(folder) or _EXTERNAL.match(folder) or value == "auto":
        return None
    return next((p for p in links.pages if posixpath.splitext(p.source)[0] == f"{folder}/index"), None)


def _auto(
    pattern: str, links: Links, holder: Mapping, key: str, levels: int, depth: int, bare: bool = False
) -> list[NavItem]:
    """Items for the documents that a pattern names, folders becoming sections."""
    sources = [p.source for p in links.pages]
    everything = pattern in ("auto", "true")
    chosen = sources if everything else matching([pattern], sources)
    # The home page is reached by the site's title.
    chosen = [s for s in chosen if posixpath.splitext(s)[0] != "index"] if everything else chosen
    if not chosen and not everything:
        links.missing(pattern, holder, key, "page matches" if is_glob(pattern) else "page in")
        return []
    base = "" if everything or is_glob(pattern) else pattern.strip("/")
    base = base if bare else posixpath.dirname(base)
    if is_glob(pattern):
        base = posixpath.dirname(re.split(r"[*?{\[]", pattern.lstrip("/"))[0] + "x")
    return _tree(chosen, base, links, levels, depth)


def _tree(sources: Sequence[str], base: str, links: Links, levels: int, depth: int) -> list[NavItem]:
    pages = {p.source: p for p in links.pages}
    folders: dict[str, list[str]] = {}
    rows: list[tuple[tuple, NavItem]] = []
    for source in sources:
        inner = source[len(base) :].lstrip("/") if base else source
        if "/" in inner:
            folders.setdefault(inner.split("/")[0], []).append(source)
        elif item := _item({"href": source}, links, {}, ""):
            rows.append((_order(pages[source].front_matter, inner), item))
    for name, inside in folders.items():
        folder = posixpath.join(base, name)
        index = next((pages[s] for s in inside if posixpath.splitext(s)[0] == f"{folder}/index"), None)
        below = _tree([s for s in inside if not index or s != index.source], folder, links, levels, depth + 1)
        said = {} if index else _said_of(folder, links)
        title = markup.inline(str(said["title"])) if said.get("title") else escape(re.sub("[-_]", " ", name).title())
        head = _item({"href": index.source}, links, {}, "") if index else NavItem(text_html=title)
        if head:
            shown = depth < levels or head.active or any(item.active for item in flat(below))
            section = replace(head, kind="section" if below else "link", children=tuple(below), expanded=shown)
            rows.append((_order(index.front_matter if index else said, name, bool(below)), section))
    return [item for _, item in sorted(rows, key=lambda row: row[0])]


def _said_of(folder: str, links: Links) -> Mapping:
    """The title and the order of a folder without a page of its own: its `_index.qmd` may tell them."""
    files = [links.root / folder / f"_index{end}" for end in (".qmd", ".md")] if links.root else []
    text = next((file.read_text("utf-8", errors="replace") for file in files if file.is_file()), "")
    found = re.match(r"---[ \t]*\n(.*?)^---[ \t]*$", text, re.DOTALL | re.MULTILINE)
    try:
        return load_yaml(found[1], f"{folder}/_index.qmd") if found else {}
    except AuthorError:
        return {}


def _order(front_matter: Mapping, name: str, is_section: bool = False) -> tuple:
    """What orders an entry: the number that it asks for; without one, pages come before sections, each by its name."""
    order = front_matter.get("order")
    number = float(order) if isinstance(order, int | float) else float("inf")
    stem = posixpath.splitext(name)[0]
    digits = tuple(part.zfill(8) if part.isdigit() else part.lower() for part in re.split(r"(\d+)", stem))
    return (number, is_section and number == float("inf"), stem != "index", digits)


def _is_folder(entry: str, links: Links) -> bool:
    prefix = entry.strip("/") + "/"
    return not _EXTERNAL.match(entry) and any(p.source.startswith(prefix) for p in links.pages)


def _looks_like_path(text: str) -> bool:
    return " " not in text and bool(re.search(r"(\.\w+(#.*)?|/)$", text))


def _text(value: object) -> str | None:
    return str(value) if value else None


def _place(holder: Mapping, key: str, name: str) -> Position | None:
    """Where `name` stands in the list at `key`, or the key itself."""
    place = position_of(holder, key)
    value = holder.get(key)
    return (position_of(value, value.index(name)) if isinstance(value, list) and name in value else None) or place
