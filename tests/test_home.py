"""The home page: its map names every lecture."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup


def test_the_map_leads_to_every_lecture(site: Path) -> None:
    home = BeautifulSoup((site / "index.html").read_text("utf-8"), "html.parser")
    lectures = {f"lectures/{path.name}" for path in (site / "lectures").glob("[0-9]*.html")}
    assert {a["href"] for a in home.select("svg.course-map a")} == lectures
