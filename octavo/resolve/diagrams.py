"""Cells of diagrams, `{mermaid}` and `{dot}`, replaced in the woven Markdown by pictures that are drawn here.

https://quarto.org/docs/authoring/diagrams.html
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from octavo.cache import Cache, key_of
from octavo.diagnostics import Diagnostic, Position, did_you_mean, error
from octavo.execute.cell import FIGURE_FOLDERS
from octavo.execute.outputs import attribute, fence_for
from octavo.read.source import FENCE, Cell, Source
from octavo.read.yaml import position_of
from octavo.resolve.drawing import DrawingError, draw, size_of, words_of

LANGUAGES = ("mermaid", "dot", "ojs")
BLOCK = re.compile(rf"\{{(?:{'|'.join(LANGUAGES)})\b[^{{}}]*\}}")
COMMENT = {"mermaid": "%%|", "dot": "//|", "ojs": "//|"}
THEMES = ("default", "neutral", "dark", "forest", "base")
OPTIONS = (
    "label", "fig-cap", "fig-alt", "fig-width", "fig-height", "fig-align", "fig-env", "fig-pos", "fig-scap", "fig-link",
    "fig-responsive", "fig-format", "fig-column", "column", "classes", "echo", "eval", "include", "output", "file", "cap-location",
    "fig-cap-location", "code-fold", "code-summary", "code-line-numbers", "code-overflow", "lst-label", "lst-cap",
    "mermaid-format", "lightbox", "panel",
)  # fmt: skip


@dataclass
class Drawn:
    """Markdown in which diagrams are pictures, with the file of each picture by the name that it has there."""

    markdown: str
    figures: dict[str, Path] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def draw_diagrams(
    markdown: str, source: Source, form: str, options: Mapping[str, Any], root: Path, cache: Cache
) -> Drawn:
    """Draw every diagram of a woven page. `form` is a key of the seam ("html", "docx", "tex", "typ").

    A diagram that cannot be drawn is an error, and stays in the page as code.
    """
    drawn = Drawn(markdown)
    cells = [cell for cell in source.cells if cell.language in LANGUAGES]
    if not cells:
        return drawn
    lines, out, i, waiting, counts = markdown.split("\n"), [], 0, list(cells), Counter()
    while i < len(lines):
        fence = FENCE.match(lines[i])
        if not fence:
            out.append(lines[i])
            i += 1
            continue
        end = _closing(lines, i, fence["fence"])
        if waiting and BLOCK.fullmatch(fence["info"]):
            cell = waiting.pop(0)
            counts[cell.language] += 1
            text = _Diagram(source, cell, form, options, root, cache, drawn, counts[cell.language]).markdown()
            out += [fence["indent"] + line if line else fence["indent"].rstrip() for line in text.split("\n")]
        else:
            out += lines[i : end + 1]
        i = end + 1
    drawn.markdown = "\n".join(out)
    return drawn


def _closing(lines: list[str], opened: int, fence: str) -> int:
    for i in range(opened + 1, len(lines)):
        match = FENCE.match(lines[i])
        if match and match["fence"].startswith(fence) and not match["info"]:
            return i
    return len(lines) - 1


@dataclass
class _Diagram:
    source: Source
    cell: Cell
    form: str
    page: Mapping[str, Any]
    root: Path
    cache: Cache
    drawn: Drawn
    number: int

    def markdown(self) -> str:
        """The cell's div with its code (if asked for) and its picture; empty if nothing of it is shown."""
        options = self.cell.options
        self._check()
        if options.get("include") is False:
            return ""
        code = self._code()
        picture = self._picture(code) if code is not None else None
        echo = options.get("echo")
        failed = picture is None and code and self._wanted()
        body = [self._shown_code(code or "", echo)] if echo or failed else []
        if picture:
            body.append(f"::: {{.cell-output-display}}\n{picture}\n:::\n")
        label = str(options.get("label") or "")
        classes = options.get("classes") or []
        classes = [str(c) for c in classes] if isinstance(classes, list) else str(classes).split()
        for key, prefix in (("column", "column-"), ("fig-column", "fig-column-"), ("panel", "panel-"),
                            ("cap-location", "caption-"), ("fig-cap-location", "fig-cap-location-")):  # fmt: skip
            if isinstance(options.get(key), str):
                classes.append(prefix + options[key])
        header = [f"#{label}"] if label and not label.startswith("fig-") else []
        header += [".cell", *("." + c.removeprefix(".") for c in classes)]
        return f"::: {{{' '.join(header)}}}\n" + "\n".join(body) + ":::\n" if body else ""

    def _check(self) -> None:
        for key in self.cell.options:
            if key not in OPTIONS and not str(key).startswith(("layout", "data-")):
                hint = did_you_mean(str(key), OPTIONS)
                self._tell("OCT-cell-option", f"a diagram has no option `{key}`", self._place(str(key)), hint)

    def _wanted(self) -> bool:
        return self.cell.options.get("eval") is not False and self.cell.options.get("output") is not False

    def _code(self) -> str | None:
        """The diagram's text: the cell's, or that of the file which it names."""
        file = self.cell.options.get("file")
        if not file:
            return self.cell.code
        file = str(file)
        name = file.lstrip("/") if file.startswith("/") else posixpath.join(posixpath.dirname(self.source.file), file)
        try:
            return (self.root / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            self._tell("OCT-file-missing", f"the diagram's file `{file}` cannot be read", self._place("file"))
            return None

    def _picture(self, code: str) -> str | None:
        language = self.cell.language
        if not self._wanted():
            return None
        if language == "ojs":
            hint = "compute it in a `{python}` cell, or show the code: ```{.js}"
            self._tell(
                "OCT-diagram-unsupported", "Observable cells run in a browser, not while the page is made", hint=hint
            )
            return None
        theme = self._theme()
        key = key_of("diagram", [language, code, theme]) + ".svg"
        try:
            svg = self.cache.bytes(key, lambda: draw(language, code, theme))
        except DrawingError as e:
            self._tell_error(e)
            return None
        stem = PurePosixPath(self.source.file).stem
        name = f"{stem}_files/{FIGURE_FOLDERS[self.form]}/{language}-figure-{self.number}.svg"
        self.drawn.figures[name] = self.cache.folder / key
        return self._image(name, svg)

    def _image(self, name: str, svg: bytes) -> str:
        options = self.cell.options
        label, caption = str(options.get("label") or ""), str(options.get("fig-cap") or "")
        attributes = [f"#{label}"] if label.startswith("fig-") else []
        width, height = options.get("fig-width"), options.get("fig-height")
        attributes += [f"{side}={n}in" for side, n in (("width", width), ("height", height)) if n]
        if not width and not height:
            attributes.append(f"width={size_of(svg)[0]:.0f}")
        alt = options.get("fig-alt") or ("" if caption else "Diagram: " + ", ".join(words_of(svg)))
        attributes += [attribute("fig-alt", str(alt))] if alt else []
        attributes += [
            attribute(key, options[key]) for key in ("fig-align", "fig-env", "fig-pos", "fig-scap") if options.get(key)
        ]
        image = f"![{caption}]({name.replace(' ', '%20')}){{{' '.join(attributes)}}}"
        return f"[{image}]({options['fig-link']})" if options.get("fig-link") else image

    def _shown_code(self, code: str, echo: Any) -> str:
        language, comment = self.cell.language, COMMENT[self.cell.language]
        if echo == "fenced":
            kept = [line.text.strip() for line in self.source.lines[self.cell.first + 1 : self.cell.code_first]]
            kept = [line for line in kept if not line.removeprefix(comment).strip().startswith("echo:")]
            code, language = "\n".join([f"```{{{{{language}}}}}", *kept, code, "```"]), "markdown"
        fence = fence_for(code)
        return f"{fence} {{.{language} .cell-code}}\n{code}\n{fence}\n"

    def _theme(self) -> str:
        """The document's `mermaid: theme:`. Colours are those of print unless it says otherwise."""
        chosen = self.page.get("mermaid")
        theme = chosen.get("theme") if isinstance(chosen, Mapping) else None
        return str(theme) if theme in THEMES else "neutral"

    def _place(self, key: str) -> Position:
        return position_of(self.cell.options, key) or self.source.position(self.cell.first)

    def _tell_error(self, e: DrawingError) -> None:
        if e.package:
            hint = f"`pip install '{e.package}'`, or draw it with matplotlib, or include an SVG: `![](figure.svg)`"
            self._tell("OCT-diagram-unsupported", str(e), hint=hint)
            return
        file = self.cell.options.get("file")
        place = self._place("file") if file else self.source.position(self.cell.code_first + (e.line or 1) - 1)
        self._tell("OCT-diagram-syntax", f"this {self.cell.language} diagram cannot be drawn: {e}", place)

    def _tell(self, code: str, message: str, place: Position | None = None, hint: str | None = None) -> None:
        self.drawn.diagnostics.append(error(code, message, place or self.source.position(self.cell.first), hint))
