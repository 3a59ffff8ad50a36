"""Contacts: what makes the record more than its fields, and the writes that reach beyond it.

A contact's communication items are records of their own, its portal password is kept as a digest: so its create,
replace and patch are actions over the generic ones. What no source settles is marked assumed.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Add, Change, Effect, Put, Record, Refuse, Rule, Write, WriteVerb
from mockcw.errors import ContactRefused, FieldError
from mockcw.rules.company.associations import CONTACT_ASSOCIATIONS, CONTACT_TYPES, CONTACTS
from mockcw.rules.company.communications import settle
from mockcw.rules.company.passwords import keep_password, patched
from mockcw.rules.company.sites import COMPANIES, SITES
from mockcw.rules.meant import INT32, nowhere

ITEMS = "communicationItems"
PASSWORD = "portalPassword"
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
CREATE: frozenset[WriteVerb] = frozenset({"create"})
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})


# -- rules -------------------------------------------------------------------------------------------------------------


def defaults(change: Change) -> Iterator[Effect]:
    """A key for phones, and the company's primary site (assumed)."""
    after = change.after
    filled: Record = {"mobileGuid": change.key()}
    company = after.get("company")
    if company and not after.get("site"):
        for site in change.look.find(SITES, parent=company["id"], primaryAddressFlag=True):
            filled["site"] = {"id": site["id"]}
    yield Put(filled)


def types_on_create(change: Change) -> Iterator[Effect]:
    """Types given on create, as references or as ids, become type associations."""
    given = [one["id"] for one in change.after.get("types") or [] if one]
    kinds = dict.fromkeys([*given, *(change.after.get("typeIds") or [])])
    known = [kind for kind in kinds if kind and 0 < kind < INT32 and change.look.get(CONTACT_TYPES, kind)]
    yield Put({"types": [{"id": kind} for kind in known], "typeIds": None})
    for kind in kinds:
        if kind in known:
            yield Add(CONTACT_ASSOCIATIONS, change.record_id, {"type": {"id": kind}})
        else:
            text = f"Contact Type {kind} not found"
            yield Refuse(FieldError("NotFound", text, change.resource, "typeIds"))


def short_names(change: Change) -> Iterator[Effect]:
    """Names are as long as a member's at most (assumed); what is stored already stays."""
    longest, before = change.choices.contact_name_length, change.before or {}
    for name in ("firstName", "lastName"):
        text = change.after.get(name)
        if longest and isinstance(text, str) and len(text) > longest and text != before.get(name):
            said = change.choices.too_long_message.format(field=name, length=longest)
            yield Refuse(FieldError(change.choices.too_long_code, said, change.resource, name))


def follows_later(change: Change) -> Iterator[Effect]:
    """Types change through their associations only; items that a PUT leaves out stay (several integrations say so)."""
    before = change.before or {}
    kept = {"types": before.get("types", [])}
    if change.verb == "replace" and ITEMS not in change.given:
        kept[ITEMS] = before.get(ITEMS, [])
    yield Put(kept)


def one_default(change: Change) -> Iterator[Effect]:
    """A company has one default contact: a new one takes the mark from the old and is the company's (assumed)."""
    company, held = change.after.get("company"), (change.before or {}).get("company")
    if change.choices.default_contacts == "many":
        return
    if held and held["id"] != (company or {}).get("id"):  # who goes over to another company is the old one's no more
        old = (change.look.get(COMPANIES, held["id"]) or {}).get("defaultContact") or {}
        if old.get("id") == change.record_id:
            yield Write(COMPANIES, held["id"], {"defaultContact": None})
    if not company or not change.after.get("defaultFlag"):
        return
    for other in change.look.find(CONTACTS, company__id=company["id"], defaultFlag=True):
        if other["id"] != change.record_id:
            yield Write(CONTACTS, other["id"], {"defaultFlag": False})
    present = (change.look.get(COMPANIES, company["id"]) or {}).get("defaultContact") or {}
    if present.get("id") != change.record_id:
        yield Write(COMPANIES, company["id"], {"defaultContact": {"id": change.record_id}})


# -- actions -----------------------------------------------------------------------------------------------------------


def create(act: Act) -> Record:
    """Add a contact with its communication records and its password."""
    body = dict(act.body)
    items, password = body.pop(ITEMS, None), body.pop(PASSWORD, None)
    made = act.hands.create(CONTACTS, (), body)
    keep_password(act, made["id"], password)
    whole = settle(act, made["id"], items) if items else made
    if not body.get("ignoreDuplicates") and act.choices.contact_twins == "refuse" and twin_of(act, whole):
        raise ContactRefused(act.choices.contact_exists_message)
    return whole


def twin_of(act: Act, contact: Record) -> Record | None:
    """Another contact of the company with the same name and one of the same e-mail addresses."""
    mails, company = emails(contact), contact.get("company")
    if not mails or not company:
        return None
    names = {name: contact[name] for name in ("firstName", "lastName") if contact.get(name)}
    others = act.look.find(CONTACTS, company__id=company["id"], **names)
    return next((one for one in others if one["id"] != contact["id"] and emails(one) & mails), None)


def emails(contact: Record) -> set[str]:
    """A contact's e-mail addresses, in small letters."""
    items = contact.get(ITEMS) or []
    return {str(one.get("value")).lower() for one in items if one.get("communicationType") == "Email"}


def replace(act: Act) -> Record:
    """Put a body in a contact's place."""
    kept = act.hands.replace(CONTACTS, act.id, act.raw)
    keep_password(act, act.id, act.body.get(PASSWORD))
    return settle(act, act.id, act.body[ITEMS] or []) if ITEMS in act.body else kept


def patch(act: Act) -> Record:
    """Apply operations to a contact; index paths reach its communication items (captured)."""
    changed = act.hands.patch(CONTACTS, act.id, act.raw)
    keep_password(act, act.id, patched(act.raw, PASSWORD))
    if changed.get(ITEMS, []) != act.here.get(ITEMS, []):
        return settle(act, act.id, changed.get(ITEMS, []))
    return changed


def delete(act: Act) -> None:
    """Remove a contact; another one first takes over what refers to it, when the caller names one."""
    heir = act.query.get("transfercontactid")
    if heir:
        number = int(heir) if heir.isascii() and heir.isdecimal() and len(heir) < 10 else 0
        if number == act.id or act.look.get(CONTACTS, number) is None:
            raise nowhere(act, "Contact", heir, "transferContactId")
        act.hands.repoint(CONTACTS, act.id, number)
    act.hands.remove(CONTACTS, act.id)


RULES = (
    Rule("contact.defaults", CONTACTS, CREATE, defaults, "assumed", "The server fills in what it can."),
    Rule("contact.names", CONTACTS, WRITES, short_names, "assumed", "Names of contacts have a longest length."),
    Rule("contact.types", CONTACTS, CREATE, types_on_create, "documented", "Types given on create are associated."),
    Rule("contact.types-later", CONTACTS, LATER, follows_later, "assumed", "Types and items have writes of their own."),
    Rule("contact.one-default", CONTACTS, WRITES, one_default, "assumed", "A company has one default contact."),
)
ACTIONS = (
    Action("postCompanyContacts", create, "captured", "Communication items get ids and domains.", status=201),
    Action("putCompanyContactsById", replace, "assumed", "Items left out stay, items given are replaced."),
    Action("patchCompanyContactsById", patch, "captured", "Index paths reach communication items."),
    Action("deleteCompanyContactsById", delete, "documented", "transferContactId takes over what refers to it."),
)
