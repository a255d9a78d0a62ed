"""What is told of a run: each cause once. What only follows from another mistake mends itself with it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from octavo.diagnostics import Diagnostic, Position, failed
from octavo.read.source import Source

# Found in what was written; where a source is broken, its own diagnostics say it better.
IN_OUTPUTS = ("OCT-typst-error", "OCT-site-dead-link")
# At one place, the first says all that the second does.
SAME = {
    "OCT-label-duplicate": "OCT-id-duplicate",
    "OCT-cell-label-twice": "OCT-label-duplicate",
    "OCT-cell-option-value": "OCT-layout-value",
    "OCT-math-unclosed": "OCT-tex-unsupported",
    "OCT-config-value": "OCT-listing-type",
}
# TeX that stands outside of math because its formula is broken.
SPILLED = "OCT-tex-dropped"
# Where a page's cells have not run as they should, figures are missing.
NOT_RUN = ("OCT-cell-", "OCT-execute-missing", "OCT-freeze-stale", "OCT-kernel-", "OCT-inline-error")
REFERENCES = ("OCT-xref-missing", "OCT-cite-missing", "OCT-link-anchor")
# What these find broken may swallow or lose labels that are written below.
SWALLOWING = (
    "OCT-attributes-malformed", "OCT-attributes-unclosed", "OCT-comment-unclosed", "OCT-div-glued",
    "OCT-div-malformed", "OCT-div-unclosed", "OCT-fence-unclosed", "OCT-label-prefix", "OCT-label-stray",
    "OCT-math-unclosed", "OCT-output-clash", "OCT-shortcode-unclosed",
)  # fmt: skip
TO_PAGES = ("OCT-link-missing", "OCT-nav-missing", "OCT-embed-missing", "OCT-listing-missing", "OCT-link-anchor")
QUOTED = re.compile(r"`([^`]+)`")


@dataclass
class Known:
    """What a run knows of its files: pages as read, and the text of pages that could not be read."""

    sources: dict[str, Source] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)


def causes(diagnostics: Iterable[Diagnostic], known: Known, asked: Container[str] = ()) -> list[Diagnostic]:
    """The diagnostics without those that only follow from others, each with the places that include its file.

    Where several pages include it, they are those of the first of the `asked` pages, else of the first page.
    """
    told = _placed(list(diagnostics), known.sources, asked)
    at = {(d.position, d.code) for d in told}
    same = {(place, SAME[code]) for place, code in at if code in SAME}
    broken = [known.sources[d.position.file] for d in told if d.code in SWALLOWING and d.position.file in known.sources]
    swallowed = [source.text for source in broken] + list(known.unread.values())
    wrong_labels = {subject(d) for d in told if d.code in ("OCT-label-prefix", "OCT-label-stray")}

    no_entries = any(d.code == "OCT-bibliography-syntax" for d in told)
    not_run = {d.position.file for d in told if d.code.startswith(NOT_RUN) and d.position}
    # Of subfigures, the cell gives the label that all of them begin with.
    unmade = [known.sources[file].text for file in not_run if file in known.sources]
    open_math = {(d.position.file, d.position.line) for d in told if d.code == "OCT-math-unclosed" and d.position}

    def follows(d: Diagnostic) -> bool:
        name = subject(d)
        if (d.position, d.code) in same:
            return True
        if d.code == SPILLED and d.position and (d.position.file, d.position.line) in open_math:
            return True
        if d.code == "OCT-cite-missing" and no_entries:
            return True
        if d.code == "OCT-label-empty" and d.position and d.position.file in not_run:
            return True
        if d.code == "OCT-xref-missing" and any(_gives(text, re.sub(r"-\d+$", "", name)) for text in unmade):
            return True
        if d.code in REFERENCES and (name in wrong_labels or any(_gives(text, name) for text in swallowed)):
            return True
        return d.code in TO_PAGES and any(page in d.message for page in known.unread)

    told = [d for d in told if not follows(d)]
    rest = [d for d in told if d.code not in IN_OUTPUTS]
    faulty = {d.position.file for d in rest if d.severity == "error" and d.position}

    def new(d: Diagnostic) -> bool:
        """Whether nothing else is told of the page whose PDF cannot be made."""
        return d.code == "OCT-typst-error" and d.position is not None and d.position.file not in faulty

    return [d for d in told if d.code not in IN_OUTPUTS or new(d)] if failed(rest) else told


def subject(d: Diagnostic) -> str:
    """What a message is about: the first thing that it quotes."""
    match = QUOTED.search(d.message)
    return match[1].lstrip("#") if match else ""


def located(d: Diagnostic, file: str, source: Source | None) -> Diagnostic:
    """A diagnostic that knows no place, at the words of `file` that it quotes, or at the file's beginning."""
    if d.position:
        return d
    return replace(d, position=(source and source.find(subject(d) or file)) or Position(file))


def _gives(text: str, name: str) -> bool:
    """Whether the text gives something the name, as far as can be seen from outside."""
    return bool(name) and bool(re.search(rf"(?:#|label: *){re.escape(name)}(?![\w-])", text))


def _placed(told: Sequence[Diagnostic], sources: Mapping[str, Source], asked: Container[str]) -> list[Diagnostic]:
    """The diagnostics, those in included files with the lines that include them."""
    trails: dict[tuple[str, int], tuple[Position, ...]] = {}
    if any(d.position and d.position.file not in sources for d in told):
        # In an order of their own: they were read side by side.
        for page in sorted(sources, key=lambda page: (page not in asked, page)):
            source = sources[page]
            for line in source.lines if source.includes else ():
                if line.included_from:
                    trails.setdefault((line.file, line.number), line.included_from)
    found = []
    for d in told:
        trail = trails.get((d.position.file, d.position.line)) if d.position and not d.included_from else None
        found.append(replace(d, included_from=trail) if trail else d)
    return found
