"""Somebody who gets callbacks: a real server on loopback, and the check of a signature as the text describes it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Received:
    """One delivery as it came in."""

    target: str
    body: bytes
    headers: dict[str, str]
    says: dict[str, Any]

    @property
    def told(self) -> tuple[str, str, int]:
        """Type, action and number."""
        return self.says["Type"], self.says["Action"], self.says["ID"]

    @property
    def entity(self) -> dict[str, Any]:
        """The record that came along."""
        found: dict[str, Any] = json.loads(self.says["Entity"])
        return found

    def is_signed_with(self, key: str) -> bool:
        """Whether the signature is the base64 of the HMAC-SHA256 of the body, by the SHA-256 of the signing key."""
        expected = hmac.new(hashlib.sha256(key.encode("utf-8")).digest(), self.body, "sha256").digest()
        return base64.b64decode(self.headers["x-content-signature"]) == expected


@dataclass
class Receiver:
    """Listens on a free port; `answers` says with which status, 200 unless told otherwise."""

    answers: Callable[[Received], int] = lambda _: 200
    got: list[Received] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                one = Received(self.path, body, headers, json.loads(body))
                with receiver._lock:
                    status = receiver.answers(one)
                    receiver.got.append(one)
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{receiver.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def told(self) -> list[tuple[str, str, int]]:
        """What came in, in its order."""
        return [one.told for one in self.got]
