"""What the site knows of each of its pages, taken from the documents that were written."""

from __future__ import annotations

import posixpath
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from octavo.read.config import is_draft
from octavo.read.project import Project
from octavo.resolve.document import Document, page_file
from octavo.resolve.links import Targets, is_external
from octavo.site.markup import without_tags
from octavo.site.navigation import PageInfo

_PICTURES = (".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp")
_PREVIEW = re.compile("preview|feature|cover|thumbnail")
_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
# What belongs to a paragraph's look and not to its words.
_UNSPOKEN = re.compile(
    r"<annotation\b.*?</annotation>|<sup\b.*?</sup>|<script\b.*?</script>|<style\b.*?</style>", re.DOTALL
)


@dataclass(frozen=True)
class Piece:
    """One page in one format as the resolving stage leaves it."""

    document: Document
    gathered: Mapping[str, Any]
    written: Mapping[str, Any]
    targets: Targets
    outputs: Sequence[list[dict[str, Any]]]


def page_infos(project: Project, by_page: Mapping[str, Sequence[Piece]]) -> dict[str, PageInfo]:
    """Every page by its source. `by_page` holds each page's documents, the main one first."""
    wants_dates = bool(project.website.get("site-url")) or any(
        documents[0].document.options.get("listing") for documents in by_page.values()
    )
    changed = last_commits(project.root) if project.type == "website" and wants_dates else {}
    infos = {page: _info(project, documents, changed.get(page, "")) for page, documents in by_page.items()}
    if project.draft_mode == "gone":
        # What was left out is known to be a draft, so that nobody misses it.
        left = (page for page in project.pages if page not in infos)
        infos |= {page: PageInfo(page, f"{posixpath.splitext(page)[0]}.html", "", draft=True) for page in left}
    return infos


def _info(project: Project, documents: Sequence[Piece], modified: str) -> PageInfo:
    main = documents[0]
    options = main.document.options
    title = main.gathered.get("title") or {}
    shown = next((p for p in documents if p.document.base == "html"), None)
    body = str(shown.written.get("body", "")) if shown else ""
    return PageInfo(
        source=main.document.source.file,
        href=main.document.href,
        title=str(title.get("text") or ""),
        title_html=str(title.get("html") or ""),
        front_matter={**options, **(main.gathered.get("meta") or {})},
        description=described(options, shown.written.get("fields") or {} if shown else {}, body),
        word_count=int(main.gathered["words"]),
        image=_image(main, options),
        image_alt=str(options.get("image-alt") or ""),
        modified=modified,
        outputs={p.document.base: p.document.href for p in documents},
        body=body,
        anchors=frozenset(id for p in documents for id in p.gathered["ids"]),
        draft=is_draft(project, main.document.source.file, options) and project.draft_mode != "visible",
    )


def described(options: Mapping[str, Any], fields: Mapping[str, Any], body: str) -> str:
    """A page's description as plain text: the front matter's, else the first paragraph that says something."""
    if options.get("description"):
        return plain_text(str(fields.get("description") or options["description"]))
    return next((text for m in _PARAGRAPH.finditer(body) if (text := plain_text(m[1]))), "")


def plain_text(html: str) -> str:
    """The words of a piece of HTML."""
    return without_tags(_UNSPOKEN.sub("", html))


def last_commits(root: Path) -> dict[str, str]:
    """When each file below `root` was last committed, the same on every machine; nothing where there is no history."""
    command = ["git", "log", "--format=%x00%cI", "--name-only", "--relative", "--", "."]
    try:
        told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return {}
    dates: dict[str, str] = {}
    for commit in told.split("\0")[1:]:
        moment, *names = commit.split("\n")
        for name in filter(None, names):
            dates.setdefault(name, moment)
    return dates


def _image(piece: Piece, options: Mapping[str, Any]) -> str | None:
    """The page's preview picture: `image:`, else the one called `.preview-image`, else one with the name of such, else the first."""
    named = options.get("image")
    if named is False:
        return None
    if isinstance(named, str):
        return named if is_external(named) else page_file(piece.document, named)
    pictures = [file for file in piece.targets.files if file.endswith(_PICTURES)]
    marked = re.search(
        r'<img\b(?=[^>]*\bclass="[^"]*\bpreview-image\b)[^>]*\bsrc="([^"]*)"', str(piece.written.get("body") or "")
    )
    if marked:
        return marked[1] if is_external(marked[1]) else page_file(piece.document, unescape(marked[1]))
    return next((file for file in pictures if _PREVIEW.match(posixpath.basename(file))), next(iter(pictures), None))
