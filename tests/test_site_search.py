"""The search index is complete, leaves out what asks for it, and is the same for the same pages."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from octavo.site.indexing import whole
from octavo.site.search import write_index

PAGE = (
    '<html lang="en"><head><title>{0}</title></head><body><main{1}><h1>{0}</h1>'
    '<section id="s"><h2>Part</h2><p>sinusoid create_graph</p></section></main></body></html>'
)


def staged(folder: Path) -> Path:
    folder.mkdir()
    for name, mark in (("a", " data-pagefind-body"), ("b", " data-pagefind-body"), ("hidden", "")):
        (folder / f"{name}.html").write_text(PAGE.format(name, mark), "utf-8")
    return folder


def contents(folder: Path) -> dict[str, str]:
    files = sorted(p for p in (folder / "pagefind").rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_pages_are_indexed_and_the_index_is_reproducible(tmp_path: Path) -> None:
    one, two = staged(tmp_path / "one"), staged(tmp_path / "two")
    assert write_index(one) == []
    assert write_index(two) == []
    entry = json.loads((one / "pagefind/pagefind-entry.json").read_text("utf-8"))
    assert entry["languages"]["en"]["page_count"] == 2
    assert (one / "pagefind/pagefind.js").exists()
    assert not list((one / "pagefind").glob("*ui*"))
    assert contents(one) == contents(two)


def test_an_index_is_there_when_its_files_are_written(tmp_path: Path) -> None:
    """Pagefind gives its files names, answers, and writes on."""
    (tmp_path / "entry.json").touch()

    def late() -> None:
        time.sleep(0.3)
        (tmp_path / "entry.json").write_text("{}", "utf-8")

    writer = threading.Thread(target=late)
    writer.start()
    with ThreadPoolExecutor(1) as thread:  # this one may have a loop already
        thread.submit(asyncio.run, whole(tmp_path)).result()
    assert (tmp_path / "entry.json").read_text("utf-8") == "{}"
    writer.join()


def test_a_site_without_searchable_pages_has_no_index(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE.format("a", ""), "utf-8")
    assert write_index(tmp_path) == []
    assert not (tmp_path / "pagefind").exists()


def test_pages_that_are_opened_from_files_find_the_same_text(tmp_path: Path) -> None:
    site = staged(tmp_path / "site")
    assert write_index(site) == []
    script = (site / "pagefind/offline-index.js").read_text("utf-8")
    rows = json.loads(script.removeprefix("window.octavoPages = ").rstrip().removesuffix(";"))
    assert [row[0] for row in rows] == ["a.html", "b.html"]
    assert rows[0][1:] == ["a", [["", "", "a"], ["s", "Part", "sinusoid create_graph"]]]
