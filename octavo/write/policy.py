"""The Content-Security-Policy of a page: nothing from elsewhere, no inline script, save what its author put there."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence

# Text is escaped in HTML, so a tag that these find is a tag.
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_STYLE_ATTRIBUTE = re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE)
_HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)
_FOREIGN = re.compile(r"<(script|link|img|source|video|audio|iframe|embed|object)\b[^>]*?\b(?:src|href|data|srcset)="
                      r"[\"']?(https?:)?(//[^/\"'\s>]+)", re.IGNORECASE)  # fmt: skip
# A script that an extension brought, which may do what an author's own does.
_ADDED = re.compile(r"<script\b[^>]*\bsrc=[\"'][^\"']*quarto-contrib/", re.IGNORECASE)
_SHEET = re.compile(r"<link\b(?=[^>]*\bstylesheet\b)[^>]*\bhref=[\"']?(?:https?:)?//", re.IGNORECASE)
# What a style sheet fetches from elsewhere.
_FETCHED = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])(https?:)?(//[^/"')\s]+)""", re.IGNORECASE)
# What an author's script loads in its turn, such as Vega for Altair's charts.
_LOADED = re.compile(r"""["'](https://[\w.-]+)/(?:npm/|[^"'\s]*\.m?js\b)""")
_DIRECTIVE = {
    "script": "script-src", "link": "style-src", "img": "img-src", "source": "media-src", "video": "media-src",
    "audio": "media-src", "iframe": "frame-src", "embed": "object-src", "object": "object-src",
}  # fmt: skip


def policy(html: str, hosts: Sequence[str] = ()) -> str:
    """The policy under which a page of this HTML runs.

    By default only the site's own files, and WebAssembly for its search. Scripts and styles that the author put into
    the page are let in by their hash, foreign files by their host (also those that such a script loads), `style=`
    attributes where the page has some. `hosts` are what style sheets and the scripts of extensions name: they may fetch
    from there, and show what they get.
    """
    allowed: dict[str, list[str]] = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "frame-src": ["'self'"],
        "object-src": ["'self'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
    }
    for tag, scheme, host in _FOREIGN.findall(html):
        allowed[_DIRECTIVE[tag.lower()]].append(f"{scheme or 'https:'}{host}")
    inline = [text for attributes, text in _SCRIPT.findall(html) if _runs(attributes)]
    loaded = [host for text in inline for host in _LOADED.findall(text)]
    # Libraries that draw charts compile their expressions.
    allowed["script-src"] += [*loaded, "'unsafe-eval'"] if loaded else []
    given = len(allowed["script-src"])
    allowed["script-src"] += [_hash(text) for text in inline]
    foreign_script = given > 2 or _ADDED.search(html) is not None
    if _HANDLER.search(html):
        # A hash would switch 'unsafe-inline' off.
        allowed["script-src"] = [s for s in allowed["script-src"] if not s.startswith("'sha")] + ["'unsafe-inline'"]
    if inline or foreign_script or _HANDLER.search(html):
        # An author's script may draw with styles of its own making, and load what it draws.
        allowed["style-src"].append("'unsafe-inline'")
        allowed["connect-src"] = ["'self'", *(h for h in allowed["script-src"] if h.startswith("http"))]
        allowed["worker-src"] = ["'self'", "blob:"]
        allowed["connect-src"] += hosts
    else:
        allowed["style-src"] += [_hash(text) for text in _STYLE.findall(html)]
        if _STYLE_ATTRIBUTE.search(html):
            allowed["style-src-attr"] = ["'unsafe-inline'"]
    hosts = [*hosts, *sorted(hosts_in("\n".join(_STYLE.findall(html))))]
    for directive in ("img-src", "font-src", "style-src", "media-src"):
        allowed[directive] += hosts
    if hosts or _SHEET.search(html):
        # A style sheet from elsewhere keeps its fonts where it likes.
        allowed["font-src"].append("https:")
    return "; ".join(f"{name} {' '.join(dict.fromkeys(sources))}" for name, sources in allowed.items())


def hosts_in(css: str) -> set[str]:
    """The hosts that a style sheet fetches from."""
    return {f"{scheme or 'https:'}{host}" for scheme, host in _FETCHED.findall(css)}


def _runs(attributes: str) -> bool:
    """Whether a script element holds code (and not data, nor the name of a file)."""
    if re.search(r"\bsrc\s*=", attributes, re.IGNORECASE):
        return False
    kind = re.search(r"\btype\s*=\s*[\"']?([^\"'\s>]+)", attributes, re.IGNORECASE)
    return kind is None or kind[1].lower() in ("module", "text/javascript", "application/javascript", "importmap")


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
