"""Addresses in raw HTML and in styles that would run code: no page of octavo's has one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

from octavo.diagnostics import Diagnostic
from octavo.read.lint.scan import Scan

ADDRESS = re.compile(
    r"""(?P<name>\b(?:xlink:href|href|src|action|formaction|data|poster)\s*=\s*)"""
    r"""(?P<value>"[^"]*"|'[^']*'|[^\s"'>]+)""",
    re.IGNORECASE,
)
IN_STYLE = re.compile(r"""\burl\(\s*["']?(?P<value>[^"')\s][^"')]*)""", re.IGNORECASE)


def runs_code(target: str) -> bool:
    """Whether a browser would run what the address holds. It passes over blanks and control characters in a scheme."""
    bare = "".join(c for c in unescape(unquote(target)) if c > " ").strip("\"'").lower()
    return bare.startswith(("javascript:", "vbscript:")) or bare.startswith("data:text/html")


def check(scan: Scan) -> Iterator[Diagnostic]:
    for index, line in enumerate(scan.prose):
        line = scan.raw_html.get(index, line)
        if ":" not in line and "&" not in line:
            continue
        found = [*(ADDRESS.finditer(line) if "<" in line else ()), *IN_STYLE.finditer(line)]
        for match in found:
            value = match["value"].strip("\"'")
            if runs_code(value):
                column = match.start("value") + 1 + match["value"].index(value.lstrip())
                yield scan.error("OCT-link-scheme", f"a link must not run code: `{value}`", index, column)


def without_code(html: str) -> str:
    """HTML whose addresses run nothing: what would is kept under a name that no browser knows."""
    if "script" not in html and "text/html" not in html and "&#" not in html:
        return html

    def refused(match: re.Match[str]) -> str:
        return f"data-refused={match['value']}" if runs_code(match["value"].strip("\"'")) else match[0]

    html = re.sub(r"<[A-Za-z][^<>]*>", lambda tag: ADDRESS.sub(refused, tag[0]), html)
    return IN_STYLE.sub(lambda m: "url(about:invalid" if runs_code(m["value"]) else m[0], html)
