"""Text that authors put around the content: `include-in-header`, `include-before-body`, `include-after-body`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from octavo.diagnostics import Diagnostic, error
from octavo.read.yaml import position_of

# Old names that Quarto and pandoc still take.
KEYS = {
    "include-in-header": ("include-in-header", "header-includes"),
    "include-before-body": ("include-before-body", "include-before"),
    "include-after-body": ("include-after-body", "include-after"),
}


def included(options: Mapping[str, Any], key: str, folder: Path, root: Path) -> tuple[str, list[Diagnostic]]:
    """The text that `key` asks for: files (from the page's `folder`, `/x` from `root`) and `text:` entries, in order."""
    texts, diagnostics = [], []
    for name in KEYS[key]:
        literal = name != key
        for i, entry in enumerate(_entries(options.get(name))):
            if isinstance(entry, Mapping) and "text" in entry:
                texts.append(str(entry["text"]))
            elif literal:
                texts.append(str(entry))
            else:
                file = str(entry.get("file", "") if isinstance(entry, Mapping) else entry)
                path = root / file.lstrip("/") if file.startswith("/") else folder / file
                try:
                    texts.append(path.read_text("utf-8"))
                except (OSError, UnicodeDecodeError):
                    place = position_of(options.get(name), i) or position_of(options, name)
                    diagnostics.append(error("OCT-file-missing", f"`{key}` names no readable file: `{file}`", place))
    return "\n".join(texts), diagnostics


def _entries(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        yield from value
    elif value:
        yield value
