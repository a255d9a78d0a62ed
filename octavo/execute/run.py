"""One execution of a document: the plan's steps run in a kernel, their outputs gathered, what went wrong told."""

from __future__ import annotations

import os
import re
import sysconfig
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from octavo.diagnostics import Diagnostic, Position, error
from octavo.execute import packages, server
from octavo.execute.plan import DEFAULT_KERNEL, Plan, Step
from octavo.read.source import Source
from octavo.read.yaml import position_of

TIMEOUT = 600.0
# An object's address in its repr is another one on every run, and says nothing to a reader.
ADDRESS = re.compile(r"(<[^<>\n]* at 0x)[0-9a-fA-F]{6,}([^<>\n]*>)")
LARGEST_OUTPUT_MB = 10


@dataclass
class Outcome:
    """Outputs for each cell, data for each expression, and whether every step ran as it should."""

    outputs: list[list[dict[str, Any]]]
    values: list[dict[str, Any] | None]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    complete: bool = True


def execute(
    root: Path,
    source: Source,
    plan: Plan,
    progress: Callable[[str], None] | None = None,
    seconds: float = TIMEOUT,
    goes_on: bool = False,
) -> Outcome:
    """Run all steps of `plan`; the first failing cell ends the run, unless it `goes_on`; failures are told in the diagnostics."""
    outcome = Outcome([[] for _ in source.cells], [None] * plan.expressions)
    if not plan.steps:
        return outcome
    steps = {(step.kind, step.index): step for step in plan.steps}
    cells = _numbered(plan)
    clean = _cleaner(root)
    current = plan.steps[0]
    try:
        for event in _events(root, source, plan, seconds, goes_on):
            kind = event["event"]
            if kind == "begin":
                current = steps[event["kind"], event["index"]]
                if progress:
                    progress(f"{source.file}: {_name(source, current)}")
            elif kind == "cell":
                outcome.outputs[current.index] = [clean(output) for output in event["outputs"]]
                outcome.diagnostics += _warnings(source, current, event["warnings"], cells)
                if event.get("failure") and not current.allow_error:
                    _fail(outcome, _cell_error(source, current, event["failure"], cells))
            elif kind == "outputs":
                outcome.outputs[event["index"]] = [clean(output) for output in event["outputs"]]
            elif kind == "inline" and event.get("failure"):
                _fail(outcome, _inline_error(source, current, event["failure"]))
            elif kind == "inline":
                outcome.values[current.index] = event["data"]
            elif kind == "crash":
                raise RuntimeError(f"the kernel process failed:\n{event['text']}")
            elif kind != "end":
                _fail(outcome, _interrupted(source, current, kind, seconds))
    except server.UnknownKernelError as e:
        place = position_of(source.front_matter, "jupyter") or Position(source.file)
        _fail(outcome, error("OCT-kernel-unknown", str(e), place, "`jupyter:` names one of the installed kernels"))
    except server.KernelStartError as e:
        place = source.position(source.cells[0].first) if source.cells else Position(source.file)
        hint = "executing needs the packages `ipykernel` and `nbclient`; `pip install jupyter` has both"
        _fail(outcome, error("OCT-kernel-start", f"cells cannot be run: {e}", place, hint))
    return outcome


def _events(root: Path, source: Source, plan: Plan, seconds: float, goes_on: bool) -> Iterator[dict[str, Any]]:
    size = plan.figures["html"]
    numbers = {step.index: number for number, step in _numbered(plan).items()}
    dense = 2 if size["format"] == "retina" else 1
    request = {
        "steps": [_request(step, numbers.get(step.index, 0)) for step in plan.steps],
        "folder": str(plan.folder.resolve()),
        "seed": zlib.crc32(source.file.encode("utf-8")),
        "formats": plan.figures,
        "imports": _parent_imports(plan),
        "goes_on": goes_on,
        "interactivity": plan.interactivity,
        "environment": {
            "QUARTO_FIG_WIDTH": f"{size['width']:g}",
            "QUARTO_FIG_HEIGHT": f"{size['height']:g}",
            "QUARTO_FIG_DPI": f"{size['dpi'] * dense:g}",
            "QUARTO_FIG_FORMAT": "png" if size["format"] == "retina" else size["format"],
            "QUARTO_PROJECT_ROOT": str(root.resolve()),
            "QUARTO_DOCUMENT_PATH": str((root / source.file).resolve().parent),
            "QUARTO_DOCUMENT_FILE": PurePosixPath(source.file).name,
            **plan.environment,
        },
    }
    if plan.kernel == DEFAULT_KERNEL and server.available():
        return server.run(request, seconds)
    from octavo.execute import jupyter

    return jupyter.run(request, plan.kernel, plan.language, seconds)


def _numbered(plan: Plan) -> dict[int, Step]:
    """The cells that run, by the number that a kernel gives them."""
    return dict(enumerate((step for step in plan.steps if step.kind == "cell"), 1))


def _request(step: Step, number: int) -> dict[str, Any]:
    common = {"kind": step.kind, "index": step.index, "code": step.code}
    if step.kind == "inline":
        return common
    return {**common, "number": number, "error": step.allow_error, "size": step.size}


def _parent_imports(plan: Plan) -> list[str]:
    """What the fork server may import for all: installed packages, never the author's own files."""
    ours = {path.stem for path in plan.files if path.suffix == ".py"}
    names = [n for n in packages.third_party(plan.modules) if n.split(".")[0] not in ours]
    return [("matplotlib.pyplot" if name == "matplotlib" else name) for name in names]


def _name(source: Source, step: Step) -> str:
    if step.kind == "inline":
        return f"`{step.code}`"
    label = source.cells[step.index].options.get("label")
    return f"cell {step.index + 1} of {len(source.cells)}" + (f" ({label})" if label else "")


def _cleaner(root: Path) -> Callable[[Any], Any]:
    """A function that takes this machine's folders and addresses out of the text of an output."""
    folders = {str(root.resolve()), *(sysconfig.get_paths()[name] for name in ("purelib", "platlib", "stdlib"))}
    home = str(Path.home())
    prefixes = sorted((f + os.sep for f in folders), key=len, reverse=True)
    prefixes += ["~" + p.removeprefix(home) for p in prefixes if home != "/" and p.startswith(home + os.sep)]

    here = re.compile(re.escape(str(root.resolve())) + r"(?![\w.-])")

    def text(value: str) -> str:
        for prefix in prefixes:
            value = value.replace(prefix, "")
        value = here.sub(".", value)
        return ADDRESS.sub(r"\1…\2", value)

    def clean(output: dict[str, Any]) -> dict[str, Any]:
        if output["output_type"] == "stream":
            return {**output, "text": text(output["text"])}
        if output["output_type"] == "error":
            traceback = [text(line) for line in output["traceback"]]
            return {**output, "evalue": text(output["evalue"]), "traceback": traceback}
        data = output["data"]
        said = {
            mime: text(value) for mime, value in data.items() if mime.startswith("text/") and isinstance(value, str)
        }
        return {**output, "data": {**data, **said}}

    return clean


def _fail(outcome: Outcome, diagnostic: Diagnostic) -> None:
    outcome.complete = False
    outcome.diagnostics.append(diagnostic)


def _placed(source: Source, index: int, column: int, *rest: Any) -> Diagnostic:
    code, severity, message, hint = rest
    return Diagnostic(code, severity, message, source.position(index, column), hint, source.included_from(index))


def _line_of(source: Source, number: int, line: int, cells: Mapping[int, Step]) -> tuple[int, int] | None:
    """Index of the author's line for line `line` of the `number`-th cell, and the width of the cell's indent."""
    step = cells.get(number)
    return None if step is None else (step.first + line - 1, len(source.cells[step.index].indent))


def _cell_error(source: Source, step: Step, failure: Mapping[str, Any], cells: Mapping[int, Step]) -> Diagnostic:
    index, column = step.first, len(source.cells[step.index].indent) + 1
    for frame in reversed(failure["frames"]):
        place = _line_of(source, frame["number"], frame["line"], cells)
        if place:
            index, column = place[0], place[1] + frame["column"]
            break
    text = failure["text"].strip()
    message = failure["name"] + (f": {text}" if text else "")
    if failure["input"]:
        hint = "give the value in the code, or show the cell with `#| eval: false`"
        return _placed(source, index, column, "OCT-cell-input", "error", "the cell waits for input", hint)
    hint = "`#| error: true` shows the error in the page and goes on"
    return _placed(source, index, column, "OCT-cell-error", "error", message, hint)


def _inline_error(source: Source, step: Step, failure: Mapping[str, Any]) -> Diagnostic:
    message = f"`{step.code}` fails: {failure['name']}: {failure['text'].strip()}"
    hint = "an expression sees what the cells above it have made"
    return error("OCT-inline-error", message, step.position, hint)


def _warnings(
    source: Source, step: Step, shown: list[Mapping[str, Any]], cells: Mapping[int, Step]
) -> list[Diagnostic]:
    """The Python warnings that a cell has shown, unless its author has said to hide them."""
    if not step.tells_warnings:
        return []
    found = []
    for one in shown:
        if one["text"].startswith("To exit: use"):
            continue  # IPython's own word on `sys.exit()`, which is told as what it is
        place = _line_of(source, one["number"], one["line"], cells) if one["number"] else None
        index, indent = place or (step.first, len(source.cells[step.index].indent))
        message = f"{one['category']}: {one['text'].strip()}"
        found.append(_placed(source, index, indent + 1, "OCT-cell-warning", "warning", message, None))
    return found


def _interrupted(source: Source, step: Step, kind: str, seconds: float) -> Diagnostic:
    what = "this cell" if step.kind == "cell" else f"`{step.code}`"
    if kind == "timeout":
        message = f"{what} was still running when the document's {seconds:g} seconds were over"
        return error("OCT-cell-timeout", message, step.position, "make it smaller, or freeze its result in a file")
    if kind == "too-large":
        message = f"the output of {what} is larger than {LARGEST_OUTPUT_MB} MB"
        return error("OCT-cell-output-size", message, step.position, "print less, or draw fewer points")
    message = f"the process that ran {what} ended"
    return error("OCT-cell-died", message, step.position, "a crash in a library, `os._exit`, or too little memory")
