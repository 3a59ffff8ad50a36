"""The audit trail: a line for every write to a record of an audited kind, in one of the emulator's own tables.

Knows no verbs and no HTTP. The kinds are documented, what a line says is assumed. One insert a write, so that a write
costs next to nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from mockcw.catalogue import Model
from mockcw.engine.change import Record, WriteVerb
from mockcw.store import Store

TRAIL = "~audit"
KINDS: Mapping[str, str] = {
    "/service/tickets": "Ticket",
    "/project/tickets": "ProjectTicket",
    "/company/companies": "Company",
    "/company/contacts": "Contact",
    "/company/configurations": "Configuration",
    "/sales/opportunities": "Opportunity",
    "/sales/activities": "Activity",
    "/time/entries": "Time",
    "/expense/entries": "Expense",
    "/schedule/entries": "Schedule",
    "/procurement/catalog": "ProductCatalog",
    "/procurement/purchaseorders": "PurchaseOrder",
    "/finance/agreements": "Agreement",
    "/finance/agreements/{parentId}/additions": "AgreementAddition",
    "/finance/invoices": "Invoice",
    "/project/projects": "Project",
}
DONE: Mapping[WriteVerb, str] = {"create": "Created", "replace": "Updated", "patch": "Updated", "delete": "Deleted"}
UNSAID = ("id", "_info")
LABELS = ("name", "identifier", "summary", "description", "id")
LONGEST = 1000  # characters of a line


def note(
    store: Store,
    model: Model,
    verb: WriteVerb,
    collection: str,
    record_id: int,
    parents: tuple[int, ...],
    before: Record | None,
    after: Record,
    actor: str,
    now: str,
) -> None:
    """Write down what was done to a record; what lies under an audited record is written down there.

    `before` and `after` are the record as it was and as it is; on a delete `after` is what was deleted. Does nothing
    for records of other kinds, nor when nothing changed.
    """
    kind, subject, child = KINDS.get(collection), record_id, ""
    if kind is None:
        outer, nested, rest = collection.partition("/{")
        kind = KINDS.get(outer) if nested else None
        if kind is None or not parents:
            return
        subject, child = parents[0], rest.rsplit("/", 1)[-1]
    text = said(model, verb, child or kind, before, after)
    if not text:
        return
    number = store.next_id(TRAIL)
    line = {
        "id": number,
        "recordId": subject,
        "text": text[:LONGEST],
        "enteredDate": now,
        "enteredBy": actor,
        "auditType": kind,
        "auditSubType": child or DONE[verb],
        "auditSource": "Api",
    }
    store.insert(TRAIL, number, orjson.dumps(line), parent=subject)


def said(model: Model, verb: WriteVerb, noun: str, before: Record | None, after: Record) -> str:
    """What the line says; nothing for an update that changed nothing."""
    if verb == "create":
        return f"{noun} {label(after)} was created."
    if verb == "delete":
        return f"{noun} {label(after)} was deleted."
    return " ".join(differences(model, before or {}, after))


def differences(model: Model, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for every field that changed; secrets are never answered, so nothing is said of them."""
    for name, field in model.fields.items():
        old, new = before.get(name), after.get(name)
        if old == new or name in UNSAID or not field.answered:
            continue
        if isinstance(old, list) or isinstance(new, list):
            yield f"{name} was changed."
        else:
            old_label, new_label = label(old), label(new)
            if old_label != new_label:
                yield f"{name} was changed from {old_label} to {new_label}."


def label(value: Any) -> str:
    """A value as a line shows it: a record by its name, text in quotes, nothing as (empty)."""
    if isinstance(value, Mapping):
        return next((f'"{value[name]}"' for name in LABELS if value.get(name) not in (None, "")), "(empty)")
    if value is None or value == "":
        return "(empty)"
    return f'"{value}"'
