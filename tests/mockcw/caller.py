"""A member at the door: requests in process with the member's credentials, and the control API beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from mockcw import Emulator, Live
from mockcw.demo import Credentials

JSON = {"Content-Type": "application/json"}


class Caller:
    """Sends requests as one member; `given` replaces the emulator's demo credentials.

    In process, or to the port that `live` names.
    """

    def __init__(
        self, emulator: Emulator, member: str = "admin", given: Credentials | None = None, live: Live | None = None
    ) -> None:
        self.emulator = emulator
        who = given or emulator.member(member)
        self.http = httpx.Client(
            transport=httpx.HTTPTransport() if live else emulator.transport(),
            base_url=live.api_url if live else emulator.api_url,
            auth=httpx.BasicAuth(f"{emulator.company_id}+{who.public_key}", who.private_key),
            headers={"clientId": who.client_id},
        )

    def get(self, path: str, *, headers: Mapping[str, str] | None = None, **query: str | int) -> httpx.Response:
        """GET a path under the API root."""
        return self.http.get(path, params=query or None, headers=headers)

    def post(self, path: str, body: Any, **query: str) -> httpx.Response:
        """POST JSON."""
        return self.http.post(path, json=body, params=query or None)

    def put(self, path: str, body: Any) -> httpx.Response:
        """PUT JSON."""
        return self.http.put(path, json=body)

    def patch(self, path: str, *operations: tuple[str, str, Any]) -> httpx.Response:
        """PATCH with operations of (op, path, value)."""
        return self.http.patch(path, json=[dict(zip(("op", "path", "value"), one, strict=True)) for one in operations])

    def delete(self, path: str) -> httpx.Response:
        """DELETE a path."""
        return self.http.delete(path)

    def send(self, method: str, path: str, raw: bytes, **headers: str) -> httpx.Response:
        """Any method with a raw body."""
        return self.http.request(method, path, content=raw, headers={**JSON, **headers})


class Control:
    """The control API of an emulator in process."""

    def __init__(self, emulator: Emulator) -> None:
        self.http = httpx.Client(transport=emulator.transport(), base_url=emulator.control_url)

    def get(self, path: str) -> Any:
        """GET and read JSON; the call must succeed."""
        return self._done(self.http.get(path))

    def post(self, path: str, body: Any = None) -> Any:
        """POST JSON; the call must succeed."""
        return self._done(self.http.post(path, json=body))

    def put(self, path: str, body: Any) -> Any:
        """PUT JSON; the call must succeed."""
        return self._done(self.http.put(path, json=body))

    def patch(self, path: str, body: Any) -> Any:
        """PATCH JSON; the call must succeed."""
        return self._done(self.http.patch(path, json=body))

    def delete(self, path: str) -> Any:
        """DELETE; the call must succeed."""
        return self._done(self.http.delete(path))

    @staticmethod
    def _done(response: httpx.Response) -> Any:
        assert response.is_success, response.text
        return response.json()


def message(response: httpx.Response) -> str:
    """The message of an error body."""
    return str(response.json()["message"])


def items(response: httpx.Response) -> list[tuple[str, str, str]]:
    """Code, text and field of the items of an error body."""
    return [(one["code"], one["message"], one["field"]) for one in response.json().get("errors", [])]
