"""What tests share: the checkout's site rendered once, one browser, shortcodes expanded or failing."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright
from shortcodes import context

from octavo.resolve.shortcodes import expand

ROOT = Path(__file__).resolve().parent.parent
# Milliseconds for what a browser does: a busy machine takes its time.
PATIENCE = 120_000

# How fast cases are made says more of a busy machine than of the code.
settings.register_profile("octavo", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("octavo")


@cache
def _rendered(output: Path) -> None:
    command = [sys.executable, "-m", "octavo", "render", str(ROOT), "--output-dir", str(output)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, rendered by the command that authors use."""
    output = tmp_path_factory.mktemp("site") / "_site"
    _rendered(output)
    return output


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the whole site is served, on this machine alone."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def chromium() -> str:
    """The installed Chromium; a machine without one fails the browser tests."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert found, "the browser tests need Chromium: apt-get install chromium"
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium for all browser tests."""
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        started = playwright.chromium.launch(executable_path=chromium(), args=options)
        yield started
        started.close()


@pytest.fixture
def expanded(tmp_path):
    """Expands shortcodes about which there is nothing to tell."""

    def run(text: str, form: str = "html", **more) -> str:
        result, told = expand(text, context(tmp_path, text, form, **more))
        assert told == []
        return result

    return run


@pytest.fixture
def failing(tmp_path):
    """Expands shortcodes about which something is told."""

    def run(text: str, form: str = "html", **more):
        result, told = expand(text, context(tmp_path, text, form, **more))
        assert told, "no diagnostic"
        return result, told

    return run
