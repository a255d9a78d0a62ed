"""`_brand.yml`: the colours, letters and logos that all formats of a project share. https://quarto.org/docs/authoring/brand.html"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from octavo.diagnostics import AuthorError, error
from octavo.read.yaml import load_yaml, plain

FILES = ("_brand.yml", "_brand.yaml", "_brand/_brand.yml", "brand/_brand.yml")
SCHEMES = ("light", "dark")
ELEMENTS = ("base", "headings", "monospace", "monospace-inline", "monospace-block", "link")


@dataclass(frozen=True)
class Brand:
    """A brand as written, one mapping for each colour scheme, and the folder that its files are named from."""

    light: Mapping[str, Any]
    dark: Mapping[str, Any]
    folder: str = ""
    fonts: tuple[Mapping[str, Any], ...] = field(default=())

    def colors(self, scheme: str = "light") -> dict[str, str]:
        """All colours by name: the palette's, and the roles that are given to them."""
        written = mapping(getattr(self, scheme).get("color"))
        palette = mapping(written.get("palette"))
        names = [*palette, *(name for name in written if name != "palette")]
        found = {name: _of_scheme(resolved(written, palette, name), scheme) for name in names}
        found = {k: _of_scheme(resolved(palette, palette, v), scheme) if v in palette else v for k, v in found.items()}
        return {name: value for name, value in found.items() if value}

    def element(self, name: str, scheme: str = "light") -> dict[str, str]:
        """The typography of an element by property; a colour is a value, whatever its name was."""
        typography = mapping(getattr(self, scheme).get("typography"))
        given = typography.get(name, typography.get(name.replace("-", "_")))
        written = {"family": given} if isinstance(given, str) else mapping(given)
        inherited = self.element("monospace", scheme) if name.startswith("monospace-") else {}
        colors, out = self.colors(scheme), dict(inherited)
        for key, value in written.items():
            key = key.replace("_", "-")
            if key.endswith("color"):
                value = _of_scheme(value, scheme)
                value = colors.get(str(value), value)
            if value is not None:
                out[key] = str(value)
        return out

    def logo(self, *sizes: str, scheme: str = "light") -> Mapping[str, Any] | None:
        """The first of these logos that there is (`path`, `alt`), by size or name, its path from the project's root."""
        logos = getattr(self, scheme).get("logo")
        logos = {"medium": logos} if isinstance(logos, str) else mapping(logos)
        images = mapping(logos.get("images"))
        for value in (logos.get(size) or images.get(size) for size in sizes):
            value = (
                value.get(scheme, value.get("light")) if isinstance(value, Mapping) and "path" not in value else value
            )
            value = images.get(value, value) if isinstance(value, str) else value
            picture = {"path": value} if isinstance(value, str) else mapping(value)
            path = str(picture.get("path") or "")
            if path and "://" not in path:
                return {
                    **picture,
                    "path": path.lstrip("/") if path.startswith("/") else posixpath.join(self.folder, path),
                }
        return None


def brand_of(given: Any, root: Path, folder: str = "") -> Brand | None:
    """The brand that `brand:` names, holds or forbids; else the project's own, if it has one.

    A file is named from the page's `folder`, or with `/` from the project's `root`. Raises AuthorError for one that
    cannot be read.
    """
    if given is False:
        return None
    if isinstance(given, Mapping) and set(given) <= set(SCHEMES):
        parts = {scheme: brand_of(value, root, folder) for scheme, value in given.items()}
        light = parts.get("light") or parts.get("dark")
        dark = parts.get("dark") or light
        return light and dark and Brand(light.light, _as_dark(dark.light), light.folder, light.fonts)
    if isinstance(given, Mapping):
        return Brand(given, given, folder, _fonts(given))
    named = isinstance(given, str)
    for file in (given.lstrip("/") if given.startswith("/") else posixpath.join(folder, given),) if named else FILES:
        path = root / file
        if path.is_file():
            written = plain(load_yaml(path.read_text("utf-8"), file))
            return Brand(written, written, posixpath.dirname(file), _fonts(written))
    if named:
        raise AuthorError(error("OCT-file-missing", f"the file `{given}` named under `brand` does not exist"))
    return None


def resolved(colors: Mapping[str, Any], palette: Mapping[str, Any], name: str) -> Any:
    """A colour's value; one that is the name of another means that one."""
    value, seen = colors.get(name, palette.get(name)), {name}
    while isinstance(value, str) and value in palette and value not in seen:
        seen.add(value)
        value = palette[value]
    return value


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def _of_scheme(value: Any, scheme: str) -> str | None:
    chosen = value.get(scheme, value.get("light")) if isinstance(value, Mapping) else value
    return None if chosen is None else str(chosen)


def _as_dark(written: Mapping[str, Any]) -> Mapping[str, Any]:
    """A brand of a file for dark pages alone, its roles marked as theirs."""
    colors = mapping(written.get("color"))
    marked = {k: v if k == "palette" or isinstance(v, Mapping) else {"dark": v} for k, v in colors.items()}
    return {**written, "color": marked}


def _fonts(written: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    fonts = mapping(written.get("typography")).get("fonts") or []
    return tuple(font for font in fonts if isinstance(font, Mapping))
