"""What a page may hold: outputs of cells as text unless they are HTML by intent, and nothing of the author's machine."""

from __future__ import annotations

import http.server
import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import documents
import mistakes
import pytest
from conftest import ROOT

from octavo.command import Options, check_paths, render_paths
from octavo.site import external

CELLS = """---
title: Cells
execute: {freeze: auto}
---

```{python}
#| error: true
import os
print("<script>alert(1)</script>", os.getcwd())
class Odd:
    def __repr__(self):
        return "<img src=x onerror=alert(2)>"
Odd()
```

```{python}
#| error: true
raise ValueError("<b>no</b> " + __import__("os").path.abspath("index.qmd"))
```

```{python}
class Bold:
    def _repr_html_(self):
        return "<b class='meant'>bold</b>"
Bold()
```
"""


@pytest.mark.execute
def test_outputs_are_text_unless_they_are_html_by_intent(tmp_path: Path) -> None:
    root = tmp_path / "somebodys-home" / "notes"
    root.mkdir(parents=True)
    (root / "_quarto.yml").write_text(mistakes.PROJECT, "utf-8")
    (root / "index.qmd").write_text(CELLS, "utf-8")
    told = render_paths([root], Options(), lambda *_: None)
    assert told.published, told.diagnostics
    soup = documents.soup(root / "_site" / "index.html")
    outputs = soup.select(".cell-output")
    assert not any(output.select("script, img") for output in outputs)
    assert "<script>alert(1)</script>" in soup.get_text() and "onerror" in soup.get_text()
    assert soup.select_one("b.meant")
    for path in [*(root / "_site").rglob("*"), *(root / "_freeze").rglob("*")]:
        assert path.is_dir() or b"somebodys-home" not in path.read_bytes(), path


def test_no_address_runs_code_even_in_a_draft(tmp_path: Path) -> None:
    case = next(c for c in mistakes.cases(mistakes.FOLDER / "references.txt") if c.title.startswith("addresses that"))
    mistakes.plant(case, tmp_path)
    assert render_paths([tmp_path], Options(lenient=True, execution="never"), lambda *_: None).published
    soup = documents.soup(tmp_path / "_site" / "index.html")
    given = [(name, str(value)) for tag in soup.find_all(True) for name, value in tag.attrs.items()]
    live = [(name, value) for name, value in given if not name.startswith("data-") and "script:" in value]
    assert not live
    policy = soup.select_one('meta[http-equiv="Content-Security-Policy"]')["content"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy


def test_the_frozen_results_name_no_machine() -> None:
    for path in (ROOT / "_freeze").rglob("*.json"):
        text = path.read_text("utf-8")
        for trace in (str(ROOT) + "/", "/home/", "/root/", "/Users/", "site-packages/"):
            assert trace not in text, f"{path}: {trace}"


class Host(http.server.BaseHTTPRequestHandler):
    """Another host: one page is there, one is gone, one knows no HEAD, one is out of order."""

    asked: ClassVar[Counter[str]] = Counter()

    def answer(self) -> None:
        self.asked[f"{self.command} {self.path}"] += 1
        status = {"/there": 200, "/gone": 404, "/get": 405 if self.command == "HEAD" else 200}.get(self.path, 503)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = answer

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(external, "PAUSE", 0.0)
    Host.asked.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_links_to_other_hosts_are_asked_for_once_a_day(host: str, tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text(mistakes.PROJECT, "utf-8")
    text = f"[a]({host}/there#x) [b]({host}/gone) [c]({host}/get)\n\n[d]({host}/broken) [again]({host}/there)\n"
    (tmp_path / "index.qmd").write_text(text, "utf-8")
    for _ in range(2):
        told = check_paths([tmp_path], Options(execution="never"), lambda *_: None, links=True)
        found = [(d.severity, d.position.line, d.message.rpartition("/")[2]) for d in told.diagnostics]
        assert found == [
            ("error", 1, "gone` is not there any more (404)"),
            ("warning", 3, "broken` does not answer as it should (503)"),
        ]
    assert Host.asked["HEAD /there"] == 1 and Host.asked["GET /get"] == 1
    assert Host.asked["HEAD /gone"] == 2
    record = json.loads((tmp_path / ".octavo" / "links.json").read_text("utf-8"))
    assert set(record) == {f"{host}/there", f"{host}/get"}
    assert not check_paths([tmp_path], Options(execution="never"), lambda *_: None).diagnostics
