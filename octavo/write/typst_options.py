"""A document's options as arguments of Typst's `page` and of the template's `article`, by Quarto's names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from octavo.diagnostics import AuthorError, error

_LENGTH = re.compile(r"-?\d*\.?\d+(pt|mm|cm|in|em|%)")
_PIXELS = re.compile(r"(\d*\.?\d+)px")
_COLOR = re.compile(r"#?([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


def article_options(meta: Mapping[str, Any], language: Mapping[str, str]) -> dict[str, str]:
    """The arguments of the template's `article`, as Typst code; what is not given keeps the template's default."""
    title_text = text(meta.get("title-plain")) or _without_markup(text(meta.get("title"))) or "Untitled"
    lang, _, region = text(meta.get("lang") or "en").partition("-")
    keywords = meta.get("keywords") or []
    options = {
        "title": _content(meta.get("title")),
        "subtitle": _content(meta.get("subtitle")),
        "thanks": _content(meta.get("thanks")),
        "title-text": string(title_text),
        "lecture": string(text(meta.get("lecture")) or title_text),
        "authors": _array(_author(author) for author in meta.get("authors") or []),
        "date": string(text(meta["date"])) if meta.get("date") else None,
        "abstract": _content(meta.get("abstract")),
        "abstract-title": string(
            text(meta.get("abstract-title")) or language.get("section-title-abstract", "Abstract")
        ),
        "keywords": _array(string(text(word)) for word in ([keywords] if isinstance(keywords, str) else keywords)),
        "keywords-title": string(language.get("title-block-keywords", "Keywords")),
        "lang": string(lang.lower()),
        "region": string(region.upper()) if re.fullmatch(r"[A-Za-z]{2}", region) else None,
        "dir": text(meta["dir"]) if meta.get("dir") in ("rtl", "ltr") else None,
        "toc": "true" if meta.get("toc") else None,
        "toc_title": string(text(meta.get("toc-title")) or language.get("toc-title-document", "Table of contents")),
        "toc_depth": _number("toc-depth", meta.get("toc-depth"), int),
        "toc_indent": _length("toc-indent", meta.get("toc-indent")),
        "font": _fonts(meta.get("mainfont")),
        "mathfont": _fonts(meta.get("mathfont")),
        "codefont": _fonts(meta.get("codefont") or meta.get("monofont")),
        "fontsize": _length("fontsize", meta.get("fontsize")),
        "linestretch": _number("linestretch", meta.get("linestretch"), float),
        "sectionnumbering": string(text(meta["section-numbering"])) if meta.get("section-numbering") else None,
        "linkcolor": color("linkcolor", meta.get("urlcolor") or meta.get("linkcolor")),
        "filecolor": color("filecolor", meta.get("filecolor")),
        "citecolor": color("citecolor", meta.get("citecolor")),
    }
    return {name: value for name, value in options.items() if value is not None}


_SIDES = {
    # As Quarto shares out the page's width: marginalia's example on A4, 16 + 20 + 8 mm at the left, 16 + 40 + 8 at the right.
    "inner": {"far": "7.636%", "width": "9.546%", "separation": "3.818%"},
    "outer": {"far": "7.625%", "width": "19.063%", "separation": "3.812%"},
}


def margin_geometry(meta: Mapping[str, Any]) -> str | None:
    """The parts of the margin, as Typst code; none for a document that has nothing there."""
    if not meta.get("beside"):
        return None
    sides = [
        f"{side}: ({', '.join(f'{k}: {v}' for k, v in parts.items())})" for side, parts in _margin_parts(meta).items()
    ]
    own = meta["margin-geometry"] if isinstance(meta.get("margin-geometry"), Mapping) else {}
    clearance = _length("clearance", own.get("clearance")) or "12pt"
    letters = f"{_length('fontsize', meta.get('fontsize')) or '11pt'} * .82"
    return f"({', '.join(sides)}, clearance: {clearance}, letters: {letters}, {', '.join(_above_and_below(meta))})"


def _margin_parts(meta: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What `margin`, `grid` and `margin-geometry` say of the margin's parts counts, the last most."""
    margin = _all_sides(meta)
    grid = meta["grid"] if isinstance(meta.get("grid"), Mapping) else {}
    own = meta["margin-geometry"] if isinstance(meta.get("margin-geometry"), Mapping) else {}
    gutter = grid.get("gutter-width")
    said: dict[str, dict[str, Any]] = {
        "inner": {"separation": margin.get("left", margin.get("x", gutter))},
        "outer": {"far": margin.get("right", margin.get("x")), "width": grid.get("margin-width"), "separation": gutter},
    }
    parts = {}
    for side, usual in _SIDES.items():
        wanted = said[side] | (own[side] if isinstance(own.get(side), Mapping) else {})
        parts[side] = {name: _length(f"{side} margin: {name}", wanted.get(name)) or usual[name] for name in usual}
    return parts


def _all_sides(meta: Mapping[str, Any]) -> dict[str, Any]:
    margin = meta.get("margin") or {}
    return {**(margin if isinstance(margin, Mapping) else {"x": margin, "y": margin}), **_sides(meta)}


def _above_and_below(meta: Mapping[str, Any]) -> list[str]:
    margin = _all_sides(meta)
    return [f"{s}: {_length(f'margin: {s}', margin.get(s, margin.get('y'))) or '1.1in'}" for s in ("top", "bottom")]


def _beside_margin(meta: Mapping[str, Any]) -> str:
    """The margins of a page that leaves room beside its text."""
    widths = [
        f"{name}: {' + '.join(parts.values())}"
        for name, parts in zip(("left", "right"), _margin_parts(meta).values(), strict=True)
    ]
    return f"({', '.join([*widths, *_above_and_below(meta)])})"


def book_options(meta: Mapping[str, Any], language: Mapping[str, str]) -> dict[str, str]:
    """The further arguments of the template's `book`."""
    cover = meta.get("o:cover") or {}
    crossref = meta["crossref"] if isinstance(meta.get("crossref"), Mapping) else {}
    words = {
        "chapter": language.get("crossref-ch-prefix", "Chapter"),
        "appendix": text(crossref.get("appendix-title")) or language.get("crossref-apx-prefix", "Appendix"),
    }
    options = {
        "words": "(" + ", ".join(f"{name}: {string(word)}" for name, word in words.items()) + ")",
        "cover": string("/" + str(cover["src"])) if cover.get("src") else None,
        "cover-alt": string(str(cover.get("alt") or "")) if cover.get("src") else None,
    }
    return {name: value for name, value in options.items() if value is not None}


def page_options(meta: Mapping[str, Any]) -> dict[str, str]:
    """The arguments of Typst's `page`; sides of the margin that are not given keep the template's width."""
    options = {
        "paper": string(_paper(text(meta.get("papersize") or "us-letter"))),
        "margin": _beside_margin(meta)
        if meta.get("beside")
        else _margin(_sides(meta) or meta.get("margin") or _geometry(meta.get("geometry"))),
        "numbering": _page_numbering(meta.get("page-numbering")),
        "columns": _number("columns", meta.get("columns"), int) or "1",
    }
    return {name: value for name, value in options.items() if value is not None}


def _author(author: Mapping[str, Any]) -> str:
    fields = {key: string(text(author[key])) for key in ("name", "email", "orcid", "url") if author.get(key)}
    fields["affiliations"] = _array(string(text(place)) for place in author.get("affiliations") or [])
    return "(" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + ")"


def text(value: Any) -> str:
    """A value as text, nothing as the empty text."""
    return "" if value is None else str(value)


def string(value: str) -> str:
    """A Typst string literal."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\\n")
    return f'"{escaped}"'


def _content(markup: Any) -> str | None:
    return f"[{markup}]" if markup else None


def _array(items: Any) -> str:
    return "(" + "".join(f"{item}, " for item in items) + ")"


def _without_markup(markup: str) -> str:
    """Typst markup as one line of text, near enough for a PDF's title when no plain one is given."""
    text = re.sub(r"#[\w.-]+(\([^)]*\))?", "", markup)
    return re.sub(r"\s+", " ", re.sub(r"\\(.)|[\[\]*_`$]", r"\1", text)).strip()


def _fonts(value: Any) -> str | None:
    if not value:
        return None
    names = [value] if isinstance(value, str) else list(value)
    return "(" + ", ".join(string(name) for name in dict.fromkeys(names)) + ",)"


def _paper(name: str) -> str:
    name = name.lower().removesuffix("paper")
    return {"letter": "us-letter", "legal": "us-legal", "executive": "us-executive"}.get(name, name)


def _margin(value: Any) -> str | None:
    if not value:
        return None
    if not isinstance(value, Mapping):
        return _length("margin", value)
    return "(" + ", ".join(f"{side}: {_length(f'margin: {side}', size)}" for side, size in value.items()) + ")"


def _sides(meta: Mapping[str, Any]) -> dict[str, Any]:
    """`margin-left` and the like, over what `margin` says of all sides."""
    own = {side: meta[f"margin-{side}"] for side in ("left", "right", "top", "bottom") if meta.get(f"margin-{side}")}
    general = meta.get("margin")
    if not own or not general:
        return own
    return {**(general if isinstance(general, Mapping) else {"rest": general}), **own}


def _geometry(value: Any) -> dict[str, str]:
    """The margins in the options that `format: pdf` hands to LaTeX's geometry package."""
    sides = {
        "margin": ("rest",), "left": ("left",), "right": ("right",), "top": ("top",), "bottom": ("bottom",),
        "lmargin": ("left",), "rmargin": ("right",), "tmargin": ("top",), "bmargin": ("bottom",),
        "hmargin": ("x",), "vmargin": ("y",),
    }  # fmt: skip
    settings = [value] if isinstance(value, str) else list(value or [])
    found: dict[str, str] = {}
    for setting in ",".join(map(str, settings)).split(","):
        name, _, size = setting.partition("=")
        for side in sides.get(name.strip(), ()):
            found[side] = size.strip()
    return found


def _length(option: str, value: Any) -> str | None:
    if value is None:
        return None
    text = f"{value}pt" if isinstance(value, (int, float)) else str(value).strip()
    if pixels := _PIXELS.fullmatch(text):
        return f"{float(pixels[1]) * 0.75:g}pt"
    if not _LENGTH.fullmatch(text):
        raise AuthorError(error("OCT-option-length", f"`{option}: {value}` is no length", hint="such as 2.5cm or 11pt"))
    return text


def _number(option: str, value: Any, kind: type[int | float]) -> str | None:
    if value is None:
        return None
    try:
        return str(kind(value))
    except (TypeError, ValueError):
        raise AuthorError(error("OCT-option-number", f"`{option}: {value}` is no number")) from None


def color(option: str, value: Any) -> str | None:
    """A colour as Typst code; raises AuthorError for one that is not known."""
    if not value:
        return None
    if match := _COLOR.fullmatch(str(value)):
        return f'rgb("#{match[1]}")'
    from PIL import ImageColor

    try:
        return 'rgb("#{:02x}{:02x}{:02x}")'.format(*ImageColor.getrgb(str(value))[:3])
    except ValueError:
        pass
    raise AuthorError(error("OCT-option-color", f"`{option}: {value}` is no colour", hint='such as "#1d4f7c" or navy'))


def _page_numbering(value: Any) -> str | None:
    if value is None or value is True:
        return None
    return string(str(value)) if value else "none"
