"""Requests into the emulator without a socket, for httpx."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx


class InProcess(httpx.BaseTransport):
    """WSGI without a socket; an injected cut of the connection becomes httpx's error for it."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._wsgi = httpx.WSGITransport(app=app, raise_app_exceptions=True)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        try:
            response = self._wsgi.handle_request(request)
            body = b"".join(response.stream)  # type: ignore[arg-type]
        except ConnectionAbortedError as cut:
            raise httpx.RemoteProtocolError(str(cut), request=request) from cut
        return httpx.Response(response.status_code, headers=response.headers, content=body)
