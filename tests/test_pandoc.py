"""Workers that are ended while they start."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from octavo.command import Options, check_paths
from octavo.resolve import pandoc


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_that_ends_while_it_starts_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    starts, start = [], pandoc.Pandoc.start

    def ended_at_first(worker: pandoc.Pandoc) -> None:
        starts.append(threading.current_thread().name)
        if len(starts) == 1:
            raise BrokenPipeError
        start(worker)

    monkeypatch.setattr(pandoc.Pandoc, "start", ended_at_first)
    with pandoc.Pool(1) as pool:
        pool.warm()
    (tmp_path / "a.qmd").write_text("Words.\n", "utf-8")
    assert check_paths([tmp_path / "a.qmd"], Options(execution="never"), lambda *_: None).diagnostics == ()
    assert len(starts) > 1
