"""Puts levels into a running emulator through its control API.

Knows `roles/{id}/settings` and where a role's number is found by its name; knows no files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockcw.control import Control, NotApplied
from mockcw.permissions.rolefile.result import RowName
from mockcw.permissions.roles import ACTIONS, Levels

API = "/v4_6_release/apis/3.0"
NO_SUCH_CALL = 404


class RoleControl(Control):
    """The control API of a running emulator, and what it can do about roles."""

    def apply(self, role: str, rows: Mapping[RowName, Levels]) -> int:
        """Set every cell of the role that differs, in one request; the number of cells set. Raises NotApplied."""
        path = f"roles/{self._number(role)}/settings"
        changes = changed(self._list("GET", path), rows)
        if changes:
            after = self._list("PUT", path, changes)
            if changed(after, rows):
                raise NotApplied(f"the emulator answered, but role {role} does not have the levels of the file")
        return sum(field in change for change in changes for field in ACTIONS.values())

    def _number(self, role: str) -> int:
        """The role's id; a name is looked for in the control API's list, else in the emulated API."""
        if role.isascii() and role.isdigit():
            return int(role)
        listed = self.send("GET", "roles")
        roles = self._named(role) if listed.status_code == NO_SUCH_CALL else self._list("GET", "roles")
        found = [one["id"] for one in roles if str(one["name"]).casefold() == role.casefold()]
        if len(found) != 1:
            raise NotApplied(f"{len(found)} roles are named {role!r}")
        return int(found[0])

    def _named(self, role: str) -> list[dict[str, Any]]:
        """The roles of a name as the emulated API answers them to the ready file's admin."""
        admin = (self._ready.get("members") or {}).get("admin")
        if not admin:
            raise NotApplied(f"this control API lists no roles: to find {role!r} give --ready-file, or its number")
        answer = self.send(
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

    def _list(self, method: str, path: str, body: Any = None) -> list[dict[str, Any]]:
        rows = self.ask(method, path, body)
        if not isinstance(rows, list):
            raise NotApplied(f"{self._client.base_url} is no control API of mockcw")
        return rows


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
