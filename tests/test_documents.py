"""Every document in `fixtures/documents` is rendered by the command line's own code and held to its expectations."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import documents
import pytest
from conftest import ROOT

from octavo.command import Options, Report, render_paths
from octavo.read.source import read_source

FIXTURES = Path(__file__).parent / "fixtures" / "documents"
NAMES = sorted(p.relative_to(FIXTURES).as_posix() for p in FIXTURES.rglob("*.qmd") if not p.name.startswith("_"))


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """All documents as one project, each in the formats that it has expectations for."""
    root = tmp_path_factory.mktemp("documents") / "project"
    shutil.copytree(FIXTURES, root)
    options = Options(lenient=True)
    return root / "_output", render_paths([root], options, lambda *_: None)


@pytest.mark.parametrize("name", NAMES)
def test_document(name: str, rendered: tuple[Path, Report]) -> None:
    output, told = rendered
    tests: dict[str, Any] = dict(read_source(FIXTURES, name).front_matter["_quarto"]["tests"])
    expected = tests.pop("diagnostics", {})
    found = [d for d in told.diagnostics if d.position and d.position.file == name]
    codes = sorted((d.severity + "s", d.code) for d in found)
    assert codes == sorted((kind, code) for kind, listed in expected.items() for code in listed), found
    failed = []
    for form, wanted in tests.items():
        assert form in documents.FORMATS, form
        suffix = "pdf" if form == "typst" else form
        failed += documents.failures(form, (output / name).with_suffix("." + suffix), wanted or {})
    assert not failed, "\n".join(failed)


def test_every_document_and_site_is_named_by_the_table_of_what_works() -> None:
    table = (ROOT / "octavo" / "README.md").read_text("utf-8")
    sites = [f"sites/{site.name}" for site in (FIXTURES.parent / "sites").iterdir()]
    missing = [name for name in [*NAMES, *sites] if f"`{name.removesuffix('.qmd')}`" not in table]
    assert not missing, "name them in the line that they hold, in octavo/README.md"
