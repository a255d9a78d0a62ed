"""The shortcode `brand`: colours and logos of `_brand.yml`."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from octavo.diagnostics import did_you_mean
from octavo.read.brand import brand_of, mapping, resolved
from octavo.resolve.shortcodes.call import Call, Context, Problem, argument_problem

MODES = ("light", "dark", "both")
SIZES = ("small", "medium", "large")


def brand(call: Call, context: Context) -> str | Problem:
    """`{{< brand color primary >}}` is a colour's value, `{{< brand logo small >}}` an image."""
    kind, name = call.argument(0), call.argument(1)
    mode = call.argument(2)
    if kind not in ("color", "logo") or name is None or mode not in (None, *MODES):
        hint = "like `{{< brand color primary >}}` or `{{< brand logo medium >}}`"
        return argument_problem(call, "wants `color` or `logo` and a name", hint)
    known = _brand(context)
    if kind == "color":
        colors = mapping(known.get("color"))
        palette = mapping(colors.get("palette"))
        value = _of_mode(resolved(colors, palette, name), mode or "light")
        return value or _missing(call, kind, name, [*palette, *(k for k in colors if k != "palette")])
    return _logo(call, mapping(known.get("logo")), name, mode or "both")


def _brand(context: Context) -> Mapping[str, Any]:
    known = brand_of(context.meta.get("brand"), context.root, posixpath.dirname(context.page))
    return known.light if known else {}


def _logo(call: Call, logos: Mapping[str, Any], name: str, mode: str) -> str | Problem:
    images = mapping(logos.get("images"))
    value = logos.get(name) if name in SIZES else images.get(name)
    pictures = []
    for own in ("light", "dark") if mode == "both" else (mode,):
        chosen = value.get(own) if isinstance(value, Mapping) and "path" not in value else value
        chosen = images.get(chosen, chosen) if isinstance(chosen, str) else chosen
        picture = chosen if isinstance(chosen, Mapping) else {"path": chosen}
        if isinstance(picture.get("path"), str) and picture not in [p for _, p in pictures]:
            pictures.append((own, picture))
    if not pictures:
        return _missing(call, "logo", name, [*SIZES, *images])
    if call.is_text:
        return pictures[0][1]["path"]
    both = len(pictures) > 1
    return " ".join(_image(picture, f".{own}-content " if both else "") for own, picture in pictures)


def _image(picture: Mapping[str, Any], classes: str) -> str:
    path = picture["path"]
    path = path if path.startswith(("/", "http:", "https:")) else "/" + path
    alt = str(picture.get("alt") or "").replace('"', "'")
    return f'![]({path.replace(" ", "%20")}){{{classes}fig-alt="{alt}"}}'


def _of_mode(value: Any, mode: str) -> str | None:
    chosen = value.get(mode, value.get("light")) if isinstance(value, Mapping) else value
    return chosen if isinstance(chosen, str) else None


def _missing(call: Call, kind: str, name: str, known: list[str]) -> Problem:
    message = f"the brand has no {kind} `{name}`"
    return Problem("OCT-variable-missing", message, did_you_mean(name, known), f"?brand:{kind} {name}")
