"""The options of cells that Quarto documents for Jupyter, and the `execute` options of a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from octavo.diagnostics import Diagnostic, did_you_mean, error, warning
from octavo.read.schema import literals, nearest
from octavo.read.source import Cell, Source
from octavo.read.yaml import position_of


@dataclass(frozen=True)
class Kind:
    """What values an option takes, in words and as a test."""

    words: str
    holds: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_list_of(value: Any, holds: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and all(holds(v) for v in value)


def _one_of(*words: str) -> Kind:
    return Kind("one of " + ", ".join(f"`{w}`" for w in words), lambda value: value in words)


def _either(*kinds: Kind) -> Kind:
    return Kind(", or ".join(k.words for k in kinds), lambda value: any(k.holds(value) for k in kinds))


def _maybe_list(kind: Kind) -> Kind:
    return _either(kind, Kind(f"a list of {kind.words}", lambda value: _is_list_of(value, kind.holds)))


FLAG = Kind("`true` or `false`", lambda value: isinstance(value, bool))
TEXT = Kind("text", _is_text)
NUMBER = Kind("a number", _is_number)
ANY = Kind("anything", lambda value: True)
TEXTS = _maybe_list(TEXT)
LINES = Kind("a list of line numbers", lambda value: _is_list_of(value, lambda v: type(v) is int))
LABEL = Kind("a name without spaces", lambda value: _is_text(value) and not any(c.isspace() for c in str(value)))
POSITIVE = Kind("a positive number", lambda value: _is_number(value) and value > 0)
PLACE = _one_of("top", "bottom", "margin")
ALIGN = _one_of("default", "left", "center", "right")
ROWS = Kind("rows of numbers, like `[[1, 1], [1]]`", lambda value: _is_list_of(value, lambda v: isinstance(v, list)))
COLUMN = _one_of(*literals("page-column"))
FIGURE_FORMAT = _one_of("retina", "png", "jpeg", "svg", "pdf")

CELL_OPTIONS: dict[str, Kind] = {
    "label": LABEL, "id": LABEL, "classes": TEXTS, "tags": TEXTS, "renderings": TEXTS, "export": ANY,
    "eval": _either(FLAG, LINES), "echo": _either(FLAG, _one_of("fenced"), LINES), "include": FLAG, "error": FLAG,
    "output": _either(FLAG, _one_of("asis", "markdown", "all")), "warning": FLAG,
    "panel": _one_of("tabset", "input", "sidebar", "fill", "center"), "column": COLUMN, "fig-column": COLUMN,
    "tbl-column": COLUMN, "cap-location": PLACE, "fig-cap-location": PLACE, "tbl-cap-location": PLACE,
    "code-fold": _either(FLAG, _one_of("show")), "code-summary": TEXT, "code-overflow": _one_of("scroll", "wrap"),
    "code-line-numbers": _either(FLAG, TEXT), "code-line-fragment-indices": TEXT, "filename": TEXT,
    "lst-label": LABEL, "lst-cap": TEXT,
    "fig-cap": TEXTS, "fig-subcap": _either(FLAG, TEXTS), "fig-alt": TEXTS, "fig-link": TEXTS, "fig-scap": TEXTS,
    "fig-align": _maybe_list(ALIGN), "fig-env": TEXTS, "fig-pos": _either(FLAG, TEXTS), "fig-width": POSITIVE,
    "fig-height": POSITIVE, "fig-dpi": POSITIVE, "fig-asp": POSITIVE, "fig-format": FIGURE_FORMAT,
    "tbl-cap": TEXTS, "tbl-subcap": _either(FLAG, TEXTS), "tbl-colwidths": ANY, "tbl-alt": TEXTS,
    "html-table-processing": _one_of("none"), "layout": _either(ROWS, TEXT), "layout-ncol": POSITIVE,
    "layout-nrow": POSITIVE, "layout-align": ALIGN, "layout-valign": _one_of("default", "top", "center", "bottom"),
    "output-location": _one_of("default", "fragment", "slide", "column", "column-fragment"), "slideshow": ANY,
    "lightbox": ANY, "ref-parent": TEXT, "content-visible": TEXT, "content-hidden": TEXT, "when-format": TEXT,
    "unless-format": TEXT, "when-profile": TEXT, "unless-profile": TEXT, "when-meta": TEXT, "unless-meta": TEXT,
    "title": TEXT, "padding": ANY, "expandable": FLAG, "width": TEXT, "height": TEXT, "fill": FLAG, "content": TEXT,
    "component": TEXT, "role": TEXT, "out-width": TEXTS, "out-height": TEXTS, "lines_to_next_cell": NUMBER,
    "code-annotations": _either(FLAG, TEXT), "cache": FLAG, "freeze": ANY, "dependson": TEXTS, "file": TEXT,
    # Options of the knitr engine: in a Jupyter document Quarto forwards them as attributes, and so does octavo.
    "message": FLAG, "results": ANY, "comment": TEXT, "collapse": FLAG, "prompt": FLAG, "highlight": FLAG, "tidy": ANY,
    "tidy-opts": ANY, "class-source": TEXTS, "attr-source": TEXTS, "class-output": TEXTS, "attr-output": TEXTS,
    "class-warning": TEXTS, "attr-warning": TEXTS, "class-message": TEXTS, "attr-message": TEXTS, "class-error": TEXTS,
    "attr-error": TEXTS, "fig-keep": ANY, "fig-show": TEXT, "out-extra": TEXT, "purl": FLAG, "ref-label": TEXT,
    "external": FLAG, "sanitize": FLAG, "interval": NUMBER, "aniopts": TEXT, "animation-hook": TEXT,
}  # fmt: skip

EXECUTE_DEFAULTS = {"eval": True, "echo": True, "output": True, "warning": True, "error": False, "include": True}
AT_THE_TOP = (*EXECUTE_DEFAULTS, "ipynb-shell-interactivity", "keep-ipynb")
TAGS = {
    "hide-cell": {"include": False}, "remove-cell": {"include": False},
    "hide-code": {"echo": False}, "show-code": {"echo": True},
    "hide-output": {"output": False}, "show-output": {"output": True},
    "hide-warnings": {"warning": False}, "show-warnings": {"warning": True},
}  # fmt: skip
# Quarto's defaults per format; a picture is drawn twice as dense as shown (retina) wherever it is made of dots.
FIGURE_DEFAULTS = {"html": "retina", "docx": "retina", "tex": "pdf", "typ": "svg"}
FIGURE_SIZE = {"width": 7.0, "height": 5.0, "dpi": 96.0}
DIAGRAMS = ("mermaid", "dot", "ojs")


def execute_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The document's `execute` options with Quarto's defaults; the old style has them at the top level."""
    top = {key: options[key] for key in AT_THE_TOP if options.get(key) is not None}
    nested = options.get("execute")
    nested = {k: v for k, v in nested.items() if v is not None} if isinstance(nested, Mapping) else {}
    # Quarto's engine of that name shows cells and runs none.
    of_engine = {"enabled": False, "eval": False} if options.get("engine") == "markdown" else {}
    return {**EXECUTE_DEFAULTS, **top, **nested, **of_engine}


def cell_options(cell: Cell) -> dict[str, Any]:
    """What a cell itself says: its tags' meaning, then its options; an option without a value says nothing."""
    tags = cell.options.get("tags")
    meant = {}
    for tag in tags if isinstance(tags, list) else [tags]:
        meant.update(TAGS.get(str(tag), {}))
    return {**meant, **{key: value for key, value in cell.options.items() if value is not None}}


def wanted(cell: Mapping[str, Any], execute: Mapping[str, Any], key: str) -> Any:
    """A cell's own word on `key`, else the document's."""
    return cell.get(key, execute[key])


def figure_specs(options: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """How figures are drawn for each of the four formats (see `figures.install`)."""
    specs: dict[str, dict[str, Any]] = {}
    for key, kind in FIGURE_DEFAULTS.items():
        given = _figure_options(options.get(key, {}))
        base = specs.get("html", FIGURE_SIZE)
        size = {name: float(given.get(f"fig-{name}", base[name])) for name in FIGURE_SIZE}
        if "fig-asp" in given and "fig-height" not in given:
            size["height"] = size["width"] * given["fig-asp"]
        own = (size["width"], size["height"]) != (base["width"], base["height"])
        chosen = given.get("fig-format", kind) if key in options else kind
        specs[key] = {"format": chosen, **size, "own_size": own and key != "html"}
    return specs


def _figure_options(options: Mapping[str, Any]) -> dict[str, Any]:
    nested = options.get("execute")
    both = {**options, **(nested if isinstance(nested, Mapping) else {})}
    names = ("fig-width", "fig-height", "fig-dpi", "fig-asp", "fig-format")
    return {name: both[name] for name in names if name in both and CELL_OPTIONS[name].holds(both[name])}


def cell_size(options: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, float] | None:
    """The figure size that a cell asks for itself, or None."""
    asked = {n: float(options[f"fig-{n}"]) for n in FIGURE_SIZE if POSITIVE.holds(options.get(f"fig-{n}"))}
    if POSITIVE.holds(options.get("fig-asp")) and "height" not in asked:
        asked["height"] = asked.get("width", spec["width"]) * options["fig-asp"]
    return asked or None


def check_options(source: Source, filters: bool = False) -> list[Diagnostic]:
    """What is wrong with the options of all cells: unknown names, wrong values, a label used twice.

    Where `filters` of the author's own run, an option may be theirs unless it is nearly one of Quarto's.
    """
    found, labels = [], {}
    for cell in source.cells:
        if cell.language in DIAGRAMS:
            continue
        for key, value in cell.options.items():
            place = position_of(cell.options, key) or source.position(cell.first)
            kind = CELL_OPTIONS.get(key)
            theirs = str(key).startswith("data-") or (filters and not nearest(str(key), CELL_OPTIONS))
            if kind is None and not theirs:
                hint = did_you_mean(str(key), CELL_OPTIONS) or "an attribute of your own starts with `data-`"
                found.append(error("OCT-cell-option", f"there is no cell option `{key}`", place, hint))
            elif kind is not None and value is not None and not kind.holds(value):
                message = f"`{key}` cannot be `{_as_written(value)}`; it is {kind.words}"
                found.append(error("OCT-cell-option-value", message, place, _value_hint(value, kind)))
            elif key in ("eval", "echo") and isinstance(value, list):
                message = f"`{key}` takes no lines of a cell in {cell.language.title()}: it is as if it were `true`"
                hint = "as with Quarto, which picks lines of R's cells alone; make two cells of it"
                found.append(warning("OCT-option-unsupported", message, place, hint))
        label = cell.options.get("label")
        if label is not None and label in labels:
            place = position_of(cell.options, "label") or source.position(cell.first)
            message = f"two cells have the label `{label}`"
            found.append(error("OCT-cell-label-twice", message, place, f"the first one is at {labels[label]}"))
        elif LABEL.holds(label):
            labels[label] = source.position(cell.first)
    return found


def _as_written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value_hint(value: Any, kind: Kind) -> str | None:
    if kind.holds(True) and str(value).lower() in ("yes", "no", "on", "off", "true", "false", "t", "f"):
        return "write `true` or `false`"
    words = kind.words.replace("`", "").replace("one of", "").replace(",", " ").split()
    return did_you_mean(value, words) if isinstance(value, str) else None
