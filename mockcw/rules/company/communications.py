"""How a contact is reached: one record an address or number, and the same as `communicationItems` of the contact.

The records under the contact are kept; the contact's items and its default phone follow them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mockcw.engine.act import Act
from mockcw.engine.change import Change, Effect, Look, Put, Record, Rule, Write, WriteVerb
from mockcw.rules.company.associations import CONTACTS

COMMUNICATIONS = "/company/contacts/{parentId}/communications"
TYPES = "/company/communicationTypes"
KINDS = {"emailFlag": "Email", "phoneFlag": "Phone", "faxFlag": "Fax"}
GIVEN = ("type", "value", "extension", "defaultFlag", "communicationType")
SHOWN = ("id", "type", "value", "extension", "defaultFlag", "domain", "communicationType")
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})


def completed(change: Change) -> Iterator[Effect]:
    """The kind follows the type, an e-mail address has a domain (captured), the contact's id is shown.

    A kind without a type means the default type of that kind (assumed).
    """
    after = change.after
    kind = after.get("communicationType") or kind_of(change.look, after.get("type"))
    if kind and not after.get("type"):
        yield Put({"type": type_of(change.look, kind)})
    value = after.get("value")
    domain = "@" + value.rpartition("@")[2] if kind == "Email" and isinstance(value, str) and "@" in value else None
    yield Put(
        {
            "contactId": change.parents[0],
            "communicationType": kind,
            "domain": domain,
            "defaultFlag": bool(after.get("defaultFlag")),
            "mobileGuid": after.get("mobileGuid") or change.key(),
        }
    )


def kind_of(look: Look, type_reference: Record | None) -> str | None:
    """E-mail, phone or fax, as the communication type says."""
    kind = look.get(TYPES, type_reference["id"]) if type_reference and "id" in type_reference else None
    return next((name for flag, name in KINDS.items() if kind and kind.get(flag)), None)


def type_of(look: Look, kind: str) -> Record | None:
    """The default communication type of a kind, or its first."""
    flag = next((flag for flag, name in KINDS.items() if name == kind), "")
    found = look.find(TYPES, **{flag: True}) if flag else []
    first = next((one for one in found if one.get("defaultFlag")), found[0] if found else None)
    return {"id": first["id"]} if first else None


def followed(change: Change) -> Iterator[Effect]:
    """A new default of a kind takes the mark from the old (captured); the contact shows what there is."""
    contact, mine = change.parents[0], {**change.after, "id": change.record_id}
    others = [one for one in change.look.find(COMMUNICATIONS, parent=contact) if one["id"] != change.record_id]
    if mine.get("defaultFlag"):
        for one in others:
            if one.get("defaultFlag") and one.get("communicationType") == mine.get("communicationType"):
                one["defaultFlag"] = False
                yield Write(COMMUNICATIONS, one["id"], {"defaultFlag": False})
    yield Write(CONTACTS, contact, shown([*others, mine]))


def gone(change: Change) -> Iterator[Effect]:
    """A removed record leaves the contact's items."""
    kept = [one for one in change.look.find(COMMUNICATIONS, parent=change.parents[0]) if one["id"] != change.record_id]
    yield Write(CONTACTS, change.parents[0], shown(kept))


def shown(records: Iterable[Record]) -> Record:
    """The contact's fields that follow from its communication records."""
    records = sorted(records, key=lambda one: int(one["id"]))
    phones = [one for one in records if one.get("communicationType") == "Phone" and one.get("defaultFlag")]
    phone = phones[0] if phones else {}
    return {
        "communicationItems": [{name: one[name] for name in SHOWN if one.get(name) is not None} for one in records],
        "defaultPhoneType": (phone.get("type") or {}).get("name"),
        "defaultPhoneNbr": phone.get("value"),
        "defaultPhoneExtension": phone.get("extension"),
    }


def settle(act: Act, contact: int, items: list[Record | None]) -> Record:
    """Bring the records under a contact in line with the items its body gave; the contact comes back as stored.

    An item whose id is known changes that record, one without an id is a new one, a record that no item names goes.
    """
    present = {one["id"]: one for one in act.look.find(COMMUNICATIONS, parent=contact)}
    for item in (one for one in items if one is not None):
        values = {name: item.get(name) for name in GIVEN}
        known = present.pop(item.get("id"), None)
        if known is None:
            made = {name: value for name, value in values.items() if value is not None}
            act.hands.create(COMMUNICATIONS, (contact,), made)
        elif any(differs(known.get(name), value) for name, value in values.items()):
            act.hands.change(COMMUNICATIONS, known["id"], values)
    for one in present:
        act.hands.remove(COMMUNICATIONS, one)
    return act.hands.set(CONTACTS, contact, shown(act.look.find(COMMUNICATIONS, parent=contact)))


def differs(kept: Any, given: Any) -> bool:
    """Whether a value given is another one than the value kept; references are the same when their ids are."""
    if isinstance(kept, dict) and isinstance(given, dict):
        return bool(kept.get("id") != given.get("id"))
    return bool(kept != given and (kept or given))


RULES = (
    Rule("communication.completed", COMMUNICATIONS, WRITES, completed, "captured", "Kind and domain follow."),
    Rule("communication.followed", COMMUNICATIONS, WRITES, followed, "captured", "One default a kind."),
    Rule("communication.gone", COMMUNICATIONS, frozenset({"delete"}), gone, "assumed", "The contact's items follow."),
)
