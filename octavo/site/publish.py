"""The new site is complete beside the old one before it takes its place; whatever fails, one whole site is there."""

from __future__ import annotations

import ctypes
import errno
import filecmp
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from octavo.cache import write_atomically

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_PREFIX = ".octavo-"
_ASIDE = "-old"


@contextmanager
def staging(output: Path, state: Path) -> Iterator[Path]:
    """A new folder to build the next site in; gone when the block ends, whatever happens.

    It is in octavo's own folder `state`, so that even a run that is killed leaves nothing among the sources; only if
    that is on another disk it is beside `output`, since a folder is moved in one step on its own disk alone.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    state.mkdir(parents=True, exist_ok=True)
    _sweep(output, state)
    near = state if _disk(state) == _disk(output.parent) else output.parent
    stage = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{output.name}-", dir=near))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _sweep(output: Path, state: Path) -> None:
    """Remove what runs that were killed have left; the old site goes back if it had been put aside."""
    for folder in {state, output.parent}:
        for path in folder.glob(f"{_PREFIX}{output.name}-*"):
            if path.name.endswith(_ASIDE) and not output.exists():
                os.rename(path, output)
            else:
                shutil.rmtree(path, ignore_errors=True)


def _disk(folder: Path) -> int:
    return os.stat(folder).st_dev


def publish(stage: Path, output: Path) -> int:
    """Put the staged site in the place of `output` in one step; returns how many files changed.

    Files that did not change stay the very same files, with their dates, so that nothing downstream is disturbed.
    """
    changed = 0
    for path in _files(stage):
        old = output / path.relative_to(stage)
        if old.is_file() and os.path.samefile(old, path):
            continue  # carried over
        if old.is_file() and filecmp.cmp(path, old, shallow=False):
            path.unlink()
            _same_file(old, path)
        else:
            changed += 1
            os.chmod(path, 0o644)
    if output.is_dir():
        gone = {p.relative_to(output) for p in _files(output)} - {p.relative_to(stage) for p in _files(stage)}
        if not changed and not gone:
            return 0
        changed += len(gone)
    os.chmod(stage, 0o755)
    _exchange(stage, output)
    return changed


def publish_into(stage: Path, output: Path) -> int:
    """Bring staged files into a folder that holds other things too (a lone document's), each in one step."""
    changed = 0
    for path in _files(stage):
        target = output / path.relative_to(stage)
        if target.is_file() and filecmp.cmp(path, target, shallow=False):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(path, 0o644)
        try:
            os.replace(path, target)
        except OSError as e:
            if e.errno != errno.EXDEV:
                raise
            write_atomically(target, path.read_bytes())
        changed += 1
    return changed


def carry_over(output: Path, stage: Path) -> None:
    """Complete a partial render: everything of the old site that the stage does not bring stays."""
    if output.is_dir():
        for path in _files(output):
            target = stage / path.relative_to(output)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                _same_file(path, target)


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def _same_file(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:  # another file system, or one without links
        shutil.copy2(old, new)


def _exchange(stage: Path, output: Path) -> None:
    """Swap two folders in one rename where the system can, so that a reader never finds the site missing."""
    if not output.exists():
        os.rename(stage, output)
        return
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
        if renameat2(_AT_FDCWD, os.fsencode(stage), _AT_FDCWD, os.fsencode(output), _RENAME_EXCHANGE) == 0:
            return
    except (OSError, AttributeError):
        pass
    old = stage.with_name(stage.name + _ASIDE)
    os.rename(output, old)
    try:
        os.rename(stage, output)
    except OSError:
        os.rename(old, output)
        raise
    os.rename(old, stage)
