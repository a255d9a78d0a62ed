"""A Quarto project as one value: `_quarto.yml` with all that is merged into it, and the pages it renders."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from octavo.diagnostics import AuthorError, Diagnostic, did_you_mean, error
from octavo.read.book import Book, read_book, unmade_downloads
from octavo.read.catalogue import CATALOGUE
from octavo.read.environment import profile_of, read_environment
from octavo.read.extensions import with_extensions, wrong_manifests
from octavo.read.merge import merged, without_wrong
from octavo.read.pages import GLOB, page_files
from octavo.read.schema import check
from octavo.read.source import decoded
from octavo.read.yaml import load_yaml, position_of

CONFIG = ("_quarto.yml", "_quarto.yaml")
TYPES = ("default", "website")
OTHER_TYPES = ("manuscript",)
LEVELS = ("error", "warning", "off")


@dataclass(frozen=True)
class Project:
    """One project as read. Paths are relative to `root`; `config` is merged from `config_files`."""

    root: Path
    config: Mapping[str, Any]
    type: str
    pages: tuple[str, ...]
    output_dir: str
    website: Mapping[str, Any] = field(default_factory=dict)
    book: Book | None = None
    resources: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)  # what it adds to the variables of the process
    given: Mapping[str, Any] = field(default_factory=dict)  # options over those of all documents
    variables: Mapping[str, Any] = field(default_factory=dict)
    severities: Mapping[str, str] = field(default_factory=dict)
    draft_mode: str = "gone"
    downloads: Mapping[str, str] = field(default_factory=dict)  # of the whole site: `pdf` and `zip`, a file each
    config_files: tuple[str, ...] = ()

    @property
    def offered(self) -> dict[str, str]:
        """The downloads that there are: what another render makes may not have been made yet."""
        return {kind: file for kind, file in self.downloads.items() if kind == "zip" or (self.root / file).is_file()}


def find_project(path: Path) -> Path | None:
    """The folder of the project that `path` (a file or a folder) belongs to, or None."""
    path = path.resolve()
    for folder in (path, *path.parents):
        if any((folder / name).is_file() for name in CONFIG):
            return folder
    return None


def read_project(root: Path, profiles: Sequence[str] = ()) -> tuple[Project, list[Diagnostic]]:
    """The project in `root`. `profiles` (else `QUARTO_PROFILE`, else the project's default) choose `_quarto-NAME.yml`.

    Raises AuthorError for a project file that cannot be read as YAML.
    """
    diagnostics: list[Diagnostic] = []
    reader = _ConfigReader(root, diagnostics)
    config = reader.with_metadata_files(reader.read(_existing(root, CONFIG) or CONFIG[0], "config"))
    local = _existing(root, ("_quarto.yml.local", "_quarto.yaml.local"))
    local_config = reader.read(local, "config") if local else {}
    asked = profiles or _names(os.environ.get("QUARTO_PROFILE", "")) or _names(profile_of(root))
    active = _active_profiles(config, local_config, asked)
    for name in reversed(active):
        file = _existing(root, (f"_quarto-{name}.yml", f"_quarto-{name}.yaml"))
        if file:
            config = merged(config, reader.with_metadata_files(reader.read(file, "config")))
    config = with_extensions(root, _renamed(merged(config, local_config)))
    diagnostics += wrong_manifests(root)
    section = _mapping(config.get("project"))
    kind, wrong = _type(section)
    diagnostics += wrong
    of_kind = "_book" if section.get("type") == "book" else "_site" if kind == "website" else ""
    output_dir = _text(section.get("output-dir")) or of_kind
    book = read_book(root, config) if section.get("type") == "book" else Book(_mapping(config.get("website")))
    pages, missing = page_files(root, [*book.chapters] or _list(section.get("render")), output_dir)
    diagnostics += [replace(d, position=d.position or position_of(section, "render")) for d in missing]
    diagnostics += unmade_downloads(config) if section.get("type") == "book" else []
    diagnostics += missing_resources(root, _list(section.get("resources")), root)
    # A site is called as its project is.
    website = merged({"title": section["title"]} if section.get("title") else {}, book.website)
    own = _mapping(config.get("octavo"))
    if own.get("llms-txt") is True:  # a site that Quarto 1.8 reads, too, cannot say so under `website`
        website = merged(website, {"llms-txt": True})
    severities, wrong = _severities(own)
    diagnostics += wrong
    environment, files, wrong = read_environment(root, active)
    reader.files += files
    diagnostics += wrong
    variables = _existing(root, ("_variables.yml", "_variables.yaml"))
    project = Project(
        root=root,
        config=config,
        type=kind,
        pages=pages,
        output_dir="" if output_dir == "." else output_dir.rstrip("/"),
        website=website,
        book=book if section.get("type") == "book" else None,
        resources=tuple(str(r) for r in _list(section.get("resources"))),
        profiles=active,
        environment=environment | ({"QUARTO_PROFILE": ",".join(active)} if active else {}),
        variables=merged(reader.read(variables)) if variables else {},
        severities=severities,
        downloads={kind: str(file) for kind, file in _mapping(own.get("downloads")).items()},
        draft_mode=_text(website.get("draft-mode")) or "gone",
        config_files=tuple(reader.files),
    )
    return project, diagnostics


def lone_project(file: Path) -> tuple[Project, list[Diagnostic]]:
    """A project of the single page `file`, which belongs to none: its output stands beside it."""
    return Project(root=file.parent, config=merged(), type="default", pages=(file.name,), output_dir=""), []


def with_given(
    project: Project, told: Sequence[Diagnostic], given: Mapping[str, Any]
) -> tuple[Project, list[Diagnostic]]:
    """The project with options that stand over those of its documents, and what is wrong with them."""
    return replace(project, given=merged(given)), [*told, *check(merged(given), "document")]


class _ConfigReader:
    """Reads YAML files below `root`, noting which, and checks them as it goes."""

    def __init__(self, root: Path, diagnostics: list[Diagnostic]) -> None:
        self.root, self.diagnostics, self.files = root, diagnostics, []

    def read(self, file: str, kind: str | None = None) -> Mapping[str, Any]:
        config = read_yaml(self.root, file)
        self.files.append(file)
        if kind:
            told = check(config, kind)
            self.diagnostics += told
            return without_wrong(config, told)
        return config

    def with_metadata_files(self, config: Mapping[str, Any]) -> Mapping[str, Any]:
        """`config` with its `metadata-files` merged into it, over it, as Quarto does."""
        level = merged(config)
        for name, place in metadata_files(config):
            if not (self.root / name).is_file():
                self.diagnostics.append(error("OCT-file-missing", f"the metadata file `{name}` does not exist", place))
                continue
            level = merged(level, self.read(name, "config"))
        return level


def read_yaml(root: Path, file: str) -> Mapping[str, Any]:
    """The mapping in a YAML file of the project. Raises AuthorError if it cannot be read."""
    try:
        data = (root / file).read_bytes()
    except OSError as e:
        reason = "does not exist" if isinstance(e, FileNotFoundError) else (e.strerror or "cannot be read").lower()
        raise AuthorError(error("OCT-file-missing", f"the file `{file}` {reason}")) from None
    return load_yaml(decoded(data, file), file)


def metadata_files(config: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The names in `metadata-file` and `metadata-files`, each with its place."""
    names = []
    for key in ("metadata-file", "metadata-files"):
        values = _list(config.get(key))
        for i, value in enumerate(values):
            if isinstance(value, str):
                names.append((value.lstrip("/"), position_of(values, i) or position_of(config, key)))
    return names


def _existing(root: Path, names: Sequence[str]) -> str | None:
    return next((name for name in names if (root / name).is_file()), None)


def _active_profiles(config: Mapping[str, Any], local: Mapping[str, Any], asked: Sequence[str]) -> tuple[str, ...]:
    chosen = [name for name in asked if name]
    for source in (local, config):
        if not chosen:
            chosen = [str(name) for name in _list(_mapping(source.get("profile")).get("default"))]
    groups = _list(_mapping(config.get("profile")).get("group"))
    if groups and not isinstance(groups[0], list):
        groups = [groups]
    for group in groups:
        if isinstance(group, list) and group and not any(name in chosen for name in group):
            chosen.append(str(group[0]))
    return tuple(dict.fromkeys(chosen))


def _names(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _renamed(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """`site`, the old name of `website`, under its new one."""
    if "site" not in config or "website" in config:
        return config
    return merged({k: v for k, v in config.items() if k != "site"}, {"website": config["site"]})


def _type(section: Mapping[str, Any]) -> tuple[str, list[Diagnostic]]:
    kind = _text(section.get("type")) or "default"
    if kind == "site":
        kind = "website"
    if kind in TYPES:
        return kind, []
    place = position_of(section, "type")
    if kind == "book":
        return "website", []
    if kind in OTHER_TYPES:
        hint = "octavo renders projects of the types `default`, `website` and `book`"
        return "website", [error("OCT-project-type", f"projects of the type `{kind}` are not supported", place, hint)]
    hint = did_you_mean(kind, TYPES)
    return "default", [error("OCT-project-type", f"there is no project type `{kind}`", place, hint)]


def missing_resources(folder: Path, resources: Sequence[Any], root: Path) -> list[Diagnostic]:
    """An error for each resource that is named, not matched by a pattern, and not there.

    The names count from `folder`, those that begin with `/` from the project's `root`.
    """
    missing = []
    for i, name in enumerate(resources):
        path, base = str(name).lstrip("/"), root if str(name).startswith("/") else folder
        if not GLOB.search(path) and not path.startswith("!") and not (base / path).exists():
            message = f"the resource `{name}` does not exist"
            missing.append(error("OCT-resource-missing", message, position_of(resources, i)))
    return missing


def _severities(section: Mapping[str, Any]) -> tuple[dict[str, str], list[Diagnostic]]:
    """`octavo: {severity: {CODE: {level: warning, reason: …}}}` as code -> level; each wants its reason."""
    levels, diagnostics = {}, []
    wanted = _mapping(section.get("severity"))
    for code, value in wanted.items():
        place = position_of(wanted, code)
        level, reason = (value.get("level"), value.get("reason")) if isinstance(value, Mapping) else (value, None)
        level = "off" if level is False else level  # YAML 1.1 habits: `off` may arrive as false
        if code not in CATALOGUE:
            message = f"there is no diagnostic `{code}`"
            diagnostics.append(error("OCT-config-unknown", message, place, did_you_mean(str(code), CATALOGUE)))
        elif level not in LEVELS:
            message = f"the severity of `{code}` is one of {', '.join(LEVELS)}, not `{level}`"
            diagnostics.append(error("OCT-config-value", message, place))
        elif not reason or not isinstance(reason, str):
            hint = f"write `{code}: {{level: {level}, reason: …}}`"
            diagnostics.append(error("OCT-severity-reason", f"the severity of `{code}` wants a reason", place, hint))
        else:
            levels[code] = level
    return levels, diagnostics


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> Sequence[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
