"""Callbacks: what may be registered. Delivery is no business of this file.

Types and levels are documented; the refusals, the owner's objectId and the server's own fields are captured.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from mockcw.delivery import LEVELS
from mockcw.engine.act import Act, Action
from mockcw.engine.change import Change, Effect, Put, Record, Refuse, Rule, WriteVerb
from mockcw.errors import EndpointMissing, FieldError

CALLBACKS = "/system/callbacks"
MEMBERS = "/system/members"
OWNER_ID = 1
FLAGS = ("inactiveFlag", "isSoapCallbackFlag", "isSelfSuppressedFlag")
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})


def refuse(change: Change, code: str, text: str, field: str) -> Refuse:
    """An item of the error list about a field of this callback."""
    return Refuse(FieldError(code, text, change.resource, field))


def url_usable(change: Change) -> Iterator[Effect]:
    """The url is one of http or https, with a host."""
    url = change.after.get("url")
    if url and not usable(str(url)):
        yield refuse(change, "InvalidField", change.choices.callback_url_message, "url")


def usable(url: str) -> bool:
    """Whether a text is an address that a server could call."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def level_of_type(change: Change) -> Iterator[Effect]:
    """The level is one that the type has, in any letter case (the case is assumed)."""
    kind, level = str(change.after.get("type") or ""), str(change.after.get("level") or "")
    levels = LEVELS.get(kind.lower())
    if kind and levels is None:
        yield refuse(change, "InvalidObject", change.choices.callback_type_message, "type")
    elif kind and level and level.lower() not in (levels or ()):
        yield refuse(change, "InvalidObject", change.choices.callback_level_message, "level")


def server_fields(change: Change) -> Iterator[Effect]:
    """The owner's objectId is 1; member, GUID and payload version are the server's."""
    after, before = change.after, change.before or {}
    member = before.get("memberId") or next(
        (one["id"] for one in change.look.find(MEMBERS, identifier=change.actor)), 0
    )
    values: Record = {
        "memberId": member,
        "connectWiseID": before.get("connectWiseID") or change.key(),
        "payloadVersion": after.get("payloadVersion") or change.choices.callback_payload_version,
        **{flag: bool(after.get(flag)) for flag in FLAGS},
    }
    if str(after.get("level") or "").lower() == "owner" and after.get("objectId") == 0:
        values["objectId"] = OWNER_ID
    yield Put(values)


def registered_once(change: Change) -> Iterator[Effect]:
    """The same url for the same objects is registered once (the refusal is captured, what counts as same assumed)."""
    after = change.after
    given = {name: after.get(name) for name in ("type", "level", "objectId", "url")}
    if None in given.values():
        return
    if any(one["id"] != change.record_id for one in change.look.find(CALLBACKS, **given)):
        yield refuse(change, "ObjectExists", change.choices.callback_exists_message, "objectId")


def remove(act: Act) -> None:
    """The callback goes; one that is not there answers like a path that is not there (captured)."""
    if act.look.get(CALLBACKS, act.id) is None:
        raise EndpointMissing(act.choices.endpoint_message)
    act.hands.remove(CALLBACKS, act.id)


RULES = (
    Rule("callback.url", CALLBACKS, WRITES, url_usable, "captured", "The url must be one."),
    Rule("callback.level", CALLBACKS, WRITES, level_of_type, "captured", "Each type has its levels."),
    Rule("callback.server-fields", CALLBACKS, WRITES, server_fields, "captured", "The server owns some fields."),
    Rule("callback.once", CALLBACKS, WRITES, registered_once, "captured", "A callback is registered once."),
)
ACTIONS = (Action("deleteSystemCallbacksById", remove, "captured", "A wrong id is a wrong path.", addresses=False),)
