"""Members leave: what they held goes to others, and open time sheets are in the way.

That every role held needs a replacement and that open time sheets stand in the way is documented; where each role is
kept follows the models, and the texts are assumed.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record

MEMBERS = "/system/members"
SHEETS = "/time/sheets"
ENTRIES = "/time/entries"
DEPARTMENTS = "/system/departments/{parentId}/locations"
STRUCTURE = "/system/myCompany/corporateStructure"
ACTIONS_OF_EVENTS = "/system/workflows/{grandparentId}/events/{parentId}/actions"
HELD: Mapping[str, tuple[str, str]] = {
    "activity": ("/sales/activities", "assignTo"),
    "serviceTeam": ("/service/boards/{parentId}/teams", "teamLeader"),
    "companyTeam": ("/company/companies/{parentId}/teams", "member"),
    "workflowEmail": (ACTIONS_OF_EVENTS, "specificMemberTo"),
    "sendFromEmailNotify": (ACTIONS_OF_EVENTS, "specificMemberFrom"),
    "ticketTemplate": ("/service/templates", "assignedBy"),
    "opportunity": ("/sales/opportunities", "primarySalesRep"),
    "salesTeam": ("/sales/opportunities", "secondarySalesRep"),
    "projectManager": ("/project/projects", "manager"),
    "projectTimeApprover": ("/project/projects", "timeApprover"),
    "projectExpenseApprover": ("/project/projects", "expenseApprover"),
    "myCompanyPresident": (STRUCTURE, "president"),
    "myCompanyCOO": (STRUCTURE, "chiefOperatingOfficer"),
    "myCompanyController": (STRUCTURE, "controller"),
    "myCompanyDispatch": (STRUCTURE, "dispatcher"),
    "myCompanyServiceManager": (STRUCTURE, "serviceManager"),
    "myCompanyDutyManagerRole": (STRUCTURE, "dutyManager"),
    "departmentManager": (DEPARTMENTS, "departmentManager"),
    "dispatchMember": (DEPARTMENTS, "dispatch"),
    "serviceManager": (DEPARTMENTS, "serviceManager"),
    "dutyManager": (DEPARTMENTS, "dutyManager"),
}
LISTED = frozenset({"companyTeam"})  # given as a list of teams, each with a member of its own


def deactivate(act: Act) -> Record:
    """Hand over every role the member holds, then make the member inactive; how much was handed over comes back."""
    done: Record = {}
    problems = []
    for role, (collection, field) in HELD.items():
        held = act.look.find(collection, **{f"{field}__id": act.id})
        if not held:
            continue
        lines = []
        for record in held:
            other = replacement(act, role, record["id"])
            if other is None:
                problems.append(act.refuse("MissingRequiredField", act.choices.member_replacement_message, role))
                break
            act.hands.set(collection, record["id"], {field: {"id": other}})
            lines.append({"id": record["id"], "count": 1, "reAssignToMember": {"id": other}})
        done[role] = lines if role in LISTED else {**(act.body.get(role) or {}), "count": len(held)}
    if problems:
        raise type(problems[0]).of(act.resource, *(error for one in problems for error in one.errors))
    sheets = open_sheets(act)
    if sheets and not act.body.get("deleteOpenTimeSheetsFlag"):
        raise act.refuse("InvalidField", act.choices.member_sheets_message, "deleteOpenTimeSheetsFlag")
    for sheet in sheets:
        act.hands.erase(SHEETS, sheet["id"])
    leave(act, act.id)
    return {**done, "deleteOpenTimeSheetsFlag": bool(act.body.get("deleteOpenTimeSheetsFlag"))}


def replacement(act: Act, role: str, record_id: int) -> int | None:
    """The member that takes over a role, for a list the one named for this record; None where none is named."""
    given = act.body.get(role)
    for one in given if isinstance(given, list) else [given]:
        named = (one or {}).get("reAssignToMember") or {}
        if (role in LISTED and (one or {}).get("id") != record_id) or not named:
            continue
        if named.get("id"):
            other = act.look.get(MEMBERS, named["id"])
        else:
            other = next(iter(act.look.find(MEMBERS, identifier=named.get("identifier") or "")), None)
        if other is None or other.get("inactiveFlag") or other["id"] == act.id:
            label = named.get("id") or named.get("identifier")
            raise act.refuse("NotFound", f"Member {label} not found", role)
        return int(other["id"])
    return None


def open_sheets(act: Act) -> list[Record]:
    """The member's time sheets that nobody has submitted."""
    return act.look.find(SHEETS, member__id=act.id, status="Open")


def leave(act: Act, member_id: int) -> None:
    """Make a member inactive; its keys stop working at once."""
    act.hands.set(MEMBERS, member_id, {"inactiveFlag": True, "inactiveDate": act.now})


def unused_sheets(act: Act) -> None:
    """Delete the member's open time sheets that hold no time."""
    for sheet in open_sheets(act):
        if not act.look.find(ENTRIES, timeSheet__id=sheet["id"]):
            act.hands.erase(SHEETS, sheet["id"])


ACTIONS = (
    Action("postSystemMembersByIdDeactivate", deactivate, "documented", "Roles are handed over, then it is inactive."),
    Action("deleteSystemMembersByIdUnusedTimeSheets", unused_sheets, "documented", "Open sheets without time go."),
)
