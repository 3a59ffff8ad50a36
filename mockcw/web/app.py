"""Flask at the door: one catch-all route turns a Flask request into the pipeline's, and its reply into bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, request

from mockcw.pipeline import Request, World, handle
from mockcw.pipeline.gateway import Crowd
from mockcw.web.answers import response_of

CONTROL = "/_mockcw"
CROWD = "mockcw.crowd"
HOST = re.compile(r"[A-Za-z0-9.\-:\[\]_]+")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
NAMES_KEPT = 1000
DRAIN = 256 * 1024 * 1024  # bytes of an oversized body that are read and thrown away before the answer


class Doors:
    """The WSGI application: the emulated API at one door, the control API at the other.

    The control API is built when it is first asked for: it needs libraries that would double the time to start.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._emulated = emulated_app(world)
        self._control: Flask | None = None
        self._crowd = Crowd()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one WSGI request, in its turn."""
        if environ["PATH_INFO"].startswith(CONTROL):
            with self._world.turn:
                return self._control_app()(environ, start_response)
        with self._crowd.one_more() as environ[CROWD], self._world.turn:
            return self._emulated(environ, start_response)

    def _control_app(self) -> Flask:
        if self._control is None:
            from mockcw.web.control import control_app

            self._control = control_app(self._world)
        return self._control


def create_app(world: World) -> Doors:
    """The WSGI application over a world."""
    return Doors(world)


def emulated_app(world: World) -> Flask:
    """The emulated API: one catch-all route."""
    app = Flask("mockcw", static_folder=None)
    names = HeaderNames()

    @app.route("/", methods=METHODS, defaults={"path": ""})
    @app.route("/<path:path>", methods=METHODS)
    def emulated(path: str) -> Response:
        return serve(world, names)

    @app.errorhandler(404)
    @app.errorhandler(405)
    def unmatched(_: object) -> Response:
        """Flask's routes match neither other methods nor a path with a line break: the pipeline says what it is."""
        return serve(world, names)

    app.url_map.merge_slashes = False
    return app


def serve(world: World, names: HeaderNames) -> Response:
    """Answer the Flask request at hand."""
    environ = request.environ
    body = read_body(environ, world.settings.largest_body)
    arrived = Request(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        raw_query=environ.get("QUERY_STRING", ""),
        headers=header_names(environ, names),
        body=body or b"",
        oversized=body is None,
        crowd=environ.get(CROWD, 1),
        site=f"{environ['wsgi.url_scheme']}://{safe_host(environ)}",
    )
    return response_of(handle(world, arrived), arrived.method)


class HeaderNames(dict[str, str]):
    """Names of WSGI variables to names of headers, "" for a variable that is no header; learned as they come.

    The server hands in the process's whole environment with every request, so most variables are none.
    """

    def __missing__(self, variable: str) -> str:
        name = variable[5:].replace("_", "-").lower() if variable.startswith("HTTP_") else ""
        if len(self) < NAMES_KEPT:
            self[variable] = name
        return name


def header_names(environ: dict[str, Any], names: HeaderNames) -> dict[str, str]:
    """The request's headers with lower-case names."""
    headers = {name: value for variable, value in environ.items() if (name := names[variable])}
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    return headers


def safe_host(environ: dict[str, Any]) -> str:
    """The host as the client wrote it, when it can stand in a URL and in JSON; else the server's own name."""
    host: str = environ.get("HTTP_HOST") or ""
    if HOST.fullmatch(host):
        return host
    return f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"


def read_body(environ: dict[str, Any], limit: int) -> bytes | None:
    """The request's body; None when it is longer than `limit`: what came is then read and dropped."""
    length = environ.get("CONTENT_LENGTH")
    if not length and "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", ""):
        return b""
    stream = environ["wsgi.input"]
    if length and length.isdigit() and int(length) <= limit:
        whole: bytes = stream.read(int(length))
        return whole
    body = bytearray()
    total = 0
    while total < DRAIN and (part := stream.read(1 << 16)):
        total += len(part)
        if total <= limit:
            body += part
    if total > limit or (length and not length.isdigit()):
        return None
    return bytes(body)
