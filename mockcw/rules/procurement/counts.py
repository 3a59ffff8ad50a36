"""Two operations with odd paths: a count under a misspelt folder, and a creation under the name of a count."""

from __future__ import annotations

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record

CHANGE_ORDERS = "/procurement/changeorder"
GROUPINGS = "/procurement/invoicegrouping"


def change_orders(act: Act) -> Record:
    """How many change orders there are."""
    return {"count": len(act.look.find(CHANGE_ORDERS))}


def grouping(act: Act) -> Record:
    """Add an invoice grouping."""
    return act.hands.create(GROUPINGS, (), act.body)


ACTIONS = (
    Action(
        "getProcurementChangeordersCount",
        change_orders,
        "assumed",
        "The count of /procurement/changeorder, under another name.",
        addresses=False,
    ),
    Action(
        "postProcurementInvoicegroupingCount",
        grouping,
        "assumed",
        "The only published way to add an invoice grouping, whatever its path says.",
        status=201,
        addresses=False,
    ),
)
