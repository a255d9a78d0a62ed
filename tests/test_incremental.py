"""Whatever is edited in whatever order: a site that is rendered again and again is the one that is rendered at once.

`OCTAVO_SEQUENCES=1000 pytest tests/test_incremental.py` tries a thousand sequences of edits instead of a few.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from octavo import render as rendering
from octavo.command import Options, render_paths
from octavo.resolve.pandoc import Pool
from octavo.session import Session
from octavo.site import build

SEQUENCES = int(os.environ.get("OCTAVO_SEQUENCES", "8"))
SETTINGS = """project: {{type: website, output-dir: _site}}
website:
  title: {title}
  site-url: https://example.org
  navbar: {{left: [index.qmd]}}
  sidebar: {{contents: auto}}
bibliography: references.bib
number-sections: {numbered}
format: {{html: {{toc: true}}}}
"""
ENTRY = "@article{{finn2017, title={{{title}}}, author={{Finn, C.}}, year={{2017}}, journal={{ICML}}}}\n"
PAGE = """---
title: {title}
{more}---

## Part {{#sec-{name}}}

::: {{#def-{name}}}
## Statement
Words of {name}.
:::

$$
x = {number}
$$ {{#eq-{name}}}

By @eq-{name} and @{other}, as in [the other page]({link}) and @finn2017.

![A line](line.svg){{#fig-{name}}}

{{{{< include _shared.md >}}}}

{{{{< var course.name >}}}}
"""
LINE = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><path d="M0 {y} L20 5"/></svg>\n'
KINDS = ("def", "eq", "fig", "sec")


class Author:
    """Somebody who edits a project at random. `done` tells what."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.chance = root, random.Random(seed)
        self.done: list[str] = []
        self.count = 0
        self.write("_quarto.yml", SETTINGS.format(title="Site", numbered="true"))
        self.write("references.bib", ENTRY.format(title="MAML"))
        self.write("_shared.md", "Shared words.\n")
        self.write("_variables.yml", "course: {name: Learning}\n")
        self.write("styles.css", "p { margin: 0 }\n")
        self.write("line.svg", LINE.format(y=1))
        self.write("index.qmd", "---\ntitle: Start\nlisting: {contents: '*.qmd', type: table}\n---\n\nHere.\n")
        for _ in range(3):
            self.add_page()

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, "utf-8")

    def pages(self) -> list[Path]:
        return sorted(p for p in self.root.glob("*.qmd") if p.name != "index.qmd")

    def edit(self) -> None:
        """One edit."""
        what = self.chance.choice(self.edits())
        self.count += 1
        self.done.append(what.__name__)
        what()

    def edits(self) -> list[Callable[[], None]]:
        in_page = [self.word, self.word, self.label, self.statement, self.title, self.rename, self.delete, self.front]
        return [self.add_page, self.settings, self.entry, self.include, self.variable, self.picture, self.twice,
                self.nothing, *(in_page if self.pages() else [])]  # fmt: skip

    def add_page(self) -> None:
        self.count += 1
        others = [page.stem for page in self.pages()] or ["index"]
        other = self.chance.choice(others)
        target = f"{self.chance.choice(KINDS)}-{other}" if other != "index" else "finn2017"
        page = PAGE.format(title=f"Page {self.count}", name=f"p{self.count}", number=self.count, other=target,
                           link=f"{other}.qmd", more="")  # fmt: skip
        self.write(f"p{self.count}.qmd", page)

    def change(self, old: str, new: str) -> None:
        page = self.chance.choice(self.pages())
        text = page.read_text("utf-8")
        page.write_text(text.replace(old, new, 1), "utf-8")

    def word(self) -> None:
        self.change("Words of", f"Words {self.count} of")

    def label(self) -> None:
        self.change(f"#{self.chance.choice(KINDS)}-", f"#{self.chance.choice(KINDS)}-{self.count}")

    def statement(self) -> None:
        self.change("## Part", f"::: {{#def-new{self.count}}}\nA statement before.\n:::\n\n## Part")

    def title(self) -> None:
        self.change("title: ", f"title: New {self.count} ")

    def front(self) -> None:
        self.change("---\n\n", self.chance.choice(["draft: true", "toc: false", "categories: [a]", "aliases: [old.html]",
            "css: styles.css", "format: {html: default, ipynb: default}", "number-sections: false"]) + "\n---\n\n")  # fmt: skip

    def rename(self) -> None:
        page = self.chance.choice(self.pages())
        page.rename(page.with_name(f"r{self.count}.qmd"))

    def delete(self) -> None:
        self.chance.choice(self.pages()).unlink()

    def settings(self) -> None:
        numbered = self.chance.choice(["true", "false"])
        self.write("_quarto.yml", SETTINGS.format(title=f"Site {self.count % 3}", numbered=numbered))

    def entry(self) -> None:
        self.write("references.bib", ENTRY.format(title=f"MAML {self.count}"))

    def include(self) -> None:
        self.write("_shared.md", f"Shared words {self.count}, and @fig-p1.\n")

    def variable(self) -> None:
        self.write("_variables.yml", f"course: {{name: Course {self.count}}}\n")

    def picture(self) -> None:
        self.write("line.svg", LINE.format(y=self.count))

    def twice(self) -> None:
        """Save a page as it is."""
        self.change("", "")

    def nothing(self) -> None:
        """Look at the clock."""


@pytest.fixture(scope="module")
def workers() -> Iterator[None]:
    """The same workers for all renders, each of which else knows nothing of the others; no real search index."""
    pool, threads = Pool(2), ThreadPoolExecutor(2)

    class Warm(Session):
        def __init__(self, state: Path, _: Pool | None) -> None:
            super().__init__(state, pool)
            self.threads.shutdown()
            self.threads = threads

        def close(self) -> None:
            """The next render goes on with them."""

    def index(stage: Path) -> list:
        digest = hashlib.sha256()
        for page in sorted(stage.rglob("*.html")):
            digest.update(page.read_bytes())
        (stage / "pagefind").mkdir()
        (stage / "pagefind" / "index").write_text(digest.hexdigest())
        return []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "Session", Warm)
        patch.setattr(Pool, "warm", lambda _: None)
        patch.setattr(build.search, "write_index", index)
        yield
    threads.shutdown()
    pool.close()


def rendered(root: Path, *pages: str) -> tuple:
    """What a render says."""
    report = render_paths([root / page for page in pages] or [root], Options(lenient=True), lambda *_: None)
    return tuple(map(str, report.diagnostics))


def published(root: Path, page: Path) -> bytes:
    """The page as it stands in the site; a draft does not."""
    file = root / "_site" / page.with_suffix(".html").name
    return file.read_bytes() if file.exists() else b""


def contents(site: Path) -> dict[str, bytes]:
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_an_edited_site_is_as_a_new_one(seed: int, tmp_path: Path, workers: None) -> None:
    root = tmp_path / "edited"
    root.mkdir()
    author = Author(root, seed)
    rendered(root)
    for _ in range(author.chance.randrange(2, 6)):
        author.edit()
        pages = author.pages()
        if pages and author.chance.random() < 0.5:  # a page by itself, as an author looks at it
            page = author.chance.choice([*pages, root / "index.qmd"])
            author.done.append(f"render {page.name}")
            alone = rendered(root, page.name), published(root, page)
            # What is known of the other pages is what is read of them.
            shutil.rmtree(root / ".octavo" / "pages", ignore_errors=True)
            assert (rendered(root, page.name), published(root, page)) == alone, author.done
        if author.chance.random() < 0.5:
            author.done.append("render")
            rendered(root)
    told = rendered(root)
    new = tmp_path / "new"
    shutil.copytree(root, new, ignore=shutil.ignore_patterns(".octavo", "_site"))
    assert told == rendered(new), author.done
    ours, theirs = contents(root / "_site"), contents(new / "_site")
    assert ours.keys() == theirs.keys(), author.done
    assert [name for name in ours if ours[name] != theirs[name]] == [], author.done
    shutil.rmtree(tmp_path)


def test_a_page_by_itself_takes_what_is_known_of_the_others(
    tmp_path: Path, workers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = Author(tmp_path, 1)
    rendered(tmp_path)
    index = contents(tmp_path / "_site" / "pagefind")
    asked, ask = set(), Pool.ask
    monkeypatch.setattr(Pool, "ask", lambda pool, what, it: asked.add((what, it.get("page"))) or ask(pool, what, it))
    page = author.pages()[1]
    page.write_text(page.read_text("utf-8").replace("Words of", "Other words of"), "utf-8")
    rendered(tmp_path, page.name)
    assert {about for what, about in asked if what in ("gather", "write")} == {page.name}
    assert "Other words of" in (tmp_path / "_site" / page.with_suffix(".html").name).read_text("utf-8")
    assert contents(tmp_path / "_site" / "pagefind") == index
    rendered(tmp_path)
    assert contents(tmp_path / "_site" / "pagefind") != index
