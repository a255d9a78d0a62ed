"""The document itself as a source that others cite: as CSL data, in BibTeX, and in the tags that Google Scholar reads.

https://quarto.org/docs/authoring/create-citeable-articles.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from octavo.read.dates import parse_date
from octavo.write.title_block import Author, authors

_BIBTEX_KINDS = {
    "article-journal": "article",
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "thesis": "thesis",
    "report": "report",
}
# Options of `citation:` by the names that CSL has for them.
_CSL_NAMES = {"url": "URL", "doi": "DOI", "isbn": "ISBN", "issn": "ISSN", "pmid": "PMID", "pmcid": "PMCID"}
_NOT_CSL = ("google-scholar", "abstract-url", "pdf-url", "eissn", "lang", "first-page", "last-page")


def citation_of(options: Mapping[str, object], title: str, url: str | None) -> dict[str, object]:
    """The document as an entry of a bibliography (CSL), from its `citation:` and, where that is silent, its options."""
    citation = options.get("citation")
    given = dict(citation) if isinstance(citation, Mapping) else {}
    given = {_CSL_NAMES.get(str(key), str(key)): value for key, value in given.items()}
    names = authors(given if given.get("author") else options)
    moment = parse_date(given.get("issued") or options.get("date"))
    key = re.sub(r"[^a-z0-9]", "", names[0].family.lower()) if names else "anonymous"
    pages = [str(given[name]) for name in ("page-first", "page-last") if given.get(name)]
    fixed = {
        "id": given.get("id") or key + (str(moment.year) if moment else ""),
        "type": given.get("type") or "webpage",
        "title": given.get("title") or title,
        "author": [_csl_name(author) for author in names],
        "editor": [_csl_name(editor) for editor in authors({"author": given.get("editor")})],
        "issued": {"date-parts": [[moment.year, moment.month, moment.day]]} if moment else None,
        "URL": given.get("URL") or url,
        "DOI": given.get("DOI") or options.get("doi"),
        "page": given.get("page") or "–".join(pages),
        "language": given.get("language") or given.get("lang") or options.get("lang") or "en",
        "abstract": given.get("abstract") or options.get("abstract") or options.get("description"),
    }
    kept = {name: value for name, value in given.items() if name not in (*fixed, *_NOT_CSL)}
    dated = {name: _csl_date(value) for name, value in kept.items() if name.endswith("-date") or name == "accessed"}
    return {name: value for name, value in (kept | dated | fixed).items() if value}


def csl_entry(options: Mapping[str, object], title: str, url: str | None) -> dict[str, object] | None:
    """`citation_of` a document that asks to be cited by `citation:`, None of another."""
    return citation_of(options, title, url) if options.get("citation") else None


def bibtex(entry: Mapping[str, object]) -> str:
    """A CSL entry in BibTeX."""
    kind = str(entry.get("type"))
    within = "booktitle" if kind in ("chapter", "paper-conference") else "journal"
    publisher = "institution" if kind in ("thesis", "report") else "publisher"
    fields = {
        "author": _bibtex_names(entry.get("author")),
        "editor": _bibtex_names(entry.get("editor")),
        publisher: entry.get("publisher"),
        "title": entry.get("title"),
        within: entry.get("container-title"),
        "series": entry.get("collection-title"),
        "edition": entry.get("edition"),
        "volume": entry.get("volume"),
        "number": entry.get("issue") or entry.get("number"),
        "pages": entry.get("page"),
        "date": _iso(entry.get("issued")),
        "url": entry.get("URL"),
        "doi": entry.get("DOI"),
        "isbn": entry.get("ISBN"),
        "issn": entry.get("ISSN"),
        "langid": entry.get("language"),
        "abstract": " ".join(str(entry.get("abstract") or "").split()),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{_BIBTEX_KINDS.get(kind, 'online')}{{{entry['id']},\n" + ",\n".join(lines) + "\n}"


def scholar(
    options: Mapping[str, object], title: str, url: str | None, references: Iterable[Mapping[str, object]]
) -> list[tuple[str, str]]:
    """Google Scholar's meta elements of a document, and one for each of its references: name, content."""
    own = citation_of(options, title, url)
    citation = options.get("citation")
    given = citation if isinstance(citation, Mapping) else {}
    keywords = given.get("keywords") or options.get("keywords")
    extras = {
        "citation_keywords": ", ".join(map(str, keywords)) if isinstance(keywords, list | tuple) else keywords,
        "citation_pdf_url": given.get("pdf-url"),
        "citation_abstract_html_url": given.get("abstract-url"),
        "citation_eissn": given.get("eissn"),
        "citation_online_date": None if given.get("available-date") else _iso(own.get("issued")),
    }
    tags = [*_tags(own), *((name, str(value)) for name, value in extras.items() if value)]
    listed = [",".join(f"{name}={value};" for name, value in _tags(entry)) for entry in references]
    return [*tags, *(("citation_reference", entry) for entry in listed)]


def _tags(entry: Mapping[str, object]) -> list[tuple[str, str]]:
    """What a CSL entry is in Google Scholar's words."""
    issued = _iso(entry.get("issued"))
    first, _, last = str(entry.get("page") or "").replace("–", "-").partition("-")
    tags: list[tuple[str, object]] = [
        ("citation_title", entry.get("title")),
        ("citation_abstract", entry.get("abstract")),
    ]
    tags += [("citation_author", _spoken(name)) for name in _list(entry.get("author"))]
    tags += [("citation_editor", _spoken(name)) for name in _list(entry.get("editor"))]
    tags += [
        ("citation_publication_date", issued),
        ("citation_cover_date", issued),
        ("citation_year", issued[:4]),
        ("citation_online_date", _iso(entry.get("available-date"))),
        ("citation_fulltext_html_url", entry.get("URL")),
        ("citation_issue", entry.get("issue")),
        ("citation_doi", entry.get("DOI")),
        ("citation_isbn", entry.get("ISBN")),
        ("citation_issn", entry.get("ISSN")),
        ("citation_pmid", entry.get("PMID")),
        ("citation_volume", entry.get("volume")),
        ("citation_language", entry.get("language")),
        ("citation_firstpage", entry.get("page-first") or first.strip()),
        ("citation_lastpage", entry.get("page-last") or last.strip()),
        *_container(entry),
        ("citation_series_title", entry.get("collection-title")),
    ]
    return [(name, " ".join(str(value).split())) for name, value in tags if value]


def _container(entry: Mapping[str, object]) -> list[tuple[str, object]]:
    """What a source is part of, and who has published it, by the names for its kind."""
    container, publisher = entry.get("container-title"), entry.get("publisher")
    match entry.get("type"):
        case "paper-conference":
            return [("citation_conference_title", container), ("citation_conference", publisher)]
        case "thesis":
            return [("citation_dissertation_institution", publisher)]
        case "report":
            return [
                ("citation_technical_report_institution", publisher),
                ("citation_technical_report_number", entry.get("number")),
            ]
        case "book":
            return [("citation_book_title", container)]
        case "chapter":
            return [("citation_inbook_title", container)]
    short = entry.get("container-title-short")
    return [
        ("citation_journal_title", container),
        ("citation_journal_abbrev", short),
        ("citation_publisher", publisher),
    ]


def _csl_name(author: Author) -> dict[str, str]:
    given = author.name.removesuffix(author.family).strip()
    return {"family": author.family, "given": given} if author.family and given else {"literal": author.name}


def _spoken(name: Mapping[str, str]) -> str:
    parts = ("given", "dropping-particle", "non-dropping-particle", "family")
    return name.get("literal") or " ".join(str(name[part]) for part in parts if name.get(part))


def _bibtex_names(names: object) -> str:
    parts = ("family", "given", "literal")
    return " and ".join(", ".join(str(n[part]) for part in parts if n.get(part)) for n in _list(names))


def _csl_date(value: object) -> object:
    moment = parse_date(value)
    return {"date-parts": [[moment.year, moment.month, moment.day]]} if moment else value


def _iso(date: object) -> str:
    """A date of CSL data as `2024-03-07`, as far as it is known."""
    parts = _list(date.get("date-parts")) if isinstance(date, Mapping) else []
    return "-".join(f"{int(part):02d}" for part in parts[0]) if parts else ""


def _list(value: object) -> Sequence:
    if not value:
        return []
    return value if isinstance(value, list | tuple) else [value]
