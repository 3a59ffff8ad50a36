"""The knowledge base's settings: one record that is always there, under the number 1 (assumed).

Its paths belong to no collection of the catalogue, so it is kept in a table of its own and patched here.
"""

from __future__ import annotations

import json
from typing import Any

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record
from mockcw.errors import BadRequest, InvalidPatch, MalformedRequest, NotFound

TABLE = "~knowledgeBaseSettings"
MEMBERS = "/system/members"
ONLY = 1
LARGEST = (1 << 31) - 1
FIELDS = ("requireApproval", "defaultApprover")


def stored(act: Act) -> Record | None:
    """The settings as they were written, if they ever were."""
    found = act.look.find(TABLE)
    return found[0] if found else None


def read(act: Act) -> Record:
    """The settings; before anybody wrote them, articles need no approval."""
    return stored(act) or {"id": ONLY, "requireApproval": False, "_info": {}}


def read_one(act: Act) -> Record:
    """The settings by their number. Raises NotFound."""
    if act.id != ONLY:
        raise NotFound(f"Knowledge Base Settings {act.id} not found")
    return read(act)


def write(act: Act) -> Record:
    """Put the body in the settings' place."""
    return kept(act, {name: act.body[name] for name in FIELDS if act.body.get(name) is not None})


def replace(act: Act) -> Record:
    """Put the body in the place of the settings with this number. Raises NotFound."""
    read_one(act)
    return write(act)


def patch(act: Act) -> Record:
    """Apply PATCH operations to the settings. Raises NotFound, InvalidPatch."""
    record = {name: value for name, value in read_one(act).items() if name in FIELDS}
    for operation in operations(act):
        name = str(operation.get("path") or "").strip("/")
        verb = str(operation.get("op") or "").lower()
        if name not in FIELDS:
            raise InvalidPatch(act.choices.patch_path_message.format(path=operation.get("path")))
        if verb == "remove":
            record.pop(name, None)
        elif verb in ("add", "replace"):
            record[name] = operation.get("value")
        else:
            raise InvalidPatch(act.choices.patch_op_message.format(op=operation.get("op")))
    if not isinstance(record.get("requireApproval"), bool):
        raise act.missing("requireApproval")
    if record.get("defaultApprover") and not isinstance(record["defaultApprover"], dict):
        raise BadRequest(act.choices.enum_message.format(field="defaultApprover"))
    return kept(act, record)


def operations(act: Act) -> list[Record]:
    """The operations of a PATCH body. Raises MalformedRequest."""
    try:
        found: Any = json.loads(act.raw)
    except (ValueError, RecursionError):
        raise MalformedRequest(act.choices.malformed_json_message) from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise MalformedRequest(act.choices.patch_body_message)
    return found


def kept(act: Act, record: Record) -> Record:
    """Keep the settings, the approver as references are shown. Raises InvalidObject."""
    approver = record.get("defaultApprover")
    if approver:
        record["defaultApprover"] = member(act, approver)
    record |= {"id": ONLY, "_info": {"lastUpdated": act.now, "updatedBy": act.actor}}
    if stored(act) is None:
        act.hands.keep(TABLE, record)
    else:
        act.hands.keep_again(TABLE, ONLY, record)
    return record


def number(said: Any) -> int:
    """A value as the id of a record; 0, which no record has, for what is none."""
    return said if isinstance(said, int) and 0 < said <= LARGEST else 0


def member(act: Act, said: Record) -> Record | None:
    """The member a reference means, by id or identifier; an empty one means nobody. Raises InvalidObject."""
    for key in ("id", "identifier"):
        if said.get(key):
            rows = act.look.find(MEMBERS, **{key: str(said[key])} if key != "id" else {"id": number(said[key])})
            if not rows:
                raise act.refuse("NotFound", f"Member {said[key]} not found", f"defaultApprover/{key}")
            return {"id": rows[0]["id"]}
    return None


SAYS = "One record of settings, which is always there."
ACTIONS = (
    Action("getServiceKnowledgebasesettings", read, "assumed", SAYS, addresses=False),
    Action("postServiceKnowledgebasesettings", write, "assumed", SAYS, 201, addresses=False),
    Action("getServiceKnowledgebasesettingsById", read_one, "assumed", SAYS, addresses=False),
    Action("putServiceKnowledgebasesettingsById", replace, "assumed", SAYS, addresses=False),
    Action("patchServiceKnowledgebasesettingsById", patch, "assumed", SAYS, addresses=False),
)
