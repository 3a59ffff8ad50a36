"""Puts levels into a running emulator through its control API.

Knows `roles/{id}/settings` and where a role's number is found by its name; knows no files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx

from mockcw.permissions.rolefile.result import RowName
from mockcw.permissions.roles import ACTIONS, Levels

API = "/v4_6_release/apis/3.0"
NO_SUCH_CALL = 404
PATIENCE = 30.0  # seconds


class NotApplied(Exception):
    """The emulator was not reached or did not take the role; nothing was changed. The message says what to do."""


class Control:
    """The control API of a running emulator, as a context manager."""

    def __init__(self, client: httpx.Client, ready: Mapping[str, Any]) -> None:
        self._client = client
        self._ready = ready

    @classmethod
    def reached(cls, url: str | None, ready_file: Path | None, token: str | None) -> Self:
        """The control API at `url` or of a ready file. Raises NotApplied where neither can be used."""
        if (url is None) == (ready_file is None):
            raise NotApplied("say which emulator: --url with its control API, or --ready-file; one of them")
        ready = read_ready(ready_file) if ready_file else {"control_url": url, "control_token": token}
        url, token = str(ready["control_url"]), ready.get("control_token")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
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

    def apply(self, role: str, rows: Mapping[RowName, Levels]) -> int:
        """Set every cell of the role that differs, in one request; the number of cells set. Raises NotApplied."""
        path = f"roles/{self._number(role)}/settings"
        changes = changed(self._ask("GET", path), rows)
        if changes:
            after = self._ask("PUT", path, changes)
            if changed(after, rows):
                raise NotApplied(f"the emulator answered, but role {role} does not have the levels of the file")
        return sum(field in change for change in changes for field in ACTIONS.values())

    def read(self, path: str) -> dict[str, Any]:
        """What a control call that answers one object says. Raises NotApplied."""
        answer = self._send("GET", path)
        try:
            found = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise NotApplied(f"{self._client.base_url} is no control API of mockcw")
        if answer.is_error:
            raise NotApplied(str(found.get("error") or f"GET {path} answered {answer.status_code}"))
        return found

    def _number(self, role: str) -> int:
        """The role's id; a name is looked for in the control API's list, else in the emulated API."""
        if role.isascii() and role.isdigit():
            return int(role)
        listed = self._send("GET", "roles")
        roles = self._named(role) if listed.status_code == NO_SUCH_CALL else self._ask("GET", "roles")
        found = [one["id"] for one in roles if str(one["name"]).casefold() == role.casefold()]
        if len(found) != 1:
            raise NotApplied(f"{len(found)} roles are named {role!r}")
        return int(found[0])

    def _named(self, role: str) -> list[dict[str, Any]]:
        """The roles of a name as the emulated API answers them to the ready file's admin."""
        admin = (self._ready.get("members") or {}).get("admin")
        if not admin:
            raise NotApplied(f"this control API lists no roles: to find {role!r} give --ready-file, or its number")
        answer = self._send(
            "GET",
            f"{self._ready['url']}{API}/system/securityroles",
            params={"conditions": f'name="{role.translate({34: None, 92: None})}"', "fields": "id,name"},
            headers={"clientId": admin["client_id"]},
            auth=(f"{self._ready['company_id']}+{admin['public_key']}", admin["private_key"]),
        )
        if answer.is_error:
            raise NotApplied(f"the emulated API refuses the ready file's admin: {answer.status_code}")
        found: list[dict[str, Any]] = answer.json()
        return found

    def _ask(self, method: str, path: str, body: Any = None) -> list[dict[str, Any]]:
        answer = self._send(method, path, json=body)
        if answer.is_error:
            said = answer.text[:200] if answer.headers.get("content-type") == "application/json" else ""
            raise NotApplied(f"{method} {path} answered {answer.status_code} {said}".strip())
        try:
            rows = answer.json()
        except ValueError:
            rows = None
        if not isinstance(rows, list):
            raise NotApplied(f"{self._client.base_url} is no control API of mockcw")
        return rows

    def _send(self, method: str, url: str, **options: Any) -> httpx.Response:
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


def changed(settings: list[dict[str, Any]], rows: Mapping[RowName, Levels]) -> list[dict[str, Any]]:
    """The rows, each with the cells to set, that bring settings to the levels of a role.

    A row the role lacks is among them if the file gives it something: the control API then refuses all of them.
    """
    present = {(one.get("moduleName"), one.get("moduleFunctionName")): one for one in settings}
    changes = []
    for (module, area), levels in rows.items():
        now = present.get((module, area), {})
        cells = {
            field: level
            for field, level in zip(ACTIONS.values(), levels, strict=True)
            if (now.get(field) or "None") != level
        }
        if cells:
            changes.append({"moduleName": module, "moduleFunctionName": area, **cells})
    return changes
