"""Configurations: the questions of their type, another type for one, a copy of a type."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Change, Effect, Look, Put, Record, Refuse, Rule, WriteVerb
from mockcw.errors import FieldError
from mockcw.rules.meant import meant
from mockcw.rules.shapes import copy_of

CONFIGURATIONS = "/company/configurations"
COMPANIES = "/company/companies"
STATUSES = "/company/configurations/statuses"
TYPES = "/company/configurations/types"
QUESTIONS = "/company/configurations/types/{parentId}/questions"
CREATE: frozenset[WriteVerb] = frozenset({"create"})
DELETE: frozenset[WriteVerb] = frozenset({"delete"})
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
CHANGE_TYPE = "patchCompanyConfigurationsByIdChangeType"
SHELF = "~documents"
TABS = {"tickets": "~ticketConfigurations", "agreements": "~agreementConfigurations"}  # where it is attached


def questions_of(look: Look, type_id: int, answered: list[Record | None]) -> list[Record]:
    """The questions a type asks, in its order; an answer given to one of them stays with it."""
    answers = {one.get("questionId"): one for one in answered if one}
    found = []
    for question in look.find(QUESTIONS, parent=type_id):
        if not question.get("inactiveFlag"):
            asked = {
                "questionId": question["id"],
                "question": question.get("question"),
                "answer": answers.get(question["id"], {}).get("answer"),
                "sequenceNumber": question.get("sequenceNumber"),
                "numberOfDecimals": question.get("numberOfDecimals"),
                "fieldType": question.get("fieldType"),
                "requiredFlag": bool(question.get("requiredFlag")),
            }
            found.append({name: value for name, value in asked.items() if value is not None})
    return sorted(found, key=lambda one: (float(one.get("sequenceNumber") or 0), int(one["questionId"])))


def asks(change: Change) -> Iterator[Effect]:
    """It carries the questions of its type; a write brings answers, and those it leaves out stay (assumed)."""
    kind, said = change.after.get("type"), change.verb == "create" or "questions" in change.given
    if kind and (said or change.verb == "replace"):
        given = (change.after if said else change.before or {}).get("questions") or []
        yield Put({"questions": questions_of(change.look, kind["id"], given)})


def type_stays(change: Change) -> Iterator[Effect]:
    """The type changes by the operation made for it, and by no other (assumed, and so is the text)."""
    was, now = (((one or {}).get("type") or {}).get("id") for one in (change.before, change.after))
    choice = change.choices.configuration_type
    if was is None or now in (None, was) or choice == "change" or change.operation == CHANGE_TYPE:
        return
    if choice == "refuse":
        text = change.choices.configuration_type_message
        yield Refuse(FieldError("InvalidField", text, change.resource, "type"))
    yield Put({"type": {"id": was}})


def started(change: Change) -> Iterator[Effect]:
    """A new configuration has the default status, is active and at its company's site (assumed)."""
    after, look = change.after, change.look
    company = look.get(COMPANIES, (after.get("company") or {}).get("id") or 0) or {}
    status = next(iter(look.find(STATUSES, defaultFlag=True)), None)
    filled = {
        "status": {"id": status["id"]} if status else None,
        "site": {"id": company["site"]["id"]} if company.get("site") else None,
        "activeFlag": True,
    }
    yield Put({name: value for name, value in filled.items() if value is not None and after.get(name) is None})


def closing(change: Change) -> Iterator[Effect]:
    """A closed status makes it inactive, another one active again (assumed)."""
    was, now = (((record or {}).get("status") or {}).get("id") for record in (change.before, change.after))
    if was != now and change.choices.closed_configuration == "inactive":
        row = change.look.get(STATUSES, now or 0) or {}
        if row.get("closedFlag"):
            yield Put({"activeFlag": False})
        elif (change.look.get(STATUSES, was or 0) or {}).get("closedFlag") and "activeFlag" not in change.given:
            yield Put({"activeFlag": True})


def answered(change: Change) -> Iterator[Effect]:
    """A question that wants an answer gets one (assumed)."""
    if change.choices.required_answers != "require" or (change.verb == "patch" and "questions" not in change.given):
        return
    for question in change.after.get("questions") or []:
        if question.get("requiredFlag") and question.get("answer") in (None, ""):
            text = f"The {question.get('question')} field is required."
            yield Refuse(FieldError("MissingRequiredField", text, change.resource, "questions"))


def attached_stays(change: Change) -> Iterator[Effect]:
    """A configuration that hangs on a ticket or an agreement is in use (assumed). Raises Conflict."""
    attached = any(change.look.find(table, configuration=change.record_id) for table in TABS.values())
    if attached and change.choices.attached_configuration_delete == "refuse":
        raise change.in_use()
    return
    yield


def change_type(act: Act) -> Record:
    """Another type for a configuration: it carries that type's questions, the answers to the old ones go."""
    changed = act.hands.patch(CONFIGURATIONS, act.id, act.raw)
    return act.hands.set(
        CONFIGURATIONS,
        act.id,
        {"questions": questions_of(act.look, changed["type"]["id"], changed.get("questions") or [])},
    )


def copy_type(act: Act) -> Record:
    """A type with the questions and values of the one whose id the body carries."""
    source = meant(act, TYPES, "id", act.body.get("id"), "Configuration Type")
    return copy_of(act, source, TYPES, (), {"name": act.body["name"], "systemFlag": False})


def tab_counts(act: Act) -> Record:
    """How many records each tab of a configuration holds."""
    counts = {tab: len(act.look.find(table, configuration=act.id)) for tab, table in TABS.items()}
    counts["documents"] = len(act.look.find(SHELF, recordType="Configuration", recordId=act.id))
    counts["configurations"] = len(act.look.find(CONFIGURATIONS, parentConfigurationId=act.id))
    return counts


RULES = (
    Rule("configuration.start", CONFIGURATIONS, CREATE, started, "assumed", "Default status, active, at the site."),
    Rule("configuration.closing", CONFIGURATIONS, WRITES, closing, "assumed", "A closed status makes it inactive."),
    Rule("configuration.type-stays", CONFIGURATIONS, LATER, type_stays, "assumed", "Its type has a way of its own."),
    Rule("configuration.questions", CONFIGURATIONS, WRITES, asks, "assumed", "It carries the questions of its type."),
    Rule("configuration.attached-stays", CONFIGURATIONS, DELETE, attached_stays, "assumed", "One attached stays."),
    Rule("configuration.answers", CONFIGURATIONS, WRITES, answered, "assumed", "Some questions want an answer."),
)
ACTIONS = (
    Action(
        CHANGE_TYPE,
        change_type,
        "assumed",
        "Patches the configuration and asks the new type's questions.",
    ),
    Action(
        "postCompanyConfigurationsTypesCopy",
        copy_type,
        "assumed",
        "A new type with the questions and values of the other one.",
        status=201,
    ),
    Action(
        "getCompanyConfigurationsByIdQuickAccessCount",
        tab_counts,
        "assumed",
        "Counts by tab: tickets, agreements, documents, configurations inside.",
    ),
)
