"""A brand (`_brand.yml`) on pages and in PDF: colours, letters, and the logo of a printed page."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from octavo.read.brand import Brand
from octavo.write.typst_options import color as typst_color
from octavo.write.typst_options import string

# The roles of a brand's colours, and the theme's tokens that take them.
_TOKENS = {
    "background": ("--paper",),
    "foreground": ("--ink", "--strong"),
    "primary": ("--accent",),
    "success": ("--tip",),
    "info": ("--note",),
    "warning": ("--warning",),
    "danger": ("--important",),
}
_PROPERTIES = {
    "size": "font-size",
    "weight": "font-weight",
    "style": "font-style",
    "line-height": "line-height",
    "color": "color",
    "background-color": "background",
    "decoration": "text-decoration",
}
_SELECTORS = {
    "base": "body",
    "headings": "h1, h2, h3, h4, h5, h6",
    "monospace": "pre, code",
    "monospace-inline": ":not(pre) > code",
    "monospace-block": "pre.sourceCode, pre.sourceCode code",
    "link": "main a",
}
_FAMILIES = {"base": "--serif", "headings": "--sans", "monospace": "--mono"}
_WEIGHTS = {"thin": 100, "extra-light": 200, "light": 300, "normal": 400, "regular": 400, "medium": 500,
            "semi-bold": 600, "bold": 700, "extra-bold": 800, "black": 900}  # fmt: skip


def as_css(brand: Brand, back: str) -> str:
    """The brand as CSS; `back` leads from the page to the project's root.

    A colour that is given for both schemes follows the page's; one that is given once is for light pages, since the
    dark ones have their own ground.
    """
    light, dark = brand.colors("light"), brand.colors("dark")
    both, once = [], []
    for name, value in light.items():
        pair = f"light-dark({_css(value)}, {_css(dark[name])})" if dark.get(name, value) != value else _css(value)
        both.append(f"--brand-{_css(name)}: {pair}")
        for token in _TOKENS.get(name, ()):
            (both if dark.get(name, value) != value else once).append(f"{token}: {pair}")
    rules = [*_faces(brand, back)]
    rules += [f":root {{ {'; '.join(both)} }}"] if both else []
    rules += [f':root:not([data-bs-theme="dark"]) {{ {"; ".join(once)} }}'] if once else []
    for name, selector in _SELECTORS.items():
        rules += _element(name, selector, brand.element(name))
    return " ".join(rules)


def _element(name: str, selector: str, style: Mapping[str, str]) -> Iterator[str]:
    family = style.get("family")
    if family and name in _FAMILIES:
        yield f':root {{ {_FAMILIES[name]}: "{_css(family)}", var(--sans-serif, sans-serif) }}'
        if name == "base":
            yield f'body {{ font-family: "{_css(family)}", sans-serif }}'
    declared = [f"{_PROPERTIES[key]}: {_css(_weight(value) if key == 'weight' else value)}"
                for key, value in style.items() if key in _PROPERTIES]  # fmt: skip
    if declared and not (name == "monospace" and set(style) == {"family"}):
        yield f"{selector} {{ {'; '.join(declared)} }}"


def _faces(brand: Brand, back: str) -> Iterator[str]:
    """The fonts that the brand brings as files."""
    for font in brand.fonts:
        for entry in font.get("files") or [] if font.get("source") == "file" else []:
            entry = entry if isinstance(entry, Mapping) else {"path": entry}
            path = posixpath.join(back, brand.folder, str(entry.get("path")))
            look = "".join(f" font-{k}: {_css(entry[k])};" for k in ("weight", "style") if entry.get(k))
            yield f'@font-face {{ font-family: "{_css(font.get("family"))}"; src: url("{_css(path)}");{look} }}'


def far_fonts(brand: Brand) -> list[str]:
    """The families that would have to be fetched from another host, which a page of octavo's does not do."""
    return [str(font.get("family")) for font in brand.fonts if font.get("source") in ("google", "bunny")]


def print_options(brand: Brand) -> dict[str, Any]:
    """What the brand says of options that a document may set itself."""
    base, mono, link = brand.element("base"), brand.element("monospace"), brand.element("link")
    found = {
        "mainfont": base.get("family"),
        "fontsize": base.get("size") if re.fullmatch(r"[\d.]+(pt|mm|cm|in)", base.get("size", "")) else None,
        "monofont": mono.get("family"),
        "linkcolor": link.get("color") or brand.colors().get("primary"),
    }
    return {name: value for name, value in found.items() if value}


def as_typst(brand: Brand | None, logo: Any) -> str:
    """The brand as Typst code that stands before the document; `logo` is the document's own wish."""
    lines = []
    colors = brand.colors() if brand else {}
    known = {name: code for name, value in colors.items() if (code := _typst(name, value))}
    if known:
        lines.append("#let brand-color = (\n" + "".join(f"  {string(n)}: {c},\n" for n, c in known.items()) + ")")
        lines.append(
            "#let brand-color-background = (\n"
            + "".join(f"  {string(n)}: color.mix(({c}, 15%), (brand-color.at(\"background\", default: white), 85%)),\n" for n, c in known.items())
            + ")"
        )  # fmt: skip
    lines += ["#set page(fill: brand-color.background)"] if "background" in known else []
    lines += ["#set text(fill: brand-color.foreground)"] if "foreground" in known else []
    if brand:
        lines += _letters("heading", brand.element("headings"))
        lines += _letters("raw.where(block: false)", brand.element("monospace-inline"))
    picture = logo if isinstance(logo, Mapping) else {"path": logo} if isinstance(logo, str) else {}
    if logo is not False and not picture.get("path") and brand:
        picture = {**(brand.logo("medium", "small", "large") or {}), **picture}
        picture["path"] = "/" + str(picture["path"]) if picture.get("path") else None
    if picture.get("path"):
        place = str(picture.get("location") or "left-top").replace("-", " + ")
        lines.append(
            f"#set page(background: align({place}, box(inset: {_inset(picture)}, "
            f"pdf.artifact(image({string(str(picture['path']))}, width: {picture.get('width') or '1.5in'})))))"
        )
    return "\n".join(lines)


def _inset(picture: Mapping[str, Any]) -> str:
    """The room around a logo: `padding` for all sides, `padding-left` and the like for one."""
    around = str(picture.get("padding") or "0.75in")
    own = {
        side: picture[f"padding-{side}"] for side in ("left", "right", "top", "bottom") if f"padding-{side}" in picture
    }
    return f"({', '.join(f'{side}: {size}' for side, size in {**own, 'rest': around}.items())})" if own else around


def _letters(what: str, style: Mapping[str, str]) -> Iterator[str]:
    out = [f"font: ({string(style['family'])},)"] if style.get("family") else []
    out += [f"weight: {_weight(style['weight'])}"] if style.get("weight") else []
    out += [f'style: "{style["style"]}"'] if style.get("style") in ("italic", "oblique", "normal") else []
    out += [f"fill: {code}"] if style.get("color") and (code := _typst(what, style["color"])) else []
    if out:
        yield f"#show {what}: set text({', '.join(out)})"
    if what != "heading" and (ground := _typst(what, style.get("background-color", ""))):
        yield f"#show {what}: it => highlight(fill: {ground}, extent: .15em, it)"


def _typst(name: str, value: str) -> str | None:
    return typst_color(f"brand: {name}", value)


def _weight(value: str) -> str:
    return str(_WEIGHTS.get(str(value), value))


def _css(value: object) -> str:
    """A value that cannot leave its declaration."""
    return "".join(c for c in str(value) if c not in '{};<>\\"')
