"""The faces that pages are set in: Source Serif and Source Sans, as packages carry them, cut to what text needs.

Each is cut in two: what English text is made of, and the accented letters that other Latin scripts add, which a browser
fetches only for a page that has some (`unicode-range` in theme/faces.css).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache as once
from importlib import metadata
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

# File of a page -> package, file, features. What is bold is semibold: on a screen the bold of a text face is a blot.
# No pairs are kerned: it would make each file a third larger, and a lecture heavier than 100 KB.
FACES = {
    "serif": ("font_source_serif_pro", "SourceSerifPro-Regular.ttf", ()),
    "serif-italic": ("font_source_serif_pro", "SourceSerifPro-It.ttf", ()),
    "serif-bold": ("font_source_serif_pro", "SourceSerifPro-Semibold.ttf", ()),
    "sans": ("font_source_sans_pro", "SourceSansPro-Regular.ttf", ("tnum",)),
    "sans-bold": ("font_source_sans_pro", "SourceSansPro-Semibold.ttf", ("tnum",)),
}
NOTICE = "faces.txt"

# English, with the accents of names and the signs of sums that it knows.
_PLAIN = (*range(0x20, 0x7F), *map(ord, "\u00a0§©«°±·»×ÖÜáäçèéíïñóöü−≈≠≤≥"), *range(0x2010, 0x2028), 0x2190, 0x2192)
# The `unicode-range` of theme/faces.css.
ACCENTED = tuple(sorted({*range(0xA1, 0x180), *range(0x218, 0x21C), 0x20AC} - set(_PLAIN)))
# Raised with every change of the way a face is cut.
_RECIPE = "1"


# A package's version is a file to read and to parse; a preview asks for it at every save.
version = once(metadata.version)


def names() -> tuple[str, ...]:
    """The files that `faces` gives."""
    return (*(f"{name}{part}.woff2" for name in FACES for part in ("", "-accents")), NOTICE)


def faces(cache: Path) -> dict[str, bytes]:
    """The faces as WOFF2, by file name, and the licence that must be published beside them.

    They depend on nothing but the packages, so they are cut once and kept in `cache`, which all projects may share.
    """
    found = {}
    for name in FACES:
        for part, points in (("", _PLAIN), ("-accents", ACCENTED)):
            found[f"{name}{part}.woff2"] = _kept(cache, name, part, points)
    return found | {NOTICE: "\n\n".join(_notices()).encode()}


def folders() -> list[Path]:
    """Where the whole faces lie, for programs that take folders of fonts."""
    return [_folder(package) for package in _packages()]


def _kept(cache: Path, name: str, part: str, points: Sequence[int]) -> bytes:
    package, file, features = FACES[name]
    made_of = f"{_RECIPE} {version(package)} {version('fonttools')} {version('brotli')} {file} {features} {points}"
    kept = cache / f"{name}{part}-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.woff2"
    try:
        return kept.read_bytes()
    except OSError:
        data = _cut(_folder(package) / file, features, points)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=cache, delete=False) as partial:
        partial.write(data)
    os.replace(partial.name, kept)
    return data


def _cut(source: Path, features: Sequence[str], points: Sequence[int]) -> bytes:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(layout_features=list(features), hinting=False, name_IDs=[])
    options.flavor, options.glyph_names, options.recalc_timestamp = "woff2", False, False
    with TTFont(source, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=points)
        subsetter.subset(font)
        font.flavor = "woff2"
        out = BytesIO()
        font.save(out)
    return out.getvalue()


def _notices() -> Iterator[str]:
    for package in _packages():
        yield (_folder(package) / "LICENSE.txt").read_text("utf-8").strip() + "\n"


def _packages() -> list[str]:
    return sorted({package for package, *_ in FACES.values()})


def _folder(package: str) -> Path:
    return Path(find_spec(package).origin).parent / "files"
