"""What filters and shortcodes put around a page: HTML dependencies, texts in its head and around its body, files.

Files go where Quarto puts them, `site_libs/quarto-contrib/NAME-VERSION/`, so that nothing comes from elsewhere; hosts
that an extension's own files name are let in by the page's policy.
"""

from __future__ import annotations

import base64
import mimetypes
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from octavo.diagnostics import Diagnostic, Position, error

_URL = re.compile(r"""url\(\s*(["']?)([^"')]+)\1\s*\)""")
_HOST = re.compile(rb"""["'(=\s](https://[a-zA-Z0-9.-]+\.[a-z]{2,})""")


@dataclass
class Added:
    """HTML for the page, files by name relative to the site, and the hosts that the files name."""

    head: list[str] = field(default_factory=list)
    before_body: list[str] = field(default_factory=list)
    after_body: list[str] = field(default_factory=list)
    copied: dict[str, Path] = field(default_factory=dict)
    made: dict[str, bytes] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def added_of(
    entries: Iterable[Mapping[str, Any]], libs: str, href: str, page: str, root: Path, inline: bool = False
) -> Added:
    """Everything that was added to the page at `href`, each thing once. `inline`: its files go into the page itself."""
    added, known, texts = Added(), set(), set()
    for entry in entries:
        if entry["type"] == "text":
            if (entry["location"], entry["text"]) not in texts:
                texts.add((entry["location"], entry["text"]))
                {"in-header": added.head, "before-body": added.before_body, "after-body": added.after_body}[
                    entry["location"]
                ].append(entry["text"])
        elif entry["type"] == "html":
            versions = [name for name in known if name[0] == entry["name"]]
            name = versions[0] if entry.get("attached") and versions else (entry["name"], entry.get("version") or "")
            if name not in known or entry.get("attached"):
                known.add(name)
                folder = f"{libs}/{name[0]}-{name[1]}" if name[1] else f"{libs}/{name[0]}"
                _Dependency(added, folder, href, page, inline).add(entry)
        else:
            _resource(added, Path(entry["path"]), href, root, entry["type"] == "format-resource")
    return added


@dataclass
class _Dependency:
    added: Added
    folder: str
    href: str
    page: str
    inline: bool

    def add(self, entry: Mapping[str, Any]) -> None:
        """Its tags in the page, its files beside each other."""
        head, hosts = self.added.head, self.added.hosts
        for name, content in (entry.get("meta") or {}).items():
            head.append(f'<meta name="{escape(str(name))}" content="{escape(str(content))}">')
        for link in entry.get("links") or []:
            head.append(f"<link{_attributes(link)}>")
        for file in entry.get("stylesheets") or []:
            css = self._css(Path(file["path"]))
            if css is None:
                continue
            hosts |= _hosts(css)
            if self.inline:
                head.append(f"<style>{css.decode()}</style>")
                continue
            self.added.made[f"{self.folder}/{file['name']}"] = css
            more = _attributes(file.get("attribs") or {})
            head.append(f'<link href="{self._address(file["name"])}" rel="stylesheet"{more}>')
        for file in entry.get("scripts") or []:
            script = self._read(Path(file["path"]))
            if script is None:
                continue
            hosts |= _hosts(script)
            place = self.added.after_body if file.get("afterBody") else head
            more = _attributes(file.get("attribs") or {})
            if self.inline:
                place.append(f"<script{more}>{script.decode(errors='replace')}</script>")
                continue
            self.added.copied[f"{self.folder}/{file['name']}"] = Path(file["path"])
            place.append(f'<script src="{self._address(file["name"])}"{more}></script>')
        if not self.inline:
            for file in entry.get("resources") or []:
                if self._read(Path(file["path"])) is not None:
                    self.added.copied[f"{self.folder}/{file['name']}"] = Path(file["path"])
            for file in entry.get("serviceworkers") or []:
                self.added.copied[file["name"]] = Path(file["path"])
        if entry.get("head"):
            head.append(str(entry["head"]))

    def _address(self, name: str) -> str:
        return escape(posixpath.relpath(f"{self.folder}/{name}", posixpath.dirname(self.href) or "."))

    def _read(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except OSError:
            message = f"a filter or shortcode adds a file that is not there: `{path.name}`"
            self.added.diagnostics.append(
                error("OCT-file-missing", message, Position(self.page), f"it was looked for at `{path}`")
            )
            return None

    def _css(self, path: Path) -> bytes | None:
        """A style sheet, the pictures and fonts that it names brought along (or put into it)."""
        content = self._read(path)
        if content is None:
            return None

        def own(match: re.Match[str]) -> str:
            name = match[2].partition("?")[0].partition("#")[0]
            file = path.parent / name
            if not name or "://" in name or name.startswith("data:") or not file.is_file():
                return match[0]
            if self.inline:
                kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
                return f"url(data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()})"
            target = posixpath.normpath(name).replace("../", "")
            self.added.copied[f"{self.folder}/{target}"] = file
            return f"url({target}{match[2][len(name) :]})"

        return _URL.sub(own, content.decode(errors="replace")).encode()


def _resource(added: Added, path: Path, href: str, root: Path, beside: bool) -> None:
    """A file that goes along, beside the page or at its own place in the site."""
    if not path.is_file():
        return
    inside = path.is_relative_to(root) and not beside
    name = path.relative_to(root).as_posix() if inside else posixpath.join(posixpath.dirname(href), path.name)
    added.copied[name] = path


def _attributes(values: Mapping[str, Any]) -> str:
    return "".join(f' {escape(str(name))}="{escape(str(value))}"' for name, value in values.items())


def _hosts(content: bytes) -> set[str]:
    return {host.decode() for host in _HOST.findall(content)}
