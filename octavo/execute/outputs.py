"""One output of a cell as Markdown for one format: which of its forms is shown, and how."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from octavo.execute.ansi import as_html, has_ansi, without_ansi

FIGURES_MIME = "application/vnd.octavo.figures+json"  # as in `figures`, which is not imported to stay free of its needs
WIDGETS = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")
SUFFIXES = {
    "image/png": "png", "image/jpeg": "jpeg", "image/svg+xml": "svg", "image/gif": "gif", "image/webp": "webp",
    "application/pdf": "pdf",
}  # fmt: skip
HTML_FIRST = ("application/javascript", "text/html", "text/markdown", "text/latex", FIGURES_MIME)
OTHERS_FIRST = ("text/markdown", "text/latex", FIGURES_MIME)
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
MATH_ENVIRONMENT = re.compile(r"\\begin\{(equation|align|gather|multline|eqnarray|aligned|gathered)\*?\}")
TABLE = re.compile(r"<table\b.*</table>", re.IGNORECASE | re.DOTALL)
# A repr that says nothing but what kind of object it is; and what of HTML lives only in a browser.
ADDRESS = re.compile(r"<IPython[\w.]* object>|<[\w.]+(?: object)? at 0x[\w…]*>")
SCRIPT = re.compile(r"<script\b.*?</script>|<style\b.*?</style>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
ALIVE = re.compile(r"<(?:script|iframe|canvas|embed|object|video|audio|form|input|button)\b", re.IGNORECASE)
FRAME = re.compile(r"""<iframe\b[^>]*?\ssrc=["']([^"']+)["']""", re.IGNORECASE)
DISCARDED = ("[<matplotlib", "<matplotlib", "<seaborn.", "<ggplot:")


@dataclass(frozen=True)
class Picture:
    """An image: its data as base64 (or SVG text), or the frozen file that holds it, and the size it is shown at."""

    suffix: str
    data: str | Mapping[str, str]
    width: int | None = None
    height: int | None = None


def is_display(output: Mapping[str, Any]) -> bool:
    """Whether it is a displayed object, not text or an error."""
    return output["output_type"] in ("display_data", "execute_result")


def is_library(output: Mapping[str, Any]) -> bool:
    """Whether a display only loads the scripts that later ones draw with: there is nothing in it to see."""
    if not is_display(output) or not set(output["data"]) <= {"text/html", "text/plain"}:
        return False
    html = text_of(output["data"].get("text/html", ""))
    return "<script" in html and not SCRIPT.sub("", html).strip()


def text_of(value: Any) -> str:
    """The text of a MIME value or a stream, which nbformat may hold as a list of lines."""
    return "".join(value) if isinstance(value, list) else str(value)


def chosen(output: Mapping[str, Any], form: str) -> str | None:
    """The MIME type in which format `form` shows the output, or None if it can show none of them."""
    data = output["data"]
    order = [w for w in WIDGETS if w in data]
    if form == "html" and "image/svg+xml" in data:
        order.append("image/svg+xml")
    order += HTML_FIRST if form == "html" else OTHERS_FIRST
    if form == "tex":
        order.append("application/pdf")
    order += PICTURES
    if form == "html":
        order += ["image/gif", "image/webp"]
    elif TABLE.search(text_of(data.get("text/html", ""))) or _says_nothing(text_of(data.get("text/plain", ""))):
        order += ["text/html", "application/javascript"]
    return next((mime for mime in [*order, "text/plain"] if mime in data), None)


def _says_nothing(plain: str) -> bool:
    return not plain.strip() or ADDRESS.fullmatch(plain.strip()) is not None


def picture_of(output: Mapping[str, Any], form: str) -> Picture | None:
    """The picture that `form` shows for the output, or None if it shows something else."""
    if not is_display(output):
        return None
    mime = chosen(output, form)
    data = output["data"]
    if mime == FIGURES_MIME:
        drawn = data[FIGURES_MIME][form]
        return Picture(SUFFIXES[drawn["mime"]], drawn["data"], drawn.get("width"), drawn.get("height"))
    if mime not in SUFFIXES:
        return None
    size = output.get("metadata", {}).get(mime, {})
    value = data[mime] if isinstance(data[mime], Mapping) else text_of(data[mime])
    return Picture(SUFFIXES[mime], value, size.get("width"), size.get("height"))


def is_discarded(output: Mapping[str, Any], beside_picture: bool) -> bool:
    """Whether it is only the repr of a plot's parts, which nobody wants to read."""
    if output["output_type"] != "execute_result" or set(output["data"]) != {"text/plain"}:
        return False
    text = text_of(output["data"]["text/plain"]).strip()
    if beside_picture and "\n" not in text and re.fullmatch(r"[<(\[].*[>)\]]", text):
        return True
    return text.startswith(DISCARDED)


def joined_streams(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outputs with all text of a stream in one piece, where its first piece stood."""
    joined: list[dict[str, Any]] = []
    streams: dict[str, dict[str, Any]] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            joined.append(output)
        elif output["name"] in streams:
            streams[output["name"]]["text"] += text_of(output["text"])
        else:
            streams[output["name"]] = {**output, "text": text_of(output["text"])}
            joined.append(streams[output["name"]])
    return joined


def fence_for(text: str, least: int = 3) -> str:
    """A fence of backticks longer than any run of them in `text`."""
    return "`" * max([least, *(len(run) + 1 for run in re.findall(r"`+", text))])


def fenced(text: str, info: str = "") -> str:
    """`text` in a fenced block, with a newline at its end."""
    fence = fence_for(text)
    return f"{fence}{info}\n{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{fence}\n"


def stream_markdown(output: Mapping[str, Any], form: str) -> str:
    """What was printed, as plain text."""
    text = _without_overwritten(text_of(output["text"]))
    if output["name"] == "stderr":
        text = re.sub(r"<ipython-input[^>]*>:\d+:\s+", "", text, count=1)
    return _plain(text, form)


def error_markdown(output: Mapping[str, Any], form: str) -> str:
    """An exception's traceback, or its message where the kernel sends none."""
    text = "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"
    return _plain(text, form)


def display_markdown(output: Mapping[str, Any], form: str) -> str:
    """A displayed object that is not a picture."""
    mime = chosen(output, form)
    if mime is None:
        return fenced("Unable to display output for mime type(s): " + ", ".join(output["data"]))
    if mime in WIDGETS:
        return _widget(output)
    text = text_of(output["data"][mime])
    if mime == "text/markdown":
        return text.rstrip("\n") + "\n"
    if mime == "text/html":
        return fenced(text, "{=html}") if form == "html" or not ALIVE.search(text) else _printed(text)
    if mime == "application/javascript":
        return _printed("") if form != "html" else fenced(f'<script type="{mime}">\n{text}\n</script>', "{=html}")
    if mime == "text/latex":
        return _latex(text, form)
    if re.fullmatch(r"'<table.*</table>'", text, re.DOTALL):
        return fenced(text[1:-1], "{=html}")
    return _plain(text, form)


def _printed(html: str) -> str:
    """What print has of HTML that lives only in a browser: the address of the page in it, or a remark."""
    frame = FRAME.search(html)
    if frame and frame[1].startswith("http"):
        return f"<{frame[1]}>\n"
    return "*Interactive output: see the web page.*\n"


def _widget(output: Mapping[str, Any]) -> str:
    name = text_of(output["data"].get("text/plain", "")).partition("(")[0] or "widget"
    return f"*Interactive output (`{name}`): run the notebook to use it.*\n"


def _latex(text: str, form: str) -> str:
    stripped = text.strip()
    if stripped.startswith("$"):
        return stripped + "\n"
    if MATH_ENVIRONMENT.match(stripped):
        return f"$$\n{stripped}\n$$\n"
    return fenced(text, "{=tex}") if form == "tex" else fenced(text, "{.latex}")


def _plain(text: str, form: str) -> str:
    if form == "html" and has_ansi(text):
        return "\n::: {.ansi-escaped-output}\n" + fenced(f"<pre>{as_html(text)}</pre>", "{=html}") + ":::\n"
    return fenced(without_ansi(text))


def _without_overwritten(text: str) -> str:
    """Text as a terminal shows it after progress bars have gone back to the start of their line."""
    if "\r" not in text:
        return text
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))


def attribute(name: str, value: Any) -> str:
    """`name='value'` for a pandoc attribute list; anything but text as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    text = re.sub(r"\\(?=[ !-/:-@\[-`{-~]|$)", r"\\\\", " ".join(text.split())).replace("'", r"\'")
    return f"{name}='{text}'"
