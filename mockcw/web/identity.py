"""What the control API does to roles, members and keys: what the real API only lets one read, or not even that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from mockcw.clock import secret_token
from mockcw.engine.writer import Author
from mockcw.errors import NotFound
from mockcw.permissions.records import (
    CUSTOMIZE,
    DEPTHS,
    EXCLUDED,
    KEYS,
    LEVEL_ROWS,
    LOCATIONS,
    MEMBERS,
    ROLES,
    key_record,
)
from mockcw.pipeline import World
from mockcw.pipeline.people import boards_kept_off
from mockcw.pipeline.world import Tenant

Level = Literal["None", "My", "All"]
LARGEST_ID = 2**31 - 1  # ids are 32-bit numbers (documented: format int32)
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
AUTHOR = Author("mockcw", None)
SERVICE_BOARDS = "/service/boards"  # project boards are among them
CELLS = ("addLevel", "editLevel", "deleteLevel", "inquireLevel")


class LevelRow(BaseModel):
    """One row of a role's matrix; the cells left out stay as they are."""

    model_config = ConfigDict(extra="ignore")

    moduleName: str
    moduleFunctionName: str
    addLevel: Level | None = None
    editLevel: Level | None = None
    deleteLevel: Level | None = None
    inquireLevel: Level | None = None


class MemberRequest(BaseModel):
    """A new API member."""

    model_config = ConfigDict(extra="forbid")

    identifier: str = Field(min_length=1, max_length=15)
    role: str
    active: bool = True
    structure_level: str = "Corporate"
    location: str = "Main Office"


class KeyRequest(BaseModel):
    """A new key pair, and the client ids it is restricted to."""

    model_config = ConfigDict(extra="forbid")

    description: str = ""
    client_ids: list[str] = []


class MemberChange(BaseModel):
    """What PATCH changes; fields left out stay."""

    model_config = ConfigDict(extra="forbid")

    active: bool | None = None
    role: str | None = None
    structure_level: str | None = None
    location: str | None = None
    client_ids: list[str] | None = None
    excluded_boards: list[Id] | None = None


class RoleRequest(BaseModel):
    """A new role: rows, or a role file in any form, on top of a copy of another role; all else is None."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=30)
    rows: list[LevelRow] = []
    copy_of: str | int | None = Field(default=None, alias="copy")
    file: str | None = None


def only_tenant(world: World) -> Tenant:
    """The tenant the control API works on: the settings' company."""
    return world.tenants[world.settings.company_id]


def named(tenant: Tenant, collection: str, name: str) -> int:
    """The id of a record by its name. Raises NotFound with the names there are."""
    found = tenant.engine.look.find(collection, name=name)
    if not found:
        names = ", ".join(str(one["name"]) for one in tenant.engine.look.find(collection))
        raise NotFound(f"no {name!r} in {collection}; there are: {names}")
    return int(found[0]["id"])


def member_of(tenant: Tenant, identifier: str) -> dict[str, Any]:
    """The member with this identifier. Raises NotFound."""
    found = tenant.engine.look.find(MEMBERS, identifier=identifier)
    if not found:
        raise NotFound(f"no member {identifier!r}")
    return found[0]


def list_roles(tenant: Tenant) -> list[dict[str, Any]]:
    """The roles there are."""
    return [{"id": role["id"], "name": role["name"]} for role in tenant.engine.look.find(ROLES)]


def role_named(tenant: Tenant, role: str | int) -> dict[str, Any]:
    """The role of a name, letter case aside, or of a number. Raises NotFound with the names there are."""
    roles = tenant.engine.look.find(ROLES)
    text = str(role).casefold()
    for one in roles:
        if str(one["name"]).casefold() == text or (isinstance(role, int) and one["id"] == role):
            return one
    for one in roles:
        if str(one["id"]) == text:
            return one
    raise NotFound(f"no role {role!r}; there are: {', '.join(str(one['name']) for one in roles)}")


def add_role(tenant: Tenant, name: str, copied: str | int | None, rows: list[LevelRow]) -> dict[str, Any]:
    """Make a role; nothing is made where a row is unknown or the name is taken. Raises NotFound and ValueError."""
    if tenant.engine.look.find(ROLES, name=name):
        raise ValueError(f"there is a role {name!r} already")
    source = None if copied is None else role_named(tenant, copied)
    given: dict[str, Any] = {one: (source or {}).get(one) for one in ("roleType", "adminFlag") if one in (source or {})}
    with tenant.store.transaction():
        role = orjson.loads(tenant.engine.add(ROLES, (), {**given, "name": name}, AUTHOR))
        copies = [] if source is None else [LevelRow.model_validate(one) for one in read_levels(tenant, source["id"])]
        write_levels(tenant, role["id"], [*copies, *rows])
        for one in () if source is None else tenant.engine.look.find(CUSTOMIZE, roleId=source["id"]):
            number = tenant.store.next_id(CUSTOMIZE)
            tenant.store.insert(CUSTOMIZE, number, orjson.dumps({**one, "id": number, "roleId": role["id"]}))
    return {"id": role["id"], "name": role["name"]}


def require_role(tenant: Tenant, role_id: int) -> None:
    """Refuse a number that is no role's. Raises NotFound."""
    if role_id > LARGEST_ID or tenant.engine.look.get(ROLES, role_id) is None:
        raise NotFound(f"no role {role_id}")


def read_levels(tenant: Tenant, role_id: int) -> list[dict[str, Any]]:
    """The matrix of a role. Raises NotFound."""
    require_role(tenant, role_id)
    return tenant.engine.look.find(LEVEL_ROWS, parent=role_id)


def write_levels(tenant: Tenant, role_id: int, rows: list[LevelRow]) -> list[dict[str, Any]]:
    """Set the cells given; a row the role does not have is refused before anything changes."""
    present = {(row["moduleName"], row["moduleFunctionName"]): row for row in read_levels(tenant, role_id)}
    for row in rows:
        if (row.moduleName, row.moduleFunctionName) not in present:
            raise NotFound(f"role {role_id} has no row {row.moduleName} > {row.moduleFunctionName}")
    store = tenant.store
    with store.transaction():
        for row in rows:
            record = present[row.moduleName, row.moduleFunctionName]
            record |= row.model_dump(include=set(CELLS), exclude_none=True)
            store.update(LEVEL_ROWS, record["id"], orjson.dumps(record))
    return read_levels(tenant, role_id)


def place(tenant: Tenant, structure_level: str | None, location: str | None) -> dict[str, Any]:
    """The member fields that say what part of the structure a member sees."""
    fields: dict[str, Any] = {}
    if structure_level is not None:
        fields["structureLevel"] = {"id": named(tenant, DEPTHS, structure_level)}
    if location is not None:
        where = {"id": named(tenant, LOCATIONS, location)}
        fields |= {"securityLocation": where, "defaultLocation": where}
    return fields


def add_member(tenant: Tenant, wanted: MemberRequest) -> dict[str, Any]:
    """Create an API member; keys are made apart."""
    body = {
        "identifier": wanted.identifier,
        "licenseClass": "A",
        "firstName": wanted.identifier,
        "lastName": "API",
        "hireDate": tenant.engine.today(),
        "defaultEmail": "Office",
        "defaultPhone": "Office",
        "inactiveFlag": not wanted.active,
        "securityRole": {"id": named(tenant, ROLES, wanted.role)},
        **place(tenant, wanted.structure_level, wanted.location),
    }
    return shown(tenant, orjson.loads(tenant.engine.add(MEMBERS, (), body, AUTHOR)))


def add_key(tenant: Tenant, identifier: str, wanted: KeyRequest) -> dict[str, Any]:
    """Make a key pair; the private key is in this answer and nowhere else, ever."""
    member = member_of(tenant, identifier)
    public, private = secret_token(), secret_token()
    with tenant.store.transaction():
        key_id = tenant.store.next_id(KEYS)
        record = key_record(key_id, public, private, member["id"], wanted.description, wanted.client_ids)
        tenant.store.insert(KEYS, key_id, record)
    return {"identifier": identifier, "public_key": public, "private_key": private, "client_ids": wanted.client_ids}


def change_member(tenant: Tenant, identifier: str, wanted: MemberChange) -> dict[str, Any]:
    """Change activity, role, place in the structure, boards kept off, or the client ids of all the member's keys.

    Raises NotFound for a name or board that is not there, and then nothing changes.
    """
    member = member_of(tenant, identifier)
    values = place(tenant, wanted.structure_level, wanted.location)
    if wanted.active is not None:
        values["inactiveFlag"] = not wanted.active
    if wanted.excluded_boards is not None:
        require_boards(tenant, set(wanted.excluded_boards) - boards_kept_off(tenant, member))
        values |= kept_off(member, wanted.excluded_boards)
    if wanted.role is not None:
        values["securityRole"] = {"id": named(tenant, ROLES, wanted.role)}
    with tenant.store.transaction():
        if wanted.excluded_boards is not None:
            let_onto_boards(tenant, member["id"], wanted.excluded_boards)
        if values:
            operations = [{"op": "replace", "path": name, "value": value} for name, value in values.items()]
            tenant.engine.patch(MEMBERS, (), member["id"], orjson.dumps(operations), AUTHOR, None)
        if wanted.client_ids is not None:
            for key_id, doc in keys_of(tenant, member["id"]):
                record = orjson.loads(doc) | {"clientIds": [one.lower() for one in wanted.client_ids]}
                tenant.store.update(KEYS, key_id, orjson.dumps(record))
    return shown(tenant, member_of(tenant, identifier))


def require_boards(tenant: Tenant, boards: Iterable[int]) -> None:
    """Refuse numbers that are no board's. Raises NotFound."""
    unknown = [str(one) for one in sorted(boards) if tenant.engine.look.get(SERVICE_BOARDS, one) is None]
    if unknown:
        raise NotFound(f"no board {', '.join(unknown)}")


def let_onto_boards(tenant: Tenant, member_id: int, excluded: list[int]) -> None:
    """Take a member off the excluded members of every board that is not listed."""
    for one in tenant.engine.look.find(EXCLUDED, memberId=member_id):
        if one.get("boardId") not in excluded:
            tenant.store.delete(EXCLUDED, one["id"])


def kept_off(member: dict[str, Any], boards: list[int]) -> dict[str, list[int]]:
    """The member fields that list the boards one is kept off; a board stays in the list it is in."""
    projects = [one for one in member.get("excludedProjectBoardIds") or () if one in boards]
    return {
        "excludedServiceBoardIds": [one for one in boards if one not in projects],
        "excludedProjectBoardIds": projects,
    }


def keys_of(tenant: Tenant, member_id: int) -> list[tuple[int, bytes]]:
    """The member's key pairs as they are kept."""
    from mockcw.store import Where

    return tenant.store.rows(KEYS, Where("json_extract(doc,'$.memberId') = ?", (member_id,)))


def shown(tenant: Tenant, member: dict[str, Any]) -> dict[str, Any]:
    """A member as the control API shows it."""
    return {
        "id": member["id"],
        "identifier": member["identifier"],
        "active": not member.get("inactiveFlag"),
        "role": (member.get("securityRole") or {}).get("name"),
        "structure_level": (member.get("structureLevel") or {}).get("name"),
        "location": (member.get("securityLocation") or {}).get("name"),
        "excluded_boards": sorted(boards_kept_off(tenant, member)),
        "keys": [orjson.loads(doc)["publicKey"] for _, doc in keys_of(tenant, member["id"])],
    }
