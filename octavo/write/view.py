"""What a page shows around its content: plain values that the site's stages fill and the page template draws.

Fields that end in `_html` hold HTML that is safe to print as it is; every other text is escaped by the template.
Addresses are relative to the page that shows them, unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class NavItem:
    """One entry of a navbar, sidebar, menu or footer; a section when it has children."""

    text_html: str = ""
    href: str | None = None
    icon: str | None = None
    active: bool = False
    children: tuple[NavItem, ...] = ()
    aria_label: str | None = None
    target: str | None = None
    rel: str | None = None
    kind: str = "link"  # "link", "section", "separator" or "text"
    expanded: bool = True
    source: str | None = None  # the page it leads to, as its path in the project
    id: str | None = None  # of a menu


@dataclass(frozen=True)
class Logo:
    """A picture that stands for the site; `scheme` is the one that it is shown in, "" for both."""

    src: str
    alt: str = ""
    scheme: str = ""


@dataclass(frozen=True)
class Navbar:
    """The bar across the top. `title_html` None shows no title; `below` is the width that it collapses at, "" for none."""

    title_html: str | None = None
    href: str = ""
    logos: tuple[Logo, ...] = ()
    left: tuple[NavItem, ...] = ()
    right: tuple[NavItem, ...] = ()
    tools: tuple[NavItem, ...] = ()
    search: bool = False
    background: str | None = None
    pinned: bool = False
    below: str = "lg"
    toggle: str = "left"
    tools_collapse: bool = False


@dataclass(frozen=True)
class Sidebar:
    """The site's contents beside the page."""

    items: tuple[NavItem, ...] = ()
    title_html: str | None = None
    href: str = ""
    logos: tuple[Logo, ...] = ()
    subtitle: str | None = None
    style: str = "floating"  # or "docked"
    tools: tuple[NavItem, ...] = ()
    search: bool = False
    id: str | None = None
    alignment: str = "left"
    pinned: bool = False
    everywhere: bool = True  # without id and title it stands beside every page, else beside its own
    header_html: str = ""
    footer_html: str = ""


@dataclass(frozen=True)
class Footer:
    """Left, center and right of the page's foot: HTML text, then items."""

    left_html: str = ""
    center_html: str = ""
    right_html: str = ""
    left: tuple[NavItem, ...] = ()
    center: tuple[NavItem, ...] = ()
    right: tuple[NavItem, ...] = ()
    border: bool = True


@dataclass(frozen=True)
class Announcement:
    """A message above the page, once dismissed it stays away (remembered by its `id`)."""

    html: str
    id: str
    kind: str = "primary"
    icon: str | None = None
    dismissable: bool = True
    position: str = "below-navbar"


@dataclass(frozen=True)
class Navigation:
    """All the ways from one page to the others."""

    site_title: str = ""
    home: str = ""
    navbar: Navbar | None = None
    sidebar: Sidebar | None = None
    breadcrumbs: tuple[NavItem, ...] = ()
    previous: NavItem | None = None
    next: NavItem | None = None
    footer: Footer | None = None
    actions: tuple[NavItem, ...] = ()  # edit this page, view source, report an issue
    back_to_top: bool = False
    reader_mode: bool = False
    announcement: Announcement | None = None
    other_links: tuple[NavItem, ...] = ()
    code_links: tuple[NavItem, ...] = ()
    search_key: tuple[str, ...] = ("/", "k")
    search_type: str = "overlay"
    search_limit: int = 50  # pages that a search finds at most, and places that it shows of each
    search_sections: int = 3
    search_placeholder: str = ""  # the words of the language, if empty
    search_copy: bool = False  # a button that copies the address of a search
    search_context: str = ""  # where a hit on this page says that it is
    body_header: str = ""  # HTML at the head and the foot of every page's text, and of its margin
    body_footer: str = ""
    margin_header: str = ""
    margin_footer: str = ""


@dataclass(frozen=True)
class About:
    """A page about a person or a project. `id` names the div that it shows, None for the whole page."""

    template: str
    image: str | None = None
    image_alt: str = ""
    image_title: str | None = None
    image_width: str | None = None
    image_shape: str = "rectangle"
    links: tuple[NavItem, ...] = ()
    id: str | None = None


@dataclass(frozen=True)
class Heading:
    """One line of the table of contents; `number` is "" where sections are not numbered."""

    id: str
    number: str
    html: str
    level: int


@dataclass(frozen=True)
class FormatLink:
    """The same page in another format. `download` is the name to save it under, or None to open it."""

    text: str
    href: str
    icon: str
    download: str | None = None


@dataclass(frozen=True)
class PageView:
    """Everything that the page template shows.

    `body`      HTML of the content, as the renderer of the format made it (without title block and appendix headings)
    `options`   the document's merged options (plain values)
    `website`   the project's `website:` mapping (plain values), empty for a lone page
    `rendered`  HTML of metadata fields that are Markdown: title, subtitle, abstract, description, …; a field that is
                missing here is shown as plain text
    `href`      the page's own address relative to the site's root; `root` the way back to it ("../" or "")
    `assets`    file name -> address of what `octavo.write.html.assets` returns, relative to the page
    `strings`   `octavo.read.language.strings(language, …)`
    `styles`, `head`, `before_body`, `after_body`  the author's own `css:` addresses and included HTML
    `description`  the page in a sentence, plain text
    """

    body: str
    title: str
    options: Mapping[str, object] = field(default_factory=dict)
    website: Mapping[str, object] = field(default_factory=dict)
    rendered: Mapping[str, str] = field(default_factory=dict)
    toc: Sequence[Heading] = ()
    navigation: Navigation = field(default_factory=Navigation)
    formats: Sequence[FormatLink] = ()
    notebooks: Sequence[FormatLink] = ()  # those that the page takes cells from
    language: str = "en"
    strings: Mapping[str, str] = field(default_factory=dict)
    href: str = "index.html"
    root: str = ""
    moved: Mapping[str, str] = field(default_factory=dict)  # anchors that the page had, and where they are now
    assets: Mapping[str, str] = field(default_factory=dict)
    styles: Sequence[str] = ()
    style: str = ""  # CSS text for this page
    head: str = ""
    before_body: str = ""
    after_body: str = ""
    image: str | None = None
    card: str | None = None  # a picture for links to the page, drawn where it has none of its own
    feeds: Sequence[tuple[str, str]] = ()  # title, address
    source: str | None = None  # text of the .qmd, for `code-tools: {source: true}`
    margin_html: str = ""  # what the site puts beside the page, e.g. a listing's categories
    meta_rows: Sequence[tuple[str, str, str]] = ()  # further rows of the title block: heading, class, text
    category_href: str | None = None  # the page whose listing shows a category
    description: str = ""
    references: Sequence[Mapping[str, object]] = ()  # what the page cites (CSL), where `google-scholar` wants it
    about: About | None = None
    searched: bool = True  # whether the search index takes the page
    draft: bool = False
    hosts: Sequence[str] = ()  # what the scripts and styles of extensions load from
