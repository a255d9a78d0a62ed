"""What a listing lists: its pages chosen, filtered and sorted, each with its fields as plain text."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from html import escape
from pathlib import Path
from typing import Any

from octavo.diagnostics import Diagnostic, error, warning
from octavo.read.dates import format_date, timestamp
from octavo.read.yaml import load_yaml, plain, position_of
from octavo.site import markup
from octavo.site.contents import own_address, relative
from octavo.site.fields import COMPUTED, NUMBERS, mistakes, typed, types
from octavo.site.glob import is_glob, matching
from octavo.site.info import plain_text
from octavo.site.navigation import PageInfo, reading_time
from octavo.write.title_block import authors

FIELDS = {
    "default": ("date", "title", "author", "subtitle", "image", "description"),
    "grid": ("title", "author", "date", "image", "description"),
    "table": ("date", "title", "author"),
}
_PAGE_SIZE = {"default": 25, "grid": 18, "table": 30}
# What no page needs to have: where none has it, nothing is said of it.
_MAY_LACK = ("date", "subtitle", "image")
# What an item says of its link and its picture.
_UNSHOWN = ("path", "href", "url", "image-alt")
_METADATA_FILES = (".yml", ".yaml")


@dataclass(frozen=True)
class Entry:
    """One listed item: `fields` holds what readers see, as text; `sort` the values that order it.

    `given` names what its author says of it, in that order.
    """

    href: str
    fields: Mapping[str, Any]
    sort: Mapping[str, Any]
    title_html: str = ""
    description_html: str = ""
    page: PageInfo | None = None
    given: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it is called, for whoever reads no HTML; an item of an author's own may have a name instead, or nothing."""
        return str(self.fields.get("title") or self.fields.get("name") or self.href)

    def shown(self, name: str) -> str:
        """A field as HTML: what authors write in one is Markdown."""
        if name == "title":
            return self.title_html or markup.inline(self.title)
        if name == "description":
            return self.description_html or escape(str(self.fields["description"]))
        value = self.fields.get(name, "")
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        return escape(text) if name in COMPUTED else markup.inline(text)


@dataclass(frozen=True)
class Listing:
    """A listing's options and its entries in order."""

    id: str
    type: str
    fields: tuple[str, ...]
    options: Mapping[str, Any]
    entries: tuple[Entry, ...] = ()
    page_size: int = 25
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def categories(self) -> str:
        """How categories are shown: "" for not at all, or numbered, unnumbered, cloud."""
        value = self.options.get("categories")
        style = str(self.options.get("category-style") or "numbered").removeprefix("category-")
        return ("numbered" if style == "default" else style) if value is True else str(value) if value else ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The fields that are ordered by a number."""
        return (*NUMBERS, *(name for name, kind in types(self.options).items() if kind != "string"))


def entries(
    config: object,
    page: PageInfo,
    pages: Sequence[PageInfo],
    words: Mapping[str, str],
    root: Path | None = None,
) -> tuple[list[Listing], list[Diagnostic]]:
    """The listings of `page` from its `listing:`; every format shows the same ones.

    `root` is the project's folder, for listings whose `contents` names a YAML file of items.
    """
    found, diagnostics = [], []
    for number, options in enumerate(configs(config)):
        kind = str(options.get("type") or "default")
        # A template of the author's own (EJS) is told as an option; its entries are listed all the same.
        kind = "default" if kind == "custom" else kind
        if kind not in FIELDS:
            message = f"octavo does not know listings of type `{kind}`"
            place = position_of(options, "type")
            diagnostics.append(error("OCT-listing-type", message, place, "use default, grid or table"))
            continue
        chosen, missing = _chosen(options, page, pages, words, root)
        diagnostics += [*missing, *_incomplete(chosen, options), *mistakes(options, chosen)]
        chosen = _sorted([e for e in chosen if _included(e, options)], options)
        limit = options.get("max-items")
        fields = tuple(str(f) for f in options.get("fields") or _fields(kind, chosen, options))
        listing = Listing(
            id=str(options.get("id") or ("listing" if number == 0 else f"listing-{number + 1}")),
            type=kind,
            fields=fields,
            options=options,
            entries=tuple(chosen[: int(limit)] if limit else chosen),
            page_size=int(options.get("page-size") or _PAGE_SIZE[kind]),
            names={f: _name(f, options, words) for f in fields},
        )
        if listing.categories and kind != "table" and "categories" not in fields:
            listing = replace(listing, fields=(*fields, "categories"))
        found.append(listing)
    return found, diagnostics


def _fields(kind: str, chosen: Sequence[Entry], options: Mapping) -> list[str]:
    """The fields that a listing shows of its own accord: of pages those of its type, of items all that they have."""
    if any(entry.page is None for entry in chosen):
        return list(dict.fromkeys(name for entry in chosen for name in entry.given if name not in _UNSHOWN))
    lacking = {f for f in _MAY_LACK if not any(entry.fields.get(f) for entry in chosen)}
    return [f for f in FIELDS[kind] if f not in lacking or (f == "image" and options.get("image-placeholder"))]


def configs(config: object) -> list[Mapping]:
    """The options of each listing of a `listing:` in any of its forms."""
    if config is True or isinstance(config, str):
        return [{"type": config} if isinstance(config, str) else {}]
    if isinstance(config, Mapping):
        return [config]
    return [c for c in config if isinstance(c, Mapping)] if isinstance(config, list | tuple) else []


def _chosen(
    options: Mapping, page: PageInfo, pages: Sequence[PageInfo], words: Mapping, root: Path | None
) -> tuple[list[Entry], list[Diagnostic]]:
    folder = posixpath.dirname(page.source)
    contents = options.get("contents", options.get("content"))
    contents = contents if isinstance(contents, list | tuple) else [contents] if contents else ["./"]
    patterns = [str(c) for c in contents if isinstance(c, str) and not c.endswith(_METADATA_FILES)]
    others = {p.source: p for p in pages if p.source != page.source and not p.draft}
    drafts = [p.source for p in pages if p.draft]
    sources = matching(patterns, list(others), folder) if patterns else []
    found = [_of_page(others[s], page, options, words) for s in sources]
    diagnostics = []
    for pattern in patterns:
        alone = pattern.removeprefix("!")
        if not pattern.startswith("!") and alone != "./" and not matching([alone], [*others, *drafts], folder):
            place = position_of(options, "contents")
            # A pattern may wait for its pages.
            if is_glob(alone):
                diagnostics.append(warning("OCT-listing-missing", f"no page matches `{alone}`", place))
            else:
                diagnostics.append(error("OCT-listing-missing", f"no page or folder `{alone}` to list", place))
    for content in contents:
        if isinstance(content, Mapping):
            found.append(_of_item(content, page, others, options, words))
        elif isinstance(content, str) and content.endswith(_METADATA_FILES) and root:
            path = root / content.lstrip("/") if content.startswith("/") else root / folder / content
            if path.is_file():
                found += [_of_item(row, page, others, options, words) for row in _rows(path, content)]
            else:
                place = position_of(options, "contents")
                diagnostics.append(error("OCT-listing-missing", f"no file `{content}` to list", place))
    return found, diagnostics


def _incomplete(chosen: Sequence[Entry], options: Mapping) -> list[Diagnostic]:
    """The entries that lack a field of `field-required`."""
    found = []
    for name in map(str, _list(options.get("field-required"))):
        for entry in chosen:
            if not (entry.fields.get(name) or entry.sort.get(name)):
                which = entry.page.source if entry.page else entry.title
                message = f"`{which}` is listed and has no `{name}`"
                found.append(error("OCT-listing-field", message, position_of(options, "field-required")))
    return found


def _rows(path: Path, name: str) -> list[Mapping]:
    # A file of items is a YAML list; as the value of a key it is the mapping that the reader expects.
    text = "items:\n" + "".join(f"  {line}\n" for line in path.read_text("utf-8").splitlines())
    rows = load_yaml(text, name, line=-1).get("items") or []
    return [row for row in rows if isinstance(row, Mapping)]


def _of_item(row: Mapping, page: PageInfo, others: Mapping[str, PageInfo], options: Mapping, words: Mapping) -> Entry:
    """An item that an author described; its `path` may name a page of the site."""
    path = str(row.get("path") or row.get("href") or "")
    named = others.get(own_address(path, page.source).lstrip("/")) or others.get(path.lstrip("/"))
    entry = _of_metadata(row, page, options, words, relative(named.href, page.href) if named else None)
    html = markup.inline(str(row.get("description") or row.get("abstract") or ""))
    text = plain_text(html)
    short = _shortened(text, options)
    html = html if short == text else escape(short)
    return replace(entry, fields={**entry.fields, "description": short}, description_html=html)


def _of_page(other: PageInfo, page: PageInfo, options: Mapping, words: Mapping) -> Entry:
    own = dict(other.front_matter)
    own |= {
        "title": other.title or other.source,
        "description": other.description,
        "image": relative(other.image, page.href) if other.image and "//" not in other.image else other.image,
        "image-alt": other.image_alt or own.get("image-alt"),
        "filename": posixpath.basename(other.source),
        "file-modified": other.modified,
        "word-count": other.word_count,
        "reading-time": reading_time(other),
    }
    return replace(
        _of_metadata(own, page, options, words, relative(other.href, page.href)), title_html=other.text_html, page=other
    )


def _of_metadata(own: Mapping, page: PageInfo, options: Mapping, words: Mapping, href: str | None = None) -> Entry:
    lang, style = str(page.front_matter.get("lang") or "en"), options.get("date-format") or "medium"
    named = own if "author" in own or "authors" in own else {}
    fields = {str(k): plain(v) for k, v in own.items() if isinstance(v, str | int | float)}
    fields |= {str(k): [str(one) for one in v] for k, v in own.items() if _is_texts(v)}
    fields |= {
        "author": ", ".join(a.name for a in authors(named)),
        "categories": [str(c) for c in _list(own.get("categories"))],
        "description": _shortened(str(own.get("description") or own.get("abstract") or ""), options),
    }
    for key in ("date", "date-modified", "file-modified"):
        fields[key] = format_date(own[key], style, lang) if own.get(key) else ""
    sort = {str(k): plain(v) for k, v in own.items() if isinstance(v, str | int | float)} | {"author": fields["author"]}
    sort |= {key: timestamp(own.get(key)) for key in ("date", "date-modified", "file-modified")}
    if "reading-time" in own:
        fields["reading-time"] = words["listing-page-minutes-compact"].replace("{0}", str(own["reading-time"]))
    if "word-count" in own:
        fields["word-count"] = words["listing-page-words"].replace("{0}", str(own["word-count"]))
    for name, kind in types(options).items():
        if own.get(name) is not None and name not in NUMBERS:
            fields[name], sort[name] = typed(own[name], kind, style, lang, words)
    path = href if href is not None else str(own.get("path") or own.get("href") or "")
    return Entry(href=path, fields=fields, sort=sort, given=tuple(map(str, own)))


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str | int | float) for one in value)


def _shortened(text: str, options: Mapping) -> str:
    limit = options.get("max-description-length")
    limit = 175 if limit is None else int(limit)
    if limit <= 0 or len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def _included(entry: Entry, options: Mapping) -> bool:
    """Whether `include:` and `exclude:` let the entry in."""

    def matches(rule: Mapping) -> bool:
        for key, wanted in rule.items():
            value = entry.fields.get(key, entry.sort.get(key, ""))
            values = [str(v) for v in _list(value)]
            if not any(fnmatch(v, str(w)) for v in values for w in _list(wanted)):
                return False
        return True

    include, exclude = _list(options.get("include")), _list(options.get("exclude"))
    wanted = not include or any(matches(r) for r in include if isinstance(r, Mapping))
    return wanted and not any(matches(r) for r in exclude if isinstance(r, Mapping))


def _sorted(found: list[Entry], options: Mapping) -> list[Entry]:
    if options.get("sort") is False:
        return found
    keys = [str(k) for k in _list(options.get("sort"))]
    # Items stand as their author has put them.
    keys = keys or (["title"] if any(entry.page for entry in found) else [])
    for key in reversed(keys):
        name, _, direction = key.strip().partition(" ")
        have = [e for e in found if e.sort.get(name) not in (None, "")]
        none = [e for e in found if e.sort.get(name) in (None, "")]
        have.sort(key=lambda e, name=name: _comparable(e.sort[name]), reverse=direction.strip() == "desc")
        found = have + none
    return found


def _comparable(value: object) -> tuple:
    return (0, value, "") if isinstance(value, int | float) else (1, 0, str(value).casefold())


def _name(field_name: str, options: Mapping, words: Mapping) -> str:
    own = options.get("field-display-names")
    if isinstance(own, Mapping) and field_name in own:
        return str(own[field_name])
    key = "listing-page-field-" + field_name.replace("-", "")
    return words.get(key) or field_name.replace("-", " ").capitalize()


def _list(value: object) -> list:
    if value is None or value is True or value is False:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
