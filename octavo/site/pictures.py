"""Pictures that settings name: the site's logo and icon, a page's preview and banner. One that is not there is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from octavo.diagnostics import Diagnostic, did_you_mean, error
from octavo.read.yaml import position_of
from octavo.resolve.document import Document, page_file
from octavo.resolve.links import is_external

_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|ico)$", re.IGNORECASE)
# Where a website's settings name one, as keys from the outside in.
_OF_SITE = (
    ("favicon",),
    ("image",),
    ("navbar", "logo"),
    ("sidebar", "logo"),
    ("open-graph", "image"),
    ("twitter-card", "image"),
)
_OF_PAGE = (("image",), ("about", "image"), ("title-block-banner",), ("listing", "image-placeholder"))


def missing(document: Document, website: Mapping[str, Any], root: Path) -> list[Diagnostic]:
    """An error for each picture that the site's or the page's settings name and that is no file."""
    found = []
    for holder, key, name in _named(website, _OF_SITE):
        if not (root / name.lstrip("/")).is_file():
            found.append(_error(holder, key, name, root))
    for holder, key, name in _named(document.options, _OF_PAGE):
        if not (root / page_file(document, name)).is_file():
            found.append(_error(holder, key, name, (root / document.source.file).parent))
    return found


def _named(settings: Mapping[str, Any], ways: tuple[tuple[str, ...], ...]) -> Iterator[tuple[Any, str, str]]:
    for *outer, key in ways:
        holders: list[Any] = [settings]
        for name in outer:
            values = [holder.get(name) for holder in holders if isinstance(holder, Mapping)]
            holders = [part for value in values for part in (value if isinstance(value, list) else [value])]
        for holder in holders:
            value = holder.get(key) if isinstance(holder, Mapping) else None
            if isinstance(value, str) and _PICTURE.search(value) and not is_external(value):
                yield holder, key, value


def _error(holder: Any, key: str, name: str, folder: Path) -> Diagnostic:
    near = (folder / name.lstrip("/")).parent
    hint = did_you_mean(Path(name).name, (p.name for p in near.iterdir())) if near.is_dir() else None
    return error(
        "OCT-image-missing", f"the image `{name}` named under `{key}` does not exist", position_of(holder, key), hint
    )
