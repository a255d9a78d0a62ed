"""Shortcodes that give words: `kbd`, `lipsum`, and `pagebreak`, which gives none."""

from __future__ import annotations

import random
import re
from html import escape

from octavo.resolve.shortcodes.call import Call, Context, Problem, argument_problem, code_span, raw_inline

SYSTEMS = {"mac": "mac", "win": "windows", "linux": "linux"}
PAGE_BREAK = {
    "html": '<span style="display: block; page-break-after: always;"></span>',
    "pdf": "#colbreak(weak: true)",
    "typst": "#colbreak(weak: true)",
    "docx": '<w:r><w:br w:type="page"/></w:r>',
}
RAW = {"html": "html", "pdf": "typst", "typst": "typst", "docx": "openxml", "ipynb": "html"}
OPENING = "Lorem ipsum dolor sit amet, consectetur adipiscing elit"
WORDS = (
    "a ac accumsan aliquam amet ante arcu at auctor augue bibendum blandit commodo congue consequat cursus dapibus "
    "diam dictum dolor donec dui duis efficitur egestas eget elementum elit enim erat eros est et etiam eu euismod ex "
    "facilisis faucibus felis fermentum finibus fringilla fusce gravida hendrerit iaculis id imperdiet in integer "
    "interdum ipsum justo lacinia lacus laoreet lectus leo libero ligula lobortis lorem luctus maecenas magna malesuada "
    "massa mattis mauris maximus metus mi mollis morbi nam nec neque nibh nisi nisl non nulla nunc odio orci ornare "
    "pellentesque pharetra placerat porta porttitor posuere praesent pretium purus quam quis quisque risus rutrum "
    "sagittis sapien scelerisque sed sem semper sit sodales sollicitudin suscipit tellus tempor tempus tincidunt tortor "
    "tristique turpis ullamcorper ultrices urna ut varius vehicula vel velit vestibulum vitae vivamus volutpat vulputate"
)


def kbd(call: Call, context: Context) -> str | Problem:
    """A keyboard shortcut: one for all, or one for each of `mac`, `win` and `linux`."""
    systems = {SYSTEMS[key]: call.options[key] for key in SYSTEMS if key in call.options}
    unknown = [key for key in call.options if key not in SYSTEMS]
    if unknown or not (call.arguments or systems):
        return argument_problem(call, "wants keys, for all or by system", "like `{{< kbd Ctrl-S mac=Command-S >}}`")
    keys = " ".join(call.arguments) or systems.get("windows") or next(iter(systems.values()))
    if call.is_text:
        return keys
    if context.format == "html":
        data = "".join(f' data-{system}="{escape(value)}"' for system, value in sorted(systems.items()))
        shown = escape(keys)
        html = (
            f'<kbd title="{shown}" aria-hidden="true"{data}>{shown}</kbd><span class="visually-hidden">{shown}</span>'
        )
        return raw_inline(html, "html")
    if not call.arguments:
        return ", ".join(f"{code_span(value)} ({system})" for system, value in systems.items())
    others = "; ".join(f"{system}: {code_span(value)}" for system, value in systems.items())
    return code_span(keys) + (f" ({others})" if others else "")


def lipsum(call: Call, context: Context) -> str | Problem:
    """Placeholder text: so many paragraphs (five), or those from one number to another, always the same ones."""
    asked = call.argument(0, "5") or "5"
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", asked)
    if not match:
        return argument_problem(call, f"wants a number of paragraphs or a range, not `{asked}`", "like `2` or `2-4`")
    first, last = (int(match[1]), int(match[2])) if match[2] else (1, int(match[1]))
    if max(first, last) > 1000 or min(first, last) < 1:
        return argument_problem(call, "has paragraphs 1 to 1000")
    numbers = range(first, last + 1) if first <= last else range(first, last - 1, -1)
    # "random" text differs from place to place; it stays the same between renders, as everything else does.
    seed = f"{context.page} {call.raw}" if call.options.get("random") == "true" else ""
    return ("\n\n" if call.place == "block" else " ").join(_paragraph(n, seed) for n in numbers)


def pagebreak(call: Call, context: Context) -> str | Problem:
    """A page break: a div that each format knows; inside a heading or a table raw code."""
    if call.is_text:
        return ""
    if call.place == "block":
        return "::: {.page-break}\n:::"
    if call.splits:
        return "\n\n::: {.page-break}\n:::\n\n"
    code = PAGE_BREAK.get(context.format)
    return raw_inline(code, RAW[context.format]) if code else ""


def _paragraph(number: int, seed: str) -> str:
    chance = random.Random(f"{seed}{number}")
    known, sentences = WORDS.split(), []
    for n in range(chance.randint(4, 7)):
        words = [chance.choice(known) for _ in range(chance.randint(6, 14))]
        if len(words) > 9:
            words[4] += ","
        sentence = " ".join(words)
        opens = n == 0 and number == 1 and not seed
        sentences.append((f"{OPENING}, {sentence}" if opens else sentence[0].upper() + sentence[1:]) + ".")
    return " ".join(sentences)
