"""`highlight-style`: the colours of code, for pages (CSS), PDF (a TextMate theme) and Word (character styles).

A style is pandoc's, one of those that Quarto adds, or a file in pandoc's JSON form. Some are a pair for a light and a dark
page; print takes the light one. Without the option, or with `a11y` or `arrow`, the colours are the theme's own.
https://quarto.org/docs/output-formats/html-code.html#highlighting
"""

from __future__ import annotations

import json
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from octavo.diagnostics import Diagnostic, did_you_mean, error
from octavo.resolve.document import Document
from octavo.resolve.pandoc import pandoc_path

_OWN = frozenset(["a11y", "arrow", "a11y-light", "a11y-dark", "arrow-light", "arrow-dark", "default", "idiomatic"])
_PANDOC = frozenset(["pygments", "tango", "espresso", "zenburn", "kate", "monochrome", "breezedark", "haddock"])
_PAIRS = {name: (f"{name}-light", f"{name}-dark") for name in ("github", "gruvbox", "atom-one", "ayu", "monochrome")}
_PAIRS |= {"breeze": ("breeze-light", "breezedark"), "solarized": ("solarized-light", "solarized-dark")}
_ALIASES = {"breeze-dark": "breezedark"}
# pandoc's names of tokens: the class that marks one in HTML, and its scopes in a TextMate theme.
_TOKENS = {
    "Keyword": ("kw", "keyword, storage"),
    "ControlFlow": ("cf", "keyword.control"),
    "Import": ("im", "keyword.control.import"),
    "Preprocessor": ("pp", "meta.preprocessor"),
    "Operator": ("op", "keyword.operator"),
    "String": ("st", "string"),
    "VerbatimString": ("vs", "string.quoted.raw"),
    "SpecialString": ("ss", "string.regexp"),
    "Char": ("ch", "constant.character"),
    "SpecialChar": ("sc", "constant.character.escape"),
    "DecVal": ("dv", "constant.numeric"),
    "BaseN": ("bn", "constant.numeric.hex"),
    "Float": ("fl", "constant.numeric.float"),
    "Constant": ("cn", "constant.language"),
    "Function": ("fu", "entity.name.function, support.function"),
    "BuiltIn": ("bu", "support.function.builtin"),
    "Attribute": ("at", "entity.other.attribute-name"),
    "Extension": ("ex", ""),
    "Comment": ("co", "comment"),
    "Documentation": ("do", "comment.block.documentation"),
    "Annotation": ("an", ""),
    "CommentVar": ("cv", ""),
    "Information": ("in", ""),
    "DataType": ("dt", "entity.name.type, entity.name.class, support.type"),
    "Variable": ("va", "variable"),
    "Other": ("ot", ""),
    "RegionMarker": ("re", ""),
    "Alert": ("al", ""),
    "Error": ("er", "invalid"),
    "Warning": ("wa", ""),
}
# Which tokens a theme of few colours gives each of them, after background and text.
_GROUPS = (
    "Keyword ControlFlow Import Preprocessor Operator",
    "String VerbatimString SpecialString Char",
    "DecVal BaseN Float Constant SpecialChar",
    "Function BuiltIn Extension Attribute",
    "Comment Documentation Annotation CommentVar Information",
    "DataType Variable Other RegionMarker",
    "Alert Error Warning",
)


@dataclass(frozen=True)
class Look:
    """How one kind of token looks."""

    color: str | None = None
    background: str | None = None
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True)
class Palette:
    """A highlighting style: the code's own colours, and the look of its tokens by pandoc's names."""

    text: str | None
    background: str | None
    tokens: Mapping[str, Look]


def palettes(document: Document, root: Path) -> tuple[tuple[Palette, ...], list[Diagnostic]]:
    """The styles that a document asks for: none, one, or one for light and one for dark pages."""
    options, folder = document.options, (root / document.source.file).parent
    key = "highlight-style" if options.get("highlight-style") is not None else "syntax-highlighting"
    value = options.get(key)
    if isinstance(value, Mapping):
        names = [str(value[scheme]) for scheme in ("light", "dark") if value.get(scheme)]
    else:
        names = [str(value)] if value else []
    if len(names) == 1:
        names = list(_PAIRS.get(names[0], names))
    found, diagnostics = [], []
    for number, name in enumerate(names):
        name = _PAIRS[name][number] if name in _PAIRS else _ALIASES.get(name, name)
        palette = _palette(name, folder)
        if palette:
            found.append(palette)
        elif name not in _OWN and name != "none":
            hint = did_you_mean(name, [*_PANDOC, *_themes(), *_PAIRS, *_OWN])
            message = f"`{key}: {name}` is neither a highlighting style nor a file"
            diagnostics.append(error("OCT-highlight-style", message, document.source.find(name), hint))
    return tuple(found), diagnostics


def _palette(name: str, folder: Path) -> Palette | None:
    if name in _themes():
        background, text, *colours = _themes()[name]
        tokens = {
            token: Look(color, italic=group == _GROUPS[4], bold=color == text and group == _GROUPS[0])
            for group, color in zip(_GROUPS, colours, strict=True)
            for token in group.split()
        }
        return Palette(text, background, tokens)
    if name in _PANDOC:
        return _read(_printed(name))
    path = folder / name
    try:
        return _read(path.read_text("utf-8")) if path.is_file() else None
    except (ValueError, AttributeError):
        return None


def _read(text: str) -> Palette:
    """A style in pandoc's JSON, which is that of KDE's editors."""
    data = json.loads(text)
    tokens = {
        name: Look(
            look.get("text-color"),
            look.get("background-color"),
            bool(look.get("bold")),
            bool(look.get("italic")),
            bool(look.get("underline")),
        )
        for name, look in (data.get("text-styles") or {}).items()
        if name in _TOKENS
    }
    ground = data.get("background-color") or (data.get("editor-colors") or {}).get("BackgroundColor")
    return Palette(data.get("text-color"), ground, tokens)


@cache
def _themes() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("highlight.toml").read_text("utf-8"))


@cache
def _printed(name: str) -> str:
    command = [pandoc_path(), f"--print-highlight-style={name}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def as_css(found: tuple[Palette, ...]) -> str:
    """The styles as rules over the theme's own; two of them follow the page's colour scheme."""
    if not found:
        return ""
    light, dark = found[0], found[-1]

    def pair(of: Callable[[Palette], str | None]) -> str:
        one, other = of(light), of(dark)
        return (one or "inherit") if one == other else f"light-dark({one or 'inherit'}, {other or 'inherit'})"

    ground = [
        f"{name}: {pair(of)}"
        for name, of in (("background", lambda p: p.background), ("color", lambda p: p.text))
        if of(light) and of(dark)
    ]
    rules = [f"pre.sourceCode {{ {'; '.join(ground)} }}"] if ground else []
    for token, (name, _) in _TOKENS.items():
        one, other = (p.tokens.get(token, Look()) for p in (light, dark))
        color = pair(lambda p, token=token: p.tokens.get(token, Look()).color or p.text)
        weight, style = "bold" if one.bold or other.bold else "normal", "italic" if one.italic else "normal"
        rules.append(f"code span.{name} {{ color: {color}; font-weight: {weight}; font-style: {style}"
                     f"{'; text-decoration: underline' if one.underline else ''} }}")  # fmt: skip
    return " ".join(rules)


def as_text_mate(palette: Palette) -> str:
    """The style as the theme file that Typst reads."""
    rows = [_setting("", Look(palette.text or "#1f2328"))]
    for token, (_, scope) in _TOKENS.items():
        if scope and token in palette.tokens:
            rows.append(_setting(scope, palette.tokens[token]))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict><key>settings</key><array>\n'
        + "\n".join(rows)
        + "\n</array></dict></plist>\n"
    )


def _setting(scope: str, look: Look) -> str:
    face = " ".join(name for name in ("bold", "italic", "underline") if getattr(look, name))
    keys = [("foreground", look.color), ("fontStyle", face)]
    inner = "".join(f"<key>{key}</key><string>{value}</string>" for key, value in keys if value)
    named = f"<key>scope</key><string>{escape(scope)}</string>" if scope else ""
    return f"<dict>{named}<key>settings</key><dict>{inner}</dict></dict>"


def word_looks(palette: Palette) -> Iterator[tuple[str, Look]]:
    """The looks of Word's character styles by their names."""
    for token in _TOKENS:
        look = palette.tokens.get(token, Look())
        yield f"{token}Tok", Look(look.color or palette.text, look.background, look.bold, look.italic, look.underline)
    yield "NormalTok", Look(palette.text)
