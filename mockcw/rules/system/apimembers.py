"""API members: the members of license class A, under a model of their own.

One record is behind both faces: an API member is written to /system/members and shown from there (that the class is A
is documented; how the fields of the two models correspond, and the defaults of a new one, are assumed).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from mockcw.engine.act import Act, Action, Asking, View
from mockcw.engine.change import Look, Record
from mockcw.errors import InvalidObject, InvalidPatch
from mockcw.rules.system.operations import field_of, operations

API_MEMBERS = "/system/apiMembers"
MEMBERS = "/system/members"
ROLES = "/system/securityroles"
LOCATIONS = "/system/locations"
BLOCKS = "~apiMembers"  # the two flags that members do not have
FLAGS = ("blockPriceFlag", "blockCostFlag")
NO_NAME = "-"  # the last name of an API member whose name is one word: members must have one
RENAMED = {"emailAddress": "officeEmail"}
SAME = (
    "identifier",
    "inactiveFlag",
    "inactiveDate",
    "timeZone",
    "securityRole",
    "structureLevel",
    "securityLocation",
    "defaultLocation",
    "defaultDepartment",
    "salesDefaultLocation",
    "serviceDefaultBoard",
    "notes",
    "excludedServiceBoardIds",
)
BACK = {"firstName": "name", "lastName": "name", "officeEmail": "emailAddress"}


# -- as an API member --------------------------------------------------------------------------------------------------


def listed(look: Look, _: Asking) -> Iterator[Record]:
    """All API members."""
    blocks = {row["memberId"]: row for row in look.find(BLOCKS)}
    for member in look.find(MEMBERS, licenseClass="A"):
        yield shown(member, blocks.get(member["id"], {}))


def shown(member: Record, blocks: Record) -> Record:
    """A member under the model of API members."""
    names = [str(member[part]) for part in ("firstName", "lastName") if member.get(part) not in (None, "", NO_NAME)]
    return {
        **{name: member[name] for name in SAME if name in member},
        "id": member["id"],
        "name": " ".join(names),
        "emailAddress": member.get("officeEmail"),
        **{flag: bool(blocks.get(flag)) for flag in FLAGS},
        "_info": member.get("_info"),
    }


# -- as a member -------------------------------------------------------------------------------------------------------


def stored(body: Mapping[str, Any]) -> Record:
    """The fields of an API member as a member has them."""
    values = {name: body[name] for name in SAME if name in body}
    values |= {other: body[name] for name, other in RENAMED.items() if name in body}
    if body.get("name"):
        values |= split(str(body["name"]))
    return values


def split(name: str) -> Record:
    """First and last name of a name."""
    first, _, last = name.strip().partition(" ")
    return {"firstName": first, "lastName": last.strip() or NO_NAME}


def create(act: Act) -> Record:
    """A new member of class A; what it needs and was not given is filled in."""
    body = act.body
    filled = {
        "licenseClass": "A",
        "hireDate": act.today,
        "defaultEmail": "Office",
        "defaultPhone": "Office",
        **split(str(body.get("identifier") or "")),
        "securityRole": first_of(act.look.find(ROLES, adminFlag=False)),
        "structureLevel": {"id": 1},
        "securityLocation": first_of(act.look.find(LOCATIONS)),
        "defaultLocation": first_of(act.look.find(LOCATIONS)),
    }
    given = {name: value for name, value in stored(body).items() if value is not None}
    member = translated(act, lambda: act.hands.create(MEMBERS, (), {**filled, **given}))
    return block(act, member, {flag: bool(body.get(flag)) for flag in FLAGS})


def first_of(found: list[Record]) -> Record | None:
    """A reference to the first of some records, if there is one."""
    return {"id": found[0]["id"]} if found else None


def put(act: Act) -> Record:
    """All fields of an API member at once; what is left out returns to nothing."""
    if not act.body.get("name"):
        raise act.missing("name")
    values = {**dict.fromkeys((*SAME, *RENAMED.values())), **stored(act.body)}
    values["inactiveFlag"] = bool(values["inactiveFlag"])
    member = translated(act, lambda: act.hands.change(MEMBERS, act.id, values))
    return block(act, member, {flag: bool(act.body.get(flag)) for flag in FLAGS})


def patch(act: Act) -> Record:
    """PATCH operations, their paths rewritten to the member's fields."""
    blocks: Record = {}
    rewritten = written(act, blocks)
    if rewritten == [] and blocks:
        member = act.look.get(MEMBERS, act.id) or {}
    else:
        raw = act.raw if rewritten is None else orjson.dumps(rewritten)
        member = translated(act, lambda: act.hands.patch(MEMBERS, act.id, raw))
    return block(act, member, blocks)


def written(act: Act, blocks: Record) -> list[Any] | None:
    """The operations for the member; flags that members lack go to `blocks`. None for a body that holds none."""
    given = operations(act.raw)
    if given is None:
        return None
    rewritten = []
    for one in given:
        name = field_of(one)
        if name not in act.fields("ApiMember"):
            raise InvalidPatch(act.choices.patch_path_message.format(path=one.get("path")))
        value = None if str(one.get("op", "")).lower() == "remove" else one.get("value")
        if name in FLAGS:
            blocks[name] = value is True or str(value).lower() == "true"
        elif name == "name" and isinstance(value, str) and value.strip():
            rewritten += [{**one, "path": part, "value": text} for part, text in split(value).items()]
        else:
            field = "firstName" if name == "name" else RENAMED.get(name, name)
            rewritten.append({**one, "path": one["path"].strip("/").replace(name, field, 1)})
    return rewritten


def block(act: Act, member: Record, flags: Record) -> Record:
    """Keep the flags that members lack, and answer the API member."""
    rows = act.look.find(BLOCKS, memberId=member["id"])
    kept = {**(rows[0] if rows else {"memberId": member["id"]}), **flags}
    if rows:
        act.hands.keep_again(BLOCKS, rows[0]["id"], kept)
    elif any(flags.values()):
        act.hands.keep(BLOCKS, kept)
    return shown(member, kept)


def translated(act: Act, write: Callable[[], Record]) -> Record:
    """A write of the member, its refusal told in the words of an API member."""
    try:
        return write()
    except InvalidObject as refused:
        items = [replace(one, resource=act.resource, field=BACK.get(one.field, one.field)) for one in refused.errors]
        raise InvalidObject.of(act.resource, *items) from None


ACTIONS = (
    Action("postSystemApiMembers", create, "documented", "A new member of license class A.", status=201),
    Action("putSystemApiMembersById", put, "documented", "All fields of an API member."),
    Action("patchSystemApiMembersById", patch, "documented", "Some fields of an API member."),
)
VIEWS = (View(API_MEMBERS, (MEMBERS, BLOCKS), listed, "documented", "The members of license class A."),)
