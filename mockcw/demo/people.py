"""Technicians, contacts with their ways to be reached, company teams, and what companies know of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from mockcw.demo.ledger import Record
from mockcw.demo.mold import Mold, blank, gap
from mockcw.demo.names import Person
from mockcw.demo.quarter import midnight, moment, stamp
from mockcw.demo.scene import COMPANIES, CONTACTS, SITES, Caller, Client, Scene, Technician

COMMUNICATIONS = "/company/contacts/{parentId}/communications"
CONTACT_TYPES = "/company/contacts/{parentId}/typeAssociations"
TEAMS = "/company/companies/{parentId}/teams"
FINANCE = "/finance/companyFinance"
COMPANY_NOTES = "/company/companies/{parentId}/notes"
CONTACT_NOTES = "/company/contacts/{parentId}/notes"
DIRECT, EMAIL, MOBILE = 1, 2, 4  # rows of the communication types
RELATIONSHIP = 1
MARKETS, OWNERS = 15, 7
BEFORE = -300  # days before the quarter when old contacts were entered


def technician_bodies(people: list[Person], role: int) -> Iterator[Record]:
    """Member records of people who work for the firm."""
    for number, person in enumerate(people, 1):
        identifier = f"{person['first'][0]}{person['last']}"[:12] + str(number)
        yield {
            "identifier": identifier,
            "licenseClass": "F",
            "firstName": person["first"],
            "lastName": person["last"],
            "hireDate": f"20{10 + number % 14}-0{1 + number % 9}-01T00:00:00Z",
            "officeEmail": f"{identifier.lower()}@msp.example",
            "primaryEmail": f"{identifier.lower()}@msp.example",
            "officePhone": person["phone"],
            "defaultEmail": "Office",
            "defaultPhone": "Office",
            "title": "Engineer" if number % 3 else "Project Manager",
            "inactiveFlag": False,
            "type": {"id": 4 if number % 3 else 6},
            "timeZone": {"id": 1},
            "securityRole": {"id": role},
            "structureLevel": {"id": 1},
            "securityLocation": {"id": 1},
            "defaultLocation": {"id": 1},
            "defaultDepartment": {"id": 1 + number % 2},
            "workRole": {"id": 1 + number % 3},
            "workType": {"id": 1},
            "dailyCapacity": 8.0,
            "hourlyCost": 45.0 + number % 5 * 5,
            "hourlyRate": 150.0,
            "serviceDefaultBoard": {"id": 1 + number % 2},
        }


def technician(record: dict[str, Any]) -> Technician:
    """A stored member as the makers know it."""
    return Technician(record["id"], record["identifier"], f"{record['firstName']} {record['lastName']}")


def meet_clients(scene: Scene) -> None:
    """Find the live companies; the deleted ones have nothing."""
    for one in scene.ledger.records(COMPANIES):
        if not one.get("deletedFlag"):
            address: dict[str, str] = {
                name: one[name] for name in ("addressLine1", "city", "state", "zip") if name in one
            }
            scene.clients.append(Client(one["id"], one["name"], one["site"]["id"], address, one.get("website", "")))


def contacts(scene: Scene, people: list[Person]) -> None:
    """Contacts, each with a phone and an e-mail address; a client's first one is its default."""
    book = Book(scene)
    for number, person in enumerate(people):
        book.enter(scene.client(number), person, number)
    for client in scene.clients:
        belongings(scene, client)


class Book:
    """Writes contacts with their communications; texts and molds that return are made once."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        ledger = self._ledger = scene.ledger
        self._contact = Mold(ledger, CONTACTS, CONTACT)
        self._item = Mold(ledger, COMMUNICATIONS, ITEM)
        self._mail = Mold(ledger, COMMUNICATIONS, ITEM | {"domain": f"@{gap('domain')}"})
        self._type = Mold(ledger, CONTACT_TYPES, {"type": blank("type")})
        self._clients: dict[int, Mapping[str, str]] = {}
        self._shared = {
            **{("type", number): ledger.texts(CONTACTS, {"types": [number]})["types"] for number in range(1, 7)},
            **{("way", number): ledger.texts(COMMUNICATIONS, {"type": number})["type"] for number in range(1, 5)},
            **{("department", n): ledger.texts(CONTACTS, {"department": n})["department"] for n in range(1, 8)},
        }

    def client(self, client: Client) -> Mapping[str, str]:
        """What contacts say of their company."""
        known = self._clients.get(client.id)
        if known is None:
            record = {"company": client.id, "site": client.site, **client.address}
            known = self._clients[client.id] = self._ledger.texts(CONTACTS, record)
        return known

    def enter(self, client: Client, person: Person, number: int) -> None:
        """One contact with its communications and its type."""
        first, old = not client.callers, stamp(BEFORE * 1440 + number * 7 % (300 * 1440))
        updated = stamp(moment(number, self._scene.plan.contacts)) if number % 3 == 0 else old
        name = f"{person['first']} {person['last']}"
        email = f"{person['first']}.{person['last']}{number}@{client.domain}".lower().replace(" ", "").replace("'", "")
        kind = 3 if first else 1 + number % 6
        contact_id = self._ledger.sheet(CONTACTS).next
        moments = {"entered": old, "updated": updated, "by": "Admin"}
        blanks: dict[str, Any] = {
            **self.client(client),
            "first": person["first"],
            "last": person["last"],
            "title": orjson.dumps(person["title"]).decode(),
            "phone": person["phone"],
            "department": self._shared["department", 1 + number % 7],
            "inactive": "true" if not first and number % 17 == 16 else "false",
            "level": 6 if first else 1,
            "portal": "false" if first else "true",
            "silent": "true" if number % 23 == 22 else "false",
            "leads": "true" if first else "false",
            "guid": self._scene.variety.guid(number, 1),
            "items": ",".join(self.ways(contact_id, person["phone"], email, number, moments)),
            "types": self._shared["type", kind],
            **moments,
        }
        self._contact.pour(blanks, {"firstName": person["first"], "lastName": person["last"]})
        self._type.pour({"type": self._shared["type", kind][1:-1], **moments}, parent=contact_id)
        if number % 10 == 0:
            note = {"contactId": contact_id, "text": "Prefers to be called in the morning.", "type": 1}
            note |= {"enteredBy": "Admin", "flagged": False}
            self._ledger.put(CONTACT_NOTES, note, parent=contact_id, entered=updated)
        client.callers.append(Caller(contact_id, name, person["phone"], email))

    def ways(self, contact_id: int, phone: str, email: str, number: int, moments: dict[str, str]) -> Iterator[str]:
        """The ways to reach a contact: written as records of their own, given back as the contact shows them."""
        domain = email.rpartition("@")[2]
        ways = [(DIRECT, phone, "Phone"), (EMAIL, email, "Email")]
        if number % 4 == 0:
            ways.append((MOBILE, phone[::-1], "Phone"))
        for kind, value, channel in ways:
            way, default = self._shared["way", kind], "false" if kind == MOBILE else "true"
            blanks: dict[str, Any] = {"type": way, "value": value, "default": default, "channel": channel, **moments}
            blanks |= {"guid": self._scene.variety.guid(number * 4 + kind, 2), "domain": domain}
            item_id = (self._mail if kind == EMAIL else self._item).pour(blanks, parent=contact_id)
            mail = f',"domain":"@{domain}"' if kind == EMAIL else ""
            yield (
                f'{{"id":{item_id},"type":{way},"value":"{value}","defaultFlag":{default}{mail},'
                f'"communicationType":"{channel}"}}'
            )


CONTACT: Record = {
    "firstName": gap("first"),
    "lastName": gap("last"),
    **{
        name: blank(name) for name in ("company", "site", "addressLine1", "city", "state", "zip", "department", "title")
    },
    "country": 1,
    "relationship": RELATIONSHIP,
    "inactiveFlag": blank("inactive"),
    "marriedFlag": False,
    "childrenFlag": False,
    "portalSecurityLevel": blank("level"),
    "disablePortalLoginFlag": blank("portal"),
    "unsubscribeFlag": blank("silent"),
    "mobileGuid": gap("guid"),
    "defaultPhoneType": "Direct",
    "defaultPhoneNbr": gap("phone"),
    "defaultBillingFlag": blank("leads"),
    "defaultFlag": blank("leads"),
    "companyLocation": 1,
    "communicationItems": [blank("items")],
    "types": blank("types"),
}
ITEM: Record = {
    "contactId": blank("parent"),
    "type": blank("type"),
    "value": gap("value"),
    "defaultFlag": blank("default"),
    "mobileGuid": gap("guid"),
    "communicationType": gap("channel"),
}


def belongings(scene: Scene, client: Client) -> None:
    """What a client has once: its team, its finance record, the fields that refer to its first contact."""
    ledger, number = scene.ledger, client.id
    for role, flag in ((1, "accountManagerFlag"), (2, "techFlag")):
        member = scene.technician(number, role + 10).id
        flags = {"accountManagerFlag": False, "techFlag": False, "salesFlag": False, flag: True}
        ledger.put(TEAMS, {"teamRole": role, "member": member, "location": 1, "department": 1, **flags}, parent=number)
    bills = ("billOverrideFlag", "billSrFlag", "billCompleteSrFlag", "billUnapprovedSrFlag", "billRestrictPmFlag")
    flags = dict.fromkeys((*bills, "billCompletePmFlag", "billUnapprovedPmFlag"), False)
    ledger.put(FINANCE, {**flags, "emailTemplate": 1, "company": number})
    if number % 3 == 0:
        note = {"text": f"Quarterly review with {client.callers[0].name}.", "type": 1, "enteredBy": "Admin"}
        ledger.put(COMPANY_NOTES, {**note, "flagged": False}, parent=number, entered=midnight(number % 60))
    first = client.callers[0].id
    tax, terms = 1 + number % 2, 3 if number % 4 else 2
    ledger.amend(
        COMPANIES,
        number,
        {
            "country": 1,
            "market": 1 + number % MARKETS,
            "ownershipType": 1 + number % OWNERS,
            "defaultContact": first,
            "billingContact": first,
            "billingSite": client.site,
            "timeZoneSetup": 1,
            "calendar": 1,
            "taxCode": tax,
            "billingTerms": terms,
            "invoiceTemplate": 1,
            "invoiceDeliveryMethod": {"id": 1, "name": "Mail"},
            "currency": 1,
            "territoryManager": scene.technician(number, 11).id,
        },
    )
    state = client.address.get("state")
    ledger.amend(SITES, client.site, {"country": 1, "taxCode": tax, **({"stateReference": state} if state else {})})
