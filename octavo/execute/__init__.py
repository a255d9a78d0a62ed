"""Execution: cells run or taken from frozen results, and woven into Markdown for each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from octavo.execute import stage
from octavo.execute.stage import Results, Woven
from octavo.execute.stored import is_stored, stored
from octavo.execute.weave import with_places
from octavo.read.source import Source

__all__ = ["Results", "Woven", "results", "with_places"]


def results(
    root: Path,
    source: Source,
    options: Mapping[str, Mapping],
    store: Path,
    mode: str,
    progress: Callable[[str], None] | None = None,
    lenient: bool = False,
    parameters: Mapping[str, Any] | None = None,
) -> Results:
    """As `stage.results`; a notebook shows the outputs that it holds, unless it asks to be executed or is given parameters."""
    if is_stored(source, options) and not parameters:
        return stored(source, options)
    return stage.results(root, source, options, store, mode, progress, lenient, parameters)
