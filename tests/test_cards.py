"""A page without a picture of its own is drawn one for where it is shared."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from bs4 import BeautifulSoup
from PIL import Image

from octavo.command import Options, render_paths

PROJECT = (
    "project: {type: website}\nwebsite: {title: Notes, site-url: 'https://e.org/n', open-graph: true}\nformat: html\n"
)


def picture(folder: Path, page: str) -> str:
    html = BeautifulSoup((folder / "_site" / page).read_text("utf-8"), "html.parser")
    return html.select_one("meta[property='og:image']")["content"]


def test_links_to_a_page_show_its_title(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text(PROJECT, "utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/one.qmd").write_text(
        f'---\ntitle: {"A long title, " * 9}\ndescription: D "#x" $y$\n---\n\nText.\n', "utf-8"
    )
    Image.new("RGB", (9, 9)).save(tmp_path / "own.png")
    (tmp_path / "index.qmd").write_text("---\ntitle: Home\nimage: own.png\n---\n\nText.\n", "utf-8")
    assert not render_paths([tmp_path], Options(), lambda *_: None).diagnostics
    assert picture(tmp_path, "index.html") == "https://e.org/n/own.png"
    assert picture(tmp_path, "sub/one.html") == "https://e.org/n/sub/one-card.png"
    drawn = Image.open(BytesIO((tmp_path / "_site/sub/one-card.png").read_bytes()))
    assert drawn.size == (1200, 630)
    # Paper, a stripe, and letters on it.
    assert len(set(drawn.convert("L").resize((120, 63)).get_flattened_data())) > 20
