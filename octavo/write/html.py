"""The page around the content: a `PageView` becomes a complete HTML document with Quarto's ids and class names."""

from __future__ import annotations

import base64
import mimetypes
import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote

from markupsafe import Markup

from octavo.read.dates import format_date
from octavo.read.language import direction, strings
from octavo.write import bootswatch, faces
from octavo.write.appendix import with_appendix
from octavo.write.citable import scholar
from octavo.write.icons import drawn
from octavo.write.outward import with_outward_links
from octavo.write.policy import policy
from octavo.write.social import social, structured
from octavo.write.templates import THEME, environment
from octavo.write.title_block import authors
from octavo.write.view import FormatLink, Heading, PageView

__all__ = ["FormatLink", "Heading", "PageView", "about", "assets", "lone_page", "page", "schemes"]

_FILES = (
    "faces.css",
    "theme.css",
    "plain.css",
    "parts.css",
    "bootstrap.css",
    "contrast.css",
    "print.css",
    "math.css",
    "listing.css",
    "about.css",
    "search.css",
    "scheme.js",
    "octavo.js",
    "previews.js",
    "margin.js",
    "lightbox.js",
    "listing.js",
    "search.js",
    "offline.js",
)


def page(view: PageView) -> str:
    """The HTML document that shows `view`."""
    return _document(view, _addresses(view))


def lone_page(view: PageView, embed: Mapping[str, bytes] | None = None, folder: Path | None = None) -> str:
    """The page of a document that is rendered by itself.

    Without `embed` it links the files of `assets` where `view.assets` says. With `embed` (file name -> content) style
    sheets, scripts, fonts and the pictures that lie in `folder` are in the page itself, which then stands alone.
    """
    if embed is None:
        return page(view)
    return _embedded(_document(view, {name: f"embed:{name}" for name in _FILES}), embed, folder, view.hosts)


def about(view: PageView) -> str:
    """The block of a page that shows `view.about` in one of its divs; the text is the body of the view."""
    template = environment().get_template("about.html")
    ways = environment().get_template("navigation.html").make_module(_shared(view))
    return template.render(about=view.about, body=_safe(view.body), block="", ways=ways)


def assets(options: Mapping[str, object] | None = None) -> dict[str, bytes]:
    """The files that pages need, by name, to be written to `site_libs/octavo/`."""
    return {name: (THEME / name).read_bytes() for name in _FILES if (THEME / name).exists()}


def schemes(options: Mapping[str, object]) -> tuple[str, ...]:
    """The colour schemes that a document offers: two with a toggle, the first named before, or the one it asks for."""
    theme = options.get("theme")
    if isinstance(theme, Mapping):
        return tuple(name for name in theme if name in ("light", "dark")) or ("light", "dark")
    names = [name.lower() for name in bootswatch.names_of(theme)]
    if not names:
        return ("light", "dark")
    return ("dark",) if any(map(bootswatch.is_dark, names)) else ("light",)


def _scheme(options: Mapping[str, object]) -> str:
    """The scheme that a page begins with; "" for that of the reader's system.

    A pair of themes begins with its first one, unless the page is to respect what the system says; a page that names
    no theme always does.
    """
    asked = options.get("respect-user-color-scheme")
    follows = asked if isinstance(asked, bool) else not options.get("theme")
    offered = schemes(options)
    return "" if follows and len(offered) > 1 else offered[0]


def themed(options: Mapping[str, object]) -> bool:
    """Whether the page has a theme; `theme: none` and `theme: pandoc` have none."""
    return options.get("theme") not in ("none", "pandoc", False)


def _no_hover(options: Mapping[str, object]) -> str:
    """The kinds of references that show no preview."""
    kinds = ("citations", "crossrefs", "footnotes")
    return " ".join(kind for kind in kinds if options.get(f"{kind}-hover") is False)


def _document(view: PageView, addresses: Mapping[str, str]) -> str:
    options = view.options
    words = {**strings(view.language), **view.strings}
    site_url = str(view.website.get("site-url") or "").rstrip("/")
    address = re.sub(r"(^|/)index\.html$", r"\1", view.href)
    url = f"{site_url}/{address}" if site_url else None
    body = _accessible(with_appendix(view.body, options, view.title, url, words, view.rendered.get("cite-as", "")))
    body = drawn(with_outward_links(body, options, view.website))
    # Without a theme nothing stands beside the text.
    toc, place = _toc(view), str(options.get("toc-location") or "right") if themed(options) else "body"
    within, toc = toc if place.endswith("body") else Markup(""), Markup("") if place == "body" else toc
    html = (
        environment()
        .get_template("page.html")
        .render(
            **_shared(view),
            words=words,
            asset=addresses,
            body=_safe(body),
            title=_window_title(view),
            authors=authors(options),
            text=lambda name: _metadata(view, name),
            date=lambda value: format_date(value, options.get("date-format"), view.language),
            schemes=schemes(options),
            scheme=_scheme(options),
            body_classes=_body_classes(view, body, bool(toc)),
            direction=str(options.get("dir") or direction(view.language)),
            toc=toc,
            toc_within=within,
            themed=themed(options),
            no_hover=_no_hover(options),
            has_lightbox='class="lightbox"' in body,
            in_margin=any(name in body for name in _IN_MARGIN),
            has_margin=bool(toc) or _margin(view),
            url=url,
            social=social(view, url, _window_title(view)),
            scholar=_scholar(view, url),
            structured=_safe(structured(view, url)),
            fonts=[addresses[name] for name in _ahead(body) if name in addresses],
            wide=bool(re.search(r'class="[^"]*\bcolumn-(page|screen|margin|body-outset)', body)),
            has_math="<math" in body,
            has_parts=_has_parts(view, body),
            has_bootstrap=bool(_BOOTSTRAP.search(body)),
            has_listing="quarto-listing" in body,
            layout=str(options.get("page-layout") or "article"),
        )
    )
    # The policy can only be known when all else is written.
    return html.replace("{{policy}}", escape(policy(html, view.hosts), quote=True).replace("&#x27;", "'"), 1)


def _scholar(view: PageView, url: str | None) -> list[tuple[str, str]]:
    """The meta elements for Google Scholar, if the page or its site asks for them."""
    asked = view.options.get("google-scholar", view.website.get("google-scholar"))
    return scholar(view.options, view.title, url, view.references) if asked is True else []


def _ahead(body: str) -> tuple[str, ...]:
    """The fonts that every such page shows at once."""
    return ("serif.woff2", "sans.woff2", "sans-bold.woff2", *(["math.woff2"] if "<math" in body else []))


def _shared(view: PageView) -> dict[str, object]:
    return {
        "view": view,
        "about": view.about,
        "nav": view.navigation,
        # An option that is not given is none; a name that the template misspells is an error.
        "options": defaultdict(lambda: None, view.options),
        "website": defaultdict(lambda: None, view.website),
    }


def _accessible(body: str) -> str:
    """The body with header cells that head nothing made plain, and listing titles on the level they stand on."""
    body = re.sub(r"<th\b([^>]*)>\s*</th>", r"<td\1></td>", body)
    first = re.search(r'<h[35] class="no-anchor', body)
    if first:
        level = 3 if "<h2" in body[: first.start()] else 2
        body = body.replace('<h5 class="no-anchor', f'<h5 aria-level="{level}" class="no-anchor')
        body = body.replace('<h3 class="no-anchor', '<h3 aria-level="2" class="no-anchor') if level == 2 else body
    return body


def _safe(html: str) -> Markup:
    """HTML that octavo's renderers made, or that was escaped: printed as it is."""
    return Markup(html)


def _addresses(view: PageView) -> dict[str, str]:
    return {name: f"{view.root}site_libs/octavo/{name}" for name in (*_FILES, *faces.names(), "math.woff2")} | dict(
        view.assets
    )


def _window_title(view: PageView) -> str:
    """The text of `<title>`: "Title – Site"; the file's name where there is neither."""
    own = str(view.options.get("pagetitle") or view.title or "")
    site = str(view.options.get("title-prefix") or view.website.get("title") or "")
    return (
        " – ".join(dict.fromkeys(part for part in (own, site) if part))
        or posixpath.basename(view.href).partition(".")[0]
    )


def _metadata(view: PageView, name: str) -> Markup | None:
    """A metadata field as HTML, or None."""
    if name in view.rendered:
        return _safe(view.rendered[name]) if view.rendered[name] else None
    value = view.title if name == "title" else view.options.get(name)
    return _safe(escape(str(value))) if value else None


def _body_classes(view: PageView, body: str, has_toc: bool) -> str:
    """Quarto's classes of `<body>`, and `with-*` for the columns that stand beside the text."""
    nav = view.navigation
    classes = ["nav-sidebar", nav.sidebar.style] if nav.sidebar else []
    classes += ["nav-fixed"] if nav.navbar else []
    across = re.search(r'class="[^"]*\bcolumn-screen', body) or view.options.get("page-layout") == "custom"
    beside = has_toc or _margin(view)
    # What stands in the margin, or reaches into it, takes the place of the table of contents there.
    notes = re.search(r'class="[^"]*\b(column-margin|margin-aside|aside|column-page|margin-caption)\b', body)
    classes += [] if beside or notes else ["fullcontent"]
    classes.append(f"quarto-{schemes(view.options)[0]}")
    classes += ["with-sidebar"] if nav.sidebar and not across else []
    open_to_the_right = view.options.get("page-layout") == "full" or view.about
    classes += [] if across or (open_to_the_right and not beside) else ["with-margin"]
    classes += ["with-toc"] if "with-margin" in classes and not notes else []
    classes += ["has-toc"] if has_toc else []
    own = view.options.get("body-classes")
    classes += [str(c) for c in own] if isinstance(own, list | tuple) else str(own or "").split()
    return " ".join(classes)


def _margin(view: PageView) -> bool:
    """Whether something beside a table of contents stands in the margin."""
    nav = view.navigation
    offered = view.formats and view.options.get("format-links") is not False
    around = nav.margin_header or nav.margin_footer or view.margin_html
    # A page of one's own layout has no margin for them; they stand at its foot, too.
    actions = nav.actions and view.options.get("page-layout") != "custom"
    return bool(offered or view.notebooks or around or actions or nav.code_links or nav.other_links)


def _toc(view: PageView) -> Markup:
    """The table of contents as nested lists, "" where the document wants none."""
    options = view.options
    if not view.toc or not options.get("toc", options.get("table-of-contents", bool(view.website))):
        return Markup("")
    depth = int(options.get("toc-depth") or 3)
    expand = options.get("toc-expand", 1)
    shown = 99 if expand is True else int(expand or 1)
    return _safe(_toc_level([h for h in view.toc if h.level <= depth], 1, shown))


def _toc_level(headings: Sequence[Heading], depth: int, shown: int) -> str:
    if not headings:
        return ""
    top = min(h.level for h in headings)
    starts = [n for n, h in enumerate(headings) if h.level == top]
    starts[0] = 0
    out = ['<ul class="collapse">' if depth > shown else "<ul>"]
    for start, end in zip(starts, [*starts[1:], len(headings)], strict=True):
        first, below = headings[start], headings[start + 1 : end]
        numbered = first.number and "header-section-number" not in first.html
        number = f'<span class="header-section-number">{escape(first.number)}</span> ' if numbered else ""
        link = f'<a href="#{escape(first.id)}" id="toc-{escape(first.id)}" class="nav-link" data-scroll-target="#{escape(first.id)}">'
        out.append(f"<li>{link}{number}{first.html}</a>{_toc_level(below, depth + 1, shown)}</li>")
    return "".join([*out, "</ul>"])


# Bootstrap's classes that `bootstrap.css` draws.
_BOOTSTRAP = re.compile(
    r'class="(?!callout-|listing-|[^"]*quarto-)(?:[^"]*\s)?(?:(?:grid|row|card|alert|badge|clearfix|shadow(?:-\w+)?|rounded-\w+|img-thumbnail)'
    r'(?=["\s])|(?:g-)?col-(?!1" data-index)|btn-|text-|bg-|fw-|fs-\d|display-\d|d-(?!flex|none)|flex-|justify-content|gap-\d|float-|w-\d|'
    r"m[xytb]-|py?-\d)"
)


_IN_MARGIN = ("column-margin", "margin-aside", "margin-caption", "column-page", "column-screen")


def _has_parts(view: PageView, body: str) -> bool:
    """Whether the page has something that `parts.css` draws."""
    options, nav = view.options, view.navigation
    bar = (*nav.navbar.left, *nav.navbar.right, *nav.navbar.tools) if nav.navbar else ()
    bar += nav.sidebar.tools if nav.sidebar else ()
    menus = any(item.children for item in bar)
    logos = (nav.navbar and nav.navbar.logos) or (nav.sidebar and nav.sidebar.logos)
    shell = (
        menus
        or logos
        or (nav.sidebar and nav.sidebar.alignment != "left")
        or (nav.navbar and nav.navbar.background)
        or nav.announcement
        or nav.back_to_top
        or nav.reader_mode
        or view.draft
    )
    asked = any(
        options.get(key)
        for key in ("title-block-banner", "title-block-style", "code-tools", "abstract", "keywords", "author")
    )
    in_body = (
        "panel-tabset", "code-annotation", "lightbox", "column-screen", "margin-caption", "number-lines", "quarto-layout",
        "columns", "code-with-filename", "external", "csl-entry", "quarto-xref", "footnote-ref", "table-", "used-in",
        "page-full", "ansi-", "callout", *_IN_MARGIN,
    )  # fmt: skip
    placed = str(options.get("toc-location") or "").endswith("body")
    return bool(shell or asked or placed or any(name in body for name in in_body))


def _embedded(html: str, files: Mapping[str, bytes], folder: Path | None, hosts: Sequence[str] = ()) -> str:
    """The page with everything it links inside it, and the policy for that."""

    def css(name: str) -> str:
        text = files[name].decode()
        return re.sub(r'url\("?([\w.-]+\.woff2)"?\)', lambda m: f"url({_data(m[1], files.get(m[1], b''))})", text)

    def style(match: re.Match[str]) -> str:
        return f"<style>{css(match[1])}</style>" if match[1] in files else ""

    def script(match: re.Match[str]) -> str:
        # A deferred script has to stand where the page is read already.
        return f"<script>{files[match[1]].decode()}</script>" if match[1] in files else ""

    def picture(match: re.Match[str]) -> str:
        path = (folder / unquote(unescape(match[2]))) if folder else None
        return f'{match[1]}"{_data(path.name, path.read_bytes())}"' if path and path.is_file() else match[0]

    def own_style(match: re.Match[str]) -> str:
        path = (folder / unquote(unescape(match[1]))) if folder else None
        return f"<style>{path.read_text('utf-8')}</style>" if path and path.is_file() else match[0]

    deferred = re.findall(r'<script defer src="embed:[^"]*"[^>]*></script>\n?', html)
    html = re.sub(r'<script defer src="embed:[^"]*"[^>]*></script>\n?', "", html)
    html = html.replace("</body>", "".join(deferred) + "</body>")
    html = re.sub(r'<link rel="stylesheet" href="embed:([^"]*)"[^>]*>', style, html)
    html = re.sub(r'<link rel="stylesheet" href="(?!https?:|//)([^"]*)"[^>]*>', own_style, html)
    html = re.sub(r'<script(?: defer)? src="embed:([^"]*)"[^>]*></script>', script, html)
    html = re.sub(r'(<(?:img|source)\b[^>]*?\bsrc=)"(?!data:|https?:|//)([^"]*)"', picture, html)
    wanted = escape(policy(html, hosts), quote=True).replace("&#x27;", "'")
    return re.sub(
        r'(<meta http-equiv="Content-Security-Policy" content=")[^"]*', lambda m: m[1] + wanted, html, count=1
    )


def _data(name: str, content: bytes) -> str:
    kind = mimetypes.guess_type(name)[0] or ("font/woff2" if name.endswith(".woff2") else "application/octet-stream")
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
