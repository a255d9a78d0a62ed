"""Who gets a cell's label and captions: one output alone, or the cell with its outputs as parts of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from octavo.execute.outputs import is_display, is_library, picture_of


@dataclass(frozen=True)
class Naming:
    """`outputs` are the indices of the outputs that may be labelled; `of_cell` gives the label itself to the cell."""

    label: str
    of_cell: bool
    caption: str | None
    outputs: tuple[int, ...]
    captions: tuple[str, ...]

    def of_output(self, index: int) -> tuple[str | None, str, int]:
        """Label and caption of output `index`, and its place among those that may have one."""
        if index not in self.outputs:
            return None, "", 0
        n = self.outputs.index(index)
        part = self.of_cell or n > 0
        label = (f"{self.label}-{n + 1}" if part else self.label) if self.label else None
        return label, self.captions[n] if n < len(self.captions) else "", n


def label_of(options: Mapping[str, Any]) -> str:
    """The cell's label as an identifier, or nothing."""
    return re.sub(r"\s+", "-", str(options.get("label", ""))).removeprefix("#")


def naming(options: Mapping[str, Any], shown: Sequence[Mapping[str, Any]], form: str) -> Naming:
    """How a cell with `options` names its `shown` outputs."""
    label = label_of(options)
    figure = label.startswith("fig-")
    displays = tuple(i for i, output in enumerate(shown) if is_display(output) and not is_library(output))
    pictures = tuple(i for i in displays if picture_of(shown[i], form))
    # The repr of the last line beside a plot must not take the plot's caption.
    outputs = pictures if pictures and (figure or not label) else displays
    caption, parts = options.get("fig-cap"), options.get("fig-subcap")
    several = len(outputs) > 1 and not isinstance(caption, list)
    of_cell = not outputs or several or label.startswith("tbl-")
    if isinstance(caption, list):
        return Naming(label, of_cell, None, outputs, tuple(str(c) for c in caption))
    if caption is None or not outputs:
        return Naming(label, of_cell, None, outputs, ())
    if parts not in (None, False) or (several and figure):
        listed = parts if isinstance(parts, list) else [parts]
        return Naming(label, of_cell, str(caption), outputs, tuple(str(c) for c in listed if isinstance(c, str)))
    return Naming(label, of_cell, None, outputs, (str(caption),))
