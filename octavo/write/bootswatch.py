"""The themes that `theme:` names: Bootswatch's, by the colours that readers know them by.

Octavo draws every page in its own form. A named theme gives it the theme's link, ground and ink, made darker or
lighter where they could not be read. `default`, `cosmo` and `darkly`, with which Quarto begins a site, are its own look.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

OWN = ("default", "cosmo", "darkly", "brand")
NONE = ("none", "pandoc")
LEAST_CONTRAST = 4.5
_LINES = {"raised": 0.04, "soft": 0.06, "tint": 0.1, "line": 0.18, "rule": 0.5}  # how much of the ink is in the ground


class Colours(NamedTuple):
    """What links, the ground and the text have."""

    accent: str
    paper: str
    ink: str


COLOURS = {
    "cerulean": Colours("#2fa4e7", "#ffffff", "#495057"),
    "cyborg": Colours("#2a9fd6", "#060606", "#adafae"),
    "flatly": Colours("#18bc9c", "#ffffff", "#212529"),
    "journal": Colours("#eb6864", "#ffffff", "#222222"),
    "litera": Colours("#4582ec", "#ffffff", "#343a40"),
    "lumen": Colours("#158cba", "#ffffff", "#222222"),
    "lux": Colours("#1a1a1a", "#ffffff", "#55595c"),
    "materia": Colours("#2196f3", "#ffffff", "#444444"),
    "minty": Colours("#78c2ad", "#ffffff", "#5a5a5a"),
    "morph": Colours("#485785", "#d9e3f1", "#7b8ab8"),
    "pulse": Colours("#593196", "#ffffff", "#444444"),
    "quartz": Colours("#ffffff", "#45489b", "#ffffff"),
    "sandstone": Colours("#93c54b", "#ffffff", "#3e3f3a"),
    "simplex": Colours("#d9230f", "#fcfcfc", "#212529"),
    "sketchy": Colours("#333333", "#ffffff", "#212529"),
    "slate": Colours("#ffffff", "#272b30", "#aaaaaa"),
    "solar": Colours("#2aa198", "#002b36", "#839496"),
    "spacelab": Colours("#3399f3", "#ffffff", "#777777"),
    "superhero": Colours("#df6919", "#0f2537", "#ebebeb"),
    "united": Colours("#e95420", "#ffffff", "#212529"),
    "vapor": Colours("#32fbe2", "#1a0933", "#32fbe2"),
    "yeti": Colours("#008cba", "#ffffff", "#222222"),
    "zephyr": Colours("#3459e6", "#ffffff", "#495057"),
}
NAMES = (*OWN, *NONE, *COLOURS)


def names_of(theme: object) -> list[str]:
    """The names in `theme: a` or `theme: [a, b.scss]`; those of a pair are below `light` and `dark`."""
    return [str(name) for name in (theme if isinstance(theme, list | tuple) else [theme]) if name]


def is_dark(name: str) -> bool:
    """Whether a theme's ground is darker than its ink."""
    own = COLOURS.get(name)
    return name == "darkly" or (own is not None and _luminance(_rgb(own.paper)) < _luminance(_rgb(own.ink)))


def as_css(theme: object) -> str:
    """The colours of the themes that are named, as CSS; "" for octavo's own look."""
    if not isinstance(theme, Mapping):
        return _rule(":root", names_of(theme))
    if len(theme) == 1:
        return _rule(":root", names_of(next(iter(theme.values()))))
    light = _rule(':root:not([data-bs-theme="dark"])', names_of(theme.get("light")))
    return " ".join(filter(None, [light, _rule(':root[data-bs-theme="dark"]', names_of(theme.get("dark")))]))


def _rule(place: str, names: list[str]) -> str:
    colours = next((COLOURS[name.lower()] for name in names if name.lower() in COLOURS), None)
    if colours is None:
        return ""
    paper = _rgb(colours.paper)
    ink, accent = _readable(_rgb(colours.ink), paper), _readable(_rgb(colours.accent), paper)
    tokens = {"paper": paper, "ink": ink, "strong": ink, "accent": accent}
    tokens["muted"] = _readable(_mixed(ink, paper, 0.85), paper)
    tokens |= {name: _mixed(ink, paper, share) for name, share in _LINES.items()}
    # A printed page is white.
    return f"@media screen {{ {place} {{ {'; '.join(f'--{name}: {_hex(c)}' for name, c in tokens.items())} }} }}"


def _readable(colour: tuple[int, ...], ground: tuple[int, ...]) -> tuple[int, ...]:
    """The colour, moved towards black or white until it can be read on the ground and on what is shaded in it."""
    end = (0, 0, 0) if _luminance(ground) > 0.2 else (255, 255, 255)
    shaded = _mixed(end, ground, _LINES["tint"])
    for step in range(21):
        moved = _mixed(end, colour, step / 20)
        if min(_contrast(moved, ground), _contrast(moved, shaded)) >= LEAST_CONTRAST:
            return moved
    return end


def _contrast(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: tuple[int, ...]) -> float:
    """Relative luminance, as the Web Content Accessibility Guidelines define it."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(a: tuple[int, ...], b: tuple[int, ...], share: float) -> tuple[int, ...]:
    return tuple(round(x * share + y * (1 - share)) for x, y in zip(a, b, strict=True))


def _rgb(colour: str) -> tuple[int, ...]:
    from PIL import ImageColor

    return ImageColor.getrgb(colour)[:3]


def _hex(colour: tuple[int, ...]) -> str:
    return "#" + "".join(f"{c:02x}" for c in colour)
