"""The control API of a running emulator, as commands reach it: by its address or by the ready file of `mockcw serve`.

Knows addresses, the token and how refusals read; does not know what the calls mean.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click

if TYPE_CHECKING:
    import httpx

PATIENCE = 30.0  # seconds
TOKEN = "MOCKCW_CONTROL_TOKEN"  # the variable that holds the control token, where one is wanted
Command = TypeVar("Command", bound=Callable[..., Any])


class NotApplied(Exception):
    """The emulator was not reached or did not do what it was asked; nothing was changed. The message says why."""


def reaching(command: Command) -> Command:
    """Give a command the options that say which running emulator is meant: `url` and `ready_file`."""
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    command = click.option("--ready-file", type=file, help="Of `mockcw serve`.")(command)
    return click.option("--url", help="The control API, such as http://127.0.0.1:8420/_mockcw.")(command)


class Control:
    """The control API of a running emulator, as a context manager."""

    def __init__(self, client: httpx.Client, ready: Mapping[str, Any]) -> None:
        self._client = client
        self._ready = ready

    @classmethod
    def reached(cls, url: str | None, ready_file: Path | None) -> Self:
        """The control API at `url` or of a ready file. Raises NotApplied where neither can be used."""
        if (url is None) == (ready_file is None):
            raise NotApplied("say which emulator: --url with its control API, or --ready-file; one of them")
        ready = read_ready(ready_file) if ready_file else {"control_url": url, "control_token": os.environ.get(TOKEN)}
        url, token = str(ready["control_url"]), ready.get("control_token")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        import httpx  # a quarter of a second, and most commands reach nobody

        try:
            verify = httpx.create_ssl_context(verify=str(ready["ca_file"])) if ready.get("ca_file") else True
            client = httpx.Client(base_url=url, headers=headers, timeout=PATIENCE, verify=verify, trust_env=False)
        except (OSError, ValueError, httpx.InvalidURL) as error:
            raise NotApplied(f"{url} cannot be used: {error}") from None
        return cls(client, ready)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """What a control call answers, an object or a list; None for an empty answer. Raises NotApplied."""
        answer = self.send(method, path, **({"json": body} if body is not None else {}), **options)
        try:
            found = answer.json() if answer.content else None
        except ValueError:
            found = ""
        if found is not None and not isinstance(found, dict | list):
            raise NotApplied(f"{self._client.base_url} is no control API of mockcw")
        if answer.is_error:
            said = found.get("error") if isinstance(found, dict) else None
            raise NotApplied(str(said or f"{method} {path} answered {answer.status_code}"))
        return found

    def read(self, path: str) -> dict[str, Any]:
        """What a GET that answers one object says. Raises NotApplied."""
        found = self.ask("GET", path)
        if not isinstance(found, dict):
            raise NotApplied(f"{self._client.base_url} is no control API of mockcw")
        return found

    def send(self, method: str, url: str, **options: Any) -> httpx.Response:
        """The answer of a call, whatever its status. Raises NotApplied where there is none."""
        import httpx

        try:
            return self._client.request(method, url, **options)
        except httpx.HTTPError as error:
            raise NotApplied(f"{self._client.base_url} was not reached: {error}") from None
        except (httpx.InvalidURL, UnicodeError) as error:
            raise NotApplied(f"{url} is no address: {error}") from None


def read_ready(path: Path) -> dict[str, Any]:
    """What `mockcw serve` wrote when it was ready. Raises NotApplied."""
    try:
        ready = json.loads(path.read_text("utf-8"))
        if isinstance(ready, dict) and {"url", "control_url", "company_id", "members"} <= set(ready):
            return ready
    except (OSError, ValueError):
        pass
    raise NotApplied(f"{path} is no ready file of `mockcw serve`")
