"""Checks of members and security roles as the API shows them.

Knows which levels there are and that settings can only be read; what a role does is judged in `permissions`.
"""

from __future__ import annotations

from conformance.checks.check import check
from conformance.errors import CannotTell
from conformance.wire import Wire

MEMBERS = "/system/members"
ROLES = "/system/securityroles"
LEVELS = ("None", "My", "All")
COLUMNS = ("addLevel", "editLevel", "deleteLevel", "inquireLevel")


def settings_path(wire: Wire) -> str:
    """The settings of some role of the target."""
    return f"/system/securityRoles/{wire.some(ROLES)['id']}/settings"


@check("members.list")
def member_list(wire: Wire) -> None:
    """Members have an id and an identifier."""
    rows = wire.get(MEMBERS).rows()
    wire.expect(rows, "there is no member")
    for row in rows:
        wire.expect(row.get("id") and row.get("identifier"), f"a member has the members {sorted(row)[:8]}")


@check("members.find")
def member_find(wire: Wire) -> None:
    """A member is found by identifier."""
    one = wire.some(MEMBERS)
    rows = wire.get(MEMBERS, {"conditions": f'identifier = "{one["identifier"]}"'}).rows()
    wire.expect([row.get("id") for row in rows] == [one["id"]], f"{len(rows)} members were found")


@check("members.by-identifier")
def by_identifier(wire: Wire) -> None:
    """A member can be fetched by identifier as by id."""
    one = wire.some(MEMBERS)
    found = wire.get(f"{MEMBERS}/{one['identifier']}").record()
    wire.expect(found.get("id") == one["id"], f"the member is {found.get('id')!r}, due is {one['id']}")


@check("members.role")
def member_role(wire: Wire) -> None:
    """A member shows its security role, and the role can be fetched."""
    role = wire.some(MEMBERS).get("securityRole") or {}
    if wire.expect(role.get("id") and role.get("name"), f"securityRole is {role!r}"):
        found = wire.get(f"{ROLES}/{role['id']}").record()
        wire.expect(found.get("name") == role["name"], f"the role is called {found.get('name')!r}")


@check("members.no-secrets")
def no_secrets(wire: Wire) -> None:
    """No reply shows a password, a token or a private key."""
    reply = wire.get(MEMBERS, {"pageSize": 1000})
    for row in reply.rows():
        shown = [name for name in ("password", "token", "privateKey", "publicKey") if row.get(name)]
        wire.expect(not shown, f"a member shows {', '.join(shown)}")
    keys = [member.private_key for member in wire.target.members.values()]
    wire.expect(not any(key in reply.text for key in keys), "a private key stands in the list of members")


@check("roles.list")
def role_list(wire: Wire) -> None:
    """Roles have an id and a name."""
    rows = wire.get(ROLES).rows()
    wire.expect(rows and all(row.get("id") and row.get("name") for row in rows), "a role lacks id or name")


@check("roles.settings")
def settings(wire: Wire) -> None:
    """Every level of a setting is None, My or All, or there is no such level."""
    rows = wire.get(settings_path(wire), {"pageSize": 1000}).rows()
    wire.expect(rows, "the role has no settings")
    for row in rows:
        for column in COLUMNS:
            value = row.get(column)
            wire.expect(value is None or value in LEVELS, f"{column} is {value!r}")
        wire.expect(row.get("moduleFunctionName"), "a setting does not name its function")


@check("roles.settings-count")
def settings_count(wire: Wire) -> None:
    """The settings can be counted and fetched one by one."""
    path = settings_path(wire)
    rows = wire.get(path, {"pageSize": 1000}).rows()
    count = wire.get(f"{path}/count").record()
    wire.expect(count == {"count": len(rows)}, f"the count is {count!r}, listed are {len(rows)}")
    wire.expect(wire.get(f"{path}/{rows[0]['id']}").record() == rows[0], "one setting is not as it is listed")


@check("roles.settings-read-only")
def settings_read_only(wire: Wire) -> None:
    """The API cannot change a setting."""
    path = settings_path(wire)
    before = wire.get(path).rows()[0]
    one = f"{path}/{before['id']}"
    change = {"op": "replace", "path": "addLevel", "value": "None" if before.get("addLevel") == "All" else "All"}
    for reply in (wire.put(one, {**before, "addLevel": "All"}), wire.patch(one, change), wire.post(path, before)):
        wire.expect_status(reply, 404, 405)
    wire.expect(wire.get(one).record() == before, "a setting changed")


@check("roles.life")
def role_life(wire: Wire) -> None:
    """A role is created and deleted; it cannot be replaced."""
    reply = wire.post(ROLES, {"name": wire.name("R")[:30]})
    if not wire.expect_status(reply, 201):
        return
    path = f"{ROLES}/{reply.record().get('id')}"
    wire.expect_status(wire.put(path, {"name": wire.name("R")[:30]}), 405)
    wire.expect_status(wire.delete(path), 204)
    wire.expect_status(wire.get(path), 404)


@check("roles.begin-at-none")
def begin_at_none(wire: Wire) -> None:
    """A new role may do nothing."""
    made = wire.create(ROLES, {"name": wire.name("R")[:30]})
    rows = wire.get(f"/system/securityRoles/{made['id']}/settings", {"pageSize": 1000}).rows()
    if not rows:
        raise CannotTell("a new role has no settings to look at")
    granted = [row.get("moduleFunctionName") for row in rows if any(row.get(c) in ("My", "All") for c in COLUMNS)]
    wire.expect(not granted, f"a new role is granted {granted[:5]}")


@check("roles.name-length")
def role_name_length(wire: Wire) -> None:
    """The name of a role has at most 30 letters."""
    reply = wire.post(ROLES, {"name": "x" * 31})
    if wire.expect_error(reply, 400, "InvalidObject"):
        wire.expect(any(one.get("code") == "MaxLengthField" for one in reply.items()), f"items are {reply.items()!r}")
    elif reply.status == 201:
        wire.remember(f"{ROLES}/{reply.record().get('id')}")


CHECKS = (
    member_list,
    member_find,
    by_identifier,
    member_role,
    no_secrets,
    role_list,
    settings,
    settings_count,
    settings_read_only,
    role_life,
    begin_at_none,
    role_name_length,
)
