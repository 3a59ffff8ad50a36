"""Locations, departments and what goes with what: lists read from both sides. Also the mailboxes of a mail set-up.

Which pairs are legal is documented to be listed; that a work role without locations is good everywhere is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Asking, View
from mockcw.engine.change import Look, Record

LOCATIONS = "/system/locations"
DEPARTMENTS = "/system/departments"
PAIRS = "/system/departments/{parentId}/locations"
WORK_ROLES = "/time/workRoles"
MEMBERS = "/system/members"
OFFICE365 = "/system/office365/emailSetups"


def named(record: Record) -> Record:
    """A reference to a record."""
    return {name: record[name] for name in ("id", "identifier", "name") if name in record}


def departments(look: Look, asking: Asking) -> Iterator[Record]:
    """The departments of a location, by their ids: those paired with it, and those it lists itself."""
    location = look.get(LOCATIONS, asking.parent) or {}
    found = {pair["department"]["id"]: pair for pair in look.find(PAIRS, location__id=asking.parent)}
    for number, pair in found.items():
        yield {"id": number, "location": pair["location"], "department": pair["department"], "_info": pair["_info"]}
    for number in dict.fromkeys(location.get("departmentIds") or ()):
        department = look.get(DEPARTMENTS, number)
        if department is not None and number not in found:
            yield {"id": number, "location": named(location), "department": named(department)}


def work_roles(look: Look, asking: Asking) -> Iterator[Record]:
    """The work roles that may be used at a location, by their ids."""
    location = look.get(LOCATIONS, asking.parent) or {}
    listed = set(location.get("workRoleIds") or ())
    for role in look.find(WORK_ROLES):
        places = role.get("locationIds") or ()
        if not places or asking.parent in places or role["id"] in listed:
            yield {
                "id": role["id"],
                "location": named(location),
                "workRole": named(role),
                "workRoleInactiveFlag": bool(role.get("inactiveFlag")),
                "_info": role.get("_info"),
            }


def department_locations(look: Look, _: Asking) -> Iterator[Record]:
    """Every legal pair of a department and a location."""
    return iter(look.find(PAIRS))


def emails(look: Look, asking: Asking) -> Iterator[Record]:
    """The mailboxes that an authorized set-up sees: those of the members."""
    setup = look.get(OFFICE365, asking.parent) or {}
    for member in look.find(MEMBERS) if setup.get("authorizedFlag") else ():
        address = member.get("officeEmail") or member.get("primaryEmail")
        if address:
            name = f"{member.get('firstName', '')} {member.get('lastName', '')}".strip()
            yield {"id": str(member["id"]), "displayName": name, "userPrincipalName": address}


VIEWS = (
    View(f"{LOCATIONS}/{{parentId}}/departments", (LOCATIONS, DEPARTMENTS, PAIRS), departments, "assumed", "By id."),
    View(f"{LOCATIONS}/{{parentId}}/workRoles", (LOCATIONS, WORK_ROLES), work_roles, "assumed", "By id."),
    View("/system/info/departmentlocations", (PAIRS,), department_locations, "documented", "The legal pairs."),
    View(f"{OFFICE365}/{{id}}/getEmails", (OFFICE365, MEMBERS), emails, "assumed", "The members' mailboxes."),
)
