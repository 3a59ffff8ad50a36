"""Companies: what makes the record more than its fields.

Sources are named at each rule. What no source settles is marked assumed.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Add, Change, Effect, Keep, Put, Record, Refuse, Rule, Write, WriteVerb
from mockcw.errors import FieldError, ServerFault
from mockcw.rules.company.sites import ADDRESS, COMPANIES, FLAGS, SITES, state_named
from mockcw.rules.company.statuses_types import ASSOCIATIONS, STATUSES, TYPES
from mockcw.rules.moments import moment

SERVER_FIELDS = ("deletedFlag", "dateDeleted", "deletedBy", "mobileGuid", "isVendorFlag")
CONTACTS = "/company/contacts"
YEARS = ("yearEstablished", "revenueYear")
DAYS = ("dateAcquired",)
WHERE = ("addressLine1", "addressLine2", "city", "state", "zip", "country")
HOLDERS = (
    CONTACTS,
    "/company/configurations",
    "/service/tickets",
    "/project/projects",
    "/finance/agreements",
    "/finance/invoices",
    "/sales/opportunities",
    "/time/entries",
)
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})


def refuse(change: Change, code: str, text: str, field: str) -> Refuse:
    """An item of the error list about a field of this record."""
    return Refuse(FieldError(code, text, change.resource, field))


def identifier_unique(change: Change) -> Iterator[Effect]:
    """The identifier is taken, in any letter case, by recycled companies too (assumed for both)."""
    identifier = change.after.get("identifier")
    if not identifier or (change.before and change.before.get("identifier") == identifier):
        return
    free = change.choices.recycled_identifiers == "free"
    twins = (one for one in change.look.find(COMPANIES, identifier=identifier) if one["id"] != change.record_id)
    if any(not (free and one.get("deletedFlag")) for one in twins):
        yield refuse(change, "ObjectExists", change.choices.company_exists_message, "identifier")


def main_site(change: Change) -> Iterator[Effect]:
    """A company comes with a site that carries its address; without a name for it: refused or `Main`."""
    site = change.after.get("site") or {}
    name = site.get("name")
    if not name:
        if change.choices.company_site == "require":
            yield refuse(change, "MissingRequiredField", change.choices.site_required_message, "site")
            return
        name = "Main"
    record: Record = {name: change.after[name] for name in ADDRESS if name in change.after}
    state = state_named(change.look, change.after.get("state"))
    if state is not None:
        record["stateReference"] = {"id": state["id"]}
    record |= {"name": name, "inactiveFlag": False, **dict.fromkeys(FLAGS, True)}
    yield Put({"site": None})
    yield Add(SITES, change.record_id, record, refer="site")


def known_state(change: Change) -> Iterator[Effect]:
    """A state is one that is set up (reported, with the text)."""
    given, before = change.after.get("state"), change.before or {}
    if not given or given == before.get("state") or change.choices.company_state == "any":
        return
    if state_named(change.look, given) is None:
        yield refuse(change, "NotFound", f"State {given} not found", "state")


def defaults(change: Change) -> Iterator[Effect]:
    """What the server fills in: the default status and type, the creator's territory, flags (assumed from records)."""
    after = change.after
    filled: Record = {
        "leadFlag": after.get("leadFlag") or False,
        "unsubscribeFlag": after.get("unsubscribeFlag") or False,
        "deletedFlag": False,
        "dateDeleted": None,
        "deletedBy": None,
        "mobileGuid": change.key(),
        "dateAcquired": after.get("dateAcquired") or change.now,
    }
    if not after.get("status"):
        filled |= {"status": reference(change.look.find(STATUSES, defaultFlag=True))}
    if not after.get("types"):
        kind = reference(change.look.find(TYPES, defaultFlag=True))
        filled |= {"types": [kind] if kind else []}
    if not after.get("territory") and change.actor_location:
        filled |= {"territory": {"id": change.actor_location}}
    yield Put(filled)
    yield Write(COMPANIES, change.record_id, {"billToCompany": after.get("billToCompany") or {"id": change.record_id}})


def reference(found: list[Record]) -> Record | None:
    """A reference to the first of the records, if any."""
    return {"id": found[0]["id"]} if found else None


def types_on_create(change: Change) -> Iterator[Effect]:
    """Each type given on create becomes a type association, and a vendor type makes the company a vendor."""
    kinds = [one for one in change.after.get("types") or [] if one]
    for kind in kinds:
        yield Add(ASSOCIATIONS, change.record_id, {"type": {"id": kind["id"]}})
    yield Put({"isVendorFlag": any((change.look.get(TYPES, kind["id"]) or {}).get("vendorFlag") for kind in kinds)})


def types_later(change: Change) -> Iterator[Effect]:
    """Types are settable on create only; afterwards through type associations (captured)."""
    if "types" in change.given and change.choices.company_types_on_replace == "refuse":
        yield refuse(change, "InvalidField", change.choices.types_create_only_message, "typeIds")
    yield Put({"types": (change.before or {}).get("types", [])})


def server_fields(change: Change) -> Iterator[Effect]:
    """Fields the server owns keep their value, whatever is sent; a company is never without its site."""
    before = change.before or {}
    yield Put({name: before.get(name) for name in SERVER_FIELDS})
    if not change.after.get("site"):
        yield Put({"site": before.get("site")})


def years(change: Change) -> Iterator[Effect]:
    """Years lie between 1900 and 9999; the whole stored record is checked again at every write (captured)."""
    whole = change.verb != "patch" or change.choices.company_revalidation == "whole"
    for field in YEARS if whole else [name for name in YEARS if name in change.given]:
        year = change.after.get(field)
        if isinstance(year, int) and not 1900 <= year <= 9999:
            text = change.choices.out_of_range_message.format(field=field, low=1900, high=9999)
            yield refuse(change, "OutOfRange", text, field)


def days(change: Change) -> Iterator[Effect]:
    """A date that is none fails every later write, whatever the write is about (captured). Raises ServerFault."""
    whole = change.choices.company_revalidation == "whole"
    for field in DAYS:
        if (whole or field in change.given) and change.after.get(field) and moment(change.after[field]) is None:
            raise ServerFault("String was not recognized as a valid DateTime.")
    return
    yield


def address(change: Change) -> Iterator[Effect]:
    """The schema asks for a part of an address; whether the server does is not known (off by default)."""
    if change.choices.company_address == "require" and not any(change.after.get(name) for name in WHERE):
        text = change.choices.company_address_message
        yield refuse(change, "MissingRequiredField", text, WHERE[0])


def used_stays(change: Change) -> Iterator[Effect]:
    """A company that others refer to goes to the recycle bin all the same, or stays (assumed). Raises Conflict."""
    if change.choices.used_company_delete == "refuse":
        for collection in HOLDERS:
            if change.look.find(collection, company__id=change.record_id):
                raise change.in_use()
    return
    yield


def address_to_site(change: Change) -> Iterator[Effect]:
    """A changed address goes to the primary site (assumed)."""
    before = change.before or {}
    changed: Record = {name: change.after.get(name) for name in ADDRESS if change.after.get(name) != before.get(name)}
    if change.after.get("state") != before.get("state"):
        state = state_named(change.look, change.after.get("state"))
        changed["stateReference"] = {"id": state["id"]} if state else None
    if not changed or change.choices.company_address_follows == "no":
        return
    for site in change.look.find(SITES, parent=change.record_id, primaryAddressFlag=True):
        yield Write(SITES, site["id"], changed)


def default_contact(change: Change) -> Iterator[Effect]:
    """The contact that a company names its default one carries the mark, and no other one does (assumed)."""
    chosen = (change.after.get("defaultContact") or {}).get("id")
    was = ((change.before or {}).get("defaultContact") or {}).get("id")
    if chosen == was or change.choices.default_contacts == "many":
        return
    for contact in change.look.find(CONTACTS, company__id=change.record_id, defaultFlag=True):
        if contact["id"] != chosen:
            yield Write(CONTACTS, contact["id"], {"defaultFlag": False})
    contact = change.look.get(CONTACTS, chosen or 0) or {}
    if (contact.get("company") or {}).get("id") == change.record_id and not contact.get("defaultFlag"):
        yield Write(CONTACTS, contact["id"], {"defaultFlag": True})


def soft_delete(change: Change) -> Iterator[Effect]:
    """A deleted company moves to the recycle bin: flagged, still listed (reported by several integrations)."""
    yield Keep({"deletedFlag": True, "dateDeleted": change.now, "deletedBy": change.actor})


LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
CREATE: frozenset[WriteVerb] = frozenset({"create"})
RULES = (
    Rule("company.identifier-unique", COMPANIES, WRITES, identifier_unique, "captured", "A company id is used once."),
    Rule("company.years", COMPANIES, WRITES, years, "captured", "Years lie between 1900 and 9999."),
    Rule("company.site", COMPANIES, CREATE, main_site, "captured", "A company has a site from the start.", early=True),
    Rule("company.defaults", COMPANIES, CREATE, defaults, "assumed", "The server fills in what it can."),
    Rule("company.state", COMPANIES, WRITES, known_state, "documented", "A company's state is one that is set up."),
    Rule("company.types", COMPANIES, CREATE, types_on_create, "documented", "Types given on create are associated."),
    Rule("company.types-later", COMPANIES, LATER, types_later, "captured", "Types are not writable later.", early=True),
    Rule("company.server-fields", COMPANIES, LATER, server_fields, "assumed", "Server-owned fields stay."),
    Rule("company.address", COMPANIES, LATER, address_to_site, "assumed", "The primary site follows the address."),
    Rule("company.default-contact", COMPANIES, LATER, default_contact, "assumed", "Its default contact is marked."),
    Rule("company.days", COMPANIES, LATER, days, "captured", "A date that is none fails every later write."),
    Rule("company.address-given", COMPANIES, CREATE, address, "documented", "A part of an address, where wanted."),
    Rule("company.used-stays", COMPANIES, frozenset({"delete"}), used_stays, "assumed", "One in use may stay."),
    Rule("company.recycle-bin", COMPANIES, frozenset({"delete"}), soft_delete, "documented", "A delete is soft."),
)
