"""What time is charged to, and what an entry takes from it: the cascade from charge to member to setup tables.

The cascade's order is known from users of the API and not from a guide (assumed); that there is one is documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockcw.engine.change import Look, Record
from mockcw.errors import FieldError
from mockcw.rules.money import money, number

AGREEMENTS = "/finance/agreements"
COMPANIES = "/company/companies"
MEMBERS = "/system/members"
WORK_ROLES = "/time/workRoles"
WORK_TYPES = "/time/workTypes"
TIME_EXPENSE = "/system/myCompany/timeExpense"
CHARGES = {  # kind of charge: its collection and its name in error texts
    "ServiceTicket": ("/service/tickets", "Ticket"),
    "ProjectTicket": ("/project/tickets", "Project Ticket"),
    "ChargeCode": ("/time/chargeCodes", "Charge Code"),
    "Activity": ("/sales/activities", "Activity"),
}
TICKET_TEXTS = {"ticketBoard": "board", "ticketStatus": "status", "ticketType": "type", "ticketSubType": "subType"}
NUMBERED = {"location": "locationId", "department": "businessUnitId"}  # older clients give bare numbers
TAKEN = ("company", "agreement", "location", "department", "workRole", "workType")
FROM_MEMBER = {
    "workRole": "workRole",
    "workType": "workType",
    "location": "defaultLocation",
    "department": "defaultDepartment",
}
OTHER_TEXTS = ("addToInternalAnalysisFlag", "addToResolutionFlag")
DISCUSSION = "addToDetailDescriptionFlag"


def charge_problems(look: Look, after: Record, resource: str) -> Iterator[FieldError]:
    """What is wrong with the charge: a number without a kind, or one that leads nowhere."""
    charge_id, kind = after.get("chargeToId"), after.get("chargeToType")
    if charge_id and not kind:
        text = "The chargeToType field is required."
        yield FieldError("MissingRequiredField", text, resource, "chargeToType")
    elif charge_id and kind in CHARGES and charged(look, after) is None:
        yield FieldError("NotFound", f"{CHARGES[kind][1]} {charge_id} not found", resource, "chargeToId")


def charged(look: Look, after: Record) -> Record | None:
    """The record that time is charged to, if it is there."""
    collection, _ = CHARGES.get(after.get("chargeToType") or "", ("", ""))
    return look.get(collection, after.get("chargeToId") or 0) if collection else None


def links(charge: Record, kind: str) -> Record:
    """The references and texts by which an entry shows its charge."""
    found: Record = dict.fromkeys((*TICKET_TEXTS, "ticket", "project", "phase", "activity"))
    if kind == "Activity":
        found["activity"] = brief(charge)
        found["ticket"] = brief(charge.get("ticket"))
    elif kind != "ChargeCode":
        found["ticket"] = brief(charge)
        found |= {name: brief(charge.get(name)) for name in ("project", "phase")}
        found |= {name: (charge.get(source) or {}).get("name") for name, source in TICKET_TEXTS.items()}
    return found


def starting(look: Look, after: Record, actor: str) -> Record:
    """What an entry has that nobody gave it."""
    charge, kind = charged(look, after) or {}, after.get("chargeToType") or ""
    member = referred(look, MEMBERS, after.get("member")) or first(look.find(MEMBERS, identifier=actor)) or {}
    found: Record = {"member": brief(member)}
    found |= {name: brief(charge.get(name)) for name in TAKEN}
    for name, plain in NUMBERED.items():
        if after.get(plain):
            found[name] = {"id": after[plain]}
    for name, source in FROM_MEMBER.items():
        found[name] = found[name] or brief(member.get(source))
    if not found["company"] and not charge:
        own = first(look.find(TIME_EXPENSE)) or {}
        found["company"] = brief(own.get("internalCompany"))
    if not found["workType"]:
        usual = "activityDefaultFlag" if kind == "Activity" else "overallDefaultFlag"
        found["workType"] = brief(first(look.find(WORK_TYPES, **dict[str, Any]({usual: True}))))
    work_type = referred(look, WORK_TYPES, after.get("workType") or found["workType"]) or {}
    role = referred(look, WORK_ROLES, after.get("workRole") or found["workRole"]) or {}
    option = charge.get("billTime")
    found["billableOption"] = option if option not in (None, "NoDefault") else work_type.get("billTime") or "Billable"
    found["hourlyRate"] = role.get("hourlyRate")
    found[DISCUSSION] = bool(after.get("notes")) and not any(after.get(flag) for flag in OTHER_TEXTS)
    return {name: value for name, value in found.items() if value is not None and after.get(name) is None}


def derived(look: Look, entry: Record) -> Record:
    """What an entry repeats of its references, and what its hours come to before anybody adjusts them (assumed)."""
    company = look.get(COMPANIES, (entry.get("company") or {}).get("id") or 0) or {}
    agreement = look.get(AGREEMENTS, (entry.get("agreement") or {}).get("id") or 0) or {}
    location, department = entry.get("location") or {}, entry.get("department") or {}
    found: Record = {
        "locationId": location.get("id"),
        "locationName": location.get("name"),
        "businessUnitId": department.get("id"),
        "businessGroupDesc": department.get("name"),
        "companyType": (first(company.get("types") or []) or {}).get("name"),
        "territory": (company.get("territory") or {}).get("name"),
        "agreementType": (agreement.get("type") or {}).get("name"),
        "hoursDeduct": entry.get("hoursDeduct") or 0.0,
    }
    if not entry.get("invoice"):
        hours = float(entry.get("actualHours") or 0) if entry.get("billableOption") == "Billable" else 0.0
        amount = number(money(hours) * money(entry.get("hourlyRate")))
        found |= {"hoursBilled": hours, "invoiceHours": hours, "extendedInvoiceAmount": amount}
    return found


def brief(record: Record | None) -> Record | None:
    """A reference to a record; the engine fills in what references show."""
    return {"id": record["id"]} if record else None


def referred(look: Look, collection: str, said: Record | None) -> Record | None:
    """The record a reference means, by id, identifier or name."""
    for key in ("id", "identifier", "name"):
        value = (said or {}).get(key)
        if value:
            return first(look.find(collection, **{key: value}))
    return None


def first(found: list[Record]) -> Record | None:
    """The first of the records, if any."""
    return found[0] if found else None
