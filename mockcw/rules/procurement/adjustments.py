"""Inventory adjustments: their details are records of their own, and the adjustment shows them."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Change, Effect, Put, Record, Rule, Write, WriteVerb
from mockcw.rules.procurement.stock import DETAILS

ADJUSTMENTS = "/procurement/adjustments"
INLINE = "adjustmentDetails"


def create(act: Act) -> Record | None:
    """Add an adjustment and the details that its body brings along."""
    body: Record = act.body
    made = act.hands.create(ADJUSTMENTS, (), {name: one for name, one in body.items() if name not in ("id", INLINE)})
    for detail in body.get(INLINE) or ():
        act.hands.create(DETAILS, (made["id"],), {name: one for name, one in (detail or {}).items() if name != "id"})
    return act.look.get(ADJUSTMENTS, made["id"])


def shown(change: Change) -> Iterator[Effect]:
    """A detail that comes or goes shows in its adjustment."""
    others = [one for one in change.look.find(DETAILS, parent=change.parents[-1]) if one["id"] != change.record_id]
    own = [] if change.verb == "delete" else [{**change.after, "id": change.record_id}]
    yield Write(ADJUSTMENTS, change.parents[-1], {INLINE: others + own})


def kept(change: Change) -> Iterator[Effect]:
    """The details shown are the records, whatever a later write says of them."""
    yield Put({INLINE: (change.before or {}).get(INLINE)})


LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
COMING_AND_GOING: frozenset[WriteVerb] = frozenset({"create", "delete"})
RULES = (
    Rule("adjustment.details", DETAILS, COMING_AND_GOING, shown, "assumed", "An adjustment shows its details."),
    Rule("adjustment.kept", ADJUSTMENTS, LATER, kept, "assumed", "Details change under their own address only."),
)
ACTIONS = (
    Action(
        "postProcurementAdjustments",
        create,
        "assumed",
        "The details in the body become records of the adjustment's own collection.",
        status=201,
    ),
)
