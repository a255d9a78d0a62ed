"""Which pages a preview renders after a save: the one that is looked at first, the others only if they may be different."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from octavo.preview import Preview

SETTINGS = "project: {type: website}\nwebsite: {title: T, navbar: {left: [one.qmd]}, sidebar: {contents: auto}}\n"
PAGE = "---\ntitle: {title}\n---\n\n## Part {{#sec-{name}}}\n\nWords.\n\nSee @sec-{other}.\n"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, Preview, list[dict]]]:
    (tmp_path / "_quarto.yml").write_text(SETTINGS)
    for name, other in (("one", "two"), ("two", "three"), ("three", "one")):
        (tmp_path / f"{name}.qmd").write_text(PAGE.format(title=name.title(), name=name, other=other))
    (tmp_path / "all.qmd").write_text(
        "---\ntitle: All\nlisting: {contents: '*.qmd', fields: [title, word-count]}\n---\n"
    )
    told: list[dict] = []
    preview = Preview(tmp_path, (), told.append)
    preview.refresh()
    preview.viewed = "one.qmd"
    yield tmp_path, preview, told
    preview.session.close()


def saved(site: tuple[Path, Preview, list[dict]], old: str, new: str, name: str = "one.qmd") -> set[str]:
    """The pages that are rendered after a save of one."""
    root, preview, told = site
    page = root / name
    page.write_text(page.read_text("utf-8").replace(old, new, 1), "utf-8")
    time.sleep(0.02)  # the clock of files is a coarse one
    told.clear()
    preview.refresh([page])
    assert told[-1] == {"kind": "idle"}
    assert next(event["address"] for event in told if event["kind"] == "page") == "one.html"
    return {event["address"].removesuffix(".html") for event in told if event["kind"] == "page"}


def test_prose_changes_its_page_and_those_that_list_it(site: tuple[Path, Preview, list[dict]]) -> None:
    assert saved(site, "Words.", "Other words.") == {"one", "all"}
    assert "Other words." in (site[0] / ".octavo/preview/one.html").read_text("utf-8")


def test_a_title_and_a_label_change_all_pages(site: tuple[Path, Preview, list[dict]]) -> None:
    assert saved(site, "title: One", "title: First") == {"one", "two", "three", "all"}
    assert "First" in (site[0] / ".octavo/preview/three.html").read_text("utf-8")
    assert saved(site, "Words.", "Words again.") == {"one", "all"}
    assert saved(site, "{#sec-one}", "{#sec-first}") == {"one", "two", "three", "all"}


def test_what_an_older_save_has_left_is_made_up_for(site: tuple[Path, Preview, list[dict]]) -> None:
    root, preview, _ = site
    preview._waiting = 1  # a newer save is on its way, so this one comes no further than the page that is looked at
    page = root / "one.qmd"
    page.write_text(page.read_text("utf-8").replace("title: One", "title: First"), "utf-8")
    time.sleep(0.02)
    preview.refresh([page])
    preview._waiting = 0
    assert saved(site, "Words.", "Other words.") == {"one", "two", "three", "all"}
    assert "First" in (root / ".octavo/preview/three.html").read_text("utf-8")


def test_a_page_that_was_saved_unseen_is_rendered(site: tuple[Path, Preview, list[dict]]) -> None:
    two = site[0] / "two.qmd"
    two.write_text(two.read_text("utf-8").replace("title: Two", "title: Second"), "utf-8")
    assert saved(site, "Words.", "Other words.") == {"one", "two", "three", "all"}


def test_a_project_says_how_it_wants_to_be_previewed(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("project: {preview: {port: 4100, browser: false}}\n", "utf-8")
    preview = Preview(tmp_path, (), lambda event: None)
    assert dict(preview.wishes()) == {"port": 4100, "browser": False}
    (tmp_path / "_quarto.yml").write_text("project: [\n", "utf-8")
    assert preview.wishes() == {}
