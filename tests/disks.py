"""A render on a disk of its own that is full, then one that may only be read. Run in a mount namespace: `disks.py FOLDER`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import faults

SETTINGS = "project: {type: website, output-dir: _site}\nwebsite: {search: false, title: Disk}\nformat: html\n"


def write(root: Path, version: int) -> None:
    for n in range(4):
        words = " ".join(f"word{version}x{i}" for i in range(4000))
        (root / f"page{n}.qmd").write_text(f"---\ntitle: Page {version}\n---\n\n{words}\n", "utf-8")


def octavo(command: str, root: Path) -> tuple[int, str]:
    environment = {**os.environ, "HOME": str(root.parent / "home")}
    done = subprocess.run(
        [sys.executable, "-m", "octavo", command, str(root)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert "Traceback" not in done.stderr and "OCT-bug" not in done.stderr, done.stderr
    return done.returncode, done.stderr


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def main() -> None:
    """A site of two versions: the first stays whole while the second cannot be written."""
    root = Path(sys.argv[1]) / "notes"
    root.mkdir()
    mount("-t", "tmpfs", "-o", "size=6m", "tmpfs", str(root))
    (root / "_quarto.yml").write_text(SETTINGS, "utf-8")
    write(root, 0)
    code, said = octavo("render", root)
    assert code == 0, said
    old = faults.manifest(root / "_site")

    write(root, 1)
    room = os.statvfs(root)
    (root / ".filler").write_bytes(b"x" * (room.f_bavail * room.f_frsize - 150_000))
    code, said = octavo("render", root)
    assert code == 1 and "[OCT-file-system]" in said and "no space left" in said, said
    assert faults.manifest(root / "_site") == old
    assert not list(root.glob(".octavo-*"))
    (root / ".filler").unlink()

    mount("-o", "remount,ro", str(root))
    code, said = octavo("check", root)
    assert code == 0, said
    code, said = octavo("render", root)
    assert code == 1 and "[OCT-file-system]" in said and "read-only" in said, said
    assert faults.manifest(root / "_site") == old
    mount("-o", "remount,rw", str(root))
    code, said = octavo("render", root)
    assert code == 0, said
    assert set(faults.manifest(root / "_site")) == set(old) and faults.manifest(root / "_site") != old


if __name__ == "__main__":
    main()
