"""A page's Markdown seen once, for all checks: what is prose, what is not, and what is never closed.

The text is walked with one cursor. What an author's markup cannot stand in (code, math, comments, shortcodes) is
covered, so that each check is a plain search over `Scan.prose`, whose lines and columns are those of the source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from octavo.diagnostics import Diagnostic, error
from octavo.read.source import FENCE, Source

# Stands for each covered character: no letter, no blank, and nothing that Markdown knows.
COVER = "\ue000"
INLINE = re.compile(r"\\[^\n]|(?P<ticks>`+)|<!--|\$\$?|\{\{\{?<")
MARK = r"(?:[-*+]|\(?[0-9a-zA-Z#@]{1,4}[.)]|\(@[\w-]*\)|:|~|\[\^[^\]]+\]:)[ \t]+"
LISTED = re.compile(rf"[ \t>]*{MARK}\S")
BEGINS = re.compile(r"[ \t]*(?:(?:[-*+]|\(?[0-9a-zA-Z#@]{1,4}[.)]|\(@[\w-]*\)|:|~)[ \t]+)+(?=:::|\|)")
VERBATIM = re.compile(r"[ \t>]*<(script|style|pre|textarea|svg)\b", re.IGNORECASE)
COMMAND = re.compile(r"\\[A-Za-z]+")
BLANK = re.compile(r"\n[ \t>]*(?=\n|\Z)")
RAW_HTML = re.compile(r"\{=html[45]?\}")


@dataclass(frozen=True)
class Unclosed:
    """Something opened at `index` (of the source's lines), `column` (1-based) that never ends."""

    kind: str
    index: int
    column: int
    opening: str


@dataclass(frozen=True)
class Scan:
    """`prose[i]` is line `i` of the source with all that is not prose covered; `raw_html[i]` is a raw block's line.

    `fences` are the opening lines of code blocks: index, column (1-based) of what follows the fence, and that.
    """

    source: Source
    prose: tuple[str, ...]
    unclosed: tuple[Unclosed, ...] = ()
    raw_html: dict[int, str] = field(default_factory=dict)
    fences: tuple[tuple[int, int, str], ...] = ()

    def lines(self) -> Iterator[tuple[int, str]]:
        """The lines of prose that are not blank, with their indices."""
        return ((i, line) for i, line in enumerate(self.prose) if line.strip())

    def error(self, code: str, message: str, index: int, column: int, hint: str | None = None) -> Diagnostic:
        made = error(code, message, self.source.position(index, column), hint)
        return replace(made, included_from=self.source.included_from(index))

    def warning(self, code: str, message: str, index: int, column: int, hint: str | None = None) -> Diagnostic:
        return replace(self.error(code, message, index, column, hint), severity="warning")


def found(scan: Scan, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """Line, column (1-based) and text of each match in the prose, also of one that goes over several lines."""
    index = begin = 0
    for match in pattern.finditer("\n".join(scan.prose)):
        while match.start() > begin + len(scan.prose[index]):
            begin += len(scan.prose[index]) + 1
            index += 1
        yield index, match.start() - begin + 1, match[0]


def scan(source: Source) -> Scan:
    """The scan of a page, front matter left out."""
    return _Walk(source).run()


class _Walk:
    """The cursor and what it has met so far."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.body = source.body_first
        lines = [line.text for line in source.lines[self.body :]]
        self.text = "\n".join(lines)
        self.lines = lines
        self.starts = [0]
        for line in lines[:-1]:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.covered: list[tuple[int, int, str]] = []
        self.unclosed: list[Unclosed] = []
        self.raw_html: dict[int, str] = {}
        self.fences: list[tuple[int, int, str]] = []
        self.paragraph = (0, 0)
        self.hopeless: dict[str, int] = {}

    def run(self) -> Scan:
        i = cursor = 0
        listed, after_blank = False, True
        while i < len(self.lines):
            line, start = self.lines[i], self.starts[i]
            end = start + len(line)
            if cursor > end or (start < cursor and not self.text[cursor:end].strip()):
                i += 1
                continue
            if not line.strip():
                after_blank, i = True, i + 1
                continue
            if cursor <= start:
                indent = len(line) - len(line.lstrip(" \t"))
                if LISTED.match(line):
                    listed = True
                elif after_blank and indent == 0:
                    listed = False
                if after_blank and not listed and (indent >= 4 or line.startswith("\t")):
                    self._cover(start, end)  # indented code; what follows it may be more of it
                    i += 1
                    continue
                fence = FENCE.match(line)
                if fence and not (fence["fence"][0] == "`" and "`" in fence["info"]):
                    i = self._fence(i, fence)
                    after_blank = True
                    continue
                verbatim = VERBATIM.match(line)
                if verbatim:
                    cursor = self._verbatim(start + verbatim.end(), verbatim[1])
                    if cursor > end:
                        i += 1
                        continue
            after_blank = False
            cursor = self._inline(max(start, cursor), end)
            i += 1
        return Scan(self.source, tuple(self._prose()), tuple(self.unclosed), self.raw_html, tuple(self.fences))

    def _fence(self, i: int, opening: re.Match[str]) -> int:
        """Covers a fenced block and returns the line after it."""
        fence = opening["fence"]
        if opening["info"]:
            self.fences.append((self.body + i, opening.start("info") + 1, opening["info"]))
        for end in range(i + 1, len(self.lines)):
            match = FENCE.match(self.lines[end])
            if match and match["fence"].startswith(fence) and not match["info"]:
                break
        else:
            self._open("fence", self.starts[i] + opening.start("fence"), fence + opening["info"])
            end = len(self.lines) - 1
        if RAW_HTML.fullmatch(opening["info"]):
            self.raw_html |= {self.body + n: self.lines[n] for n in range(i + 1, end)}
        self._cover(self.starts[i], self.starts[end] + len(self.lines[end]), " ")
        return end + 1

    def _verbatim(self, after: int, tag: str) -> int:
        """Covers what stands in a `<script>` and the like, and returns the place of its end."""
        end = re.compile(rf"</{tag}\s*>", re.IGNORECASE).search(self.text, after)
        if not end:
            return after
        if tag.lower() == "svg":
            first, last = (bisect_right(self.starts, at) - 1 for at in (after, end.start()))
            self.raw_html |= {self.body + n: self.lines[n] for n in range(first, last + 1)}
        self._cover(after, end.start())
        return end.end()

    def _inline(self, cursor: int, end: int) -> int:
        """Covers what is not prose from `cursor` on to the line's `end`, or beyond if something ends later."""
        while match := INLINE.search(self.text, cursor, end):
            token, start = match[0], match.start()
            if token[0] == "\\":
                self._cover(start, match.end())
                cursor = match.end()
            elif token == "<!--":
                cursor = self._closed("comment", start, start + 4, "-->", len(self.text), " ")
            elif match["ticks"]:
                cursor = self._code(match)
            elif token[0] == "{":
                cursor = self._closed("shortcode", start, match.end(), ">}}", self._paragraph_end(start), COVER)
            elif token == "$$":
                cursor = self._display(start)
            else:
                cursor = self._math(start)
        return max(cursor, end)

    def _closed(self, kind: str, start: int, after: int, closing: str, limit: int, cover: str) -> int:
        ending = self._find(re.escape(closing), after, limit)
        if not ending:
            self._open(kind, start, self.text[start:after])
            return limit if kind == "comment" else after
        end = ending.end()
        # An escaped one has more braces, as many at its end as at its beginning.
        for _ in range(self.text[start:after].count("{") - 2):
            end += self.text.startswith("}", end)
        self._cover(start, end, cover)
        return end

    def _code(self, opening: re.Match[str]) -> int:
        limit = self._paragraph_end(opening.start())
        closing = self._find(rf"(?<!`){opening['ticks']}(?!`)", opening.end(), limit)
        if not closing:
            return opening.end()
        self._cover(opening.start(), closing.end())
        return closing.end()

    def _display(self, start: int) -> int:
        limit = self._paragraph_end(start)
        closing = self._find(r"\$\$", start + 2, limit)
        if closing:
            self._cover(start, closing.end())
            return closing.end()
        line_start = self.text.rfind("\n", 0, start) + 1
        line_end = self.text.find("\n", start)
        line_end = len(self.text) if line_end < 0 else line_end
        # Two dollars in the middle of a sentence are money; at either end of a line they mean math.
        if not self.text[line_start:start].strip(" \t>-*+") or not self.text[start + 2 : line_end].strip():
            self._open("math", start, "$$")
            self._cover(start, limit)
            return limit
        return start + 2

    def _math(self, start: int) -> int:
        """Pandoc's rule: no blank after the opening dollar, none before the closing one, and no digit behind it."""
        if self.text[start + 1 : start + 2].isspace():
            return start + 1
        closing = self._find(r"(?<=[^\s\\])\$(?!\d)", start + 2, self._paragraph_end(start))
        if not closing:
            # A dollar alone is money, but not before a command of TeX.
            if COMMAND.match(self.text, start + 1):
                self._open("inline math", start, "$")
            return start + 1
        self._cover(start, closing.end())
        return closing.end()

    def _find(self, pattern: str, after: int, limit: int) -> re.Match[str] | None:
        """The first match up to `limit`; what was not found once is not sought again up to the same limit."""
        if self.hopeless.get(pattern) == limit:
            return None
        found = re.compile(pattern).search(self.text, after, limit)
        if not found:
            self.hopeless[pattern] = limit
        return found

    def _paragraph_end(self, at: int) -> int:
        begin, end = self.paragraph
        if not begin <= at < end:
            blank = BLANK.search(self.text, at)
            self.paragraph = (at, blank.start() if blank else len(self.text))
        return self.paragraph[1]

    def _cover(self, start: int, end: int, cover: str = COVER) -> None:
        self.covered.append((start, end, cover))

    def _open(self, kind: str, at: int, opening: str) -> None:
        i = bisect_right(self.starts, at) - 1
        self.unclosed.append(Unclosed(kind, self.body + i, at - self.starts[i] + 1, opening))

    def _prose(self) -> list[str]:
        pieces, at = [], 0
        for start, end, cover in sorted(self.covered):
            if end <= at:
                continue
            start = max(start, at)
            pieces.append(self.text[at:start])
            pieces.append("\n".join(cover * len(part) for part in self.text[start:end].split("\n")))
            at = end
        pieces.append(self.text[at:])
        return [""] * self.body + [_unlisted(line) for line in "".join(pieces).split("\n")]


def _unlisted(line: str) -> str:
    """A line whose item, definition or note begins with a div or a row of a table, its mark blank: they stand as below it."""
    match = BEGINS.match(line)
    return " " * match.end() + line[match.end() :] if match else line
