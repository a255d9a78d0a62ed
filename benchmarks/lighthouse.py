"""Lighthouse's four scores for the home page and three lectures, as a phone on a slow line sees them.

Wants Node (its `npx` fetches Lighthouse, or `LIGHTHOUSE` names one that is there) and a Chromium. The pages are served as
hosts serve them: compressed, with a long life for what does not change. Exit status 1 if a score is below 100.
"""

from __future__ import annotations

import json
import mimetypes
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import brotli

ROOT = Path(__file__).parent.parent
PAGES = (
    "index.html",
    "lectures/01-course-introduction.html",
    "lectures/03-multi-task-optimization.html",
    "lectures/06-optimization-based-meta-learning.html",
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LIGHTHOUSE = shlex.split(os.environ.get("LIGHTHOUSE", "npx --yes lighthouse@12"))
COMPRESSED = (".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".md", ".ipynb")


class Host(BaseHTTPRequestHandler):
    """A host of static files."""

    protocol_version = "HTTP/1.1"
    site = ROOT / "_site"

    def do_GET(self) -> None:
        """Answer with the file."""
        path = self.site / unquote(urlsplit(self.path).path).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        found = path.is_file() and path.resolve().is_relative_to(self.site.resolve())
        content = path.read_bytes() if found else b"not found"
        packed = path.suffix in COMPRESSED and "br" in self.headers.get("Accept-Encoding", "")
        content = brotli.compress(content, quality=5) if packed else content
        self.send_response(200 if found else 404)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-cache" if path.suffix == ".html" else "public, max-age=31536000")
        if packed:
            self.send_header("Content-Encoding", "br")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def scores(url: str, folder: Path) -> tuple[dict[str, int], list[str]]:
    """The scores of a page, and the audits that cost it points."""
    report = folder / "report.json"
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or ""
    flags = f"--headless=new --no-sandbox --user-data-dir={folder / 'profile'}"
    command = [*LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={flags}"]
    subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": chromium}, cwd=folder)
    told = json.loads(report.read_text("utf-8"))
    found = {name: round(100 * (told["categories"][name]["score"] or 0)) for name in CATEGORIES}
    weighed = {ref["id"] for name in CATEGORIES for ref in told["categories"][name]["auditRefs"] if ref["weight"]}
    short = [
        f"{id}: {audit['title']} {audit.get('displayValue', '')}".strip()
        for id, audit in told["audits"].items()
        if id in weighed and audit["score"] is not None and audit["score"] < 0.995
    ]
    return found, short


def main() -> int:
    """Print the scores of all pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"{'':52}" + "".join(f"{name:>16}" for name in CATEGORIES))
    below = False
    for page in sys.argv[1:] or PAGES:
        with tempfile.TemporaryDirectory(prefix="lighthouse-") as folder:
            found, short = scores(f"http://127.0.0.1:{server.server_port}/{page}", Path(folder))
        print(f"{page:52}" + "".join(f"{found[name]:16}" for name in CATEGORIES), flush=True)
        for line in short:
            print(f"    {line}")
        below |= min(found.values()) < 100
    server.shutdown()
    return int(below)


if __name__ == "__main__":
    sys.exit(main())
