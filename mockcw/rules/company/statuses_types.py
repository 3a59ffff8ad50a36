"""Company statuses and company types."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Put, Record, Rule, Write, WriteVerb

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
    if change.after.get("defaultFlag") and change.choices.default_rows == "one":
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


DELETE: frozenset[WriteVerb] = frozenset({"delete"})
RULES = (
    Rule("company-status.one-default", STATUSES, WRITES, one_default, "assumed", "One status is the default."),
    Rule("company-status.in-use", STATUSES, DELETE, status_in_use, "documented", "A status in use stays."),
    Rule("company-type.one-default", TYPES, WRITES, one_default, "assumed", "One type is the default."),
    Rule("company-type.in-use", TYPES, DELETE, type_in_use, "documented", "A type in use stays."),
)
