"""Project tickets and issues: they belong to a phase of a project and live on its board.

What service tickets share is in `rules.tickets`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Change, Effect, Put, Record, Refuse, Rule
from mockcw.errors import FieldError, NotFound
from mockcw.rules.ticketmoves import convert
from mockcw.rules.ticketrows import rows_of
from mockcw.rules.tickets import PROJECT, WRITES, Kind, given, placed, rules_of

PROJECTS = "/project/projects"
PHASES = f"{PROJECTS}/{{parentId}}/phases"
NOTES = f"{PROJECT}/{{parentId}}/notes"
TIME = "/time/entries"
MARKS = {  # field of the body: field of a time entry
    "detailDescriptionFlag": "addToDetailDescriptionFlag",
    "internalAnalysisFlag": "addToInternalAnalysisFlag",
    "resolutionFlag": "addToResolutionFlag",
}
KIND = Kind(
    collection=PROJECT,
    rows=("priority", "source", "serviceLocation"),
    plain={
        "actualHours": 0.0,
        "budgetHours": 0.0,
        "duration": 0,
        "approved": True,
        "subBillingMethod": "ActualRates",
        "lagDays": 0,
    },
)


def place(change: Change) -> Iterator[Effect]:
    """A ticket's phase gives its project, the project its company, board and what else it lacks."""
    for name in ("project", "phase"):
        if given(change.after.get(name)):
            yield Put({name: change.after[name]})
    phase = change.look.get(PHASES, (change.after.get("phase") or {}).get("id") or 0)
    if phase:
        yield from in_project(change, phase)
    project = change.look.get(PROJECTS, (change.after.get("project") or {}).get("id") or 0) or {}
    for name in ("company", "site", "contact"):
        if not given(change.after.get(name)) and project.get(name):
            yield Put({name: {"id": project[name]["id"]}})
    if change.after.get("wbsCode") is None and phase and phase.get("wbsCode"):
        yield Put({"wbsCode": f"{phase['wbsCode']}.1"[:50]})
    board = change.after.get("board")
    yield from placed(change, board if given(board) else project.get("board"))


def in_project(change: Change, phase: Record) -> Iterator[Effect]:
    """The phase is one of the ticket's project."""
    project = (change.after.get("project") or {}).get("id")
    if project is None:
        yield Put({"project": {"id": phase["projectId"]}})
    elif project != phase.get("projectId"):
        text = change.choices.not_within_message.format(
            caption=f"Project Phase {phase['id']}", outer="Project", outer_id=project
        )
        yield Refuse(FieldError("NotFound", text, change.resource, "phase/id"))


def mark_as(act: Act) -> None:
    """Give a note of a project ticket, or a time entry shown as one, the body's flags."""
    timed = act.body.get("noteType") == "TimeEntryNote"
    collection = TIME if timed else NOTES
    if act.reach(collection, act.id, "patch") is None:
        raise NotFound(f"Project Ticket Note {act.id} not found")
    flags = {source if not timed else name: bool(act.body.get(source)) for source, name in MARKS.items()}
    if not timed:
        flags["issueFlag"] = bool(act.body.get("issueFlag"))
    act.hands.change(collection, act.id, flags)


RULES = (
    Rule("project-ticket.place", PROJECT, WRITES, place, "assumed", "A ticket is in its phase's project.", early=True),
    *rows_of(KIND, "project-ticket"),
    *rules_of(KIND, "project-ticket"),
)
ACTIONS = (
    Action("postProjectTicketsByParentIdConvert", convert, "documented", "The ticket leaves or changes its project."),
    Action("postProjectTicketNoteByIdMarkAs", mark_as, "assumed", "A note gets the flags sent.", addresses=False),
)
