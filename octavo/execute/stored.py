"""A notebook's page from the outputs that the notebook holds, as Quarto renders it: nothing is run unless asked for."""

from __future__ import annotations

import atexit
import base64
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from octavo.execute import freeze, inline
from octavo.execute.cell import Weaving
from octavo.execute.described import unshown
from octavo.execute.options import check_options, execute_options
from octavo.execute.stage import Results, Woven
from octavo.execute.weave import expression_texts, woven
from octavo.read.source import Source


def is_stored(source: Source, options: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether `source` is a notebook whose own outputs are wanted: all are, but those with `execute: enabled: true`."""
    main = options.get("html") or next(iter(options.values()), {})
    execute = main.get("execute")
    return source.notebook is not None and not (isinstance(execute, Mapping) and execute.get("enabled") is True)


def stored(source: Source, options: Mapping[str, Mapping[str, Any]]) -> Results:
    """The Markdown of a notebook for each format in `options`, with its own outputs and attachments."""
    assert source.notebook is not None
    language, outputs = source.notebook["language"], source.notebook["outputs"]
    count = sum(len(inline.expressions(text, language)) for _, _, text in expression_texts(source, language))
    folder = Path(tempfile.mkdtemp(prefix="octavo-notebook-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    attached = _attachments(source, folder)
    texts = {}
    for form in options:
        weaving = Weaving(source, form, options[form], language)
        markdown = woven(weaving, outputs, [None] * count)
        files = freeze.write_figures(folder, folder, weaving.figures)
        stem = PurePosixPath(source.file).stem
        texts[form] = Woven(markdown, attached | {f"{stem}_files/{name}": path for name, path in files.items()})
    main = options.get("html") or next(iter(options.values()), {})
    told = [*check_options(source), *unshown(source, outputs, execute_options(main))]
    return Results(texts, tuple(outputs), False, tuple(told))


def _attachments(source: Source, folder: Path) -> dict[str, Path]:
    """The files that were pasted into Markdown cells, written below `folder`."""
    found = {}
    for name, data in (source.notebook or {})["attachments"].items():
        path = folder / PurePosixPath(name).name
        path.write_bytes(base64.b64decode(data))
        found[name] = path
    return found
