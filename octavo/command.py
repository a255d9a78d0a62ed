"""What a command's arguments mean: which project, which of its pages, where the output goes."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from octavo import unchanged
from octavo.diagnostics import AuthorError, Diagnostic, error, failed, from_dict
from octavo.home import user_folder

if TYPE_CHECKING:
    from octavo.render import Outcome
    from octavo.run import Ask

CONFIG = ("_quarto.yml", "_quarto.yaml")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Options:
    """The options of `octavo render`."""

    formats: tuple[str, ...] | None = None
    execution: str = "auto"
    output_dir: Path | None = None
    profiles: tuple[str, ...] = ()
    lenient: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """What a command has to say: diagnostics (their files count from `root`) and a line that sums it up."""

    root: Path
    diagnostics: tuple[Diagnostic, ...]
    summary: str = ""
    published: bool = True


def render_paths(paths: Sequence[Path], options: Options, progress: Progress) -> Report:
    """Render what `paths` name."""
    started = time.perf_counter()
    root = _project_of(paths)
    whole = root is not None and [p.resolve() for p in paths] == [root]
    asked = _asked(options)
    if whole and options.execution == "auto":
        last = unchanged.remembered(root, _state_of(root, options.profiles), asked)
        if last:
            found = tuple(from_dict(d) for d in last["diagnostics"])
            return Report(root, found, f"{last['what']}, nothing changed in {last['where']}{_seconds(started)}")
    from octavo.resolve.pandoc import Pool

    with Pool() as pool:
        pool.warm()  # while all the rest is being loaded
        from octavo.render import render

        ask, told = _project(root, paths, options) if root else _lone(paths, options)
        sources = unchanged.before(root, ask.output) if whole else {}
        outcome = render(ask, told, progress, pool=pool)
    where = _short(ask.output if root else ask.project.root)
    later = "; search knows it when the whole site is rendered" if ask.pages is not None and outcome.changed else ""
    if whole and outcome.published:
        kept = {"what": _what(outcome), "where": where, "diagnostics": [asdict(d) for d in outcome.diagnostics]}
        unchanged.remember(root, ask.state, asked, ask.output, outcome.outside, sources, kept)
        if not outcome.diagnostics and options == Options(profiles=options.profiles):
            # A check tells nothing that a render does not.
            like_check = _asked(replace(options, execution="never"))
            unchanged.remember_check(root, ask.state, like_check, outcome.outside, sources, kept)
    return Report(
        ask.project.root, outcome.diagnostics, _summary(outcome, where) + later + _seconds(started), outcome.published
    )


def parameters_of(given: Sequence[str], file: Path | None) -> dict[str, Any]:
    """The parameters in a YAML file, and those given as `name:value`, which come first. Values are read as YAML."""
    from octavo.read.yaml import load_yaml, plain

    found = plain(load_yaml(file.read_text("utf-8"), str(file))) if file else {}
    for one in given:
        name, colon, value = one.partition(":")
        if not colon or not name.strip().isidentifier():
            hint = "like `-P alpha:0.2`"
            raise AuthorError(error("OCT-parameters-malformed", f"`{one}` is no parameter", hint=hint))
        found[name.strip()] = plain(load_yaml(f"value: {value.strip()}", "-P"))["value"]
    return found


def metadata_of(given: Sequence[str], output: str | None, paths: Sequence[Path]) -> dict[str, Any]:
    """The options given as `key:value` or `key=value`, their values read as YAML, and the name of a lone output."""
    from octavo.read.yaml import load_yaml, plain

    found: dict[str, Any] = {}
    for one in given:
        name, mark, value = (re.split(r"([:=])", one, maxsplit=1) + ["", ""])[:3]
        if not name.strip():
            message = f"`{one}` names no option"
            raise AuthorError(error("OCT-config-value", message, hint="like `-M toc:true`"))
        try:
            found[name.strip()] = plain(load_yaml(f"value: {value.strip()}", "-M"))["value"] if mark else True
        except AuthorError:  # a title with a colon in it is text
            found[name.strip()] = value.strip()
    if output:
        if len(paths) != 1 or paths[0].is_dir():
            raise AuthorError(
                error("OCT-config-value", "`--output` names the file of one document, and there are more")
            )
        if output != Path(output).name:
            hint = "`--output-dir` says where it goes"
            raise AuthorError(error("OCT-config-value", f"`--output {output}` is no name of a file", hint=hint))
        found["output-file"] = output
    return found


def check_paths(paths: Sequence[Path], options: Options, progress: Progress, links: bool = False) -> Report:
    """All diagnostics of what `paths` name; nothing is executed and nothing is written.

    `links`: other hosts are asked, too, whether what is linked to is there.
    """
    started = time.perf_counter()
    root = _project_of(paths)
    whole = root is not None and [p.resolve() for p in paths] == [root] and not links
    asked = _asked(options)
    if whole:
        # What was checked is what is there, whatever has been rendered in between.
        last = unchanged.checked(root, _state_of(root, options.profiles), asked, root / "_site")
        if last:
            found = tuple(from_dict(d) for d in last["diagnostics"])
            summary = f"{last['what']} checked, nothing changed{_seconds(started)}"
            return Report(root, found, summary, not failed(found))
    from octavo.render import check

    sources = unchanged.before(root, root / "_site") if whole else {}
    ask, told = _project(root, paths, options) if root else _lone(paths, options)
    outcome = check(ask, told, progress, links)
    if whole:
        kept = {"what": _what(outcome), "diagnostics": [asdict(d) for d in outcome.diagnostics]}
        unchanged.remember_check(root, ask.state, asked, outcome.outside, sources, kept)
    fine = not failed(outcome.diagnostics)
    return Report(ask.project.root, outcome.diagnostics, f"{_what(outcome)} checked{_seconds(started)}", fine)


def _asked(options: Options) -> list[str]:
    """The options as they are remembered."""
    return [str(value) for value in asdict(options).values()]


def _project_of(paths: Sequence[Path]) -> Path | None:
    """The folder of the project that all paths belong to; None for a document that belongs to none."""
    for path in paths:
        if not path.exists():
            raise AuthorError(error("OCT-file-missing", f"there is no file or folder `{path}`"))
    roots = {_root_of(path.resolve()) for path in paths}
    if len(roots) > 1:
        raise AuthorError(error("OCT-paths", "the paths belong to different projects", hint="render them one by one"))
    return roots.pop()


def _root_of(path: Path) -> Path | None:
    folders = (path, *path.parents)
    return next((folder for folder in folders if any((folder / name).is_file() for name in CONFIG)), None)


def project_root(path: Path) -> Path:
    """The folder of the project that `path` belongs to."""
    root = _root_of(path.resolve())
    if root is None:
        hint = "a project has a `_quarto.yml`"
        raise AuthorError(error("OCT-project-missing", f"there is no project in `{path}`", hint=hint))
    return root


def _project(root: Path, paths: Sequence[Path], options: Options) -> tuple[Ask, list[Diagnostic]]:
    from octavo.read.project import read_project, with_given
    from octavo.run import Ask

    project, told = with_given(*read_project(root, options.profiles), options.metadata)
    files: set[str] = set()
    everything = False
    for path in paths:
        inside = path.resolve().relative_to(root).as_posix()
        if inside == ".":
            everything = True
        elif path.is_dir():
            files |= {page for page in project.pages if page.startswith(inside + "/")}
        elif inside in project.pages:
            files.add(inside)
        else:
            hint = "the project's `render:` list leaves it out, or its name starts with `_` or `.`"
            raise AuthorError(error("OCT-page-unknown", f"`{inside}` is no page of the project", hint=hint))
    output = (options.output_dir or root / project.output_dir).absolute()
    pages = None if everything else frozenset(files)
    ask = Ask(
        project,
        output,
        _state_of(root, options.profiles),
        pages,
        options.formats,
        options.execution,
        options.lenient,
        options.parameters,
    )
    return ask, told


def _lone(paths: Sequence[Path], options: Options) -> tuple[Ask, list[Diagnostic]]:
    from octavo.read.pages import EXTENSIONS, is_source
    from octavo.read.project import lone_project, with_given
    from octavo.run import Ask

    if len(paths) != 1 or paths[0].is_dir():
        hint = "a project has a `_quarto.yml`; without one, name one document"
        raise AuthorError(error("OCT-project-missing", f"there is no project in `{paths[0]}`", hint=hint))
    file = paths[0].absolute()
    if not is_source(file):
        hint = (
            f"documents end in {', '.join(f'`{e}`' for e in EXTENSIONS)}; a Python script begins with `# %% [markdown]`"
        )
        raise AuthorError(error("OCT-page-unknown", f"`{paths[0]}` is no document that octavo renders", hint=hint))
    project, told = with_given(*lone_project(file), options.metadata)
    # A lone document's folder stays clean of octavo's own files.
    state = _folder_for(file)
    output = options.output_dir.absolute() if options.output_dir else file.parent
    # Whatever else is in the folder stays there, wherever it is.
    return Ask(
        project, output, state, None, options.formats, options.execution, options.lenient, options.parameters, True
    ), told


def _state_of(root: Path, profiles: Sequence[str] = ()) -> Path:
    """Octavo's own folder of a project: in it, unless the project may only be read. Each profile keeps its own results."""
    folder = root / ".octavo"
    folder = folder if os.access(folder if folder.exists() else root, os.W_OK) else _folder_for(root)
    return folder / "profiles" / "-".join(profiles) if profiles else folder


def _folder_for(path: Path) -> Path:
    return user_folder() / hashlib.sha256(str(path).encode()).hexdigest()[:16]


def _what(outcome: Outcome) -> str:
    return f"{outcome.pages} page{'s' * (outcome.pages != 1)}"


def _summary(outcome: Outcome, where: str) -> str:
    ran = f", {outcome.executed} executed" if outcome.executed else ""
    change = f"{outcome.changed} file{'s' * (outcome.changed != 1)} changed" if outcome.changed else "nothing changed"
    return f"{_what(outcome)}{ran}, {change} in {where}"


def _seconds(started: float) -> str:
    return f" ({time.perf_counter() - started:.1f} s)"


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd())) or "."
    except ValueError:
        return str(path)
