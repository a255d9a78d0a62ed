"""Whatever happens to a render, the old site or the new one is there and whole, and the next render succeeds.

The short form kills at some file operations and instants; `OCTAVO_FAULTS=all` kills at every one and at 200 instants.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import faults
import pytest

LONG = os.environ.get("OCTAVO_FAULTS") == "all"
SETTINGS = """project: {type: website, output-dir: _site}
website: {search: false, title: Faults}
format: {html: default, docx: default}
"""
PAGE = (
    "---\ntitle: Page {n}\n---\n\nVersion {version}. See [the next](page{next}.qmd) and @eq-{n}.\n\n$$a$$ {{#eq-{n}}}\n"
)
PAGES = 2


def write_version(root: Path, version: int) -> None:
    for n in range(PAGES):
        text = PAGE.format(n=n, next=(n + 1) % PAGES, version=version)
        (root / f"page{n}.qmd").write_text(text, "utf-8")
    (root / "index.qmd").write_text(f"---\ntitle: Start {version}\n---\n\n[First](page0.qmd)\n", "utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[dict[str, str]]]]:
    """A small site, and what its two versions look like when they are whole."""
    root = tmp_path_factory.mktemp("faults") / "notes"
    root.mkdir()
    (root / "_quarto.yml").write_text(SETTINGS, "utf-8")
    whole = []
    for version in (0, 1):
        write_version(root, version)
        assert faults.child(lambda: _rendered(root)) == 0
        whole.append(faults.manifest(root / "_site"))
    assert whole[0] != whole[1] and set(whole[0]) == set(whole[1])
    yield root, whole


def _rendered(root: Path) -> int:
    return 0 if faults.render(root).published else 1


def _holds(root: Path, whole: list[dict[str, str]], before: dict[str, str]) -> None:
    """The invariant, and that the next render mends all."""
    assert faults.manifest(root / "_site") in whole
    assert faults.sources(root) == before
    assert not [p.name for p in root.iterdir() if p.name.startswith(".octavo-")]


def _hurt(project: tuple[Path, list[dict[str, str]]], version: int, at: int, fault: faults.Fault) -> int:
    root, whole = project
    write_version(root, version)
    before = faults.sources(root)

    def work() -> int:
        faults.watched(root, at, fault)
        told = faults.render(root)
        assert told.published or told.diagnostics
        assert not any(d.code == "OCT-bug" for d in told.diagnostics), told.diagnostics
        return 0 if told.published else 3

    status = faults.child(work)
    _holds(root, whole, before)
    return status


def _mended(project: tuple[Path, list[dict[str, str]]], version: int) -> None:
    root, whole = project
    assert faults.child(lambda: _rendered(root)) == 0
    assert faults.manifest(root / "_site") == whole[version]
    if _left(root):
        # A folder that the system would not let go is swept by the next render that has something to do.
        write_version(root, 1 - version)
        assert faults.child(lambda: _rendered(root)) == 0
    assert not _left(root)


def _left(root: Path) -> list[Path]:
    return [p for p in (root / ".octavo").iterdir() if p.name.startswith(".octavo-")]


def _operations(project: tuple[Path, list[dict[str, str]]]) -> int:
    """How many file operations a render of a changed site has."""
    root, _ = project
    write_version(root, 0)
    assert faults.child(lambda: _rendered(root)) == 0
    write_version(root, 1)
    count = root.parent / "count"

    def work() -> int:
        seen = faults.watched(root, None, faults.kill)
        faults.render(root)
        count.write_text(str(len(seen)), "utf-8")
        return 0

    assert faults.child(work) == 0
    return int(count.read_text("utf-8"))


def test_killed_at_file_operations(project: tuple[Path, list[dict[str, str]]]) -> None:
    total = _operations(project)
    assert total > 20
    # The last operations publish: in the short form some of them are tried, and few of the others.
    chosen = range(total) if LONG else [*range(0, total - 40, 60), *range(max(total - 40, 0), total, 7)]
    killed = 0
    for turn, at in enumerate(chosen):
        killed += _hurt(project, turn % 2, at, faults.kill) == -signal.SIGKILL
        _mended(project, turn % 2)
    assert killed >= len(chosen) // 2


@pytest.mark.parametrize("fault", [faults.DISK_FULL, faults.FORBIDDEN], ids=["disk full", "read-only"])
def test_the_system_refuses(project: tuple[Path, list[dict[str, str]]], fault: faults.Fault) -> None:
    total = _operations(project)
    for turn, at in enumerate(range(total) if LONG else range(3, total, max(total // 4, 1))):
        status = _hurt(project, turn % 2, at, fault)
        assert status in (0, 3)
        _mended(project, turn % 2)


def test_killed_at_random_instants(project: tuple[Path, list[dict[str, str]]]) -> None:
    root, whole = project
    chance = random.Random(7)
    started = time.monotonic()
    write_version(root, 0)
    assert faults.child(lambda: _rendered(root)) == 0
    usual = time.monotonic() - started
    for turn in range(200 if LONG else 4):
        version = (turn + 1) % 2
        write_version(root, version)
        before = faults.sources(root)
        faults.child(lambda: _rendered(root), seconds=chance.uniform(0, usual))
        _holds(root, whole, before)
        _mended(project, version)


def test_a_limit_on_the_size_of_files_leaves_the_old_site(project: tuple[Path, list[dict[str, str]]]) -> None:
    root, whole = project
    write_version(root, 0)
    assert faults.child(lambda: _rendered(root)) == 0
    write_version(root, 1)
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000));"
        "from octavo.cli import main; main(['render', sys.argv[1]])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(root)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr and "[OCT-file-system]" in done.stderr
    assert faults.manifest(root / "_site") == whole[0]
    _mended(project, 1)


CELLS = "---\ntitle: Cells\nexecute: {{freeze: auto}}\n---\n\n```{{python}}\nprint('run', {version})\n```\n"


def _texts(root: Path) -> dict[str, str]:
    return {p.relative_to(root).as_posix(): p.read_text("utf-8") for p in (root / "_freeze").rglob("*") if p.is_file()}


@pytest.mark.execute
def test_killed_while_results_are_frozen(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text(SETTINGS, "utf-8")
    whole = []
    for version in (0, 1):
        (tmp_path / "index.qmd").write_text(CELLS.format(version=version), "utf-8")
        assert faults.child(lambda: _rendered(tmp_path)) == 0
        whole.append(_texts(tmp_path))
    files = set(whole[0])
    assert files == set(whole[1]) and len(files) >= 4
    count = tmp_path.parent / "count"

    def work(at: int | None) -> int:
        seen = faults.watched(tmp_path / "_freeze", at, faults.kill)
        told = faults.render(tmp_path)
        count.write_text(str(len(seen)), "utf-8")
        return 0 if told.published else 3

    (tmp_path / "index.qmd").write_text(CELLS.format(version=0), "utf-8")
    assert faults.child(lambda: work(None)) == 0
    total = int(count.read_text("utf-8"))
    assert total >= len(files)
    for turn, at in enumerate(range(total) if LONG else (0, total // 2, total - 1)):
        version = (turn + 1) % 2
        (tmp_path / "index.qmd").write_text(CELLS.format(version=version), "utf-8")
        faults.child(lambda at=at: work(at))
        found = _texts(tmp_path)
        assert set(found) == files
        assert all(text in (whole[0][name], whole[1][name]) for name, text in found.items())
        assert faults.child(lambda: _rendered(tmp_path)) == 0
        assert _texts(tmp_path) == whole[version]
        assert f"run {version}" in (tmp_path / "_site" / "index.html").read_text("utf-8")


def _mounts() -> list[str]:
    """A command that may mount file systems of its own; [] where the machine allows none."""
    for command in (["unshare", "-m"], ["unshare", "-rm"]):
        if shutil.which("unshare"):
            trial = [*command, "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
            if subprocess.run(trial, capture_output=True, check=False).returncode == 0:
                return command
    return []


@pytest.mark.skipif(not _mounts(), reason="file systems cannot be mounted here")
def test_a_full_disk_and_a_folder_that_may_only_be_read(tmp_path: Path) -> None:
    script = Path(__file__).parent / "disks.py"
    command = [*_mounts(), sys.executable, str(script), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_two_renders_at_once(project: tuple[Path, list[dict[str, str]]]) -> None:
    root, whole = project
    write_version(root, 0)
    command = [sys.executable, "-m", "octavo", "render", str(root), "--no-execute"]
    shutil.rmtree(root / ".octavo" / "cache", ignore_errors=True)
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("another render of this project is running" in text for text in said) == 1
    assert faults.manifest(root / "_site") == whole[0]


def test_interrupted_by_its_user(project: tuple[Path, list[dict[str, str]]]) -> None:
    root, whole = project
    write_version(root, 1)
    before = faults.sources(root)
    shutil.rmtree(root / ".octavo", ignore_errors=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "octavo", "render", str(root)], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not (root / ".octavo" / "lock").exists():
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert "Traceback" not in said
    assert process.returncode in (0, 130), said
    _holds(root, whole, before)
    _mended(project, 1)


def test_one_format_or_one_page_never_removes_the_others(project: tuple[Path, list[dict[str, str]]]) -> None:
    root, whole = project
    write_version(root, 0)
    assert faults.child(lambda: _rendered(root)) == 0
    assert faults.child(lambda: 0 if faults.render(root, formats=("docx",)).published else 1) == 0
    assert faults.manifest(root / "_site") == whole[0]
    write_version(root, 1)
    command = [sys.executable, "-m", "octavo", "render", str(root / "page0.qmd")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    now = faults.manifest(root / "_site")
    assert set(now) == set(whole[0])
    assert now["page0.docx"] == whole[1]["page0.docx"] and now["page1.docx"] == whole[0]["page1.docx"]
