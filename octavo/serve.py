"""The preview's web server: on loopback only, for its own host name only, never half a page."""

from __future__ import annotations

import asyncio
import contextlib
import mimetypes
import posixpath
import socket
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from octavo.preview import Listeners, Preview, watch

SCRIPT = Path(__file__).parent / "write" / "theme" / "preview.js"
HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ON_REQUEST = {".pdf": "pdf", ".docx": "docx", ".ipynb": "ipynb"}
WAITING = "<!DOCTYPE html><html lang=en><title>Rendering</title><body class=octavo-waiting><p>Rendering this page …</p></body></html>"


def serve(
    root: Path, profiles: tuple[str, ...], port: int | None, browse: bool | None, say: Callable[[str], None]
) -> None:
    """Preview the project in `root` until Ctrl-C."""
    listeners = Listeners()
    preview = Preview(root, profiles, listeners.tell)
    wishes = preview.wishes()
    sock = _socket(wishes.get("port") if port is None else port)
    address = f"http://localhost:{sock.getsockname()[1]}/"
    stop = asyncio.Event()

    @contextlib.asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(watch(preview, stop))
        asyncio.get_running_loop().run_in_executor(None, preview.refresh)
        say(f"preview at {address} (Ctrl-C ends it)")
        if wishes.get("browser") is not False if browse is None else browse:
            webbrowser.open(address)
        yield
        stop.set()
        preview.stop()
        watching.cancel()

    server = uvicorn.Server(
        uvicorn.Config(
            application(preview, listeners, life),
            log_level="warning",
            # Open event streams would keep the server from ending.
            timeout_graceful_shutdown=1,
        )
    )
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[sock])
    preview.session.close()


def application(preview: Preview, listeners: Listeners, life: Callable | None = None) -> Starlette:
    """The web application: events, the preview's own script, and the rendered files."""

    async def events(_: Request) -> Response:
        return StreamingResponse(
            listeners.events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def script(_: Request) -> Response:
        return Response(SCRIPT.read_bytes(), media_type="text/javascript")

    async def file(request: Request) -> Response:
        name = posixpath.normpath("/" + request.path_params["path"]).lstrip("/") or "index.html"
        if name in (".", ""):
            name = "index.html"
        return await _file(preview, name)

    return Starlette(
        routes=[
            Route("/_octavo/events", events),
            Route("/_octavo/preview.js", script),
            Route("/{path:path}", file, methods=["GET", "HEAD"]),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS), Middleware(SameOrigin)],
        lifespan=life,
    )


class SameOrigin:
    """Requests that another site's page makes are refused."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:
        headers = dict(scope.get("headers") or [])
        origin, host = headers.get(b"origin"), headers.get(b"host", b"")
        if scope["type"] == "http" and origin and origin not in (b"http://" + host, b"null"):
            await PlainTextResponse("not for other origins", 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


async def _file(preview: Preview, name: str) -> Response:
    output = preview.output.resolve()
    path = (output / name).resolve()
    if not path.is_relative_to(output):
        return PlainTextResponse("not found", 404)
    if path.is_dir():
        name, path = f"{name.rstrip('/')}/index.html", path / "index.html"
    page = preview.hrefs.get(posixpath.splitext(name)[0] + ".html")
    if page and name.endswith(".html"):
        preview.viewed = page
    if page and path.suffix in ON_REQUEST:
        await run_in_threadpool(preview.also, page, ON_REQUEST[path.suffix])
    try:
        content = await run_in_threadpool(path.read_bytes)
    except OSError:
        return HTMLResponse(_with_script(WAITING), 200 if page or not preview.hrefs else 404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind == "text/html":
        return HTMLResponse(_with_script(content.decode()), headers={"Cache-Control": "no-store"})
    return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})


def _with_script(html: str) -> str:
    return html.replace("</body>", '<script defer src="/_octavo/preview.js"></script></body>', 1)


def _socket(port: int | None) -> socket.socket:
    """A listening socket on loopback: the port that is asked for, else the usual one if it is free, else any."""
    for candidate in [port] if port is not None else [4848, 0]:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", candidate))
            sock.listen()  # who is told the address may come at once
            return sock
        except OSError:
            sock.close()
            if port is not None:
                raise
    raise OSError("no free port")
