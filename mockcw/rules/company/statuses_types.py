"""Company statuses, company types and type associations."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Put, Record, Refuse, Rule, Write, WriteVerb
from mockcw.errors import FieldError

COMPANIES = "/company/companies"
STATUSES = "/company/companies/statuses"
TYPES = "/company/companies/types"
ASSOCIATIONS = "/company/companies/{parentId}/typeAssociations"
FLAGS = {
    STATUSES: ("defaultFlag", "inactiveFlag", "notifyFlag", "disallowSavingFlag", "customNoteFlag"),
    TYPES: ("defaultFlag", "vendorFlag", "serviceAlertFlag"),
}
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})


def one_default(change: Change) -> Iterator[Effect]:
    """One row of a setup table is the default; a new one takes the mark from the old (assumed)."""
    yield Put({flag: bool(change.after.get(flag)) for flag in FLAGS[change.collection]})
    if change.after.get("defaultFlag"):
        for other in change.look.find(change.collection, defaultFlag=True):
            if other["id"] != change.record_id:
                yield Write(change.collection, other["id"], {"defaultFlag": False})


def status_in_use(change: Change) -> Iterator[Effect]:
    """A status that a company has cannot be deleted (documented as 409)."""
    return unless_used(change, change.look.find(COMPANIES, status__id=change.record_id))


def type_in_use(change: Change) -> Iterator[Effect]:
    """A type that a company has cannot be deleted (documented as 409)."""
    return unless_used(change, change.look.find(ASSOCIATIONS, type__id=change.record_id))


def unless_used(change: Change, users: list[Record]) -> Iterator[Effect]:
    """Let the delete pass when nothing uses the record. Raises Conflict."""
    if users:
        raise change.in_use()
    return iter(())


def associated_once(change: Change) -> Iterator[Effect]:
    """A company has a type once; the company's `types` follow its associations."""
    kind = change.after.get("type")
    if not kind:
        return
    company = change.parents[0]
    present = change.look.find(ASSOCIATIONS, parent=company)
    others = [one["type"] for one in present if one["id"] != change.record_id]
    if any(one["id"] == kind["id"] for one in others):
        text = change.choices.association_exists_message
        yield Refuse(FieldError("ObjectExists", text, change.resource, "type"))
    yield Write(COMPANIES, company, with_types(change, [*others, kind]))


def dissociated(change: Change) -> Iterator[Effect]:
    """A removed association leaves the company's `types`."""
    company = change.parents[0]
    present = change.look.find(ASSOCIATIONS, parent=company)
    yield Write(
        COMPANIES, company, with_types(change, [one["type"] for one in present if one["id"] != change.record_id])
    )


def with_types(change: Change, kinds: list[Record]) -> Record:
    """The company fields that follow from its types."""
    vendor = any((change.look.get(TYPES, kind["id"]) or {}).get("vendorFlag") for kind in kinds)
    return {"types": [{"id": kind["id"]} for kind in kinds], "isVendorFlag": vendor}


DELETE: frozenset[WriteVerb] = frozenset({"delete"})
RULES = (
    Rule("company-status.one-default", STATUSES, WRITES, one_default, "assumed", "One status is the default."),
    Rule("company-status.in-use", STATUSES, DELETE, status_in_use, "documented", "A status in use stays."),
    Rule("company-type.one-default", TYPES, WRITES, one_default, "assumed", "One type is the default."),
    Rule("company-type.in-use", TYPES, DELETE, type_in_use, "documented", "A type in use stays."),
    Rule("type-association.once", ASSOCIATIONS, WRITES, associated_once, "captured", "A type is associated once."),
    Rule("type-association.removed", ASSOCIATIONS, DELETE, dissociated, "documented", "The types follow."),
)
