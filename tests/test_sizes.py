"""Pictures have the size of their files, so that nothing moves when they arrive."""

from __future__ import annotations

from pathlib import Path

from conftest import ROOT

from octavo.site.sizes import with_sizes

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="30pt" height="15pt"/>'


def test_a_picture_has_the_size_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "a b.svg").write_text(SVG, "utf-8")
    files = {"notes/figures/a b.svg": tmp_path / "a b.svg"}
    body = '<p><img src="figures/a%20b.svg" class="img-fluid" alt="A"></p>'
    sized = '<p><img src="figures/a%20b.svg" width="40" height="20" class="img-fluid" alt="A"></p>'
    assert with_sizes(body, "notes/page.html", files) == sized


def test_what_has_a_size_or_is_not_ours_stays(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(SVG, "utf-8")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n")
    files = {"a.svg": tmp_path / "a.svg", "broken.png": tmp_path / "broken.png"}
    for image in (
        '<img src="a.svg" class="img-fluid" style="width:50%">',
        '<img src="a.svg" class="img-fluid" width="10">',
        '<img src="a.svg">',
        '<img src="broken.png" class="img-fluid">',
        '<img src="https://example.org/a.svg" class="img-fluid">',
    ):
        assert with_sizes(image, "page.html", files) == image


def test_every_figure_of_the_notes_has_a_size(site: Path) -> None:
    pages = [site / path.relative_to(ROOT).with_suffix(".html") for path in sorted(ROOT.glob("lectures/[01]*.qmd"))]
    images = [tag for page in pages for tag in page.read_text("utf-8").split("<img ")[1:]]
    assert len(images) > 20
    assert [tag[:80] for tag in images if ' height="' not in tag.split(">")[0]] == []
