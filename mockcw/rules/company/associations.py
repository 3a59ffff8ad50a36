"""Which types companies and contacts have: a nested collection under each record, and a flat one over all of them.

The nested records are the only ones there are; the flat collection shows and writes them. The record's own `types`
follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mockcw.engine.act import Act, Action, View
from mockcw.engine.change import Change, Effect, Look, Record, Refuse, Rule, Write, WriteVerb
from mockcw.errors import FieldError
from mockcw.rules.company.statuses_types import ASSOCIATIONS, COMPANIES, TYPES
from mockcw.rules.meant import meant

CONTACTS = "/company/contacts"
CONTACT_TYPES = "/company/contacts/types"
CONTACT_ASSOCIATIONS = "/company/contacts/{parentId}/typeAssociations"
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
DELETE: frozenset[WriteVerb] = frozenset({"delete"})


@dataclass(frozen=True, slots=True)
class Kind:
    """What has types: its collection, the name of the field that refers to it, and both collections of associations."""

    owners: str
    owner: str
    types: str
    nested: str
    flat: str
    noun: str  # as names of operations and rules spell it

    @property
    def caption(self) -> str:
        """What texts call a record that has types."""
        return self.owner.capitalize()


COMPANY = Kind(COMPANIES, "company", TYPES, ASSOCIATIONS, "/company/companyTypeAssociations", "CompanyTypeAssociations")
CONTACT = Kind(
    CONTACTS,
    "contact",
    CONTACT_TYPES,
    CONTACT_ASSOCIATIONS,
    "/company/contactTypeAssociations",
    "ContactTypeAssociations",
)
KINDS = (COMPANY, CONTACT)
BY_NESTED = {kind.nested: kind for kind in KINDS}
BY_FLAT = {kind.flat: kind for kind in KINDS}


# -- the nested records ------------------------------------------------------------------------------------------------


def associated_once(change: Change) -> Iterator[Effect]:
    """A record has a type once; its `types` follow its associations."""
    kind, given = BY_NESTED[change.collection], change.after.get("type")
    if not given:
        return
    owner = change.parents[0]
    others = [one["type"] for one in change.look.find(kind.nested, parent=owner) if one["id"] != change.record_id]
    if change.choices.association_twins == "refuse" and any(one["id"] == given["id"] for one in others):
        text = change.choices.association_exists_message
        yield Refuse(FieldError("ObjectExists", text, change.resource, "type"))
    yield Write(kind.owners, owner, with_types(kind, change.look, [*others, given]))


def dissociated(change: Change) -> Iterator[Effect]:
    """A removed association leaves the record's `types`."""
    kind, owner = BY_NESTED[change.collection], change.parents[0]
    kept = [one["type"] for one in change.look.find(kind.nested, parent=owner) if one["id"] != change.record_id]
    yield Write(kind.owners, owner, with_types(kind, change.look, kept))


def with_types(kind: Kind, look: Look, types: list[Record]) -> Record:
    """The fields of a company or contact that follow from its types."""
    values: Record = {"types": [{"id": one["id"]} for one in types]}
    if kind is COMPANY:
        values["isVendorFlag"] = any((look.get(TYPES, one["id"]) or {}).get("vendorFlag") for one in types)
    return values


# -- the flat collection -----------------------------------------------------------------------------------------------


def all_of(kind: Kind) -> View:
    """The flat collection: every association there is."""
    return View(kind.flat, (kind.nested,), None, "assumed", f"Shows the type associations of every {kind.owner}.")


def create(act: Act) -> Record:
    """Associate a type with the company or contact that the body names."""
    kind = BY_FLAT[act.collection]
    owner = meant(act, kind.owners, kind.owner, act.body.get(kind.owner), kind.caption)
    return act.hands.create(kind.nested, (owner["id"],), {"type": act.body.get("type")})


def replace(act: Act) -> Record:
    """Put another type in the place of one."""
    kind = BY_FLAT[act.collection]
    owner = meant(act, kind.owners, kind.owner, act.body.get(kind.owner), kind.caption)
    stays(act, kind, owner["id"])
    return act.hands.replace(kind.nested, act.id, act.raw)


def patch(act: Act) -> Record:
    """Change the type of an association."""
    kind = BY_FLAT[act.collection]
    changed = act.hands.patch(kind.nested, act.id, act.raw)
    stays(act, kind, changed[kind.owner]["id"])
    return changed


def delete(act: Act) -> None:
    """Take a type from a company or contact."""
    act.hands.remove(BY_FLAT[act.collection].nested, act.id)


def stays(act: Act, kind: Kind, owner: int) -> None:
    """An association cannot go over to another company or contact (assumed). Raises InvalidObject."""
    if owner != act.here[kind.owner]["id"]:
        text = act.choices.association_moved_message.format(owner=kind.owner)
        raise act.refuse("InvalidField", text, kind.owner)


def writing(kind: Kind) -> tuple[Action, ...]:
    """The four writes of a flat collection."""
    says = f"Writes the type association under its {kind.owner}."
    return (
        Action(f"postCompany{kind.noun}", create, "assumed", says, status=201),
        Action(f"putCompany{kind.noun}ById", replace, "assumed", says),
        Action(f"patchCompany{kind.noun}ById", patch, "assumed", says),
        Action(f"deleteCompany{kind.noun}ById", delete, "assumed", says),
    )


RULES = (
    Rule("type-association.once", ASSOCIATIONS, WRITES, associated_once, "captured", "A type is associated once."),
    Rule("type-association.removed", ASSOCIATIONS, DELETE, dissociated, "documented", "The types follow."),
    Rule(
        "contact-type-association.once",
        CONTACT_ASSOCIATIONS,
        WRITES,
        associated_once,
        "assumed",
        "A contact has a type once.",
    ),
    Rule("contact-type-association.removed", CONTACT_ASSOCIATIONS, DELETE, dissociated, "assumed", "The types follow."),
)
ACTIONS = tuple(action for kind in KINDS for action in writing(kind))
VIEWS = tuple(map(all_of, KINDS))
