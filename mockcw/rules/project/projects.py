"""Projects and their phases: what a new one starts with, and the work plan.

Knows tickets only by their path.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Change, Effect, Look, Put, Record, Rule
from mockcw.rules.tickets import BOARDS, WHOLE, WRITES, default_row, reference

PROJECTS = "/project/projects"
PHASES = f"{PROJECTS}/{{parentId}}/phases"
STATUSES = "/project/statuses"
TYPES = "/project/projectTypes"
PHASE_STATUSES = "/project/phaseStatuses"
TIME = "/time/entries"
UNCODED = 1 << 31
BILLED = {"billTime": "billTime", "billExpenses": "billExpense", "billProducts": "billProduct"}
SUMS = ("actualHours", "budgetHours", "estimatedHours", "scheduledHours", "percentComplete", "downpayment")
PHASE_SUMS = ("actualHours", "budgetHours", "scheduledHours")
RENAMED = {  # field of the plan: field of the phase
    "scheduled_Hours": "scheduledHours",
    "scheduled_Start": "scheduledStart",
    "scheduled_End": "scheduledEnd",
    "billPhaseSeparately": "billSeparatelyFlag",
}


def project_started(change: Change) -> Iterator[Effect]:
    """The default status, the board's place and billing, the company's site; sums have values (assumed)."""
    after, look = change.after, change.look
    board = look.get(BOARDS, (after.get("board") or {}).get("id") or 0) or {}
    company = look.get("/company/companies", (after.get("company") or {}).get("id") or 0) or {}
    filled: Record = dict.fromkeys(SUMS, 0.0)
    filled |= {name: board.get(source) or "Billable" for name, source in BILLED.items()}
    filled |= {"status": reference(default_row(look, STATUSES)), "billingRateType": "WorkRole"}
    filled |= {"location": board.get("location"), "department": board.get("department")}
    filled |= {name: reference(company.get("site")) for name in ("site", "billToSite", "shipToSite")}
    filled |= {"type": reference(default_row(look, TYPES)), "currency": reference(company.get("currency"))}
    filled |= {"budgetAnalysis": "ActualHours"}
    filled |= {name: reference(company or None) for name in ("billToCompany", "shipToCompany")}
    yield Put({name: value for name, value in filled.items() if value is not None and after.get(name) is None})


def project_closed(change: Change) -> Iterator[Effect]:
    """A project is closed while its status is a closed one (assumed)."""
    status = change.look.get(STATUSES, (change.after.get("status") or {}).get("id") or 0) or {}
    yield Put({"closedFlag": bool(status.get("closedFlag"))})


def phase_started(change: Change) -> Iterator[Effect]:
    """A phase knows its project's number and board; sums have values (assumed)."""
    after, number = change.after, change.parents[0]
    project = change.look.get(PROJECTS, number) or {}
    filled: Record = dict.fromkeys(PHASE_SUMS, 0.0)
    filled |= {name: project.get(name) for name in (*BILLED, "billingMethod", "board", "department", "currency")}
    filled |= {"locationId": (project.get("location") or {}).get("id")}
    filled |= {"businessUnitId": (project.get("department") or {}).get("id")}
    filled |= {"status": reference(default_row(change.look, PHASE_STATUSES))}
    if after.get("wbsCode") is None:
        filled["wbsCode"] = next_code(change.look.find(PHASES, number), after.get("parentPhase"))
    yield Put({name: value for name, value in filled.items() if value is not None and after.get(name) is None})
    yield Put({"projectId": number})


def next_code(phases: list[Record], above: Record | None) -> str:
    """The work breakdown code of the next phase at the top, or under another one (assumed)."""
    outer = (above or {}).get("id")
    beside = [phase for phase in phases if (phase.get("parentPhase") or {}).get("id") == outer]
    under = next((f"{phase['wbsCode']}." for phase in phases if phase["id"] == outer and phase.get("wbsCode")), "")
    return f"{under}{len(beside) + 1}"[-50:]


def workplan(act: Act) -> Record:
    """The phases of the addressed project in order, with the hours worked on them."""
    return plan_of(act.look, act.here["id"])


def plan_of(look: Look, project: int) -> Record:
    """The work plan of a project."""
    phases = sorted(look.find(PHASES, project), key=lambda phase: (in_order(phase.get("wbsCode")), phase["id"]))
    return {"projectId": project, "phases": [planned(look, phase) for phase in phases]}


def planned(look: Look, phase: Record) -> Record:
    """A phase as the work plan shows it; hours are those of the time entered on its tickets."""
    names = ("id", "projectId", "description", "status", "parentPhase", "wbsCode", "markAsMilestoneFlag", "notes")
    row = {name: phase.get(name) for name in (*names, "startDate", "endDate", "budgetHours", "_info")}
    row |= {name: phase.get(source) for name, source in RENAMED.items()}
    entries = look.find(TIME, phase__id=phase["id"])
    row["actualHours"] = sum(float(one.get("actualHours") or 0) for one in entries)
    row["billableHours"] = sum(
        float(one.get("actualHours") or 0) for one in entries if one.get("billableOption") == "Billable"
    )
    return {name: value for name, value in row.items() if value is not None}


def in_order(code: str | None) -> tuple[int, ...]:
    """A work breakdown code such as 2.10 as something that sorts; what has none comes last."""
    return tuple(int(part) for part in (code or "").split(".") if part.isdecimal()) or (UNCODED,)


def count_one(act: Act) -> Record:
    """The published count under a single team's info: the one record that the path names."""
    return {"count": 1}


RULES = (
    Rule("project.start", PROJECTS, WHOLE, project_started, "assumed", "A project starts from board and company."),
    Rule("project.closed", PROJECTS, WRITES, project_closed, "assumed", "A closed status closes the project."),
    Rule("phase.start", PHASES, WHOLE, phase_started, "assumed", "A phase starts from its project."),
)
ACTIONS = (
    Action("getProjectProjectsByIdProjectWorkplan", workplan, "documented", "A project's phases in order."),
    Action("getProjectBoardsByParentIdTeamsByIdInfoCount", count_one, "assumed", "One record is one."),
)
