"""Long-lived pandoc processes: JSON requests in, JSON answers out, as many at a time as there are cores."""

from __future__ import annotations

import errno
import functools
import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from octavo.diagnostics import AuthorError, Diagnostic, Position, error

# What the system may refuse a worker that writes a file, which is no bug.
REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EROFS)
TOO_LARGE = getattr(signal, "SIGXFSZ", 0)
HERE = Path(__file__).parent
# With room for new objects, and none looked through while nothing is asked, a page takes a twelfth less of time.
MEMORY = ("+RTS", "-A32m", "-O64m", "-I0", "-M4g", "-RTS")
HEAP_EXHAUSTED = 251  # how Haskell's programs end when they have used what -M allows
SECONDS = 300.0  # a page takes a tenth of one; authors' filters may start programs that take longer


@functools.cache
def pandoc_path() -> str:
    """The pandoc program that the pip package carries (found without importing the package, which is slow)."""
    import importlib.util

    spec = importlib.util.find_spec("pypandoc")
    if spec and spec.origin:
        name = "pandoc.exe" if os.name == "nt" else "pandoc"
        carried = Path(spec.origin).parent / "files" / name
        if carried.is_file():
            return str(carried)
    return "pandoc"


@functools.cache
def highlight_languages() -> frozenset[str]:
    """Languages that pandoc can highlight; any other class on a code block costs it a long search."""
    out = subprocess.run([pandoc_path(), "--list-highlight-languages"], capture_output=True, text=True, check=True)
    aliases = {"py", "js", "sh", "yml", "md", "tex", "hs", "ts", "rb", "rs", "cpp", "json", "toml"}
    return frozenset(out.stdout.split()) | aliases


def _given(value: Any) -> Any:
    """The value without what is None: Lua has no null, an absent key says it."""
    if isinstance(value, Mapping):
        return {str(k): _given(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_given(v) for v in value if v is not None]
    return value


def _endless(page: str, limit: str) -> Diagnostic:
    message = f"pandoc was stopped over this page: it did not end within {limit}"
    hint = (
        "take parts of the page away until it ends; a macro that doubles with each use, or a filter, may be the cause"
    )
    return error("OCT-page-endless", message, Position(page) if page else None, hint)


class Pandoc:
    """One `pandoc lua` process running worker.lua. Not to be shared between threads at one time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Have the process load what it needs, if it has not yet."""
        if self._process is None or self._process.poll() is not None:
            self._process = self._start()

    def ask(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to one request. Raises RuntimeError if the worker itself fails, which is a bug of octavo's."""
        self.start()
        assert self._process and self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(_given({**request, "operation": operation}), default=str) + "\n")
        self._process.stdin.flush()
        line, late = self._answer(self._process)
        if not line:
            ended = self._process.wait()
            if ended == -TOO_LARGE:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
            if late or ended == HEAP_EXHAUSTED:
                raise AuthorError(_endless(str(request.get("page", "")), f"{SECONDS:g} seconds" if late else "4 GB"))
            raise RuntimeError(f"pandoc stopped while it was asked to {operation} {request.get('page', '')}")
        answer = json.loads(line)
        if "failure" in answer:
            for code in REFUSALS:
                if os.strerror(code).lower() in answer["failure"].lower():
                    raise OSError(code, os.strerror(code))
            raise RuntimeError(answer["failure"])
        return answer

    def _answer(self, process: subprocess.Popen[str]) -> tuple[str, bool]:
        """The worker's next line; none if it has ended, and whether that was because it took too long."""
        assert process.stdout
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        clock = threading.Timer(SECONDS, stop)
        clock.daemon = True
        clock.start()
        try:
            return process.stdout.readline(), late.is_set()
        finally:
            clock.cancel()

    def _start(self) -> subprocess.Popen[str]:
        # pandoc's own warnings go nowhere: whatever an author should know comes as a diagnostic in the answer.
        process = subprocess.Popen(
            [pandoc_path(), *MEMORY, "lua", str(HERE / "worker.lua")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        assert process.stdin
        settings = {"languages": dict.fromkeys(sorted(highlight_languages()), True)}
        process.stdin.write(json.dumps(settings) + "\n")
        process.stdin.flush()
        return process

    def close(self) -> None:
        if self._process and self._process.stdin:
            self._process.kill()  # it has answered all that it was asked, and would take its time to give memory back
            self._process.stdin.close()
            self._process.wait()
        self._process = None


class Pool:
    """Workers for several threads: `ask` waits for a free one. Processes start when they are needed, or by `warm`."""

    def __init__(self, size: int | None = None) -> None:
        self._workers = [Pandoc() for _ in range(size or os.cpu_count() or 1)]
        self._free: queue.LifoQueue[Pandoc] = queue.LifoQueue()
        for worker in self._workers:
            self._free.put(worker)

    def ask(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """As `Pandoc.ask`, from any thread."""
        worker = self._free.get()
        try:
            return worker.ask(operation, request)
        finally:
            self._free.put(worker)

    def warm(self) -> None:
        """Start the worker that is asked first, beside whatever this process does meanwhile."""
        worker = self._free.get()

        def start() -> None:
            # Ctrl-C ends a worker while it starts. Whoever asks it starts it again, and tells if that fails.
            try:
                with suppress(OSError, subprocess.CalledProcessError):
                    worker.start()
            finally:
                self._free.put(worker)

        threading.Thread(target=start, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.close()
