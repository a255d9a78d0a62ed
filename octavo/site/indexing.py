"""Pagefind's index of pages: what is put into it, and when it is there. Imported only where an index is made anew."""

from __future__ import annotations

import asyncio
import logging
import re
from pathlib import Path

from pagefind.index import IndexConfig
from pagefind.service import PagefindService

# Names of variables and methods hold these: `torch.autograd`, `create_graph`, `meta-learning`.
_CHARACTERS = "_.-"
# What a reader would not look for, or finds on its own page.
_EXCLUDED = (".code-copy-button", ".anchorjs-link", ".eq-number", "#quarto-appendix .footnote-back", "math annotation",
             ".screen-reader-only", ".quarto-title-meta", ".quarto-title-meta-author", ".page-navigation", ".listing-actions-group", "script")  # fmt: skip


def indexed(site: Path, pages: list[Path], patience: float) -> None:
    """Write `pagefind/` into `site`, an index of its `pages`. Raises OSError, or TimeoutError after `patience` seconds."""
    logging.getLogger("pagefind").setLevel(logging.ERROR)
    asyncio.run(_indexed(site, pages, patience))


async def _indexed(site: Path, pages: list[Path], patience: float) -> None:
    folder = site / "pagefind"
    config = IndexConfig(
        output_path=str(folder),
        exclude_selectors=list(_EXCLUDED),
        include_characters=_CHARACTERS,
        keep_index_url=True,
    )
    async with PagefindService() as service:
        index = await service.create_index(config)
        # One by one and in order: whole folders are read in parallel, and numbered as they come.
        for path in pages:
            address = path.relative_to(site).as_posix()
            await index.add_html_file(content=_with_heading_ids(path.read_text("utf-8")), url=f"/{address}")
        await index.write_files()
        await asyncio.wait_for(whole(folder), patience)


async def whole(folder: Path) -> None:
    """Wait until all files are on the disk.

    Pagefind answers when its files have names, and writes on; what is not written when it is told to end stays empty.
    """
    before = None
    while True:
        sizes = {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
        if sizes and sizes == before and all(sizes.values()):
            return
        before = sizes
        await asyncio.sleep(0.02)


def _with_heading_ids(html: str) -> str:
    """The page with the ids of its sections on their headings, where Pagefind looks for the parts of a page."""
    return re.sub(r'(<section [^>]*?)\bid="([^"]*)"([^>]*>\s*<h[1-6])(?![^>]* id=)', r'\1\3 id="\2"', html)
