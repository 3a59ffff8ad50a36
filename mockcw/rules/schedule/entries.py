"""Schedule entries: what a new one starts with, its days, and deleting one with or without telling its member."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action, Asking, View
from mockcw.engine.change import Add, Change, Effect, Look, Put, Record, Refuse, Rule, Write, WriteVerb
from mockcw.errors import BadRequest, FieldError
from mockcw.rules.moments import hours_between, later, midnight, moment, written

ENTRIES = "/schedule/entries"
STATUSES = "/schedule/statuses"
NAMED = {"S": ("/service/tickets", "summary"), "P": ("/project/tickets", "summary"), "C": ("/sales/activities", "name")}
WHOLE: frozenset[WriteVerb] = frozenset({"create", "replace"})
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
EVERY: frozenset[WriteVerb] = frozenset({*WRITES, "delete"})
PROJECT_WORK = "P"
TICKETS = ("S", PROJECT_WORK)
TEAM = "/project/projects/{parentId}/teamMembers"
PROJECT_ROLES = "/project/securityRoles"
DAYS = 100  # an entry's details are numbered from a hundred times its id on


def started(change: Change) -> Iterator[Effect]:
    """The default status, the name of what it is for, a member (assumed)."""
    after, look = change.after, change.look
    filled: Record = {}
    status = look.find(STATUSES, defaultFlag=True)
    if after.get("status") is None and status:
        filled["status"] = {"id": status[0]["id"]}
    if after.get("member") is None:
        filled["member"] = {"identifier": change.actor}
    collection, field = NAMED.get((after.get("type") or {}).get("identifier") or "", ("", ""))
    if after.get("name") is None and collection:
        named = look.get(collection, after.get("objectId") or 0) or {}
        filled["name"] = named.get(field)
    if change.verb == "create":
        filled["mobileGuid"] = change.key()
    yield Put(filled)


def timed(change: Change) -> Iterator[Effect]:
    """Hours follow from start and end; an end that is missing follows from the hours (assumed)."""
    after = change.after
    start, hours = moment(after.get("dateStart")), after.get("hours")
    if start and not after.get("dateEnd") and isinstance(hours, int | float) and 0 <= hours <= 24 * 366 * 100:
        yield Put({"dateEnd": written(later(start, hours=float(hours)))})
    elif "hours" not in change.given:
        yield Put({"hours": hours_between(after.get("dateStart"), after.get("dateEnd"))})


def assigned(change: Change) -> Iterator[Effect]:
    """A ticket lists the members of its entries as its resources (documented), in the order of the entries."""
    after = None if change.verb == "delete" else change.after
    for kind, number in dict.fromkeys(place for one in (change.before, after) if (place := ticket_of(one))):
        collection = NAMED[kind][0]
        ticket = change.look.get(collection, number)
        if ticket is not None:
            others = change.look.find(ENTRIES, objectId=number)
            entries = [one for one in others if one["id"] != change.record_id] + ([after] if after else [])
            mine = [entry for entry in entries if ticket_of(entry) == (kind, number)]
            members = [who for entry in mine if (who := identifier_of(change, entry))]
            resources = ", ".join(dict.fromkeys(members)) or None
            if resources != ticket.get("resources"):
                yield Write(collection, number, {"resources": resources})


def on_the_team(change: Change) -> Iterator[Effect]:
    """Who works on a project ticket is of the project's team, or joins it where the entry says so (reported)."""
    after, kind = change.after, (change.after.get("type") or {}).get("identifier")
    member = (after.get("member") or {}).get("id")
    if kind != PROJECT_WORK or not member or change.choices.project_schedule == "anybody":
        return
    ticket = change.look.get(NAMED[kind][0], after.get("objectId") or 0) or {}
    project = (ticket.get("project") or {}).get("id")
    if project is None or change.look.find(TEAM, project, member__id=member):
        return
    roles = change.look.find(PROJECT_ROLES)
    role = next((one["id"] for one in roles if after.get("projectRoleId") in (None, 0, one["id"])), None)
    if after.get("addMemberToProjectFlag") and role is not None:
        yield Add(TEAM, project, {"projectId": project, "member": {"id": member}, "projectRole": {"id": role}})
    elif change.before is None or member != ((change.before or {}).get("member") or {}).get("id"):
        text = change.choices.project_schedule_message.format(member=identifier_of(change, after), project=project)
        yield Refuse(FieldError("InvalidField", text, change.resource, "member"))


def ticket_of(entry: Record | None) -> tuple[str, int] | None:
    """The kind and number of the ticket that an entry is for, if it is for one."""
    record: Record = entry or {}
    kind, number = (record.get("type") or {}).get("identifier"), record.get("objectId")
    return (kind, number) if kind in TICKETS and isinstance(number, int) else None


def identifier_of(change: Change, entry: Record) -> str | None:
    """The identifier of an entry's member."""
    member = entry.get("member") or {}
    found = change.look.get("/system/members", member.get("id") or 0) or member
    name: str | None = found.get("identifier")
    return name


def delete(act: Act) -> None:
    """Delete the entry; the last part of the path says whether to notify, which here tells nobody."""
    if str(act.ids[1]).lower() not in ("true", "false"):
        raise BadRequest("String was not recognized as a valid Boolean.")  # captured for such values in bodies
    act.hands.remove(ENTRIES, act.here["id"])


def days_of(entry: Record) -> Iterator[Record]:
    """A row for each day that an entry touches, the first hundred at most."""
    start, end = moment(entry.get("dateStart")), moment(entry.get("dateEnd"))
    if start is None:
        return
    end = max(end or start, start)
    first = start
    for day in range(DAYS):
        last = min(end, midnight(later(first, days=1)))
        if last <= first:  # the last day of the calendar has no midnight after it
            last = end
        yield {
            "id": entry["id"] * DAYS + day,
            "scheduleEntry": {"id": entry["id"], "description": entry.get("name")},
            "dateStart": written(first),
            "dateEnd": written(last),
            "member": entry.get("member"),
            "hoursScheduled": hours_between(written(first), written(last)),
            "_info": entry.get("_info"),
        }
        if last >= end:
            return
        first = last


def all_days(look: Look, asking: Asking) -> Iterator[Record]:
    """The days of all entries."""
    for entry in look.find(ENTRIES):
        yield from days_of(entry)


def own_days(look: Look, asking: Asking) -> Iterator[Record]:
    """The days of one entry."""
    yield from days_of(look.get(ENTRIES, asking.parent) or {})


RULES = (
    Rule("schedule.start", ENTRIES, WHOLE, started, "assumed", "An entry starts with status, name and member."),
    Rule("schedule.project-team", ENTRIES, WRITES, on_the_team, "documented", "Project work is for the team."),
    Rule("schedule.resources", ENTRIES, EVERY, assigned, "documented", "A ticket lists whom its entries are for."),
    Rule("schedule.hours", ENTRIES, WRITES, timed, "assumed", "Start, end and hours agree."),
)
ACTIONS = (
    Action("deleteScheduleEntriesByIdByNotifyResource", delete, "documented", "The entry is deleted; nobody is told."),
)
VIEWS = (
    View("/schedule/details", (ENTRIES,), all_days, "assumed", "A row a day of each schedule entry."),
    View(f"{ENTRIES}/{{parentId}}/details", (ENTRIES,), own_days, "assumed", "A row a day of the schedule entry."),
)
