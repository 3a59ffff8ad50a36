"""Raw bytes to a port and back: for requests that no well-behaved client sends."""

from __future__ import annotations

import http.client
import socket
from dataclasses import dataclass, field
from typing import Any

import orjson

ROOT = "/v4_6_release/apis/3.0"


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when the server closed the line without one."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.body)


class Wire:
    """Sends requests to a port on this machine."""

    def __init__(self, port: int, basic: str, client_id: str) -> None:
        self.port = port
        self.signed = f"Authorization: Basic {basic}\r\nclientId: {client_id}\r\n".encode()
        self.host = f"Host: 127.0.0.1:{port}\r\n".encode()

    def raw(self, request: bytes, method: str = "GET") -> Answer:
        """Send these bytes and read one answer."""
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            try:
                line.sendall(request)
                reply = http.client.HTTPResponse(line, method=method)
                reply.begin()
                body = reply.read()
            except (http.client.HTTPException, ConnectionError):
                return Answer(0)
            return Answer(reply.status, body, {name.lower(): value for name, value in reply.getheaders()})

    def send(
        self, method: bytes, path: bytes, headers: bytes = b"", body: bytes = b"", *, signed: bool = True
    ) -> Answer:
        """Send a request with this method, path under the API root, header lines and body."""
        length = b"Content-Length: %d\r\n" % len(body) if body else b""
        head = b"%s %s%s HTTP/1.1\r\n%s%s%s" % (
            method,
            ROOT.encode(),
            path,
            self.host,
            self.signed if signed else b"",
            headers,
        )
        return self.raw(head + length + b"Connection: close\r\n\r\n" + body, method.decode("latin-1"))

    def get(self, path: str, headers: str = "") -> Answer:
        """GET a path under the API root."""
        return self.send(b"GET", path.encode("latin-1"), headers.encode("latin-1"))

    def post(self, path: str, body: bytes, kind: str = "application/json") -> Answer:
        """POST a body of a kind."""
        return self.send(b"POST", path.encode(), f"Content-Type: {kind}\r\n".encode(), body)
