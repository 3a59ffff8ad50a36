"""Writes that need a right beside the row of their operation: each rule says what was done, the engine asks the role.

Which row a right is, and how well that is known, is in `rights.tsv`; here is only what a write must do to need it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockcw.engine.change import Change, Effect, Needs, Record, Rule, WriteVerb
from mockcw.rules.time.charges import starting

SERVICE, PROJECT_TICKETS, PROJECTS = "/service/tickets", "/project/tickets", "/project/projects"
OPPORTUNITIES, TIME, PRODUCTS = "/sales/opportunities", "/time/entries", "/procurement/products"
CONFIGURATIONS, AGREEMENTS, CATALOG = "/company/configurations", "/finance/agreements", "/procurement/catalog"
BOARD_STATUSES = "/service/boards/{parentId}/statuses"
PROJECT_STATUSES = "/project/statuses"
OPPORTUNITY_STATUSES = "/sales/opportunities/statuses"
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
CREATE: frozenset[WriteVerb] = frozenset({"create"})
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
BILLING = ("hourlyRate", "overageRate", "adjustment", "invoiceHours")
BILLABLE = "Billable"  # the default of the published list
PREDECESSOR = ("predecessorType", "predecessorId")


def row(change: Change, collection: str, field: str, record: Record | None) -> Record:
    """The record that a reference of a record means; empty where there is none."""
    reference: Any = (record or {}).get(field) or {}
    return change.look.get(collection, reference.get("id") or 0) or {}


def closes(change: Change, statuses: str, mark: str) -> bool:
    """Whether the write moves the record into a closed status out of an open one, or out of nothing."""
    now, was = (row(change, statuses, "status", one) for one in (change.after, change.before))
    return bool(now.get(mark)) and not was.get(mark)


def closing_ticket(change: Change) -> Iterator[Effect]:
    """Into a closed status."""
    if closes(change, BOARD_STATUSES, "closedStatus"):
        yield Needs("create-closed-ticket" if change.before is None else "close-service-ticket")


def closing_project_ticket(change: Change) -> Iterator[Effect]:
    """Into a closed status."""
    if change.before is not None and closes(change, BOARD_STATUSES, "closedStatus"):
        yield Needs("close-project-ticket")


def closing_project(change: Change) -> Iterator[Effect]:
    """Into a closed status."""
    if change.before is not None and closes(change, PROJECT_STATUSES, "closedFlag"):
        yield Needs("close-project")


def closed_opportunity(change: Change) -> Iterator[Effect]:
    """Any change while the status is a closed one."""
    status = row(change, OPPORTUNITY_STATUSES, "status", change.before)
    if any(status.get(flag) for flag in ("closedFlag", "wonFlag", "lostFlag")):
        yield Needs("closed-opportunity")


def differs(change: Change, name: str, usual: Any = None) -> bool:
    """Whether the request makes a field another than it was; `usual` is what the field is when it is left out.

    A PUT leaves out what it does not name. A number that goes is as if it were 0.
    """
    if change.verb != "replace" and name not in change.given:
        return False
    value, was = (one.get(name) for one in (change.after, change.before or {}))
    if value is None:
        value = None if change.before is None else usual
    return bool(was) if value is None else bool(value != was)


def left_out(change: Change) -> Record:
    """What the fields of a time entry are when the request leaves them out or clears them."""
    found: Record = {"billableOption": BILLABLE}
    return found | (starting(change.look, change.after, change.actor) if change.verb == "replace" else {})


def billing_time(change: Change) -> Iterator[Effect]:
    """Time said to be billable, or a billing amount of it; what is left to the defaults needs nothing (assumed)."""
    usual = left_out(change)
    said = change.before is None and "billableOption" in change.given and change.after.get("billableOption") == BILLABLE
    if said or any(differs(change, name, usual.get(name)) for name in BILLING):
        yield Needs("set-billable-time")


def billable_time(change: Change) -> Iterator[Effect]:
    """Another billable option than before."""
    if differs(change, "billableOption", left_out(change)["billableOption"]):
        yield Needs("change-billable-time")


def billable_product(change: Change) -> Iterator[Effect]:
    """Another billable option than before, or than the catalogue item's; there must be one."""
    if change.before is not None:
        if differs(change, "billableOption", change.before.get("billableOption")):
            yield Needs("change-billable-product")
        return
    usual = row(change, CATALOG, "catalogItem", change.after).get("billableOption") or BILLABLE
    if "billableOption" in change.given and change.after.get("billableOption") not in (None, usual):
        yield Needs("set-billable-product")


def depending(right: str) -> Any:
    """What a ticket comes after."""

    def decide(change: Change) -> Iterator[Effect]:
        if any(differs(change, name) for name in PREDECESSOR):
            yield Needs(right)

    return decide


def typed(right: str) -> Any:
    """A type that the role's Customize list may disallow."""

    def decide(change: Change) -> Iterator[Effect]:
        name = (change.after.get("type") or {}).get("name")
        if name:
            yield Needs(right, name)

    return decide


RULES = (
    Rule("right.close-ticket", SERVICE, WRITES, closing_ticket, "documented", "Closing needs its own right."),
    Rule("right.close-project-ticket", PROJECT_TICKETS, WRITES, closing_project_ticket, "documented", "As tickets."),
    Rule("right.close-project", PROJECTS, WRITES, closing_project, "assumed", "As tickets."),
    Rule("right.closed-opportunity", OPPORTUNITIES, LATER, closed_opportunity, "documented", "Closed is closed."),
    Rule("right.billing-time", TIME, WRITES, billing_time, "documented", "Billable time needs billing rights."),
    Rule("right.billable-time", TIME, LATER, billable_time, "documented", "So does another billable option."),
    Rule("right.billable-product", PRODUCTS, WRITES, billable_product, "documented", "And that of a product."),
    Rule(
        "right.ticket-dependency",
        SERVICE,
        WRITES,
        depending("depend-service-ticket"),
        "documented",
        "Links have a row.",
    ),
    Rule(
        "right.project-ticket-dependency",
        PROJECT_TICKETS,
        WRITES,
        depending("depend-project-ticket"),
        "assumed",
        "As service tickets.",
    ),
    Rule("right.configuration-type", CONFIGURATIONS, WRITES, typed("configuration-type"), "documented", "By type."),
    Rule("right.agreement-type", AGREEMENTS, WRITES, typed("agreement-type"), "documented", "By type."),
)
