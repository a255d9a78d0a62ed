"""The home page: its map names every lecture, its list says how long each takes and hands it out."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup


def test_the_map_leads_to_every_lecture(site: Path) -> None:
    home = BeautifulSoup((site / "index.html").read_text("utf-8"), "html.parser")
    lectures = {f"lectures/{path.name}" for path in (site / "lectures").glob("[0-9]*.html")}
    assert {a["href"] for a in home.select("svg.course-map a")} == lectures


def test_each_lecture_says_how_long_it_takes_and_can_be_taken_along(site: Path) -> None:
    home = BeautifulSoup((site / "index.html").read_text("utf-8"), "html.parser")
    lectures = home.select("#lectures .quarto-post")
    assert len(lectures) == len(list((site / "lectures").glob("[0-9]*.html")))
    for lecture in lectures:
        name = lecture.select_one(".listing-title a")["href"].removesuffix(".html")
        assert lecture.select_one(".listing-description").get_text(strip=True)
        assert lecture.select_one(".listing-reading-time").get_text(strip=True).endswith("min")
        assert lecture.select_one(".listing-run-time").get_text(strip=True).startswith("runs in")
        offered = {a["href"] for a in lecture.select(".listing-format-links a")}
        assert offered == {f"{name}.{suffix}" for suffix in ("pdf", "docx", "ipynb")}
        assert all((site / href).is_file() for href in offered)
