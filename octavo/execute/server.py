"""The other end of the fork server: starts it when first needed, asks it for a child per document, ends it at exit."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# One thread: tiny tensor operations run many times faster, and results do not depend on the number of cores.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONDONTWRITEBYTECODE": "1",
}
START = "import sys; sys.path.insert(0, sys.argv[1]); from octavo.execute import forkserver; del sys.path[0]; \
forkserver.main(sys.argv[2])"


class KernelStartError(Exception):
    """The process that runs cells could not be started; the text says why."""


class UnknownKernelError(KernelStartError):
    """A document names a kernel that is not installed; the text names those that are."""


@dataclass(frozen=True)
class _Server:
    process: subprocess.Popen
    folder: Path

    @property
    def address(self) -> str:
        return str(self.folder / "socket")


class _State:
    """The one running server of this process."""

    lock = threading.Lock()
    server: _Server | None = None


def available() -> bool:
    """Whether this platform can fork and has Unix sockets."""
    return hasattr(os, "fork") and hasattr(socket, "AF_UNIX")


def run(request: Mapping[str, Any], seconds: float) -> Iterator[dict[str, Any]]:
    """The events of one document's run (see `shell.run_document`).

    After the child's own events the last one is `{"event": "end"}`, `{"event": "died"}` or `{"event": "timeout"}`.
    Raises KernelStartError when there is no process to run in.
    """
    server = _running()
    request = {**request, "ipython_dir": str(server.folder / "ipython")}
    deadline = time.monotonic() + seconds
    child = None
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(server.address)
            connection.sendall(json.dumps(request).encode("utf-8") + b"\n")
        except OSError as e:
            raise KernelStartError(f"the process that runs cells is gone ({e.strerror})") from None
        try:
            for event in _events(connection, deadline):
                if event["event"] == "started":
                    child = event["pid"]
                    continue
                if event["event"] in ("end", "died"):
                    child = None
                yield event
        finally:
            if child is not None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(child, signal.SIGKILL)


def _events(connection: socket.socket, deadline: float) -> Iterator[dict[str, Any]]:
    pending = b""
    while True:
        left = deadline - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            connection.settimeout(left)
            data = connection.recv(1 << 16)
        except TimeoutError:
            yield {"event": "timeout"}
            return
        except OSError:
            data = b""
        if not data:
            yield {"event": "died"}
            return
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            event = json.loads(line)
            yield event
            if event["event"] in ("end", "too-large"):
                return


def _running() -> _Server:
    with _State.lock:
        if _State.server is not None and _State.server.process.poll() is not None:
            _end(_State.server)
            _State.server = None
        if _State.server is None:
            _State.server = _started()
        return _State.server


def _started() -> _Server:
    folder = Path(tempfile.mkdtemp(prefix="octavo-"))
    package_root = str(Path(__file__).resolve().parents[2])
    server = _Server(
        subprocess.Popen(
            [sys.executable, "-P", "-c", START, package_root, str(folder / "socket")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **ENVIRONMENT},
        ),
        folder,
    )
    if server.process.stdout.readline() != b"ready\n":
        reason = server.process.stderr.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        _end(server)
        raise KernelStartError(reason or "the process ended at once")
    # Nothing is ever written to them; left open, a full pipe could block the server.
    server.process.stdout.close()
    server.process.stderr.close()
    return server


def _end(server: _Server) -> None:
    with contextlib.suppress(BrokenPipeError):
        server.process.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.process.wait(timeout=5)
    shutil.rmtree(server.folder, ignore_errors=True)


def _forget() -> None:
    # Whoever forks this process inherits no server: it belongs to the parent, who still uses its socket.
    _State.lock = threading.Lock()
    _State.server = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


@atexit.register
def shutdown() -> None:
    """End the fork server and whatever it still runs."""
    with _State.lock:
        if _State.server is not None:
            _end(_State.server)
            _State.server = None
