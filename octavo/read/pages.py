"""Which files of a project are pages: its `render:` list, or else every Quarto source that nothing sets aside."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from octavo.diagnostics import Diagnostic, did_you_mean, error
from octavo.read.script import is_script
from octavo.read.yaml import position_of

EXTENSIONS = (".qmd", ".md", ".ipynb")
NOT_ENTERED = {"node_modules", "venv", "env", "renv", "packrat", "rsconnect", "__pycache__"}
NOT_PAGES = {"readme", "claude", "agents"}
GLOB = re.compile(r"[*?\[{]")


def is_source(path: Path) -> bool:
    """Whether the file can be rendered, by its name or, of a script, by how it begins."""
    return path.suffix in EXTENSIONS or is_script(path)


def page_files(root: Path, render: Sequence[str] | None, output_dir: str) -> tuple[tuple[str, ...], list[Diagnostic]]:
    """The project's pages as paths relative to `root`, in the order of `render`, or sorted where it says nothing.

    As Quarto does: a pattern with a wildcard matches at any depth unless it starts with `/`, a folder stands for what
    is in it, `!` takes away.
    """
    candidates = sorted(_walk(root, output_dir))
    if not render:
        return tuple(candidates), []
    chosen: dict[str, None] = {}
    diagnostics = []
    entries = [(i, str(entry).strip()) for i, entry in enumerate(render) if str(entry).strip()]
    for i, entry in entries:
        if entry.startswith("!"):
            continue
        found = _matches(root, entry, candidates)
        if not found and not GLOB.search(entry):
            hint = did_you_mean(entry, candidates)
            message = f"`render:` asks for `{entry}`, which is not a page of this project"
            diagnostics.append(error("OCT-page-missing", message, position_of(render, i), hint))
        chosen.update(dict.fromkeys(found))
    wanted = [entry for _, entry in entries if not entry.startswith("!")] or None
    if wanted is None:
        chosen = dict.fromkeys(candidates)
    for _, entry in entries:
        if entry.startswith("!"):
            match = _pattern(entry[1:], anywhere=True)
            chosen = {page: None for page in chosen if not match.fullmatch(page)}
    return tuple(chosen), diagnostics


def _matches(root: Path, entry: str, candidates: Sequence[str]) -> list[str]:
    path = entry.strip("/").removeprefix("./")
    if not GLOB.search(entry):
        if (root / path).is_dir():
            return [c for c in candidates if path == "." or c.startswith(path + "/")]
        # A file that is named is a page, also one that would not have been found, such as README.md.
        return [path] if (root / path).is_file() and is_source(root / path) else []
    match = _pattern(entry, anywhere=True)
    return [c for c in candidates if match.fullmatch(c)]


def _walk(root: Path, output_dir: str) -> Iterator[str]:
    ignored = _git_ignored(root)
    skipped = {os.path.normpath(root / output_dir)} if output_dir not in ("", ".") else set()
    for folder, folders, files in os.walk(root):
        base = Path(folder).relative_to(root)

        def wanted(name: str, base: Path = base, folder: str = folder) -> bool:
            inside = (base / name).as_posix()
            return (
                not name.startswith(("_", "."))
                and os.path.join(folder, name) not in skipped
                and not any(pattern.fullmatch(inside) for pattern in ignored)
            )

        folders[:] = [
            f for f in folders if wanted(f) and f not in NOT_ENTERED and not os.path.islink(os.path.join(folder, f))
        ]
        for name in files:
            stem = os.path.splitext(name)[0]
            if stem.lower() not in NOT_PAGES and wanted(name) and is_source(Path(folder, name)):
                if not name.endswith((".llms.md", ".embed.ipynb")):
                    yield (base / name).as_posix()


def _git_ignored(root: Path) -> list[re.Pattern[str]]:
    """The plain entries of `.gitignore`; an entry that takes something back is beyond what is needed here."""
    try:
        lines = (root / ".gitignore").read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []
    entries = (line.strip() for line in lines)
    return [_pattern(e, anywhere="/" not in e.rstrip("/")) for e in entries if e and not e.startswith(("#", "!"))]


def _pattern(glob: str, anywhere: bool) -> re.Pattern[str]:
    """A glob (`*`, `**`, `?`, `[…]`, `{a,b}`) as a regular expression over relative paths; a folder means all in it."""
    rooted = glob.startswith("/") or not anywhere
    body = glob.strip("/").removeprefix("./")
    out, depth, i = [] if rooted else ["(?:.*/)?"], 0, 0
    while i < len(body):
        c = body[i]
        if body.startswith("**/", i):
            out.append("(?:.*/)?")
            i += 3
            continue
        if body.startswith("**", i):
            out.append(".*")
            i += 2
            continue
        if c == "[" and (end := body.find("]", i + 2)) > 0:
            inside = body[i + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            out.append("[" + ("^" + inside[1:] if inside[0] in "!^" else inside) + "]")
            i = end + 1
            continue
        if c == "{" and "}" in body[i:]:
            depth += 1
            out.append("(?:")
        elif c == "}" and depth:
            depth -= 1
            out.append(")")
        elif c == "," and depth:
            out.append("|")
        else:
            out.append({"*": "[^/]*", "?": "[^/]"}.get(c, re.escape(c)))
        i += 1
    out.append(")" * depth + "(?:/.*)?")
    try:
        return re.compile("".join(out))
    except re.error:
        return re.compile(re.escape(body))
