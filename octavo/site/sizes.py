"""Pictures get the width and height that their files have, so that the text below does not move when they arrive."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import imagesize

_IMAGE = re.compile(
    r'<img\b(?=[^>]*\sclass="[^"]*\bimg-fluid\b)(?![^>]*\s(?:width|height|style)=)[^>]*?\ssrc="([^"]*)"'
)


def with_sizes(body: str, href: str, files: Mapping[str, Path]) -> str:
    """`body` with the sizes of its pictures, in CSS pixels, where the author gave none.

    `href` is the page's address; `files` holds what the page brings along, by its name relative to the site.
    """

    def sized(match: re.Match[str]) -> str:
        name = posixpath.normpath(posixpath.join(posixpath.dirname(href), unquote(unescape(match[1]))))
        width, height = imagesize.get(files[name]) if name in files else (-1, -1)
        if width < 1 or height < 1:
            return match[0]
        return f'{match[0]} width="{round(width)}" height="{round(height)}"'

    return _IMAGE.sub(sized, body)
