"""The math font of the site: STIX Two Math, as the package ziamath carries it, cut to the characters in use."""

from __future__ import annotations

import hashlib
import re
from html import unescape
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.cache import write_atomically

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FAMILY = "STIX Two Math"

# Name table entries that say whose the font is and on what terms.
_COPYRIGHT, _LICENCE, _LICENCE_URL = 0, 13, 14

# Raised with every change of the way a font is cut, so that an old cache is not taken for a new one.
_RECIPE = "1"

# Operators that browsers draw on their own account: fraction bars and roots, the minus of a negative number.
_ALWAYS = " √−−‾"

_PRIMES = "′″‴⁗‵"

_TOKEN = re.compile(r"<(mi|mn|mo|mtext)([^>]*)>([^<]*)</")
_ITALIC_CAPITAL, _ITALIC_SMALL = 0x1D434, 0x1D44E
_ITALIC_GREEK_CAPITAL, _ITALIC_GREEK_SMALL = 0x1D6E2, 0x1D6FC
_ITALIC_VARIANTS = {"h": "ℎ", "∂": "𝜕", "ϵ": "𝜖", "ϑ": "𝜗", "ϰ": "𝜘", "ϕ": "𝜙", "ϱ": "𝜚", "ϖ": "𝜛", "∇": "𝛻"} | {
    "ı": "𝚤",
    "ȷ": "𝚥",
}


def font_file() -> Path:
    """The whole font, for programs that take a file: Typst finds it by ``font_paths=[font_file().parent]``."""
    return Path(find_spec("ziamath").origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"


def font_notice(cache: Path) -> str:
    """Copyright and licence (SIL Open Font License) that must be published beside the font, from the font itself."""
    source = font_file()
    kept = cache / f"stix-two-math-notice-{source.stat().st_size}.txt"
    if kept.is_file():
        return kept.read_text("utf-8")
    from fontTools.ttLib import TTFont

    with TTFont(source, lazy=True) as font:
        entries = [font["name"].getDebugName(number) for number in (_COPYRIGHT, _LICENCE, _LICENCE_URL)]
    notice = "\n\n".join(entry.strip() for entry in entries if entry) + "\n"
    write_atomically(kept, notice.encode())
    return notice


def needed_characters(mathml: str) -> str:
    """The characters, each once and in order, that a browser needs to draw the formulas in a page or piece of MathML.

    The empty string if there are none. A single letter in ``<mi>`` is drawn in italics, which is another character of
    the font.
    """
    tokens = _TOKEN.findall(mathml)
    needed = set(_ALWAYS if tokens else "")
    for name, attributes, content in tokens:
        text = unescape(content)
        needed.update(text)
        if name == "mi" and len(text) == 1 and "mathvariant" not in attributes:
            needed.add(_italic(text))
    return "".join(sorted(char for char in needed if char.isprintable()))


def _italic(char: str) -> str:
    if char in _ITALIC_VARIANTS:
        return _ITALIC_VARIANTS[char]
    for first, last, start in (
        ("A", "Z", _ITALIC_CAPITAL),
        ("a", "z", _ITALIC_SMALL),
        ("Α", "Ω", _ITALIC_GREEK_CAPITAL),
        ("α", "ω", _ITALIC_GREEK_SMALL),
    ):
        if first <= char <= last:
            return chr(start + ord(char) - ord(first))
    return char


def math_font(characters: str, cache: Path) -> bytes:
    """A WOFF2 of STIX Two Math with these characters, their stretched forms and the MATH table.

    The font is kept in the directory ``cache`` under a name made of what it depends on; equal characters give equal
    bytes. Alternates for the size of scripts (``ssty``) are left out, for Chromium does not use them and they double
    the size.
    """
    wanted = "".join(sorted(set(characters)))
    source = font_file()
    key = hashlib.sha256(f"{_RECIPE}\0{source.stat().st_size}\0{wanted}".encode()).hexdigest()[:16]
    kept = cache / f"stix-two-math-{key}.woff2"
    if kept.is_file():
        return kept.read_bytes()
    data = _subset(source, wanted)
    write_atomically(kept, data)
    return data


def _subset(source: Path, characters: str) -> bytes:
    # Slow to load, and a font is cut only when the characters of the site have changed.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(
        layout_features=[],
        flavor="woff2",
        hinting=False,
        glyph_names=False,
        notdef_outline=True,
        recalc_timestamp=False,
        name_IDs=[_COPYRIGHT, 1, 2, 3, 4, 6, _LICENCE, _LICENCE_URL],
    )
    with TTFont(source, recalcTimestamp=False) as font:
        _use_script_primes(font)
        subsetter = Subsetter(options)
        subsetter.populate(text=characters)
        subsetter.subset(font)
        font.flavor = "woff2"
        out = BytesIO()
        font.save(out)
    return out.getvalue()


def _use_script_primes(font: TTFont) -> None:
    """Gives primes the form they have in scripts, where they always stand; browsers do not ask the font for it."""
    alternates = _script_alternates(font)
    for table in font["cmap"].tables:
        for char in _PRIMES:
            if alternates.get(table.cmap.get(ord(char))):
                table.cmap[ord(char)] = alternates[table.cmap[ord(char)]][0]


def _script_alternates(font: TTFont) -> dict[str, list[str]]:
    """The alternates for scripts (feature ``ssty``), by glyph."""
    substitutions = font["GSUB"].table
    lookups = {
        i for r in substitutions.FeatureList.FeatureRecord if r.FeatureTag == "ssty" for i in r.Feature.LookupListIndex
    }
    tables = [table for i in sorted(lookups) for table in substitutions.LookupList.Lookup[i].SubTable]
    return {glyph: names for table in tables for glyph, names in getattr(table, "alternates", {}).items()}
