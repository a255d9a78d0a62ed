"""A site for readers that are programs: `llms.txt` says what there is, and each page has a copy in Markdown."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence

from octavo.cache import Cache, key_of
from octavo.resolve.pandoc import pandoc_path
from octavo.site.navigation import PageInfo

_WRITER = "gfm-raw_html+tex_math_dollars-tex_math_gfm"
# What a reader presses or follows within a page is no text of it.
_CONTROLS = re.compile(r'<button\b.*?</button>|<a\b[^>]*aria-hidden="true"[^>]*></a>', re.DOTALL)
_SOURCE = re.compile(r'(?<=href=")([^":#?]+)\.html(?=[#"])')


def llms_files(website: Mapping[str, object], pages: Sequence[PageInfo], cache: Cache) -> dict[str, bytes]:
    """`llms.txt` and the Markdown copies, by name relative to the site's root."""
    shown = [p for p in pages if p.body and not p.draft and p.href != "404.html"]
    files = {_copy(page.href): _markdown(page, cache) for page in shown}
    base = str(website.get("site-url") or "").rstrip("/")
    head = f"# {website.get('title') or ''}\n"
    if website.get("description"):
        head += f"\n> {website['description']}\n"
    rows = [
        f"- [{p.title or p.source}]({base + '/' if base else ''}{_copy(p.href)})"
        + (f": {p.description}" if p.description else "")
        for p in shown
    ]
    files["llms.txt"] = (head + "\n## Pages\n\n" + "\n".join(rows) + "\n").encode()
    return files


def _copy(href: str) -> str:
    return re.sub(r"\.html$", ".llms.md", href)


def _markdown(page: PageInfo, cache: Cache) -> bytes:
    # Links between pages lead from copy to copy.
    body = _SOURCE.sub(lambda m: f"{m[1]}.llms.md" if "//" not in m[1] else m[0], _CONTROLS.sub("", page.body))
    title = f"# {page.title}\n\n" if page.title else ""
    return title.encode() + cache.bytes(key_of("llms", [_WRITER, body]), lambda: _converted(body))


def _converted(body: str) -> bytes:
    command = [pandoc_path(), "-f", "html-native_divs-native_spans", "-t", _WRITER, "--wrap=none"]
    return subprocess.run(command, input=body.encode(), capture_output=True, check=True).stdout
