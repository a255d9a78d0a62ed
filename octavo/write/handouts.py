"""What a reader takes along: the PDF, the Word document and the notebook of a page, as bytes."""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from octavo.cache import Cache, digest_of, key_of
from octavo.diagnostics import Diagnostic, Position, warning
from octavo.execute.options import execute_options
from octavo.execute.plan import kernel_of
from octavo.read.brand import brand_of
from octavo.read.dates import format_date
from octavo.read.schema import of_latex
from octavo.read.yaml import position_of
from octavo.resolve.bibliography import bibliography_of, csl_of
from octavo.resolve.document import Document
from octavo.resolve.links import Targets
from octavo.write import notebook
from octavo.write.brand import print_options
from octavo.write.highlight import palettes
from octavo.write.included import KEYS, included
from octavo.write.title_block import authors

TYPST_HINT = (
    "options of Typst's are `papersize`, `margin`, `columns`, `mainfont`, `fontsize`, `section-numbering` and others"
)
HINT = "what both engines are to print belongs below `format: typst`, as Typst"


@dataclass(frozen=True)
class Handout:
    """The files of one format of one page, by name relative to the output folder."""

    files: Mapping[str, bytes]
    diagnostics: Sequence[Diagnostic] = field(default_factory=tuple)


def pdf_of(document: Document, written: Mapping[str, Any], targets: Targets, root: Path, cache: Cache) -> Handout:
    """The PDF (and with `keep-typ` its source)."""
    from octavo.write import pdf

    meta, told = _meta(document, written, root)
    meta["beside"] = bool(written.get("beside"))
    source = pdf.document(written["body"], meta, document.strings)
    overlay = {name: path for name, path in targets.files.items() if path != root / name}
    fonts = [root / str(path) for path in _list(document.options.get("font-paths"))]
    # Typst reads the bibliographies and styles that the source names.
    read = [digest_of(path) for path in (*bibliography_of(document, root)[0], csl_of(document, root)[0]) if path]
    key = key_of("pdf", [source, document.source.file, {n: digest_of(p) for n, p in targets.files.items()}, read])

    def compiled() -> dict[str, Any]:
        content, notes = pdf.compile_pdf(source, root, fonts, document.source.file, overlay)
        return {"pdf": base64.b64encode(content).decode(), "notes": [_as_dict(n) for n in notes]}

    made = cache.json(key, compiled)
    if any(note["code"] == "OCT-typst-package" for note in made["notes"]):
        (cache.folder / key).unlink(missing_ok=True)  # the network may be there next time
    notes = [
        Diagnostic(n["code"], n["severity"], n["message"], Position(document.source.file), n["hint"])
        for n in made["notes"]
    ]
    files = {document.href: base64.b64decode(made["pdf"])} if made["pdf"] else {}
    if document.options.get("keep-typ") is True:
        files[document.href.removesuffix(".pdf") + ".typ"] = source.encode()
    return Handout(files, [*told, *notes])


def docx_of(document: Document, written: Mapping[str, Any], root: Path, cache: Cache) -> Handout:
    """The Word document."""
    meta, told = _meta(document, written, root)
    raw = base64.b64decode(written["docx"])

    def finished() -> bytes:
        from octavo.write import docx

        with tempfile.TemporaryDirectory(prefix="octavo-docx-") as folder:
            path = Path(folder) / "document.docx"
            path.write_bytes(raw)
            docx.finish(path, meta)
            return path.read_bytes()

    key = key_of("docx", [hashlib.sha256(raw).hexdigest(), meta])
    return Handout({document.href: cache.bytes(key, finished)}, told)


def ipynb_of(
    document: Document,
    gathered: Mapping[str, Any],
    written: Mapping[str, Any],
    outputs: Sequence[list[dict[str, Any]]],
    captions: Mapping[str, str],
) -> Handout:
    """The notebook."""
    title = str((gathered.get("title") or {}).get("text") or "")
    shown = [[] for _ in outputs] if document.options.get("ipynb-output") == "none" else outputs
    kernel = kernel_of(document.options)
    return Handout({document.href: notebook.notebook(document.source, title, written["body"], shown, captions, kernel)})


def kept_notebook(document: Document, outputs: Sequence[list[dict[str, Any]]]) -> bytes | None:
    """The executed notebook, with the author's Markdown as it is, that `keep-ipynb` asks for."""
    if not execute_options(document.options).get("keep-ipynb"):
        return None
    return notebook.notebook(
        document.source, "", notebook.as_written(document.source), outputs, {}, kernel_of(document.options)
    )


def printed_title_block(options: Mapping[str, Any]) -> dict[str, Any]:
    """The names of a document's authors, and its date as printed."""
    language = str(options.get("lang") or "en")
    date = format_date(options.get("date"), options.get("date-format"), language) if options.get("date") else None
    return {"authors": [author.name for author in authors(options)], "date": date}


def _meta(document: Document, written: Mapping[str, Any], root: Path) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The document's options as the print writers take them: Markdown fields rendered, authors and date as printed."""
    options = document.options
    language = str(options.get("lang") or "en")
    meta = {**options, **(written.get("fields") or {})}
    plain = _plain_title(options, written)
    people = [
        {
            "name": a.name,
            "email": a.email,
            "orcid": a.orcid,
            "url": a.url,
            "affiliations": [p.name for p in a.affiliations],
        }
        for a in authors(options)
    ]
    meta |= printed_title_block(options) | {"title-plain": plain, "authors": people, "lang": language}
    folder = (root / document.source.file).parent
    colours, told = palettes(document, root)
    meta["palette"] = colours[0] if colours else None
    meta["brand"] = brand_of(options.get("brand"), root, posixpath.dirname(document.source.file))
    if meta["brand"]:
        meta = print_options(meta["brand"]) | meta
    if document.base == "typst":
        for key, name in (
            ("include-in-header", "header-includes"),
            ("include-before-body", "include-before"),
            ("include-after-body", "include-after"),
        ):
            meta[name], wrong = included(options, key, folder, root)
            told += wrong
    else:
        # `format: pdf` is LaTeX in Quarto: what is included there is TeX, and not for Typst.
        meta |= {"header-includes": None, "include-before": None, "include-after": None}
        for key, names in KEYS.items():
            text, _ = included(options, key, folder, root)
            if re.search(r"\\[a-zA-Z]{2,}", text):
                name = next((name for name in names if options.get(name)), key)
                message = f"`{name}` holds TeX, which is for LaTeX only: PDF is made by Typst, and it is left out"
                told.append(warning("OCT-tex-dropped", message, document.source.find(f"{name}:"), HINT))
        if names := of_latex(options):
            what = ", ".join(f"`{name}`" for name in names)
            message = f"what {what} would ask of LaTeX is left out: PDF is made by Typst"
            told.append(warning("OCT-option-unsupported", message, position_of(options, names[0]), TYPST_HINT))
    for entry in (*document.added, *((written.get("user") or {}).get("added") or [])):
        # Filters are told that they write Typst, whichever name the format has.
        if entry["type"] == "text" and document.target == "typst":
            name = {"in-header": "header-includes", "before-body": "include-before", "after-body": "include-after"}
            key = name[entry["location"]]
            if entry["text"] not in str(meta[key] or ""):
                meta[key] = f"{meta[key] or ''}\n{entry['text']}".strip()
    return meta, told


def _plain_title(options: Mapping[str, Any], written: Mapping[str, Any]) -> str:
    return str(written.get("title_text") or options.get("pagetitle") or options.get("title") or "")


def _as_dict(note: Diagnostic) -> dict[str, Any]:
    return {"code": note.code, "severity": note.severity, "message": note.message, "hint": note.hint}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
