"""Footnotes: referred to without a text, and texts that nothing refers to, which pandoc drops."""

from __future__ import annotations

import re
from collections.abc import Iterator

from octavo.diagnostics import Diagnostic, did_you_mean
from octavo.read.lint.scan import Scan

USE = re.compile(r"\[\^(?P<name>[^\s\]\[^]+)\]")
TEXT = re.compile(r"^[ \t>]*\[\^(?P<name>[^\s\]\[^]+)\]:")


def check(scan: Scan) -> Iterator[Diagnostic]:
    texts: dict[str, int] = {}
    uses: dict[str, tuple[int, int]] = {}
    for index, line in scan.lines():
        if "[^" not in line:
            continue
        text = TEXT.match(line)
        if text and text["name"] in texts:
            where = scan.source.position(texts[text["name"]])
            message = f"the footnote `[^{text['name']}]` has two texts, and only one is printed"
            yield scan.error(
                "OCT-footnote-duplicate", message, index, 1, f"the first one is at {where.file}:{where.line}"
            )
        if text:
            texts.setdefault(text["name"], index)
        for use in USE.finditer(line, text.end() if text else 0):
            uses.setdefault(use["name"], (index, use.start() + 1))
    for name, (index, column) in uses.items():
        if name not in texts:
            message = f"the footnote `[^{name}]` has no text"
            hint = did_you_mean(name, texts) or f"add a paragraph `[^{name}]: …`"
            yield scan.error("OCT-footnote-missing", message, index, column, hint)
    for name, index in texts.items():
        if name not in uses:
            message = f"nothing refers to the footnote `[^{name}]`, so its text is left out"
            yield scan.warning("OCT-footnote-unused", message, index, 1)
