"""Code fences, display math, shortcodes, comments, environments and links that are opened and never closed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from octavo.diagnostics import Diagnostic
from octavo.read.lint.scan import COVER, Scan
from octavo.read.source import CELL

BEGIN = re.compile(rf"{COVER}{COVER}egin\{{(?P<name>[A-Za-z]+\*?)\}}")
LINK = re.compile(r"\]\((?=[^\s()])")
WHAT = {
    "fence": ("OCT-fence-unclosed", "this code block is never closed", "close it with a line of {}"),
    "math": (
        "OCT-math-unclosed",
        "this display math is not closed before the paragraph ends",
        "close it with `$$`, and leave no blank line inside; a dollar sign in text is written `\\$`",
    ),
    "inline math": (
        "OCT-math-unclosed",
        "this formula is never closed",
        "close it with `$`, which follows its last letter; a dollar sign in text is written `\\$`",
    ),
    "shortcode": ("OCT-shortcode-unclosed", "this shortcode is never closed", "close it with `>}}`"),
    "comment": ("OCT-comment-unclosed", "this comment is never closed", "close it with `-->`"),
}


def check(scan: Scan) -> Iterator[Diagnostic]:
    for opened in scan.unclosed:
        code, message, hint = WHAT[opened.kind]
        if opened.kind == "fence":
            if CELL.match(opened.opening.lstrip("`~").strip()):
                continue  # told where cells are read
            hint = hint.format(opened.opening[: len(opened.opening) - len(opened.opening.lstrip(opened.opening[0]))])
        yield scan.error(code, message, opened.index, opened.column, hint)
    yield from _in_front_matter(scan)
    for index, line in scan.lines():
        if f"{COVER}egin{{" in line:
            yield from _environments(scan, index, line)
        for match in LINK.finditer(line) if "](" in line else ():
            if not _closes(scan, index, match.end()):
                message, hint = "this link is never closed", "close it with `)`"
                yield scan.warning("OCT-link-unclosed", message, index, match.start() + 2, hint)


def _in_front_matter(scan: Scan) -> Iterator[Diagnostic]:
    code, message, hint = WHAT["shortcode"]
    for index, line in enumerate(scan.source.lines[: scan.source.body_first]):
        at = line.text.rfind("{{<")
        if at >= 0 and ">}}" not in line.text[at:]:
            yield scan.error(code, message, index, at + 1, hint)


def _environments(scan: Scan, index: int, line: str) -> Iterator[Diagnostic]:
    """Environments of TeX that begin outside of dollars, as `align` may, and never end."""
    for match in BEGIN.finditer(line):
        end = f"\\end{{{match['name']}}}"
        if not any(end in below.text for below in scan.source.lines[index:]):
            message = f"`\\begin{{{match['name']}}}` has no `{end}`"
            yield scan.error("OCT-tex-unsupported", message, index, match.start() + 1, f"close it with `{end}`")


def _closes(scan: Scan, index: int, start: int) -> bool:
    """Whether a parenthesis closes before the paragraph ends."""
    text = scan.prose[index][start:]
    while ")" not in text:
        index += 1
        if index >= len(scan.prose) or not scan.prose[index].strip():
            return False
        text = scan.prose[index]
    return True
