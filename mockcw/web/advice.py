"""The control calls that explain and mend: why a request was refused, a second role beside it, the smallest change.

Knows the journal, identities and trials; what a change is made of is `permissions.remedy`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, request
from pydantic import BaseModel, ConfigDict, TypeAdapter

from mockcw.errors import NotFound
from mockcw.permissions import Role
from mockcw.permissions.records import CUSTOMIZE, LEVEL_ROWS, MEMBERS, ROLES
from mockcw.permissions.remedy import Remedy, folded
from mockcw.permissions.rolefile import RoleFile, read_role
from mockcw.permissions.rolefile.write import as_records
from mockcw.pipeline import World
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.people import role_of
from mockcw.pipeline.shadow import Shadow
from mockcw.pipeline.world import Tenant
from mockcw.web import customize, identity
from mockcw.web.answers import answer
from mockcw.web.customize import CustomizeItem
from mockcw.web.identity import LevelRow, MemberChange, RoleRequest
from mockcw.web.trial import asker, remedies_of, remedy_of

Route = Callable[..., Callable[[Callable[..., Response]], None]]


class ShadowRequest(BaseModel):
    """A role to ride along, and the member it rides with; without one, with every member."""

    model_config = ConfigDict(extra="forbid")

    role: str | int
    member: str | None = None


class FixRequest(BaseModel):
    """The exchanges to mend: those of these ids, or all refused ones of the member."""

    model_config = ConfigDict(extra="forbid")

    member: str | None = None
    requests: list[str] | None = None
    apply: bool = False


# -- one exchange ------------------------------------------------------------------------------------------------------


def explained(world: World, entry: Exchange) -> dict[str, Any]:
    """An exchange with who asked, as what, and the smallest change that would let it pass."""
    actor, tenant = entry.actor, identity.only_tenant(world)
    remedy = remedy_of(world, tenant, entry) if wanting(entry) else None
    return {
        **entry.as_json(bodies=True),
        "actor": None
        if actor is None
        else {
            "identifier": actor.identifier,
            "kind": actor.kind,
            "role": {"id": actor.role.id, "name": actor.role.name},
            "structure_level": actor.structure.name,
            "excluded_boards": sorted(actor.excluded_boards),
        },
        "remedy": None if remedy is None or remedy.empty else remedy.as_json(),
    }


def wanting(entry: Exchange) -> bool:
    """Whether there may be something to mend in an exchange."""
    return entry.stopped or entry.cause is not None


# -- the smallest change -----------------------------------------------------------------------------------------------


def fix(world: World, wanted: FixRequest) -> dict[str, Any]:
    """The one change that mends the exchanges; applied in one transaction where that is wanted. Raises NotFound."""
    tenant = identity.only_tenant(world)
    entries = chosen(world, tenant, wanted)
    name = the_one(tenant, wanted.member, entries)
    found = None if name is None else tenant.engine.look.find(MEMBERS, identifier=name)
    member = found[0] if found else None
    remedies = remedies_of(world, tenant, entries)
    remedy = folded(remedies)
    role = (member or {}).get("securityRole") or {}
    if wanted.apply and member is not None:
        with tenant.store.transaction():
            put_into_force(world, tenant, member["identifier"], int(role.get("id") or 0), remedy)
    return {
        **remedy.as_json(),
        "of": name,
        "role": {"id": role.get("id"), "name": role.get("name")},
        "role_also_held_by": [] if member is None else others_with(tenant, member),
        "requests": [told(entry, one) for entry, one in zip(entries, remedies, strict=True)],
        "applied": wanted.apply and bool(remedy.rows or remedy.customize or remedy.member),
    }


def told(entry: Exchange, remedy: Remedy) -> dict[str, Any]:
    """One of the exchanges that a fix is made of."""
    status = entry.reply.status if entry.reply else None
    return {"id": entry.id, "status": status, "cause": entry.cause, "words": remedy.words}


def chosen(world: World, tenant: Tenant, wanted: FixRequest) -> list[Exchange]:
    """The exchanges a fix is about. Raises NotFound for one that is not kept, ValueError where none is named."""
    if wanted.requests is None and wanted.member is None:
        raise ValueError("say which member, or which requests")
    if wanted.requests is None:
        name = identity.member_of(tenant, str(wanted.member))["identifier"]
        return [one for one in world.journal.entries if one.stopped and asker(tenant, one) == name]
    return [kept(world, one) for one in wanted.requests]


def the_one(tenant: Tenant, wanted: str | None, entries: Iterable[Exchange]) -> str | None:
    """The member whose requests these are; None where the keys are nobody's. Raises ValueError for several."""
    found = dict.fromkeys(name for entry in entries if (name := asker(tenant, entry)))
    if wanted is not None:
        found = {str(identity.member_of(tenant, wanted)["identifier"]): None} | found
    if len(found) > 1:
        raise ValueError(f"one change is for one member; the requests are of {', '.join(found)}")
    return next(iter(found), None)


def kept(world: World, request_id: str) -> Exchange:
    """An exchange of the journal. Raises NotFound."""
    entry = world.journal.find(request_id)
    if entry is None:
        raise NotFound(f"no exchange {request_id} in the journal; it keeps the last {world.journal.size}")
    return entry


def put_into_force(world: World, tenant: Tenant, identifier: str, role_id: int, remedy: Remedy) -> None:
    """Change role and member as a remedy says."""
    if remedy.rows:
        identity.write_levels(tenant, role_id, [LevelRow.model_validate(one) for one in remedy.levels()])
    if remedy.customize:
        items = [CustomizeItem(identifier=one.identifier, item=one.item, allowed=True) for one in remedy.customize]
        customize.write_customize(tenant, world.catalogue, role_id, items)
    if remedy.member:
        identity.change_member(tenant, identifier, MemberChange.model_validate(remedy.member))


def others_with(tenant: Tenant, member: dict[str, Any]) -> list[str]:
    """The other members who have the same role and are changed with it."""
    role = (member.get("securityRole") or {}).get("id")
    found = tenant.engine.look.find(MEMBERS, securityRole__id=role)
    return [one["identifier"] for one in found if one["id"] != member["id"]]


# -- the shadow role ---------------------------------------------------------------------------------------------------


def shadow_of(tenant: Tenant, wanted: ShadowRequest) -> Shadow:
    """A role that rides along, read again whenever roles have changed. Raises NotFound."""
    role_id = int(identity.role_named(tenant, wanted.role)["id"])
    member = None if wanted.member is None else str(identity.member_of(tenant, wanted.member)["identifier"])
    known: dict[tuple[int, ...], Role] = {}

    def read(tenant: Tenant) -> Role:
        stamp = tuple(tenant.store.changed(name) for name in (ROLES, LEVEL_ROWS, CUSTOMIZE))
        if stamp not in known:
            known.clear()
            known[stamp] = role_of(tenant, role_id)
        return known[stamp]

    return Shadow(role_id, member, read)


def shown(world: World, tenant: Tenant) -> dict[str, Any]:
    """What rides along now."""
    shadow = world.shadow
    role = None if shadow.role is None else identity.role_named(tenant, shadow.role)
    return {"role": None if role is None else {"id": role["id"], "name": role["name"]}, "member": shadow.member}


def differences(entries: Iterable[Exchange]) -> list[dict[str, Any]]:
    """The operations of the journal that the shadow role would have changed, each with how often and one example."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for entry in entries:
        line, operation = entry.as_json(bodies=False), entry.operation
        mine = line["shadow"]
        if operation is None or not mine or not mine["differs"]:
            continue
        was = {"allowed": not entry.stopped, "has": (line["decision"] or {}).get("has")}
        becomes = {"allowed": mine["allowed"], "has": mine["has"]}
        key = (operation.name, line["member"], *was.values(), *becomes.values())
        counted = found.setdefault(
            key,
            {
                "operation": operation.name,
                "method": operation.method,
                "path": operation.path,
                "member": line["member"],
                "was": was,
                "shadow": {**becomes, "role": mine["role"], "reason": mine["reason"]},
                "requests": 0,
            },
        )
        counted["requests"] += 1
        counted["example"] = entry.id
    return list(found.values())


# -- roles out of files ------------------------------------------------------------------------------------------------


def role_file(world: World, text: str) -> RoleFile:
    """The role of a file's text in any form."""
    return read_role(text.encode("utf-8", "replace"), world.catalogue.areas)


def new_role(world: World, wanted: RoleRequest) -> Response:
    """Make a role; a file with errors makes none and says where they are."""
    rows, notes = wanted.rows, []
    if wanted.file is not None:
        found = role_file(world, wanted.file)
        if found.refused:
            problems = [
                {"line": one.place.number if one.place else None, "problem": one.text, "nearest": one.nearest}
                for one in found.errors
            ]
            return answer({"error": "the role file gives no role", "problems": problems}, 400)
        records = as_records(found.rows, world.catalogue.areas)
        rows = [*(LevelRow.model_validate(one) for one in records), *rows]
        notes = [str(one) for one in found.notes]
    made = identity.add_role(identity.only_tenant(world), wanted.name, wanted.copy_of, rows)
    return answer({**made, "notes": notes}, 201)


# -- the calls ---------------------------------------------------------------------------------------------------------


def advice(world: World, route: Route) -> None:
    """Fixes, the shadow role, roles and their Customize lists."""
    tenant = identity.only_tenant(world)

    @route("/fix", "POST")
    def post_fix() -> Response:
        return answer(fix(world, FixRequest.model_validate_json(request.get_data())))

    @route("/shadow", "GET")
    def get_shadow() -> Response:
        return answer(shown(world, tenant))

    @route("/shadow", "PUT")
    def put_shadow() -> Response:
        world.shadow = shadow_of(tenant, ShadowRequest.model_validate_json(request.get_data()))
        return answer(shown(world, tenant))

    @route("/shadow", "DELETE")
    def delete_shadow() -> Response:
        world.shadow = Shadow()
        return answer(shown(world, tenant))

    @route("/shadow/differences", "GET")
    def shadow_differences() -> Response:
        return answer(differences(list(world.journal.entries)))

    @route("/roles", "POST")
    def add_role() -> Response:
        return new_role(world, RoleRequest.model_validate_json(request.get_data()))

    @route("/roles/<int:role_id>/customize", "GET")
    def read_customize(role_id: int) -> Response:
        return answer(customize.read_customize(tenant, role_id))

    @route("/roles/<int:role_id>/customize", "PUT")
    def write_customize(role_id: int) -> Response:
        items = TypeAdapter(list[CustomizeItem]).validate_json(request.get_data())
        return answer(customize.write_customize(tenant, world.catalogue, role_id, items))
