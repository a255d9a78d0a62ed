"""Who wrote a document and under which licence: Quarto's many forms of `author:` and `license:` brought to one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_LICENSES = {"CC0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")} | {
    f"CC {kind.upper()}": (f"CC {kind.upper()} 4.0", f"https://creativecommons.org/licenses/{kind}/4.0/")
    for kind in ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
}


@dataclass(frozen=True)
class Affiliation:
    """An institution: its name, the lines of its address, and its home page."""

    name: str
    lines: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True)
class Author:
    """One author as all formats print one."""

    name: str
    family: str = ""
    url: str | None = None
    email: str | None = None
    orcid: str | None = None
    degrees: tuple[str, ...] = ()
    corresponding: bool = False
    affiliations: tuple[Affiliation, ...] = ()


def authors(options: Mapping[str, object]) -> list[Author]:
    """The authors of a document from its `author:`/`authors:` and `affiliations:`."""
    entries = _list(options.get("author") or options.get("authors"))
    # An institution may be described in front of all authors, or where the first of them names it.
    described = [*_list(options.get("affiliations")), *_list(options.get("affiliation"))]
    for entry in entries:
        if isinstance(entry, Mapping):
            described += [*_list(entry.get("affiliations")), *_list(entry.get("affiliation"))]
    shared = {str(a["id"]): a for a in described if isinstance(a, Mapping) and "id" in a}
    return [_author(entry, shared) for entry in entries]


def license_of(options: Mapping[str, object]) -> tuple[str, str | None]:
    """Text and address of the document's license ("" if it has none)."""
    value = options.get("license")
    if isinstance(value, Mapping):
        known = _LICENSES.get(str(value.get("type") or value.get("text")).upper(), ("", None))
        return str(value.get("text") or known[0] or value.get("type") or ""), _text(value.get("url")) or known[1]
    text = str(value or "")
    return _LICENSES.get(text.upper(), (text, text if text.startswith("http") else None))


def copyright_of(options: Mapping[str, object]) -> str:
    """The copyright line ("" if there is none)."""
    value = options.get("copyright")
    if isinstance(value, Mapping):
        if value.get("statement"):
            return str(value["statement"])
        years = "–".join(str(y) for y in _list(value.get("year")))
        return " ".join(part for part in ("Copyright ©", years, str(value.get("holder") or "")) if part)
    return str(value or "")


def _author(entry: object, shared: Mapping[str, Mapping]) -> Author:
    if not isinstance(entry, Mapping):
        name = str(entry)
        return Author(name=name, family=name.split()[-1] if name.split() else "")
    name = entry.get("name")
    if isinstance(name, Mapping):
        family = str(name.get("family") or "")
        parts = (name.get("given"), name.get("dropping-particle"), name.get("non-dropping-particle"), family)
        name = str(name.get("literal") or " ".join(str(p) for p in parts if p))
    else:
        name = str(name or "")
        family = name.split()[-1] if name.split() else ""
    found = [_affiliation(a, shared) for a in _list(entry.get("affiliations") or _flat_affiliation(entry))]
    return Author(
        name=name,
        family=family,
        url=_address(entry.get("url")),
        email=_text(entry.get("email")),
        orcid=re.sub(r"^https?://orcid\.org/", "", str(entry.get("orcid") or "")) or None,
        degrees=tuple(str(d) for d in _list(entry.get("degrees"))),
        corresponding=bool(entry.get("corresponding") or (entry.get("attributes") or {}).get("corresponding")),
        affiliations=tuple(found),
    )


def _flat_affiliation(author: Mapping) -> object:
    """`affiliation:` with the home page that may stand beside it."""
    name, url = author.get("affiliation"), author.get("affiliation-url") or author.get("affiliations-url")
    return {"name": name, "url": url} if isinstance(name, str) and url else name


def _affiliation(value: object, shared: Mapping[str, Mapping]) -> Affiliation:
    if isinstance(value, Mapping) and "ref" in value:
        value = shared.get(str(value["ref"]), {"name": str(value["ref"])})
    if not isinstance(value, Mapping):
        return Affiliation(str(value))
    name = str(value.get("name") or value.get("department") or "")
    place = ", ".join(str(value[k]) for k in ("city", "region", "state", "country") if value.get(k))
    department = str(value["department"]) if value.get("department") and value.get("name") else ""
    return Affiliation(name, tuple(line for line in (department, place) if line), _address(value.get("url")))


def _list(value: object) -> Sequence:
    if value is None or value is False:
        return []
    return value if isinstance(value, list | tuple) else [value]


def _address(value: object) -> str | None:
    """A home page, also as people write one: `www.example.org` would lead into the site."""
    text = _text(value)
    return f"https://{text}" if text and text.lower().startswith("www.") else text


def _text(value: object) -> str | None:
    return str(value) if value else None
