"""Metadata blocks that stand further down on a page: Quarto lays each over the front matter, and prints none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from octavo.read.merge import merged
from octavo.read.yaml import load_yaml

KEY = re.compile(r"^[A-Za-z][\w .-]*:(?:\s|$)")
ENDS = ("---", "...")
FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})")


def later_blocks(texts: Sequence[str], body: int) -> list[tuple[int, int]]:
    """The blocks below line `body` (0-based): the index of each one's first line, and of the line after it.

    A block stands below a blank line and begins with a key, right under its dashes; all else is a rule or a heading.
    """
    found, i, fence = [], body, ""
    while i < len(texts):
        mark = FENCE.match(texts[i])
        if mark:
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        begins = texts[i].rstrip() == "---" and (i == body or not texts[i - 1].strip())
        if begins and not fence and i + 1 < len(texts) and KEY.match(texts[i + 1]):
            end = next((j for j in range(i + 2, len(texts)) if texts[j].rstrip() in ENDS), None)
            if end is not None and all(map(str.strip, texts[i + 1 : end])):
                found.append((i, end + 1))
                i = end
        i += 1
    return found


def with_blocks(
    front: Mapping[str, Any], texts: Sequence[str], places: Sequence[tuple[str, int]], blocks: Sequence[tuple[int, int]]
) -> Mapping[str, Any]:
    """The front matter with the blocks laid over it; `places` has each line's file and number."""
    for first, end in blocks:
        file, number = places[first]
        front = merged(front, load_yaml("\n".join(texts[first + 1 : end - 1]), file, number))
    return front
