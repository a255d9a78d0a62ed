"""One executed cell in Quarto's form: its div, its code and its outputs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from octavo.execute.naming import Naming, label_of, naming
from octavo.execute.options import execute_options, wanted
from octavo.execute.outputs import (
    Picture,
    attribute,
    chosen,
    display_markdown,
    error_markdown,
    fence_for,
    is_discarded,
    is_display,
    is_library,
    joined_streams,
    picture_of,
    stream_markdown,
)
from octavo.read.source import Cell, Source

FIGURE_FOLDERS = {"html": "figure-html", "docx": "figure-docx", "tex": "figure-pdf", "typ": "figure-typst"}
# Options that weaving itself understands; every other one becomes an attribute of the cell's div.
CODE_OPTIONS = ("code-fold", "code-summary", "code-line-numbers")
OWN_OPTIONS = {
    "eval", "echo", "warning", "error", "output", "include", "label", "id", "classes", "panel", "column", "fig-cap",
    "fig-subcap", "fig-scap", "fig-cap-location", "tbl-cap-location", "cap-location", "fig-column", "tbl-column",
    "fig-link", "fig-align", "fig-alt", "fig-env", "fig-pos", "lst-label", "lst-cap", "out-width", "out-height",
    "code-overflow", "html-table-processing", "fig-width", "fig-height", "fig-dpi", "fig-asp", "fig-format", "export",
    "lines_to_next_cell", *CODE_OPTIONS,
}  # fmt: skip
SHOWN_WHEN_FENCED = OWN_OPTIONS | {"layout", "layout-ncol", "layout-nrow", "layout-align", "layout-valign", "tbl-cap"}
IMAGE_OPTIONS = ("fig-align", "fig-env", "fig-alt", "fig-pos", "fig-scap")
FENCE_ATTRIBUTE = re.compile(r"""[.#][\w-]+|[\w-]+=(?:"[^"]*"|'[^']*'|[^\s,"']+)""")


@dataclass
class Weaving:
    """One document being woven for one format; `figures` collects the pictures by their name below the page's store."""

    source: Source
    form: str
    options: Mapping[str, Any]
    language: str
    figures: dict[str, Picture] = field(default_factory=dict)

    @property
    def execute(self) -> dict[str, Any]:
        return execute_options(self.options)

    def shows(self, cell: Mapping[str, Any], key: str) -> bool:
        """Whether a part of the page (`echo`, `output`, …) is written; `keep-hidden` writes all."""
        return bool(wanted(cell, self.execute, key)) or self.options.get("keep-hidden") is True

    def hides(self, cell: Mapping[str, Any], key: str) -> bool:
        """Whether what is written is only there to be unhidden by the page."""
        return not wanted(cell, self.execute, key)


def cell_markdown(
    weaving: Weaving, cell: Cell, options: dict[str, Any], index: int, outputs: list[dict[str, Any]]
) -> str:
    """One executed cell: its div, its code and its outputs; empty if nothing of it is shown."""
    execute, form = weaving.execute, weaving.form
    if not weaving.shows(options, "include"):
        return ""
    shows_output = weaving.shows(options, "output") and wanted(options, execute, "eval") is not False
    shown = _shown_outputs(outputs, form, weaving.shows(options, "warning")) if shows_output else []
    if not cell.code.strip() and not shown:
        return ""
    asis = wanted(options, execute, "output") in ("asis", "markdown")
    names = naming(options, shown, form)
    header, own = _cell_header(weaving, cell, options, index, names)
    body = [code_markdown(weaving, cell, options)] if weaving.shows(options, "echo") else []
    body += _outputs_markdown(weaving, options, index, shown, names, asis)
    if not body:
        return ""
    if asis and not own:
        return "\n".join(body)
    caption = [f"\n{names.caption}\n"] if names.caption else []
    return f"::: {{{header}}}\n" + "".join([*body, *caption]) + ":::\n"


def _shown_outputs(outputs: list[dict[str, Any]], form: str, warns: bool) -> list[dict[str, Any]]:
    outputs = joined_streams(outputs)
    drawn = any(picture_of(o, form) for o in outputs)
    silent = [o for o in outputs if not (o.get("name") == "stderr" and not warns)]
    return [o for o in silent if not is_discarded(o, drawn) and not (form != "html" and is_library(o))]


def _cell_header(
    weaving: Weaving, cell: Cell, options: Mapping[str, Any], index: int, names: Naming
) -> tuple[str, bool]:
    """What stands in the braces of the cell's div, and whether the cell needs its div even where output is as is."""
    header, own = [], False
    if names.label and names.of_cell:
        header.append(f"#{names.label}")
        own = True
    elif weaving.form == "html":
        header.append(f"#{_cell_id(cell, options, index)}")
    header.append(".cell")
    if weaving.hides(options, "include"):
        header.append(".hidden")
    classes = options.get("classes", [])
    classes = [str(c) for c in classes] if isinstance(classes, list) else str(classes).split()
    for key, prefix in (("panel", "panel-"), ("column", "column-"), ("fig-column", "fig-column-"),
                        ("tbl-column", "tbl-column-"), ("cap-location", "caption-"),
                        ("fig-cap-location", "fig-cap-location-"), ("tbl-cap-location", "tbl-cap-location-")):  # fmt: skip
        if isinstance(options.get(key), str):
            classes.append(prefix + options[key])
    header += ["." + c.removeprefix(".") for c in classes]
    attributes = [attribute(str(k), v) for k, v in options.items() if k not in OWN_OPTIONS and v is not None]
    own = own or bool(classes or attributes or names.caption or names.captions)
    return " ".join([*header, *attributes, f"execution_count={index + 1}"]), own


def _cell_id(cell: Cell, options: Mapping[str, Any], index: int) -> str:
    """The div's id: from the label or `id`, else one that stays the same while the code does."""
    if options.get("label"):
        return f"cell-{label_of(options)}"
    if options.get("id"):
        return str(options["id"])
    return hashlib.sha256(f"{index}\n{cell.code}".encode()).hexdigest()[:8]


def code_markdown(weaving: Weaving, cell: Cell, options: Mapping[str, Any]) -> str:
    """The cell's code as a fenced block with its display options as attributes."""
    echo = wanted(options, weaving.execute, "echo")
    language = "markdown" if echo == "fenced" else cell.language
    header = [f".{language}", ".cell-code"]
    if weaving.hides(options, "echo"):
        header.append(".hidden")
    if options.get("lst-label"):
        header.insert(0, "#" + str(options["lst-label"]).removeprefix("#"))
    if options.get("code-overflow"):
        header.append(f".code-overflow-{options['code-overflow']}")
    for key in ("lst-cap", *CODE_OPTIONS):
        if key in options:
            value = options[key]
            value = str(value).lower() if isinstance(value, bool) else str(value)
            quoted = re.sub(r'(["\\])', r"\\\1", value) if key != "lst-cap" else value.replace('"', r"\"")
            header.append(f'{key}="{quoted}"')
    rest = cell.info.strip("{}").removeprefix(cell.language)
    header += FENCE_ATTRIBUTE.findall(rest)
    code = "\n".join(chosen_lines(cell.code.split("\n"), echo)).strip("\n")
    if echo == "fenced":
        kept = _option_lines(weaving.source, cell)
        code = "\n".join([f"```{{{{{cell.language}}}}}", *kept, code, "```"])
    fence = fence_for(code, 4 if echo == "fenced" else 3)
    return f"{fence} {{{' '.join(header)}}}\n{code}\n{fence}\n"


def chosen_lines(lines: list[str], asked: Any) -> list[str]:
    """The lines that a list of line numbers asks for: positive ones to keep, negative ones to drop."""
    if not isinstance(asked, list):
        return lines
    keep = {n for n in asked if n > 0}
    return [line for n, line in enumerate(lines, 1) if (n in keep if keep else -n not in asked)]


def _option_lines(source: Source, cell: Cell) -> list[str]:
    """The cell's option comments that a fenced echo shows: without `echo` itself, and those of octavo's knowledge."""
    kept, keeps = [], False
    for line in source.lines[cell.first + 1 : cell.code_first]:
        text = line.text.removeprefix(cell.indent)
        key = re.match(r"#\|\s?(?P<key>[\w-]+):", text)
        keeps = keeps if key is None else key["key"] != "echo" and key["key"] in SHOWN_WHEN_FENCED
        if keeps:
            kept.append(text)
    return kept


def _outputs_markdown(
    weaving: Weaving,
    options: Mapping[str, Any],
    index: int,
    shown: Sequence[dict[str, Any]],
    names: Naming,
    asis: bool,
) -> list[str]:
    options = dict(options)
    layout = any(str(key).startswith("layout") for key in options)
    echoes = wanted(options, weaving.execute, "echo")
    chosen_pos = "fig-pos" in options or "fig-pos" in weaving.options
    if weaving.form == "tex" and echoes and not layout and not chosen_pos:
        options["fig-pos"] = "H"  # as Quarto: a figure stays with the code that draws it
    pieces = []
    for n, output in enumerate(shown):
        label, caption, ordinal = names.of_output(n)
        picture = picture_of(output, weaving.form)
        if output["output_type"] == "stream":
            plain = asis and output["name"] == "stdout"
            text = output["text"].rstrip("\n") + "\n" if plain else stream_markdown(output, weaving.form)
        elif output["output_type"] == "error":
            text = error_markdown(output, weaving.form)
        elif picture:
            name = _picture_name(weaving, names, index, n, picture)
            text = _image(name, label, caption, picture, options, ordinal) + "\n"
        else:
            text = display_markdown(output, weaving.form) + (f"\n{caption}\n" if caption else "")
        if asis:
            pieces.append(text)
            continue
        header = _output_header(output, weaving.form, options, None if picture else label)
        if weaving.hides(options, "output") or (output.get("name") == "stderr" and weaving.hides(options, "warning")):
            header += " .hidden"
        pieces.append(f"\n::: {{{header}}}\n{text}:::\n")
    return pieces


def _output_header(output: Mapping[str, Any], form: str, options: Mapping[str, Any], label: str | None) -> str:
    kind = output["output_type"]
    header = [f"#{label}"] if label and not str(options.get("label", "")).startswith("tbl-") else []
    header.append(".cell-output")
    name = output["name"] if kind == "stream" else "display" if is_display(output) else kind
    header.append(f".cell-output-{name}")
    if is_display(output) and _is_markdown(output, form):
        header.append(".cell-output-markdown")
    if isinstance(output.get("execution_count"), int):
        header.append(f"execution_count={output['execution_count']}")
    if options.get("html-table-processing") == "none":
        header.append("html-table-processing=none")
    return " ".join(header)


def _is_markdown(output: Mapping[str, Any], form: str) -> bool:
    return chosen(output, form) in ("text/markdown", "text/latex")


def _picture_name(weaving: Weaving, names: Naming, index: int, n: int, picture: Picture) -> str:
    """The picture's name in the Markdown; the picture itself is noted down under its name in the store."""
    base = re.sub(r"[^\w.-]+", "", (names.label or f"cell-{index + 2}").lower().replace(":", "-"))
    file = f"{FIGURE_FOLDERS[weaving.form]}/{base}-output-{n + 1}.{picture.suffix}"
    weaving.figures[file] = picture
    return f"{PurePosixPath(weaving.source.file).stem}_files/{file}"


def _image(name: str, label: str | None, caption: str, picture: Picture, options: Mapping[str, Any], n: int) -> str:
    attributes = [f"#{label}"] if label else []
    asked = {key: _nth(options.get(f"out-{key}"), n) for key in ("width", "height")}
    if any(asked.values()):
        attributes += [attribute(key, size) for key, size in asked.items() if size]
    else:
        attributes += [f"{key}={size}" for key, size in (("width", picture.width), ("height", picture.height)) if size]
    attributes += [attribute(key, _nth(options[key], n)) for key in IMAGE_OPTIONS if _nth(options.get(key), n)]
    image = f"![{caption}]({name.replace(' ', '%20')})" + (f"{{{' '.join(attributes)}}}" if attributes else "")
    link = _nth(options.get("fig-link"), n)
    return f"[{image}]({link})" if link else image


def _nth(value: Any, n: int) -> Any:
    """An option for output `n`: a list has one value for each, anything else is for all."""
    if isinstance(value, list):
        return value[n] if n < len(value) else None
    return value
