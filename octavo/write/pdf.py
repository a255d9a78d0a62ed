"""The PDF of a page: our Typst template around a generated body, compiled in this process.

The body is in Quarto's Typst dialect (`#callout(`, `#figure(`, `#ref(` …) and carries its own numbers; the functions
it calls are defined by `theme/typst/*.typ`, which `document` puts in front of it, so that the source is one whole file.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any

import typst

from octavo.diagnostics import Diagnostic, error, warning
from octavo.write.brand import as_typst
from octavo.write.highlight import Palette, as_text_mate
from octavo.write.typst_options import article_options, book_options, margin_geometry, page_options, string, text
from octavo.write.typst_packages import without_package

_THEME = resources.files("octavo.write") / "theme" / "typst"
_TEMPLATE = ("page.typ", "blocks.typ", "floats.typ", "margin.typ", "code.typ", "book.typ")
_FIRST_DAY = 315532800  # 1980-01-01, the earliest date a ZIP file (and so a DOCX) can carry: one default for both
# The fonts that come with Typst first: with them a PDF is the same on every machine. The machine's own are asked only
# if a font or a letter is missing; a letter that no font has leaves a box, and PDF/UA does not allow that.
_ATTEMPTS = (
    {"ignore_system_fonts": True, "pdf_standards": ["ua-1"]},
    {"ignore_system_fonts": False, "pdf_standards": ["ua-1"]},
    {"ignore_system_fonts": False, "pdf_standards": []},
)


def document(body: str, meta: Mapping[str, Any], language: Mapping[str, str]) -> str:
    """The whole Typst source of a page: template, options, body.

    `meta` holds Quarto's document options, rendered: `title`, `subtitle`, `abstract`, `include-*` as Typst markup, all
    else as plain text. `language` holds Quarto's words (`toc-title-document`, `section-title-abstract` …).
    Raises AuthorError for an option whose value is no length, colour or number.
    """
    page = _arguments(page_options(meta))
    footnotes_beside = meta.get("reference-location") == "margin"
    options = _arguments(article_options(meta, language) | (book_options(meta, language) if meta.get("o:book") else {}))
    kind = "book" if meta.get("o:book") else "article"
    return "\n".join(
        [
            _code_theme(meta.get("palette")),
            f"#let theorem-appearance = {string(text(meta.get('theorem-appearance') or 'simple'))}",
            f"#let footnotes-beside = {'true' if footnotes_beside else 'false'}",
            f"#let margin-geometry = {margin_geometry(meta) or 'none'}",
            _template(),
            as_typst(meta.get("brand"), meta.get("logo")),
            text(meta.get("header-includes")),
            f"#set page({page})",
            "#show: with-references",
            "#show: sidenotes" if footnotes_beside else "",
            f"#show: doc => {kind}({options}  doc,\n)",
            "#show: with-floats\n#show: with-code\n",
            text(meta.get("include-before")),
            *_lists(meta, language),
            body,
            text(meta.get("include-after")),
            "",
        ]
    )


def _arguments(options: Mapping[str, str]) -> str:
    return "\n" + "".join(f"  {name}: {value},\n" for name, value in options.items())


def _lists(meta: Mapping[str, Any], language: Mapping[str, str]) -> list[str]:
    """`lof`, `lot` and `lol`: the lists of figures, tables and listings."""
    own = crossref if isinstance(crossref := meta.get("crossref"), Mapping) else {}
    return [
        f"#outline(title: [{own.get(title) or language.get(f'crossref-{title}', '')}],"
        f' target: figure.where(kind: "quarto-float-{kind}"))'
        for key, kind in (("lof", "fig"), ("lot", "tbl"), ("lol", "lst"))
        for title in [f"{key}-title"]
        if meta.get(key) is True
    ]


def compile_pdf(
    source: str,
    root: Path,
    fonts: Sequence[Path] = (),
    page: str = "main.typ",
    files: Mapping[str, Path] | None = None,
    timestamp: int | None = None,
) -> tuple[bytes, list[Diagnostic]]:
    """The PDF/UA-1 file of a Typst source, or no bytes and the diagnostic of what Typst rejects.

    `page` is where the source stands in `root`: images are found relative to it. `files` lays further files over the
    project by their name relative to `root` (frozen figures, say). The same source gives the same bytes.
    """
    if timestamp is None:
        timestamp = int(os.environ.get("SOURCE_DATE_EPOCH", _FIRST_DAY))
    with tempfile.TemporaryDirectory(prefix="octavo-pdf-") as scratch:
        base = _overlaid(root, files, Path(scratch)) if files else root
        inputs = {str(PurePosixPath(page).with_suffix(".typ")): source.encode()}
        missing: typst.TypstError | None = None
        for attempt in _ATTEMPTS:
            try:
                pdf, notes = typst.compile_with_warnings(
                    inputs, root=str(base), font_paths=[str(path) for path in fonts], timestamp=timestamp, **attempt
                )
            except typst.TypstError as problem:
                if bare := without_package(source, _sentence(problem)):
                    content, notes = compile_pdf(bare[0], root, fonts, page, files, timestamp)
                    return content, [*bare[1], *notes]
                if "could not be displayed with font" not in str(problem):
                    return b"", [_as_diagnostic(problem)]
                missing = problem
            else:
                if not (attempt["ignore_system_fonts"] and any("unknown font" in note.message for note in notes)):
                    break
    told = [warning("OCT-typst-warning", f"Typst: {note}") for note in _causes([_sentence(note) for note in notes])]
    if missing and not attempt["pdf_standards"]:
        hint = "name a font that has it: `mainfont:`"
        told.append(warning("OCT-typst-warning", f"Typst: {_sentence(missing)}", hint=hint))
    return pdf, told


def _causes(notes: Sequence[str]) -> list[str]:
    """Where the layout does not come to rest, Typst names all that moves; it is one trouble."""
    restless = [note for note in notes if "did not converge within" in note]
    moving = ("did not stabilize", "did not converge")
    return restless + [note for note in notes if note not in restless and not (restless and note.endswith(moving))]


def _as_diagnostic(problem: typst.TypstError) -> Diagnostic:
    # Typst's own picture of the place shows the generated line, which says more than its number would.
    lines = [line for line in (problem.diagnostic or "").splitlines() if re.match(r"\s*\d+ │ ", line)]
    place = f" at `{lines[0].split('│', 1)[1].strip()[:120]}`" if lines else ""
    hint = "; ".join(problem.hints or []) or None
    return error("OCT-typst-error", f"Typst: {_sentence(problem)}{place}", hint=hint)


def _sentence(problem: Any) -> str:
    return str(getattr(problem, "message", None) or problem).strip()


def _overlaid(root: Path, files: Mapping[str, Path], scratch: Path) -> Path:
    """A folder that looks like `root` with `files` added; folders that get none of them are links."""

    def opened(folder: PurePosixPath) -> Path:
        here = scratch / folder
        if here.is_dir() and not here.is_symlink():
            return here
        if folder.parts:
            opened(folder.parent)
        here.unlink(missing_ok=True)
        here.mkdir()
        original = root / folder
        for entry in original.iterdir() if original.is_dir() else ():
            _link(entry, here / entry.name)
        return here

    shutil.rmtree(scratch)
    for name, path in files.items():
        target = opened(PurePosixPath(name).parent) / PurePosixPath(name).name
        target.unlink(missing_ok=True)
        _link(path, target)
    return scratch


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source.resolve(), target_is_directory=source.is_dir())
    except OSError:  # Windows without the right to make links
        shutil.copytree(source, target) if source.is_dir() else shutil.copyfile(source, target)


@cache
def _template() -> str:
    return "\n".join((_THEME / name).read_text("utf-8") for name in _TEMPLATE)


def _code_theme(palette: Palette | None) -> str:
    """The colours of code, and of the ground that it stands on."""
    theme = as_text_mate(palette) if palette else (_THEME / "code.tmTheme").read_text("utf-8")
    ground, ink = (palette.background, palette.text) if palette else (None, None)
    return "\n".join(
        [
            f"#let code-theme = {string(theme)}",
            f"#let code-ground = {f'rgb({string(ground)})' if ground else 'luma(245)'}",
            f"#let code-ink = {f'rgb({string(ink)})' if ink else 'luma(0)'}",
        ]
    )
