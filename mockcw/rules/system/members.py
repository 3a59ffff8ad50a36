"""Members: one identifier each, in any letter case."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Put, Refuse, Rule, WriteVerb
from mockcw.errors import FieldError

MEMBERS = "/system/members"
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
OPTIONS = {
    "invoiceScreenDefaultTabFormat": "ShowInvoicingTab",
    "invoicingDisplayOptions": "RemainOnInvoicingScreen",
    "agreementInvoicingDisplayOptions": "RemainOnInvoicingScreen",
}
FLAGS = ("inactiveFlag", "adminFlag", "disableOnlineFlag", "restrictLocationFlag", "restrictDepartmentFlag")


def identifier_unique(change: Change) -> Iterator[Effect]:
    """A member id is used once, in any letter case (assumed)."""
    identifier = change.after.get("identifier") if change.choices.account_twins == "refuse" else None
    if identifier and any(one["id"] != change.record_id for one in change.look.find(MEMBERS, identifier=identifier)):
        text = change.choices.exists_message.format(caption=change.caption, field="identifier")
        yield Refuse(FieldError("ObjectExists", text, change.resource, "identifier"))


def defaults(change: Change) -> Iterator[Effect]:
    """Flags left out are false, display options have their first value (a client's models demand them; assumed)."""
    flags = {flag: bool(change.after.get(flag)) for flag in FLAGS}
    yield Put({**flags, **{name: change.after.get(name) or first for name, first in OPTIONS.items()}})


RULES = (
    Rule("member.identifier-unique", MEMBERS, WRITES, identifier_unique, "assumed", "A member id is used once."),
    Rule("member.defaults", MEMBERS, WRITES, defaults, "assumed", "Flags and display options have values."),
)
