"""The index of statements is complete, and counts as the lectures do."""

from __future__ import annotations

import re
from pathlib import Path

from bs4 import BeautifulSoup, Tag


def words(element: Tag) -> str:
    for spoken in element.select("annotation"):
        spoken.decompose()
    return " ".join(element.get_text().split())


def test_the_index_says_what_the_lectures_say(site: Path) -> None:
    index = BeautifulSoup((site / "statements.html").read_text("utf-8"), "html.parser")
    listed = {}
    for item in index.select("#statements li"):
        (link,) = item.select("a")
        listed[link["href"]] = words(item)
    stated = {}
    for page in sorted((site / "lectures").glob("[0-9]*.html")):
        lecture = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        for block in lecture.select("div.theorem[id]"):
            if re.match("def|thm|lem|prp|cor|cnj", block["id"]):
                stated[f"lectures/{page.name}#{block['id']}"] = words(block.select_one(".theorem-title"))
    assert listed.keys() == stated.keys()
    for address, title in stated.items():
        name, _, rest = title.partition(" (")
        if "#def-" in address:
            assert listed[address].startswith(rest.removesuffix(")"))
        else:
            assert listed[address] == f"{name.replace(chr(0xA0), ' ')}: {rest.removesuffix(')')}"


def test_the_glossary_has_every_word_that_a_definition_introduces(site: Path) -> None:
    glossary = BeautifulSoup((site / "glossary.html").read_text("utf-8"), "html.parser")
    explained = {words(term).lower(): term.find_next_sibling("dd") for term in glossary.select("#glossary dt")}
    for page in sorted((site / "lectures").glob("[0-9]*.html")):
        lecture = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        for word in lecture.select("div.definition em"):
            assert words(word).lower() in words(explained[words(word).lower()]).lower(), word
    assert list(explained) == sorted(explained)
    assert glossary.select_one("dt a.quarto-xref")["href"].startswith("lectures/")


def test_the_glossary_reads_as_sentences(site: Path) -> None:
    glossary = BeautifulSoup((site / "glossary.html").read_text("utf-8"), "html.parser")
    for sentence in glossary.select("#glossary dd > p:first-child"):
        assert words(sentence).endswith("."), words(sentence)
        assert "@" not in words(sentence) and "{#" not in words(sentence)
