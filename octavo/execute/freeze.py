"""Frozen results: Quarto's files, from which either engine renders, and octavo's own record beside them.

<store>/<page>/execute-results/{html,docx,tex,typ}.json    Quarto's form
<store>/<page>/figure-{html,docx,pdf,typst}/…              the pictures that they name
<store>/<page>/cells.json                                  outputs by cell: after an edit of the prose alone the
                                                           Markdown is woven anew, and nothing runs
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from octavo.cache import write_atomically
from octavo.execute.cell import FIGURE_FOLDERS
from octavo.execute.outputs import FIGURES_MIME, SUFFIXES, Picture, is_display
from octavo.read.source import Source

RECORD = "cells.json"


@dataclass(frozen=True)
class Record:
    """What an execution gave. `cells`: `{"code": digest, "outputs": […]}` each; `inline`: `{"code", "data"}` each.

    `files` holds the digests of the author's own files that the code reads, by their path in the project.
    """

    key: str
    python: str
    packages: Mapping[str, str]
    files: Mapping[str, str]
    cells: tuple[Mapping[str, Any], ...]
    inline: tuple[Mapping[str, Any], ...]


def folder_of(store: Path, source: Source) -> Path:
    """The page's folder in the store."""
    return store / PurePosixPath(source.file).with_suffix("")


def code_digest(code: str) -> str:
    """What a cell's outputs are found by."""
    return hashlib.sha256(code.encode("utf-8")).hexdigest()[:16]


def read_record(folder: Path) -> Record | None:
    """octavo's own record, or None if there is none that can be read."""
    try:
        found = json.loads((folder / RECORD).read_text("utf-8"))
        cells, inline = tuple(found["cells"]), tuple(found["inline"])
        return Record(found["key"], found["python"], found["packages"], found["files"], cells, inline)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_quarto(folder: Path) -> dict[str, dict[str, Any]]:
    """Quarto's frozen results by format: `{"hash", "markdown", "ours"}`; unreadable ones are left out."""
    found = {}
    for form in FIGURE_FOLDERS:
        with suppress(OSError, ValueError, KeyError, TypeError):
            frozen = json.loads((folder / "execute-results" / f"{form}.json").read_text("utf-8"))
            markdown = frozen["result"]["markdown"]
            found[form] = {"hash": frozen["hash"], "markdown": markdown, "ours": "octavo" in frozen}
    return found


def frozen_figures(folder: Path, source: Source, form: str) -> dict[str, Path]:
    """Every picture frozen for a format, by its name in the Markdown."""
    stem = PurePosixPath(source.file).stem
    found = {}
    for path in sorted((folder / FIGURE_FOLDERS[form]).glob("*")):
        found[f"{stem}_files/{FIGURE_FOLDERS[form]}/{path.name}"] = path.resolve()
    return found


def picture_bytes(folder: Path, picture: Picture) -> bytes:
    """The bytes of a picture just drawn, or of one that is frozen in `folder`."""
    if isinstance(picture.data, Mapping):
        return (folder / picture.data["file"]).read_bytes()
    return picture.data.encode("utf-8") if picture.suffix == "svg" else base64.b64decode(picture.data)


def write_figures(folder: Path, frozen: Path, figures: Mapping[str, Picture]) -> dict[str, Path]:
    """Write pictures by their names below `folder`; returns each one's absolute path. `frozen` holds frozen ones."""
    contents = {name: picture_bytes(frozen, picture) for name, picture in figures.items()}
    for name, data in contents.items():
        _write(folder / name, data)
    return {name: (folder / name).resolve() for name in figures}


def write_record(folder: Path, record: Record, figures: Mapping[str, Picture]) -> None:
    """Write octavo's record; pictures are named in it by the files in `figures` that hold them."""
    names: dict[str, list[str]] = {}
    for name, picture in figures.items():
        names.setdefault(_digest(picture_bytes(folder, picture)), []).append(name)
    value = {
        "key": record.key,
        "python": record.python,
        "packages": dict(sorted(record.packages.items())),
        "files": dict(sorted(record.files.items())),
        "cells": [{**cell, "outputs": [_named(o, folder, names) for o in cell["outputs"]]} for cell in record.cells],
        "inline": list(record.inline),
    }
    _write(folder / RECORD, _json(value))


def write_quarto(folder: Path, source: Source, key: str, markdown: Mapping[str, str], figures: Iterable[str]) -> None:
    """Write Quarto's files, and remove pictures that none of them names any more."""
    stem = PurePosixPath(source.file).stem
    names = set(figures)
    for form, own in FIGURE_FOLDERS.items():
        text = markdown[form]
        has_figures = any(name.startswith(own + "/") for name in names)
        supporting = [f"{stem}_files" if form == "html" else f"{stem}_files/{own}"] if has_figures else []
        result = {"engine": "jupyter", "markdown": text, "supporting": supporting, "filters": [], "includes": {}}
        value = {"hash": source.digest, "result": result, "octavo": {"key": key}}
        _write(folder / "execute-results" / f"{form}.json", _json(value))
    for own in FIGURE_FOLDERS.values():
        for path in (folder / own).glob("*"):
            if f"{own}/{path.name}" not in names:
                path.unlink()
        with suppress(OSError):
            (folder / own).rmdir()


def notebook_outputs(outputs: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Outputs as a notebook holds them: each figure once, pictures as base64 text."""
    plain = []
    for output in outputs:
        if is_display(output):
            data = {mime: value for mime, value in output["data"].items() if mime != FIGURES_MIME}
            for mime, value in list(data.items()):
                if mime in SUFFIXES and isinstance(value, Mapping) and not (folder / value["file"]).is_file():
                    del data[mime]
                elif mime in SUFFIXES and isinstance(value, Mapping):
                    data[mime] = embedded(picture_bytes(folder, Picture(SUFFIXES[mime], value)), SUFFIXES[mime])
            output = {**output, "data": data}
        plain.append(output)
    return plain


def embedded(data: bytes, suffix: str) -> str:
    """A picture's bytes as nbformat holds them: SVG as text, anything else as base64."""
    return data.decode("utf-8") if suffix == "svg" else base64.b64encode(data).decode("ascii")


def _named(output: dict[str, Any], folder: Path, names: Mapping[str, list[str]]) -> dict[str, Any]:
    """The output with each picture replaced by the name of its file; a picture that no format shows is left out."""
    if not is_display(output):
        return output
    data: dict[str, Any] = {}
    for mime, value in output["data"].items():
        if mime == FIGURES_MIME:
            drawn = {}
            for form, picture in value.items():
                file = _file(Picture(SUFFIXES[picture["mime"]], picture["data"]), folder, names, form)
                if file:
                    drawn[form] = {**picture, "data": {"file": file}}
            if drawn:
                data[mime] = drawn
        elif mime in SUFFIXES:
            picture = value if isinstance(value, Mapping) else "".join(value)
            file = _file(Picture(SUFFIXES[mime], picture), folder, names, "html")
            if file:
                data[mime] = {"file": file}
        else:
            data[mime] = value
    return {**output, "data": data}


def _file(picture: Picture, folder: Path, names: Mapping[str, list[str]], form: str) -> str | None:
    """The file that holds the picture, of several the one in the format's own folder."""
    files = names.get(_digest(picture_bytes(folder, picture)), [])
    own = [file for file in files if file.startswith(FIGURE_FOLDERS[form] + "/")]
    return next(iter(own + files), None)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8")


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and only if it changes."""
    with suppress(OSError):
        if path.read_bytes() == data:
            return
    write_atomically(path, data, _spool(path))


def _spool(path: Path) -> Path | None:
    """Octavo's own folder, if the path is in a project that has one on the same disk: nothing half is ever beside it."""
    roots = (folder.parent for folder in path.parents if folder.name == "_freeze")
    spool = next((found for root in roots if (found := root / ".octavo" / "cache").is_dir()), None)
    return spool if spool and os.stat(spool).st_dev == os.stat(_existing(path.parent)).st_dev else None


def _existing(folder: Path) -> Path:
    return next(f for f in (folder, *folder.parents) if f.is_dir())
