"""The search index of a staged site, made by Pagefind; the dialog that asks it is the theme's `search.js`."""

from __future__ import annotations

import logging
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from octavo.diagnostics import Diagnostic, warning

# Names of variables and methods hold these: `torch.autograd`, `create_graph`, `meta-learning`.
_CHARACTERS = "_.-"
# What a reader would not look for, or finds on its own page.
_EXCLUDED = (".code-copy-button", ".anchorjs-link", ".eq-number", "#quarto-appendix .footnote-back", "math annotation",
             ".screen-reader-only", ".quarto-title-meta", ".quarto-title-meta-author", ".page-navigation", ".listing-actions-group", "script")  # fmt: skip


def write_index(site: Path) -> list[Diagnostic]:
    """Write `pagefind/` into the staged site: an index of every page whose content is marked `data-pagefind-body`.

    The same pages give the same index. A site without such pages gets none.
    """
    pages = [p for p in sorted(site.rglob("*.html")) if b"data-pagefind-body" in p.read_bytes()]
    if not pages:
        return []
    # Slow to load, and most renders find their index made.
    import asyncio

    logging.getLogger("pagefind").setLevel(logging.ERROR)
    shutil.rmtree(site / "pagefind", ignore_errors=True)
    try:
        # In a thread of its own: whoever calls may run an event loop already (the preview's server does).
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(_indexed(site, pages))).result()
    except OSError as problem:
        return [warning("OCT-search-index", f"the search index could not be written: {problem}")]
    from octavo.site import offline

    (site / "pagefind/offline-index.js").write_text(offline.index(site, pages), "utf-8")
    # Pagefind brings user interfaces of its own along; the theme has one.
    for extra in (site / "pagefind").glob("pagefind-*"):
        if extra.suffix in (".css", ".js") and extra.name != "pagefind-worker.js":
            extra.unlink()
    return []


async def _indexed(site: Path, pages: list[Path]) -> None:
    from pagefind.index import IndexConfig, PagefindIndex

    config = IndexConfig(
        output_path=str(site / "pagefind"),
        exclude_selectors=list(_EXCLUDED),
        include_characters=_CHARACTERS,
        keep_index_url=True,
    )
    async with PagefindIndex(config=config) as index:
        # One by one and in order: whole folders are read in parallel, and numbered as they come.
        for path in pages:
            address = path.relative_to(site).as_posix()
            await index.add_html_file(content=_with_heading_ids(path.read_text("utf-8")), url=f"/{address}")


def _with_heading_ids(html: str) -> str:
    """The page with the ids of its sections on their headings, where Pagefind looks for the parts of a page."""
    return re.sub(r'(<section [^>]*?)\bid="([^"]*)"([^>]*>\s*<h[1-6])(?![^>]* id=)', r'\1\3 id="\2"', html)
