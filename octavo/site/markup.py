"""Markdown in the settings of a site (a menu's text, a footer, a margin) as HTML, read by pandoc as the pages are."""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from threading import Lock

from octavo.resolve.pandoc import Pandoc

# Words that mean nothing else in Markdown; most texts of a menu are such.
_WORDS = re.compile(r"[^\W_][^\W_]*(?:[ ,]+[^\W_]+)*[.!?]?")
_worker, _one_at_a_time = Pandoc(), Lock()


@cache
def inline(text: str) -> str:
    """The text without a paragraph around it."""
    text = " ".join(text.split())
    return escape(text) if not text or _WORDS.fullmatch(text) else _asked(text, True)


def words(text: str) -> str:
    """The text without any markup, for where there is none."""
    return without_tags(inline(text))


def without_tags(html: str) -> str:
    """The words of a piece of HTML."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


@cache
def blocks(text: str) -> str:
    """The text as paragraphs, lists and whatever else it holds."""
    return _asked(text, False)


def _asked(text: str, is_inline: bool) -> str:
    with _one_at_a_time:
        return _worker.ask("markup", {"text": text, "inline": is_inline})["html"].strip()
