"""The icons of the theme: SVG symbols of our own, by the names that Bootstrap's icons have."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from markupsafe import Markup

_ICONS = Path(__file__).with_name("theme") / "icons.svg"
_WRITTEN = re.compile(r'(<i\b[^>]*\bclass="[^"]*\bbi-([\w-]+)[^>]*>)\s*</i>')
_SVG = "{http://www.w3.org/2000/svg}"


@cache
def icon_names() -> frozenset[str]:
    """Every name that `icon` knows."""
    return frozenset(_symbols())


def icon(name: str | None) -> Markup:
    """The icon, which screen readers pass over; nothing for a name that has none.

    It is an `<i>` with Bootstrap's classes, so that an author's style sheet finds it, and the drawing is in it.
    """
    svg = _drawing(name or "")
    return Markup(f'<i class="bi bi-{name}" aria-hidden="true">{svg}</i>') if svg else Markup("")


def drawn(html: str) -> str:
    """HTML with the icons drawn that its author wrote as Bootstrap's (`<i class="bi bi-github"></i>`)."""
    return _WRITTEN.sub(lambda m: f"{m[1]}{_drawing(m[2])}</i>", html)


def unknown_icons(html: str) -> list[str]:
    """The names in it of icons that are not drawn."""
    return sorted({match[2] for match in _WRITTEN.finditer(html)} - icon_names())


def _drawing(name: str) -> str:
    drawing = _symbols().get(name)
    return f'<svg viewBox="0 0 16 16" focusable="false">{drawing}</svg>' if drawing else ""


@cache
def _symbols() -> dict[str, str]:
    """Name -> drawing; a symbol's `data-names` are the names it goes by."""
    symbols = {}
    drawings = ElementTree.parse(_ICONS)
    for symbol in drawings.getroot().iter(f"{_SVG}symbol"):
        inner = "".join(ElementTree.tostring(child, encoding="unicode").strip() for child in symbol)
        inner = inner.replace("ns0:", "").replace(' xmlns:ns0="http://www.w3.org/2000/svg"', "")
        symbols.update(dict.fromkeys(symbol.get("data-names", "").split(), inner))
    # Bootstrap has most icons filled as well; the outline says the same.
    return {f"{name}-fill": inner for name, inner in symbols.items()} | symbols
