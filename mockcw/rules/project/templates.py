"""Project templates: made from a project, applied to one, and what is in them all.

A template's phases and tickets mirror those of a project, field by field (the tables below); what is applied goes
through the rules of new phases and tickets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mockcw.engine.act import Act, Action, Asking, View
from mockcw.engine.change import Change, Effect, Look, Put, Record, Rule
from mockcw.errors import NotFound
from mockcw.rules.meant import meant
from mockcw.rules.project.projects import PHASES, PROJECTS, in_order, plan_of
from mockcw.rules.tickets import CREATE, PROJECT, WRITES

TEMPLATES = "/project/projectTemplates"
TEMPLATE_PHASES = f"{TEMPLATES}/{{parentId}}/projectTemplatePhases"
TEMPLATE_TICKETS = f"{TEMPLATES}/{{parentId}}/projectTemplateTickets"
TEMPLATE_TASKS = f"{TEMPLATES}/{{grandparentId}}/projectTemplateTickets/{{parentId}}/tasks"
NOTES = f"{PROJECT}/{{parentId}}/notes"
TASKS = f"{PROJECT}/{{parentId}}/tasks"
PHASE = {  # field of the template's phase: field of the project's
    "description": "description",
    "budgetHours": "budgetHours",
    "notes": "notes",
    "markAsMilestone": "markAsMilestoneFlag",
    "phaseBilledSeparately": "billSeparatelyFlag",
    "wbsCode": "wbsCode",
}
TICKET = {  # field of the template's ticket: field of the project's
    "description": "summary",
    "budgetHours": "budgetHours",
    "duration": "duration",
    "wbsCode": "wbsCode",
    "predecessorType": "predecessorType",
    "lagDays": "lagDays",
    "lagNonworkingDaysFlag": "lagNonworkingDaysFlag",
    "priority": "priority",
    "source": "source",
    "workRole": "workRole",
    "workType": "workType",
}
TEXTS = {  # text of the template's ticket: text that a new ticket takes, flag of the note it becomes
    "notes": ("initialDescription", "detailDescriptionFlag"),
    "internalAnalysis": ("initialInternalAnalysis", "internalAnalysisFlag"),
    "resolution": ("initialResolution", "resolutionFlag"),
}
TASK = {"description": "notes", "summary": "summary", "code": "code"}
ISSUE, TASK_TICKET = "I", "P"


def renamed(record: Record, names: Mapping[str, str]) -> Record:
    """The fields of a record under other names; those without a value are left out."""
    return {new: record[old] for old, new in names.items() if record.get(old) is not None}


def swapped(names: Mapping[str, str]) -> dict[str, str]:
    """The same pairs of names, the other way round."""
    return {new: old for old, new in names.items()}


def by_code(records: list[Record]) -> list[Record]:
    """Records in the order of their work breakdown codes."""
    return sorted(records, key=lambda one: (in_order(one.get("wbsCode")), one["id"]))


# -- from a project to a template --------------------------------------------------------------------------------------


def create_from_project(act: Act) -> Record:
    """Make a template of a project: its phases, tickets, their first texts and tasks. Raises NotFound."""
    project = act.look.get(PROJECTS, act.id)
    if project is None:
        raise NotFound(f"Project {act.id} not found")
    body = {name: value for name, value in act.body.items() if name != "id"}
    made = act.hands.create(TEMPLATES, (), {"type": project.get("type"), **body})
    phases: dict[int, int] = {}
    for phase in by_code(act.look.find(PHASES, project["id"])):
        above = phases.get((phase.get("parentPhase") or {}).get("id") or 0)
        record = renamed(phase, swapped(PHASE)) | {"parentPhase": above}
        phases[phase["id"]] = act.hands.create(TEMPLATE_PHASES, (made["id"],), record)["id"]
    tickets = by_code(act.look.find(PROJECT, project__id=project["id"]))
    for line, ticket in enumerate(tickets, 1):
        record = renamed(ticket, swapped(TICKET)) | first_texts(act.look, ticket["id"])
        record |= {"projectTemplatePhaseId": phases.get((ticket.get("phase") or {}).get("id") or 0), "lineNumber": line}
        record["recordType"] = ISSUE if ticket.get("isIssueFlag") else TASK_TICKET
        copy = act.hands.create(TEMPLATE_TICKETS, (made["id"],), record)
        for task in act.look.find(TASKS, ticket["id"]):
            act.hands.create(TEMPLATE_TASKS, (made["id"], copy["id"]), renamed(task, swapped(TASK)))
    return made


def first_texts(look: Look, ticket: int) -> Record:
    """The first note of each kind of a ticket."""
    notes, found = look.find(NOTES, ticket), Record()
    for name, (_, flag) in TEXTS.items():
        text = next((note.get("text") for note in notes if note.get(flag)), None)
        if text:
            found[name] = text
    return found


# -- from a template to a project --------------------------------------------------------------------------------------


def apply_one(act: Act) -> Record:
    """Add a template's phases and tickets to the addressed project. Raises NotFound."""
    template = act.look.get(TEMPLATES, int(act.ids[1]))
    if template is None:
        raise NotFound(f"Project Template {act.ids[1]} not found")
    apply(act, template)
    return plan_of(act.look, act.here["id"])


def apply_several(act: Act) -> Record:
    """Add several templates, one after the other; a body names each by id or name. Raises InvalidObject."""
    if not act.body:
        raise act.missing("id")
    for said in act.body:
        key = "id" if said.get("id") else "name"
        apply(act, meant(act, TEMPLATES, key, said if key == "name" else said["id"], "Project Template"))
    return plan_of(act.look, act.here["id"])


def apply(act: Act, template: Record) -> None:
    """Make the phases first, then the tickets in them. Raises InvalidObject."""
    project, phases = act.here, dict[int, int]()
    for phase in by_code(act.look.find(TEMPLATE_PHASES, template["id"])):
        above = phases.get(phase.get("parentPhase") or 0)
        record = renamed(phase, PHASE) | ({"parentPhase": {"id": above}} if above else {})
        record.setdefault("description", template["name"][:100])
        phases[phase["id"]] = act.hands.create(PHASES, (project["id"],), record)["id"]
    for ticket in act.look.find(TEMPLATE_TICKETS, template["id"]):
        inside = phases.get(ticket.get("projectTemplatePhaseId") or 0) or next(iter(phases.values()), None)
        if inside is None:  # a ticket wants a phase, and the template has none
            phase = act.hands.create(PHASES, (project["id"],), {"description": template["name"][:100]})
            inside = phases[0] = phase["id"]
        record = renamed(ticket, TICKET) | {new: ticket.get(old) for old, (new, _) in TEXTS.items()}
        record |= {"project": {"id": project["id"]}, "phase": {"id": inside}}
        record["isIssueFlag"] = ticket.get("recordType") == ISSUE
        add_ticket(act, template, ticket, record)
    act.hands.set(PROJECTS, project["id"], {"projectTemplateId": template["id"]})


def add_ticket(act: Act, template: Record, source: Record, record: Record) -> None:
    """Make one ticket of a template, with its tasks; a predecessor of the template means nothing here."""
    record.pop("predecessorType", None)
    made = act.hands.create(PROJECT, (), record)
    for task in act.look.find(TEMPLATE_TASKS, source["id"]):
        act.hands.create(TASKS, (made["id"],), renamed(task, TASK))


# -- what templates know and show --------------------------------------------------------------------------------------


def template_started(change: Change) -> Iterator[Effect]:
    """A template and its parts have a key of their own (assumed)."""
    if not change.after.get("connectWiseId"):
        yield Put({"connectWiseId": change.key()})


def phase_of(change: Change) -> Iterator[Effect]:
    """A phase knows its template's number."""
    yield Put({"templateRecId": change.parents[0]})


def ticket_of(change: Change) -> Iterator[Effect]:
    """A ticket knows its template's number."""
    yield Put({"projectTemplateId": change.parents[0]})


def task_of(change: Change) -> Iterator[Effect]:
    """A task knows its ticket's number, and its place among the tasks."""
    yield Put({"ticketId": change.parents[1], "grandParentId": change.parents[0], "parentId": change.parents[1]})
    if change.after.get("sequence") is None:
        yield Put({"sequence": len(change.look.find(TEMPLATE_TASKS, change.parents[1])) + 1})


def plan(look: Look, asking: Asking) -> Iterator[Record]:
    """The work plan of one template: its phases in order."""
    phases = {phase["id"]: phase for phase in look.find(TEMPLATE_PHASES, asking.parent)}
    rows = []
    for phase in by_code(list(phases.values())):
        above = phases.get(phase.get("parentPhase") or 0)
        rows.append(
            {
                "id": phase["id"],
                "templateId": asking.parent,
                "description": phase.get("description"),
                "notes": phase.get("notes"),
                "markAsMilestoneFlag": bool(phase.get("markAsMilestone")),
                "billPhaseSeparately": bool(phase.get("phaseBilledSeparately")),
                "wbsCode": phase.get("wbsCode"),
                "_info": phase.get("_info"),
            }
        )
        if above:
            rows[-1]["parentPhase"] = {"id": above["id"], "name": above.get("description")}
    plain = [{name: value for name, value in row.items() if value is not None} for row in rows]
    yield {"id": asking.parent, "templateId": asking.parent, "phases": plain}


def every(collection: str, says: str, flat: str) -> View:
    """The records of a nested collection under all templates."""

    def rows(look: Look, asking: Asking) -> list[Record]:
        return look.find(collection)

    return View(f"{TEMPLATES}/{flat}", (collection,), rows, "documented", says)


RULES = (
    *(
        Rule(f"{name}.key", collection, CREATE, template_started, "assumed", "A part of a template has a key.")
        for name, collection in (
            ("template", TEMPLATES),
            ("template-phase", TEMPLATE_PHASES),
            ("template-ticket", TEMPLATE_TICKETS),
            ("template-task", TEMPLATE_TASKS),
        )
    ),
    Rule("template-phase.template", TEMPLATE_PHASES, WRITES, phase_of, "assumed", "A phase knows its template."),
    Rule("template-ticket.template", TEMPLATE_TICKETS, WRITES, ticket_of, "assumed", "A ticket knows its template."),
    Rule("template-task.ticket", TEMPLATE_TASKS, WRITES, task_of, "assumed", "A task knows its ticket."),
)
ACTIONS = (
    Action(
        "postProjectProjectTemplatesCreateFromProjectById",
        create_from_project,
        "assumed",
        "A template mirrors the project's phases, tickets and tasks.",
        status=201,
        addresses=False,
    ),
    Action(
        "postProjectProjectsByParentIdApplyTemplateById",
        apply_one,
        "assumed",
        "A project gets the template's phases and tickets.",
    ),
    Action(
        "postProjectProjectsByParentIdApplyTemplates",
        apply_several,
        "assumed",
        "A project gets the phases and tickets of all templates named.",
    ),
)
VIEWS = (
    View(f"{TEMPLATES}/{{id}}/workplan", (TEMPLATE_PHASES,), plan, "documented", "A template's phases in order."),
    every(TEMPLATE_PHASES, "The phases of all templates.", "projectTemplatePhases"),
    every(TEMPLATE_TICKETS, "The tickets of all templates.", "projectTemplateTickets"),
    every(TEMPLATE_TASKS, "The tasks of all templates.", "projectTemplateTickets/tasks"),
)
