"""The search index of a staged site, made by Pagefind; the dialog that asks it is the theme's `search.js`."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from octavo.diagnostics import Diagnostic, warning

# Seconds until an index that does not come is given up.
PATIENCE = 60


def write_index(site: Path) -> list[Diagnostic]:
    """Write `pagefind/` into the staged site: an index of every page whose content is marked `data-pagefind-body`.

    The same pages give the same index. A site without such pages gets none.
    """
    pages = [p for p in sorted(site.rglob("*.html")) if b"data-pagefind-body" in p.read_bytes()]
    if not pages:
        return []
    # Slow to load, and most renders find their index made.
    from octavo.site.indexing import indexed

    shutil.rmtree(site / "pagefind", ignore_errors=True)
    try:
        # In a thread of its own: whoever calls may run an event loop already (the preview's server does).
        with ThreadPoolExecutor(1) as thread:
            thread.submit(indexed, site, pages, PATIENCE).result()
    except OSError as problem:
        # Half an index would be taken for a whole one the next time.
        shutil.rmtree(site / "pagefind", ignore_errors=True)
        late = isinstance(problem, TimeoutError)
        why = f"was not written within {PATIENCE} seconds" if late else f"could not be written: {problem}"
        return [warning("OCT-search-index", f"the search index {why}")]
    from octavo.site import offline

    (site / "pagefind/offline-index.js").write_text(offline.index(site, pages), "utf-8")
    # Pagefind brings user interfaces of its own along; the theme has one.
    for extra in (site / "pagefind").glob("pagefind-*"):
        if extra.suffix in (".css", ".js") and extra.name != "pagefind-worker.js":
            extra.unlink()
    return []
