"""Monitoring of the contact synchronisation: one set-up a monitoring type, written without an id in the path.

The published list names no body for the writes: the model the operations answer is taken (assumed).
"""

from __future__ import annotations

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record
from mockcw.errors import NotFound
from mockcw.rules.system.operations import operations

MONITORING = "/system/contactsync/monitoring"
MODEL = "M365ContactSyncMonitoring"
CAPTION = "M365 Contact Sync Monitoring"


def create(act: Act) -> Record:
    """Set up the monitoring of a type; a type that has one gets the new one in its place."""
    body = act.check(MODEL, act.raw or b"{}")
    for old in act.look.find(MONITORING, monitoringTypeId=body.get("monitoringTypeId")):
        act.hands.remove(MONITORING, old["id"])
    return act.hands.create(MONITORING, (), body)


def patch(act: Act) -> Record:
    """Change the set-up: by PATCH operations on the first one, or by an object that names the type."""
    if operations(act.raw) is not None:
        return act.hands.patch(MONITORING, first(act, act.look.find(MONITORING))["id"], act.raw)
    body = act.check(MODEL, act.raw or b"{}")
    kind = body.get("monitoringTypeId")
    found = act.look.find(MONITORING, **({} if kind is None else {"monitoringTypeId": kind}))
    return act.hands.change(MONITORING, first(act, found)["id"], body)


def first(act: Act, found: list[Record]) -> Record:
    """The set-up that is meant. Raises NotFound."""
    if not found:
        raise NotFound(f"{CAPTION} {act.ids[0] if act.ids else ''} not found".replace("  ", " "))
    return found[0]


def of_type(act: Act) -> Record:
    """The set-up of a monitoring type."""
    return first(act, act.look.find(MONITORING, monitoringTypeId=act.id))


def remove_type(act: Act) -> None:
    """A monitoring type is set up no more."""
    act.hands.remove(MONITORING, of_type(act)["id"])


def notification_type(act: Act) -> Record:
    """The set-up that notifies: the one with an address or a board; nothing where none does."""
    for one in act.look.find(MONITORING):
        if one.get("emailAddress") or one.get("serviceBoardId"):
            return one
    return {}


PREFIX = "SystemContactsyncMonitoring"
ACTIONS = (
    Action(f"post{PREFIX}", create, "assumed", "The set-up of a monitoring type.", status=201),
    Action(f"patch{PREFIX}", patch, "assumed", "Some fields of a set-up."),
    Action(f"get{PREFIX}Notificationtype", notification_type, "assumed", "The set-up that notifies.", addresses=False),
    Action(f"get{PREFIX}TypeById", of_type, "assumed", "The set-up of a type.", addresses=False),
    Action(f"delete{PREFIX}TypeById", remove_type, "assumed", "A type is set up no more.", addresses=False),
)
