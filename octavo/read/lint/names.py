"""Classes and attributes that are nearly one of Quarto's: as they are written they mean nothing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from octavo.diagnostics import Diagnostic, did_you_mean
from octavo.read.config import EXTENSION, FOREIGN
from octavo.read.lint.attributes import braces, is_valid
from octavo.read.lint.scan import COVER, Scan


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


CLASSES = _set(
    "content-visible content-hidden panel-tabset panel-sidebar panel-input panel-fill panel-center column-margin"
    " column-body column-body-outset column-page column-page-inset column-screen column-screen-inset unnumbered"
    " unlisted list-table code-annotation aside columns column line-block"
)
KEYS = _set(
    "collapse appearance icon when-format unless-format when-profile unless-profile when-meta unless-meta layout-ncol"
    " layout-nrow fig-alt fig-cap fig-link fig-scap fig-env fig-pos fig-subcap"
    " lst-cap tbl-cap tbl-colwidths tbl-subcap filename code-line-numbers code-fold code-summary width height widths aligns"
    " header-rows header-cols"
)
# What HTML itself has, near as it may be to one of Quarto's.
OF_HTML = _set(
    "align alt cite class content dir download draggable href id kind lang layout level list loading media name"
    " rel role rows sizes span src srcset start style tabindex target title type value wrap"
)
# Attributes, or at a line's end the beginning of some.
OPENING = re.compile(r"\{[^{}]+(?:\}|$)")
CALLOUT = re.compile(r"\.(?P<name>callout(?:_|(?=[a-z]))(?P<kind>note|tip|warning|important|caution))\b")
CLASS = re.compile(r"(?<=[\s{])\.(?P<name>[A-Za-z][\w-]*)")
KEY = re.compile(r"(?<=[\s{])(?P<name>[A-Za-z][\w-]*)=(?P<quote>[\"']?)(?P<value>[^\s\"'{}]*)")
FORMATS = frozenset((*EXTENSION, *FOREIGN, "html:js", "latex", "markdown", "llms-txt"))
SWITCHES = {"collapse": ("true", "false"), "icon": ("true", "false")}
PLACES = ("top", "bottom", "margin")
CHOICES = {
    "layout-valign": ("top", "center", "bottom", "default"), "layout-align": ("left", "center", "right", "default"),
    "fig-align": ("left", "center", "right", "default"), "fig-cap-location": PLACES, "tbl-cap-location": PLACES,
    "lst-cap-location": PLACES, "cap-location": PLACES,
}  # fmt: skip


def check(scan: Scan) -> Iterator[Diagnostic]:
    for index, line in scan.lines():
        for match in OPENING.finditer(line) if "{" in line else ():
            written, closed = (match[0], True) if match[0].endswith("}") else braces(scan, index, match.start())
            if closed and is_valid(written):
                yield from _classes(scan, index, match.start(), written)
                yield from _keys(scan, index, match.start(), written)


def _classes(scan: Scan, index: int, at: int, written: str) -> Iterator[Diagnostic]:
    for match in CLASS.finditer(written):
        name, callout = match["name"], CALLOUT.match(written, match.start())
        hint = f"did you mean `callout-{callout['kind']}`?" if callout else None
        bare = re.sub("-(?:left|right)$", "", name)  # of a column
        if bare not in CLASSES and not hint:
            hint = _near(bare, CLASSES)
        if hint:
            yield _told(scan, "OCT-class-unknown", f"the class `{name}` means nothing", index, at, match, written, hint)


def _keys(scan: Scan, index: int, at: int, written: str) -> Iterator[Diagnostic]:
    for match in KEY.finditer(written):
        name, value = match["name"], match["value"]
        if name in SWITCHES and ".callout" in written and value.lower() not in (*SWITCHES[name], ""):
            if COVER not in value:
                message = f"`{name}` is `true` or `false`, not `{value}`"
                yield _told(scan, "OCT-attribute-value", message, index, at, match, written, None)
        elif name in ("when-format", "unless-format") and value not in FORMATS:
            if hint := did_you_mean(value, FORMATS):
                message = f"there is no format `{value}`"
                yield _told(scan, "OCT-attribute-value", message, index, at, match, written, hint)
        elif name in CHOICES and value not in (*CHOICES[name], ""):
            if COVER not in value:
                *most, last = (f"`{choice}`" for choice in CHOICES[name])
                message = f"`{name}` is {', '.join(most)} or {last}, not `{value}`"
                yield _told(scan, "OCT-attribute-value", message, index, at, match, written, None)
        elif (
            name not in (KEYS | CHOICES.keys())
            and name.lower() not in OF_HTML
            and not name.startswith(("data-", "aria-"))
        ):
            if hint := _near(name, KEYS | CHOICES.keys()):
                message = f"the attribute `{name}` means nothing"
                yield _told(scan, "OCT-attribute-unknown", message, index, at, match, written, hint)


def _near(name: str, known: frozenset[str]) -> str | None:
    """The guess, if it is a sure one: a name of the author's own may be somewhat like one of Quarto's."""
    near = difflib.get_close_matches(name.lower(), sorted(known), n=1, cutoff=0.85) if len(name) > 3 else []
    return f"did you mean `{near[0]}`?" if near else None


def _told(
    scan: Scan, code: str, message: str, index: int, at: int, match: re.Match[str], written: str, hint: str | None
) -> Diagnostic:
    above = written[: match.start()].count("\n")
    column = match.start() - (written.rfind("\n", 0, match.start()) + 1) + (0 if above else at)
    return scan.warning(code, message, index + above, column + 1, hint)
