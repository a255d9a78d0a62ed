"""Parameters given on the command line take the place of what the tagged cell sets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import documents
import pytest

pytestmark = pytest.mark.execute
PAGE = """---
title: "With `{python} alpha`"
execute: {freeze: auto}
---

```{python}
#| tags: [parameters]
alpha = 0.1
name = "a"
```

```{python}
print(alpha * 2, name)
```
"""


def render(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "octavo", "render", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def shown(folder: Path) -> str:
    documents.soup.cache_clear()
    return documents.soup(folder / "_site" / "index.html").select_one(".cell-output-stdout").get_text().strip()


def test_parameters(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("project: {type: website, output-dir: _site}\nwebsite: {search: false}\n")
    (tmp_path / "index.qmd").write_text(PAGE)
    (tmp_path / "values.yml").write_text("alpha: 4\nname: from a file\n")
    assert render(tmp_path).returncode == 0 and shown(tmp_path) == "0.2 a"
    frozen = sorted((p, p.read_bytes()) for p in (tmp_path / "_freeze").rglob("*.json"))
    assert render(tmp_path, "-P", "alpha:0.5").returncode == 0 and shown(tmp_path) == "1.0 a"
    given = render(tmp_path, "--execute-params", str(tmp_path / "values.yml"), "-P", "alpha:5")
    assert given.returncode == 0 and shown(tmp_path) == "10 from a file"
    assert frozen == sorted((p, p.read_bytes()) for p in (tmp_path / "_freeze").rglob("*.json"))
    assert render(tmp_path).returncode == 0 and shown(tmp_path) == "0.2 a"


def test_parameters_that_nothing_takes(tmp_path: Path) -> None:
    (tmp_path / "page.qmd").write_text("```{python}\nalpha = 1\n```\n")
    assert "[OCT-parameters-malformed]" in render(tmp_path / "page.qmd", "-P", "alpha=2").stderr
    unused = render(tmp_path / "page.qmd", "-P", "alpha:2")
    assert (
        unused.returncode == 1
        and "no cell takes the parameters that are given [OCT-parameters-unused]" in unused.stderr
    )
