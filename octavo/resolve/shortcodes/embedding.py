"""Cells of a notebook or of another page, woven for the page that embeds them.

https://quarto.org/docs/authoring/notebook-embed.html
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from octavo.diagnostics import AuthorError, did_you_mean
from octavo.execute import freeze
from octavo.execute.cell import Weaving, cell_markdown
from octavo.execute.options import cell_options
from octavo.execute.outputs import attribute
from octavo.read.notebook import read_notebook
from octavo.read.source import Cell, Prose, Source
from octavo.resolve.shortcodes.call import Problem

Outputs = Sequence[list[dict[str, Any]]]
Part = Prose | Cell
INDEXED = re.compile(r"(?P<file>.+)\[(?P<numbers>[\d\s,-]+)\]")
HEADING = re.compile(r"^#+\s+(.+?)\s*(?:\{[^{}]*\})?\s*$", re.MULTILINE)
# What an embed may say of the cells that it brings, as in their own options.
OPTIONS = ("echo", "warning", "output", "asis")


@dataclass
class Embedder:
    """The `embed` of one page in one format; `figures` gathers the pictures of what it has embedded.

    `form` is a key of the seam, `known` holds the site's own pages with their cells' outputs; other notebooks are read.
    """

    root: Path
    page: str
    form: str
    options: Mapping[str, Any]
    folder: Path
    known: Mapping[str, tuple[Source, Outputs]] = field(default_factory=dict)
    strings: Mapping[str, str] = field(default_factory=dict)
    figures: dict[str, Path] = field(default_factory=dict)
    notebooks: dict[str, str] = field(default_factory=dict)  # where each that was embedded can be seen, and its title
    count: int = 0

    def __call__(self, file: str, cell: str | None, options: Mapping[str, str]) -> str | Problem:
        indexed = INDEXED.fullmatch(file)
        file, numbers = (indexed["file"], indexed["numbers"]) if indexed else (file, None)
        name = file.lstrip("/") if file.startswith("/") else posixpath.join(posixpath.dirname(self.page), file)
        name = posixpath.normpath(name)
        for key in options:
            if key not in OPTIONS:
                hint = did_you_mean(key, OPTIONS)
                return Problem("OCT-shortcode-argument", f"`embed` has no option `{key}`", hint)
        try:
            found = self.known.get(name) or self._read(name)
        except AuthorError as e:
            return Problem("OCT-embed-missing", f"`{file}` cannot be embedded: {e}", told=e.diagnostics)
        if found is None:
            hint = did_you_mean(name, self.known)
            return Problem("OCT-embed-missing", f"there is no notebook or page `{file}` to embed from", hint)
        source, outputs = found
        chosen = _numbered(source, numbers) if numbers else _named(source, cell)
        if isinstance(chosen, str):
            hint = did_you_mean(chosen, _names(source))
            return Problem("OCT-embed-missing", f"`{file}` has no cell `{chosen}`", hint)
        text = self._woven(source, outputs, chosen, options)
        if not text:
            message = f"`{file}` holds no output to embed"
            return Problem("OCT-embed-missing", message, "run the cell, and save the notebook")
        return self._framed(text, file, source, chosen)

    def _read(self, name: str) -> tuple[Source, Outputs] | None:
        if not name.endswith(".ipynb") or not (self.root / name).is_file():
            return None
        source = read_notebook(self.root, name)
        return source, (source.notebook or {})["outputs"]

    def _woven(self, source: Source, outputs: Outputs, chosen: Sequence[Part], options: Mapping[str, str]) -> str:
        """Outputs alone, unless `echo=true` asks for the code too; Markdown as it is."""
        asked = {key: value == "true" for key, value in options.items() if key != "asis"}
        asked = {"echo": False} | asked | ({"output": "asis"} if options.get("asis") == "true" else {})
        pieces, weaving = [], None
        for part in chosen:
            if isinstance(part, Prose):
                pieces.append(part.text.strip("\n") + "\n")
                continue
            index = next(i for i, cell in enumerate(source.cells) if cell is part)
            weaving = weaving or Weaving(source, self.form, self.options, part.language)
            pieces.append(cell_markdown(weaving, part, {**cell_options(part), **asked}, index, outputs[index]))
        if weaving:
            stem = PurePosixPath(source.file).stem
            files = freeze.write_figures(self.folder, self.folder, weaving.figures)
            self.figures |= {f"{stem}_files/{name}": path for name, path in files.items()}
        return "\n".join(piece for piece in pieces if piece.strip()).rstrip("\n")

    def _framed(self, text: str, file: str, source: Source, chosen: Sequence[Part]) -> str:
        """The cells with what Quarto says of them: where they come from, and on a page a link to it."""
        heading = HEADING.search("\n".join(part.text for part in source.parts if isinstance(part, Prose)))
        title = str(source.front_matter.get("title") or (heading[1] if heading else PurePosixPath(file).name))
        first = next((cell for cell in chosen if isinstance(cell, Cell)), None)
        says = {"notebook": file, "notebook-title": title, "notebook-cellId": _id_of(source, first)}
        head = " ".join(attribute(key, value) for key, value in says.items() if value)
        return f"::: {{.quarto-embed-nb-cell {head}}}\n{text}\n{self._link(file, title)}:::"

    def _link(self, file: str, title: str) -> str:
        """The link below what is embedded; where it leads is noted for the page's list of notebooks."""
        wanted, views = self.options.get("notebook-links", "inline"), self.options.get("notebook-view")
        if self.form != "html" or views is False:
            return ""
        views = [views] if isinstance(views, Mapping) else views if isinstance(views, list) else []
        view = next((v for v in views if isinstance(v, Mapping) and v.get("notebook") == file), {})
        title, address = str(view.get("title") or title), str(view.get("url") or file)
        self.notebooks.setdefault(address, title)
        if wanted not in (True, "inline"):
            return ""
        self.count += 1
        text = f"{self.strings.get('source-notebooks-prefix', 'Source')}: {title}"
        return f"\n[{text}]({address}){{#nblink-{self.count} .quarto-notebook-link}}\n"


def _named(source: Source, names: str | None) -> list[Part] | str:
    """The cells that are asked for, with the Markdown around them if it is the whole document; or the name that is none."""
    if names is None:
        return list(source.parts)
    chosen: list[Part] = []
    for name in names.split(","):
        found = cells_named(source, name.strip())
        if not found:
            return name.strip()
        chosen += [source.cells[index] for index in found]
    return chosen


def _numbered(source: Source, numbers: str) -> list[Part] | str:
    """The notebook's cells by their numbers, `1-3,5`; or the number that is none."""
    before = 1 if source.notebook and source.body_first else 0  # a cell of front matter counts too
    chosen: list[Part] = []
    for one in numbers.split(","):
        first, _, last = one.strip().partition("-")
        for number in range(int(first or 0), int(last or first or 0) + 1):
            if not 0 < number - before <= len(source.parts):
                return str(number)
            chosen.append(source.parts[number - before - 1])
    return chosen


def _id_of(source: Source, cell: Cell | None) -> str:
    """A cell's label or id, by which it can be linked to."""
    if cell is None:
        return ""
    names = (source.notebook or {}).get("names") or []
    index = next(i for i, one in enumerate(source.cells) if one is cell)
    return str(cell.options.get("label") or (names[index].get("id") if index < len(names) else "") or "")


def cells_named(source: Source, name: str) -> list[int]:
    """The cells that `name` means: by their id, else by their label, else by their tags."""
    names = (source.notebook or {}).get("names") or [{}] * len(source.cells)
    for index, cell in enumerate(source.cells):
        if name in (names[index].get("id"), cell.options.get("id")):
            return [index]
    for index, cell in enumerate(source.cells):
        if cell.options.get("label") == name:
            return [index]
    return [i for i, cell in enumerate(source.cells) if name in (cell.options.get("tags") or [])]


def _names(source: Source) -> list[str]:
    labels = [str(cell.options["label"]) for cell in source.cells if cell.options.get("label")]
    return [*labels, *(str(tag) for cell in source.cells for tag in cell.options.get("tags") or [])]
