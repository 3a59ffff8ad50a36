"""Merging one company into another: what the one has goes over as the body says, the other one stays.

The surface documents the body; what each choice does to which record is assumed from its name. What the body gives no
choice about (agreements, configurations, invoices, time ...) goes over, too: the company it belonged to is gone.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record
from mockcw.rules.company.associations import CONTACTS
from mockcw.rules.company.sites import COMPANIES, FLAGS, SITES
from mockcw.rules.company.statuses_types import ASSOCIATIONS
from mockcw.rules.meant import meant
from mockcw.rules.papers import hand_over
from mockcw.rules.shapes import success

NOTES = "/company/companies/{parentId}/notes"
FIELDS = {  # choices of the body, and the fields of a company each stands for
    "name": ("name",),
    "status": ("status",),
    "primaryAddress": ("addressLine1", "addressLine2", "city", "state", "zip", "country"),
    "primaryContact": ("defaultContact",),
    "phone": ("phoneNumber",),
    "fax": ("faxNumber",),
    "website": ("website",),
    "market": ("market",),
    "territory": ("territory",),
    "revenue": ("annualRevenue",),
    "revenueYear": ("revenueYear",),
    "numberOfEmployees": ("numberOfEmployees",),
    "sicCode": ("sicCode",),
    "dateAcquired": ("dateAcquired",),
    "timeZone": ("timeZoneSetup",),
    "sourceList": ("leadSource",),
    **{f"userDefinedField{number}": (f"userDefinedField{number}",) for number in range(1, 11)},
    "billingAddress": ("billingSite",),
    "billingContact": ("billingContact",),
    "taxCode": ("taxCode",),
    "accountNumber": ("accountNumber",),
    "billingTerms": ("billingTerms",),
}
OPTIONAL = {  # collections that go over only when the body says Merge
    "activities": "/sales/activities",
    "opportunities": "/sales/opportunities",
    "services": "/service/tickets",
    "projects": "/project/projects",
    "contacts": CONTACTS,
}
PLACES = ("company", "site")
LEFT = ("site", "billingSite", "billToCompany", "parentCompany")  # what a merged company keeps of its own


def merge(act: Act) -> Record:
    """Carry out a merge: the company of the path goes into the one of the body and to the recycle bin."""
    source = act.here
    target = meant(act, COMPANIES, "toCompanyId", act.body["toCompanyId"], "Company")
    if target["id"] == source["id"] or target.get("deletedFlag"):
        raise act.refuse("InvalidField", act.choices.merge_target_message, "toCompanyId")
    values = chosen(act, source)
    staying = list(left_behind(act, source["id"]))
    heirs = moved_sites(act, source, target)
    if values.get("billingSite"):
        values["billingSite"] = {"id": heirs.get(values["billingSite"]["id"], values["billingSite"]["id"])}
    act.hands.repoint(COMPANIES, source["id"], target["id"])
    for collection, record in staying:
        act.hands.set(collection, record["id"], {name: record.get(name) for name in PLACES if name in record})
    act.hands.set(COMPANIES, source["id"], {**{name: source.get(name) for name in LEFT}, "defaultContact": None})
    if (target.get("parentCompany") or {}).get("id") == source["id"]:
        values["parentCompany"] = None  # a company is not its own parent
    one_default_contact(act, target["id"], values.get("defaultContact") or target.get("defaultContact"))
    if merging(act, "notes"):
        moved_notes(act, source["id"], target["id"])
    if merging(act, "documents"):
        hand_over(act, "Company", source["id"], target["id"])
    if act.body.get("type") == "From":
        same_types(act, source["id"], target["id"])
    if act.body.get("identifier") == "From":
        act.hands.set(COMPANIES, source["id"], {"identifier": target["identifier"]})
        values["identifier"] = source["identifier"]
    if values:
        act.hands.change(COMPANIES, target["id"], values)
    act.hands.remove(COMPANIES, source["id"])
    return success(act.choices.merged_message.format(source=source["id"], target=target["id"]))


def merging(act: Act, choice: str) -> bool:
    """Whether the body lets a kind of records go over; what it does not mention stays (assumed)."""
    return bool(act.body.get(choice) == "Merge")


def chosen(act: Act, source: Record) -> Record:
    """The fields of the merged company that win over those of the one that stays."""
    return {
        name: source.get(name)
        for choice, names in FIELDS.items()
        if act.body.get(choice) == "From"
        for name in names
        if source.get(name) is not None or len(names) > 1  # an address goes over whole
    }


def left_behind(act: Act, source: int) -> Iterator[tuple[str, Record]]:
    """The records of the merged company that the body discards: they stay with it."""
    for choice, collection in OPTIONAL.items():
        if not merging(act, choice):
            for record in act.look.find(collection, company__id=source):
                yield collection, record


def one_default_contact(act: Act, company: int, default: Record | None) -> None:
    """Of the contacts a company has now, one is the default."""
    for contact in act.look.find(CONTACTS, company__id=company):
        is_default = default is not None and contact["id"] == default["id"]
        if bool(contact.get("defaultFlag")) != is_default:
            act.hands.set(CONTACTS, contact["id"], {"defaultFlag": is_default})


def moved_sites(act: Act, source: Record, target: Record) -> dict[int, int]:
    """Each site gets a successor: itself under the other company, or that company's primary site; ids by ids.

    Sites that go over are nobody's primary, billing, shipping or mailing site there; one whose name the other company
    has already becomes that one. The merged company keeps its own site.
    """
    there = act.look.find(SITES, parent=target["id"])
    primary = next((one for one in there if one.get("primaryAddressFlag")), None)
    names = {str(one["name"]).lower(): one for one in there}
    heirs: dict[int, int] = {}
    for site in act.look.find(SITES, parent=source["id"]):
        heir = names.get(str(site["name"]).lower()) if merging(act, "sites") else primary
        if heir is None and merging(act, "sites"):
            fields = {name: value for name, value in site.items() if name not in ("id", "_info", "company", *FLAGS)}
            heir = act.hands.create(SITES, (target["id"],), fields)
        if heir is not None:
            act.hands.repoint(SITES, site["id"], heir["id"])
            heirs[site["id"]] = heir["id"]
        if merging(act, "sites") and not site.get("primaryAddressFlag"):
            act.hands.erase(SITES, site["id"])
    return heirs


def moved_notes(act: Act, source: int, target: int) -> None:
    """The notes go over under their own dates' order."""
    for note in act.look.find(NOTES, parent=source):
        fields = {name: value for name, value in note.items() if name not in ("id", "_info", "company")}
        act.hands.create(NOTES, (target,), fields)
        act.hands.erase(NOTES, note["id"])


def same_types(act: Act, source: int, target: int) -> None:
    """The company that stays has the types of the merged one."""
    wanted = {one["type"]["id"] for one in act.look.find(ASSOCIATIONS, parent=source)}
    for one in act.look.find(ASSOCIATIONS, parent=target):
        if one["type"]["id"] not in wanted:
            act.hands.remove(ASSOCIATIONS, one["id"])
        wanted.discard(one["type"]["id"])
    for kind in sorted(wanted):
        act.hands.create(ASSOCIATIONS, (target,), {"type": {"id": kind}})


ACTIONS = (
    Action(
        "postCompanyCompaniesByIdMerge",
        merge,
        "assumed",
        "The company goes into the other one field by field and kind by kind, and to the recycle bin.",
    ),
)
