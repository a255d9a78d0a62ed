"""What is wrong with the pages' surroundings (navigation, listings, styles), without writing a site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from octavo.diagnostics import Diagnostic
from octavo.read.project import Project
from octavo.site.page import Piece, site_of, viewed

Each = Callable[[Sequence[Piece], Callable[[Piece], list[Diagnostic]]], list[tuple[Any, list[Diagnostic]]]]


def check(project: Project, pieces: Sequence[Piece], each: Each) -> list[Diagnostic]:
    """The diagnostics of building every HTML page; `each` runs them in parallel."""
    site = site_of(project, pieces)
    written = [piece for piece in pieces if piece.document.base == "html"]
    return [d for _, found in each(written, lambda piece: viewed(piece, site)[2]) for d in found]
