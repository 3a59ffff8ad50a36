"""A short way into the emulator: its WSGI application called directly; a sweep sends tens of thousands of requests.

Knows how a request becomes a WSGI environment; knows no collection.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from mockcw import Emulator


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status_code: int
    content: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.content)


class Straight:
    """One member's requests to an emulator in process; paths are relative to the API root, or whole addresses."""

    def __init__(self, emulator: Emulator, member: str = "admin") -> None:
        who = emulator.member(member)
        key = f"{emulator.company_id}+{who.public_key}:{who.private_key}"
        self._app = emulator.wsgi_app
        self._root = urlsplit(emulator.api_url).path
        self._environ: dict[str, Any] = {
            "SERVER_NAME": urlsplit(emulator.api_url).hostname,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SCRIPT_NAME": "",
            "HTTP_HOST": urlsplit(emulator.api_url).netloc,
            "HTTP_AUTHORIZATION": "Basic " + base64.b64encode(key.encode()).decode(),
            "HTTP_CLIENTID": who.client_id,
            "CONTENT_TYPE": "application/json",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }

    def get(self, path: str, **query: Any) -> Answered:
        """GET with a query."""
        return self.send("GET", path, query=urlencode(query))

    def post(self, path: str, body: Any) -> Answered:
        """POST JSON."""
        return self.send("POST", path, json.dumps(body).encode())

    def put(self, path: str, body: Any) -> Answered:
        """PUT JSON."""
        return self.send("PUT", path, json.dumps(body).encode())

    def patch(self, path: str, *operations: tuple[str, str, Any]) -> Answered:
        """PATCH with operations of (op, path, value)."""
        listed = [dict(zip(("op", "path", "value"), one, strict=True)) for one in operations]
        return self.send("PATCH", path, json.dumps(listed).encode())

    def delete(self, path: str) -> Answered:
        """DELETE a path."""
        return self.send("DELETE", path)

    def send(self, method: str, path: str, body: bytes = b"", query: str = "") -> Answered:
        """One request."""
        if "://" in path:
            address = urlsplit(path)
            path, query = address.path, quote(address.query, safe="=&%/?:'()+,")
        else:
            path = self._root + path
        environ = {
            **self._environ,
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        began: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> object:
            began.append((status, headers))
            return lambda data: None

        chunks: Iterable[bytes] = self._app(environ, start_response)
        content = b"".join(chunks)
        status, headers = began[0]
        return Answered(int(status[:3]), content, {name.lower(): value for name, value in headers})
