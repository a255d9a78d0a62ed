"""Shortcodes that show something: `video` and `placeholder`."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from html import escape
from urllib.parse import parse_qs, urlsplit

from octavo.diagnostics import did_you_mean
from octavo.resolve.shortcodes.call import Call, Context, Problem, argument_problem, literal, raw_inline

RATIOS = ("1x1", "4x3", "16x9", "21x9")
VIDEO_OPTIONS = ("src", "title", "start", "aspect-ratio", "aspectRatio", "width", "height", "aria-label")
YOUTUBE = ("www.youtube.com", "youtube.com", "m.youtube.com", "www.youtube-nocookie.com", "youtu.be")
YOUTUBE_ALLOW = "accelerometer; autoplay; clipboard-write; encrypted-media; gyroscope; picture-in-picture"
GREY = 0xDD


def video(call: Call, context: Context) -> str | Problem:
    """A film: embedded on pages, a link elsewhere. No script is needed, and nothing is loaded before it is asked for."""
    src = call.options.get("src") or call.argument(0)
    if not src:
        return argument_problem(call, "wants the address of a film", "like `{{< video film.mp4 >}}`")
    for key in call.options:
        if key not in VIDEO_OPTIONS:
            return argument_problem(call, f"has no option `{key}`", did_you_mean(key, VIDEO_OPTIONS))
    ratio = call.options.get("aspect-ratio") or call.options.get("aspectRatio") or "16x9"
    if ratio not in RATIOS:
        return argument_problem(call, f"cannot have the aspect ratio `{ratio}`", f"it is one of {', '.join(RATIOS)}")
    if call.is_text:
        return src
    if context.format != "html":
        title = call.options.get("title")
        return f"[{literal(title or src)}](<{src}>)"
    size = "".join(f' {side}="{escape(call.options[side])}"' for side in ("width", "height") if call.options.get(side))
    frame = _frame(src, call, size)
    responsive = f" ratio ratio-{ratio}" if frame and not size else ""
    tag = "div" if call.place == "block" or call.splits else "span"
    html = f'<{tag} class="quarto-video{responsive}">{frame or _file(src, call, size)}</{tag}>'
    if tag == "span":
        return raw_inline(html, "html")
    block = f"```{{=html}}\n{html}\n```"
    return block if call.place == "block" else f"\n\n{block}\n\n"


def _frame(src: str, call: Call, size: str) -> str | None:
    """The frame of a service's player, or None for a file."""
    parts = urlsplit(src)
    given = call.options.get("title") or ""
    title = escape(given or call.options.get("aria-label") or "Video")  # a frame without a name is a riddle to hear
    label = f' aria-label="{escape(call.options["aria-label"])}"' if call.options.get("aria-label") else ""
    last = parts.path.rstrip("/").rpartition("/")[2]
    if parts.hostname in YOUTUBE:
        query = parse_qs(parts.query)
        name = query["v"][0] if "v" in query else last
        start = call.options.get("start") or query.get("t", query.get("start", [""]))[0].rstrip("s")
        address, allow = f"https://www.youtube.com/embed/{name}" + (f"?start={start}" if start else ""), YOUTUBE_ALLOW
    elif parts.hostname in ("vimeo.com", "www.vimeo.com", "player.vimeo.com"):
        path = parts.path.strip("/").removeprefix("video/")
        address, allow = f"https://player.vimeo.com/video/{path}", "autoplay; fullscreen; picture-in-picture"
    elif parts.hostname == "players.brightcove.net":
        address, allow = src, "encrypted-media"
    else:
        return None
    return (
        f'<iframe data-external="1" src="{escape(address)}"{size} title="{title}"{label} frameborder="0"'
        f' allow="{allow}" loading="lazy" allowfullscreen=""></iframe>'
    )


def _file(src: str, call: Call, size: str) -> str:
    """A film in a file. The link inside is for readers without a player, and lets the file come along with the site."""
    label = call.options.get("title") or call.options.get("aria-label")
    named = f' title="{escape(label)}" aria-label="{escape(label)}"' if label else ""
    start = f"#t={call.options['start']}" if call.options.get("start") else ""
    address = escape(src)
    return (
        f'<video class="video-js vjs-default-skin"{size}{named} controls preload="metadata"><source src="{address}{start}">'
        f'<a href="{address}">{escape(label or src)}</a></video>'
    )


def placeholder(call: Call, context: Context) -> str | Problem:
    """A grey picture that says its size, made here: `{{< placeholder 400 200 format=svg >}}`."""
    width = call.argument(0, "100") or "100"
    height = call.argument(1, width) or width
    if not all(re.fullmatch(r"[1-9]\d{0,3}", side) for side in (width, height)):
        return argument_problem(call, "wants a width and a height in pixels", "like `{{< placeholder 400 200 >}}`")
    form = call.options.get("format", "png")
    if form not in ("png", "svg"):
        return argument_problem(call, f"has no format `{form}`", "it is `png` or `svg`")
    said = f"{width} x {height}"
    if context.format in ("pdf", "typst") and not call.is_text:
        points = [f"{int(side) * 0.75:g}pt" for side in (width, height)]
        box = f"box(width: {points[0]}, height: {points[1]}, fill: luma({GREY}), align(center + horizon, text(8pt)[{said}]))"
        return raw_inline(f"#{box}", "typst")
    if context.format == "docx":
        picture = "data:image/png;base64," + base64.b64encode(_grey_png(int(width), int(height))).decode()
    else:
        picture = "data:image/svg+xml;base64," + base64.b64encode(_grey_svg(width, height, said).encode()).decode()
    return picture if call.is_text else f'![]({picture}){{fig-alt="{said}" width={width} height={height}}}'


def _grey_svg(width: str, height: str, said: str) -> str:
    size = max(8, min(int(width), int(height)) // 10)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" fill="#ddd"/>'
        f'<text x="50%" y="50%" font-family="sans-serif" font-size="{size}" text-anchor="middle">{said}</text></svg>'
    )


def _grey_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes([GREY]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
