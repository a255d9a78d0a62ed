"""The author's own style sheets: `css:`, the files that `theme:` names, and the options that set colours and fonts."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from octavo.diagnostics import Diagnostic, Position, did_you_mean, error, warning
from octavo.read.brand import brand_of
from octavo.read.yaml import position_of
from octavo.resolve.document import Document, page_file
from octavo.resolve.links import is_external
from octavo.site.navigation import bar_colours, named_colour
from octavo.write import bootswatch, brand, highlight, html, scss
from octavo.write.policy import hosts_in

# Quarto's options of a page's look, and the properties of the theme that they set.
_PROPERTIES = {
    "mainfont": ("--serif: {0}, var(--sans)", "--sans: {0}, system-ui, sans-serif"),
    "monofont": ("--mono: {0}, monospace",),
    "max-width": ("--measure: {0}",),
}
_GRID = {
    "body-width": "--measure",
    "margin-width": "--margin",
    "sidebar-width": "--sidebar",
    "gutter-width": "--gap",
}
_BODY = {
    "fontsize": "font-size",
    "linestretch": "line-height",
    **{f"margin-{side}": f"margin-{side}" for side in ("left", "right", "top", "bottom")},
}
_COLOURS = {"fontcolor": "--ink", "linkcolor": "--accent", "backgroundcolor": "--paper"}


@dataclass
class Styles:
    """Addresses relative to the page, files to copy and files made here (by name relative to the site), CSS text."""

    hrefs: list[str] = field(default_factory=list)
    copied: dict[str, Path] = field(default_factory=dict)
    made: dict[str, bytes] = field(default_factory=dict)
    text: str = ""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)  # where the style sheets fetch from


def styles_of(document: Document, root: Path) -> Styles:
    """Everything that the author says about the look of an HTML page."""
    colours, wrong = highlight.palettes(document, root)
    known = brand_of(document.options.get("brand"), root, posixpath.dirname(document.source.file))
    back = posixpath.relpath(".", posixpath.dirname(document.href) or ".")
    theme = document.options.get("theme")
    look = [
        bootswatch.as_css(theme),
        brand.as_css(known, back) if known else "",
        _look(document.options),
        highlight.as_css(colours),
    ]
    styles = Styles(text=" ".join(filter(None, look)), diagnostics=wrong)
    for family in brand.far_fonts(known) if known else []:
        message = f"the brand's font `{family}` is not fetched from its host: readers see it where it is installed"
        hint = "bring its files along: `source: file`"
        styles.diagnostics.append(warning("OCT-option-unsupported", message, Position(document.source.file), hint))
    for name, scheme in _theme_files(theme).items():
        file = page_file(document, name)
        if not (root / file).is_file():
            styles.diagnostics.append(_missing(document, name, "theme"))
        elif name.endswith(".css"):
            _link(styles, document, file, root / file)
        else:
            made, why = scss.compiled(root / file, scheme)
            if why:
                message = f"this theme file is left out: {why}"
                hint = "octavo has its own theme; plain CSS in `css:` works with every engine"
                styles.diagnostics.append(warning("OCT-scss", message, Position(file), hint))
            if made:
                styles.hosts |= hosts_in(made)
                styles.made[f"{file.rsplit('.', 1)[0]}.css"] = made.encode()
                styles.hrefs.append(_from(document, f"{file.rsplit('.', 1)[0]}.css"))
    styles.diagnostics += _unknown_themes(document, theme, position_of(document.options, "theme"))
    value = document.options.get("css")
    for i, name in enumerate([value] if isinstance(value, str) else list(value or [])):
        file = page_file(document, str(name))
        if is_external(str(name)):
            styles.hrefs.append(str(name))
        elif (root / file).is_file():
            _link(styles, document, file, root / file)
        else:
            styles.diagnostics.append(_missing(document, str(name), "css", position_of(value, i)))
    return styles


def _theme_files(theme: Any) -> dict[str, str | None]:
    """The files among the names of a theme, each with the colour scheme that its colours are for, None for any.

    What is named for both schemes was chosen on a light ground.
    """
    if not isinstance(theme, Mapping):
        names = theme if isinstance(theme, list | tuple) else [theme] if theme else []
        return {str(name): None for name in names if str(name).endswith((".scss", ".css"))}
    found: dict[str, str | None] = {}
    for scheme in sorted(theme, reverse=True):  # light before dark
        for name in _theme_files(theme[scheme]):
            found.setdefault(name, str(scheme) if len(theme) > 1 else None)
    return found


def _unknown_themes(document: Document, theme: Any, place: Position | None) -> list[Diagnostic]:
    """An error for each name that is neither a theme nor a style sheet."""
    if isinstance(theme, Mapping):
        pair = [(theme[scheme], position_of(theme, scheme) or place) for scheme in theme]
        return [d for value, at in pair for d in _unknown_themes(document, value, at)]
    told = []
    for i, name in enumerate(bootswatch.names_of(theme)):
        if name.lower() not in bootswatch.NAMES and not name.endswith((".scss", ".css")):
            at = position_of(theme, i) if isinstance(theme, list) else place
            hint = did_you_mean(name, bootswatch.NAMES)
            told.append(error("OCT-theme-unknown", f"there is no theme `{name}`", at or place, hint))
    return told


def _link(styles: Styles, document: Document, file: str, path: Path) -> None:
    styles.copied[file] = path
    styles.hrefs.append(_from(document, file))
    styles.hosts |= hosts_in(path.read_text("utf-8", errors="replace"))


def _from(document: Document, file: str) -> str:
    return posixpath.relpath(file, posixpath.dirname(document.href) or ".")


def _missing(document: Document, name: str, key: str, place: Position | None = None) -> Diagnostic:
    place = place or document.source.find(name) or position_of(document.options, key)
    return error("OCT-css-missing", f"the style sheet `{name}` does not exist", place)


def _look(options: Mapping[str, Any]) -> str:
    rules = [
        line.format(_css(options[key])) for key, lines in _PROPERTIES.items() if options.get(key) for line in lines
    ]
    grid = options.get("grid")
    if isinstance(grid, Mapping):
        rules += [f"{token}: {_css(grid[key])}" for key, token in _GRID.items() if grid.get(key)]
    body = [f"{name}: {_css(options[key])}" for key, name in _BODY.items() if options.get(key)]
    colours = [f"{token}: {_css(options[key])}" for key, token in _COLOURS.items() if options.get(key)]
    # Colours are chosen for one scheme; where the reader may choose, the dark one stays the theme's.
    place = ":root" if len(html.schemes(options)) == 1 else ':root:not([data-bs-theme="dark"])'
    out = f":root {{ {'; '.join(rules)} }}" if rules else ""
    out += f" {place} {{ {'; '.join(colours)} }}" if colours else ""
    out += f" body {{ {'; '.join(body)} }}" if body else ""
    if options.get("monobackgroundcolor"):
        out += f" pre, :not(pre) > code {{ background: {_css(options['monobackgroundcolor'])} }}"
    if options.get("smooth-scroll") is False:
        out += " html { scroll-behavior: auto }"
    return out.strip()


def bars(website: Mapping[str, Any]) -> str:
    """What the site's navbar, sidebar and footer ask of their colours, borders and widths, as CSS."""
    sidebar = website.get("sidebar")
    sidebar = sidebar[0] if isinstance(sidebar, list) and sidebar else sidebar
    rules = [_collapsing(website.get("navbar"))]
    for place, config in (
        (".navbar.tinted", website.get("navbar")),
        ("#quarto-sidebar.sidebar.sidebar-navigation", sidebar),
        (".footer", website.get("page-footer")),
    ):
        background, foreground = bar_colours(config) if isinstance(config, Mapping) else ("", "")
        if background:
            tokens = "" if place == ".navbar.tinted" else f"; --muted: {_css(foreground)}; --strong: {_css(foreground)}"
            if place.startswith("#quarto-sidebar"):
                # To the window's edge, over the margin that the page leaves beside it.
                tokens += f"; --raised: transparent; box-shadow: -2rem 0 {_css(background)}"
            rules.append(f"{place} {{ background: {_css(background)}; color: {_css(foreground)}{tokens} }}")
        elif foreground:
            colour, place = _css(foreground), place.removesuffix(".tinted")
            rules.append(f"{place} {{ color: {colour}; --muted: {colour}; --strong: {colour} }}")
        border = config.get("border") if isinstance(config, Mapping) else None
        if place.startswith("#quarto-sidebar") and isinstance(border, bool):
            rules.append(f"{place} {{ border-right: {'1px solid var(--line)' if border else '0'} }}")
        elif isinstance(border, str):
            rules.append(f"{place} {{ border-top-color: {_css(named_colour(border))} }}")
    return " ".join(filter(None, rules))


# Bootstrap's widths, in rem, at which a navbar collapses.
_BREAKPOINTS = {"sm": 36, "md": 48, "lg": 62, "xl": 75, "xxl": 87.5}


def _collapsing(navbar: Any) -> str:
    """The rules for a navbar that collapses at another width than the theme's, or never."""
    config = navbar if isinstance(navbar, Mapping) else {}
    below = str(config.get("collapse-below") or "lg")
    never = config.get("collapse") is False
    if (below == "lg" and not never) or below not in _BREAKPOINTS:
        return ""
    theme = (html.THEME / "theme.css").read_text("utf-8")
    rules = theme[theme.index("/* Navbar: ") : theme.index("/* Navbar ends */")].split("*/", 1)[1]
    name, width = ("", 0.0) if never else (f"-{below}", _BREAKPOINTS[below])
    rules = rules.replace(".navbar-expand-lg", f".navbar-expand{name}")
    return rules.replace("61.99rem", f"{width - 0.01:g}rem").replace("62rem", f"{width:g}rem")


def _css(value: object) -> str:
    """A value that cannot leave its declaration."""
    return "".join(c for c in str(value) if c not in "{};<>\\")
