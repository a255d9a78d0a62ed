"""What a document asks to be run: its cells and inline expressions as steps, and the key of their results."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from octavo.diagnostics import Diagnostic, Position, did_you_mean, error
from octavo.execute import inline, knitr, packages
from octavo.execute.options import (
    DIAGRAMS,
    cell_options,
    cell_size,
    execute_options,
    figure_specs,
    wanted,
)
from octavo.execute.weave import expression_texts
from octavo.read.source import Cell, Prose, Source

RECORD_VERSION = 1
DEFAULT_KERNEL = "python3"
INLINE = re.compile(r"`\{([A-Za-z][\w-]*)\}[ \t]")
OTHER_LANGUAGES = ("r", "julia", "ojs")  # with inline expressions in Quarto
# What of a cell and of a document decides which outputs are kept; the rest only decides how they look.
KEPT = ("include", "output", "warning")


@dataclass(frozen=True)
class Step:
    """One thing to run. `index` counts the source's cells, or the expressions that are not cells."""

    kind: str
    index: int
    code: str
    first: int = 0
    position: Position | None = None
    allow_error: bool = False
    tells_warnings: bool = True
    size: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Plan:
    """All steps in order, with what they need to know of the document."""

    steps: tuple[Step, ...]
    kernel: str
    language: str
    folder: Path
    figures: Mapping[str, Mapping[str, Any]]
    modules: tuple[str, ...]
    files: tuple[Path, ...]
    expressions: int
    key: str
    environment: Mapping[str, str] = field(default_factory=dict)  # what the project adds to the variables
    interactivity: str | None = None  # which values of a cell are shown (IPython's `ast_node_interactivity`)


def kernel_of(options: Mapping[str, Any]) -> str:
    """The name of the kernel that the document asks for."""
    asked = options.get("jupyter")
    if isinstance(asked, Mapping):
        spec = asked.get("kernelspec")
        asked = spec.get("name") if isinstance(spec, Mapping) else asked.get("kernel")
    return str(asked) if asked else DEFAULT_KERNEL


def language_of(source: Source, kernel: str) -> str:
    """The language of the cells to run: Python, or with another kernel that of the first cell."""
    if kernel != DEFAULT_KERNEL:
        for cell in source.cells:
            if cell.language not in DIAGRAMS:
                return cell.language
    return "python"


def plan(
    root: Path, source: Source, options: Mapping[str, Mapping[str, Any]], parameters: Mapping[str, Any] | None = None
) -> Plan:
    """What to run for `source`, whose merged options for each format are `options`.

    `parameters` are set after the cell that is tagged `parameters`, as Papermill does.
    """
    main = options.get("html") or next(iter(options.values()), {})
    kernel = kernel_of(main)
    language = language_of(source, kernel)
    figures = figure_specs(options)
    executes = [execute_options(o) for o in options.values()] or [execute_options({})]
    steps = tuple(_steps(source, language, executes, figures["html"]))
    if parameters:
        steps = tuple(_with_parameters(source, step, parameters) for step in steps)
    in_project = main.get("execute-dir") == "project"
    folder = root if in_project else (root / source.file).parent
    codes = [step.code for step in steps]
    files = packages.local_files(codes, folder, root) if steps else []
    ours = [path.read_text("utf-8", errors="replace") for path in files if path.suffix == ".py"]
    modules = list(dict.fromkeys(name for code in [*codes, *ours] for name in packages.imported(code)))
    expressions = sum(len(inline.expressions(text, language)) for _, _, text in expression_texts(source, language))
    material = {
        "version": RECORD_VERSION,
        "steps": [[s.kind, s.code, s.allow_error, s.size] for s in steps],
        "kept": [[cell_options(c).get(k) for k in KEPT] for c in source.cells],
        "execute": [[e[k] for k in KEPT] for e in executes],
        "figures": figures,
        "kernel": kernel,
        "folder": "project" if in_project else "file",
    }
    environment = {str(name): str(value) for name, value in (main.get("environment") or {}).items()}
    # Where no cell asks for the profile it makes no results stale: pages of a site are chapters of a book, and run once.
    of_no_matter = set() if any("QUARTO_PROFILE" in code for code in codes) else {"QUARTO_PROFILE"}
    if told := {name: value for name, value in environment.items() if name not in of_no_matter}:
        material["environment"] = told
    interactivity = executes[0].get("ipynb-shell-interactivity")
    if interactivity:
        material["interactivity"] = interactivity
    key = hashlib.sha256(json.dumps(material, sort_keys=True).encode("utf-8")).hexdigest()
    return Plan(
        steps,
        kernel,
        language,
        folder,
        figures,
        tuple(modules),
        tuple(files),
        expressions,
        key,
        environment,
        interactivity,
    )


def takes_parameters(cell: Cell) -> bool:
    """Whether a cell gives the values that parameters replace."""
    tags = cell.options.get("tags")
    return "parameters" in (tags if isinstance(tags, list) else [tags])


def _with_parameters(source: Source, step: Step, parameters: Mapping[str, Any]) -> Step:
    if step.kind != "cell" or not takes_parameters(source.cells[step.index]):
        return step
    return replace(step, code="\n".join([step.code, *(f"{name} = {value!r}" for name, value in parameters.items())]))


def _steps(source: Source, language: str, executes: Sequence[Mapping[str, Any]], spec: Mapping[str, Any]) -> list[Step]:
    if all(not e.get("enabled", True) for e in executes):
        return []
    texts: dict[int, list[tuple[str, str]]] = {}
    for part, kind, text in expression_texts(source, language):
        texts.setdefault(part, []).append((kind, text))
    steps: list[Step] = []
    number = cells = 0
    for part_index, part in [*enumerate(source.parts), (-1, None)]:
        if isinstance(part, Cell):
            if part.language == language:
                steps += _cell_step(source, part, cells, executes, spec)
            cells += 1
        for _, text in texts.get(part_index, []):
            for expression in inline.expressions(text, language):
                place = _position(source, part, text, expression)
                steps.append(Step("inline", number, expression.code, position=place))
                number += 1
    return steps


def _cell_step(
    source: Source, cell: Cell, index: int, executes: Sequence[Mapping[str, Any]], spec: Mapping[str, Any]
) -> list[Step]:
    options = cell_options(cell)
    asked = [wanted(options, e, "eval") for e in executes]
    if not any(asked) or not cell.code.strip():
        return []
    lines = cell.code.split("\n")
    chosen = next((a for a in asked if isinstance(a, list)), None)
    if chosen is not None:
        keep = {n for n in chosen if n > 0}
        lines = [x if (n in keep if keep else -n not in chosen) else "" for n, x in enumerate(lines, 1)]
    blank = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    allowed = any(wanted(options, e, "error") is True for e in executes)
    code = "\n".join(lines[blank:])
    place = source.position(cell.first, len(cell.indent) + 1)
    warns = any(wanted(options, e, "warning") for e in executes)
    return [Step("cell", index, code, cell.code_first + blank, place, allowed, warns, cell_size(options, spec))]


def _position(source: Source, part: Prose | Cell | None, text: str, expression: inline.Expression) -> Position:
    """Where an expression stands; in a cell's options, the line that holds its text."""
    if isinstance(part, Cell):
        for index in range(part.first, part.code_first):
            column = source.lines[index].text.find(expression.code)
            if column >= 0:
                return source.position(index, column + 1)
        return source.position(part.first)
    before = text[: expression.start]
    first = part.first if part is not None else 0
    return source.position(first + before.count("\n"), len(before) - (before.rfind("\n") + 1) + 1)


def check_languages(source: Source, language: str, execute: Mapping[str, Any]) -> list[Diagnostic]:
    """An error for each language that octavo cannot run, at its first cell that would run, and for expressions in it.

    `execute` holds the document's own options of execution.
    """
    found, seen = [], {language, *DIAGRAMS}
    for cell in source.cells:
        asked = {**knitr.head_options(cell), **cell_options(cell)}
        if cell.language not in seen and wanted(asked, execute, "eval") is not False:
            seen.add(cell.language)
            hint = did_you_mean(cell.language, [language, *DIAGRAMS])
            hint = hint or "name a kernel for it with `jupyter:`, or show it as code: ```{." + cell.language + "}"
            place = source.position(cell.first, len(cell.indent) + 1)
            message = f"cells in `{cell.language}` cannot be run in this document"
            found.append(error("OCT-cell-language", message, place, hint))
    for part in (part for part in source.parts if isinstance(part, Prose)):
        for other in sorted(set(INLINE.findall(part.text)) - {language}):
            near = did_you_mean(other, [language])
            if other not in ("python", *OTHER_LANGUAGES) and not near:
                continue  # code that begins with a word in braces
            for expression in inline.expressions(part.text, other):
                message = f"inline expressions in `{other}` cannot be run in this document"
                place = _position(source, part, part.text, expression)
                hint = near or "two backticks around it show it as text"
                found.append(error("OCT-cell-language", message, place, hint))
    return found


def is_plain(source: Source, language: str) -> bool:
    """Whether nothing in the document is run or woven."""
    if any(cell.language not in DIAGRAMS for cell in source.cells):
        return False
    return not any(inline.expressions(text, language) for _, _, text in expression_texts(source, language))
