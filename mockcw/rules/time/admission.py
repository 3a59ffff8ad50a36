"""Which time is taken: what a new entry, or one that moves, is turned away for.

Knows what an entry is charged to and whose it is; what an entry then comes to is in `entries`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Put, Record, Refuse, Rule, Write, WriteVerb
from mockcw.errors import FieldError, TimeEntryRefused
from mockcw.rules.moments import moment, written
from mockcw.rules.time.charges import (
    AGREEMENTS,
    CHARGES,
    DISCUSSION,
    MEMBERS,
    OTHER_TEXTS,
    TIME_EXPENSE,
    WORK_ROLES,
    charged,
)
from mockcw.rules.time.sheets import ENTRIES, PERIODS, week_of, worked_day

STATUSES = "/service/boards/{parentId}/statuses"
LOCATIONS = "/system/locations"
CREATE: frozenset[WriteVerb] = frozenset({"create"})
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
CHARGE = ("chargeToId", "chargeToType")
TICKETS = ("ServiceTicket", "ProjectTicket")
MOST_HOURS = 1e12
NOTE_FLAGS = (DISCUSSION, *OTHER_TEXTS)


def changed(change: Change, *names: str) -> bool:
    """Whether an entry is new, or one of these fields gets another value."""
    before = change.before
    return before is None or any(change.after.get(name) != before.get(name) for name in names)


def open_to_time(change: Change) -> Iterator[Effect]:
    """A ticket whose status takes no time takes none (code and text reported). Raises TimeEntryRefused."""
    charge = charged(change.look, change.after) if change.after.get("chargeToType") in TICKETS else None
    if charge and changed(change, *CHARGE):
        status = change.look.get(STATUSES, (charge.get("status") or {}).get("id") or 0) or {}
        if status.get("timeEntryNotAllowed"):
            raise TimeEntryRefused(change.choices.time_not_allowed_message)
    return
    yield


def in_period(change: Change) -> Iterator[Effect]:
    """The day of an entry is in a time period that is set up (reported; the text is assumed)."""
    if change.choices.time_periods != "set-up" or not changed(change, "timeStart"):
        return
    day = worked_day(change)
    week = week_of(day)
    if day is None or week is None or change.look.find(PERIODS, startDate=written(week)):
        return
    if not any(covers(period, day) for period in change.look.find(PERIODS)):
        raise TimeEntryRefused(change.choices.no_time_period_message.format(date=day[:10]))
    return
    yield


def covers(period: Record, day: str) -> bool:
    """Whether a day is one of a period's."""
    first, last = moment(period.get("startDate")), moment(period.get("endDate"))
    when = moment(day)
    return first is not None and last is not None and when is not None and first <= when <= last


def role_allowed(change: Change) -> Iterator[Effect]:
    """A work role is one that may be used at the ticket's location (reported; the text is assumed)."""
    kind, choices = change.after.get("chargeToType"), change.choices
    if choices.work_role_places == "any" or kind not in TICKETS or not changed(change, *CHARGE, "workRole"):
        return
    place = ((charged(change.look, change.after) or {}).get("location") or {}).get("id")
    role = change.look.get(WORK_ROLES, (change.after.get("workRole") or {}).get("id") or 0) or {}
    allowed = role.get("locationIds") or ()
    if place and allowed and place not in allowed:
        own = (change.look.get(LOCATIONS, place) or {}).get("workRoleIds") or ()
        if role["id"] not in own:
            text = choices.not_within_message.format(
                caption=f"Work Role {role['id']}", outer="Location", outer_id=place
            )
            yield Refuse(FieldError("NotFound", text, change.resource, "workRole"))


def both_ends(change: Change) -> Iterator[Effect]:
    """A member of whom start and end are wanted enters both (the flag is published, its effect assumed)."""
    member = change.look.get(MEMBERS, (change.after.get("member") or {}).get("id") or 0) or {}
    if change.choices.demanded_of_time == "any":
        return
    if member.get("requireStartAndEndTimeOnTimeEntryFlag") and not change.after.get("timeEnd"):
        yield Refuse(FieldError("MissingRequiredField", "The timeEnd field is required.", change.resource, "timeEnd"))


def some_hours(change: Change) -> Iterator[Effect]:
    """An entry has an end or hours, where the setting asks for that (assumed)."""
    lacking = not change.after.get("timeEnd") and change.after.get("actualHours") is None
    if lacking and change.choices.time_without_hours == "refuse":
        text = change.choices.time_without_hours_message
        yield Refuse(FieldError("MissingRequiredField", text, change.resource, "timeEnd"))


def noted(change: Change) -> Iterator[Effect]:
    """Where the company wants notes on time, an entry has some (the flag is published, its effect assumed)."""
    wanted = any(setup.get("requireTimeNoteFlag") for setup in change.look.find(TIME_EXPENSE))
    if wanted and change.choices.demanded_of_time == "require" and not change.after.get("notes"):
        yield Refuse(FieldError("MissingRequiredField", "The notes field is required.", change.resource, "notes"))


def one_note(change: Change) -> Iterator[Effect]:
    """Notes go to one of the ticket's three texts, or to several (reports disagree)."""
    if change.choices.time_note_flags == "one" and sum(bool(change.after.get(flag)) for flag in NOTE_FLAGS) > 1:
        yield Refuse(FieldError("InvalidField", change.choices.time_note_flags_message, change.resource, DISCUSSION))


def left_to_the_server(change: Change) -> Iterator[Effect]:
    """The rate is defaulted on create and only changed later (published)."""
    yield Put({"hourlyRate": None})


def deducted_later(change: Change) -> Iterator[Effect]:
    """A deduction is taken from the start, or only by a later PATCH, as one tenant was seen to do."""
    if change.choices.hours_deduct_on_create == "ignore":
        yield Put({"hoursDeduct": None})


def of_agreement(change: Change) -> Iterator[Effect]:
    """Another agreement brings its own way of billing along (reported of the screens)."""
    agreement = (change.after.get("agreement") or {}).get("id")
    if agreement == ((change.before or {}).get("agreement") or {}).get("id") or "billableOption" in change.given:
        return
    option = (change.look.get(AGREEMENTS, agreement or 0) or {}).get("billTime")
    if option not in (None, "NoDefault"):
        yield Put({"billableOption": option})


def on_ticket(change: Change) -> Iterator[Effect]:
    """A ticket's actual hours are those of the time that is charged to it (assumed)."""
    after = None if change.verb == "delete" else change.after
    places = [(one.get("chargeToType"), one.get("chargeToId")) for one in (change.before, after) if one]
    for kind, number in dict.fromkeys(places):
        if kind not in TICKETS or not number or change.look.get(CHARGES[kind][0], number) is None:
            continue
        entries = change.look.find(ENTRIES, chargeToId=number, chargeToType=kind)
        hours = sum(float(one.get("actualHours") or 0) for one in entries if one["id"] != change.record_id)
        if after and (after.get("chargeToType"), after.get("chargeToId")) == (kind, number):
            hours += float(after.get("actualHours") or 0)
        yield Write(CHARGES[kind][0], number, {"actualHours": min(round(hours, 4), MOST_HOURS)})


EVERY: frozenset[WriteVerb] = WRITES | {"delete"}
FIRST_RULES: tuple[Rule, ...] = (  # they decide before an entry takes its defaults and reckons its hours
    Rule("time-entry.agreement", ENTRIES, LATER, of_agreement, "documented", "An agreement brings its billing."),
    Rule("time-entry.some-hours", ENTRIES, CREATE, some_hours, "assumed", "An end or hours.", early=True),
    Rule("time-entry.rate", ENTRIES, CREATE, left_to_the_server, "documented", "The rate is defaulted.", early=True),
    Rule("time-entry.deduct", ENTRIES, CREATE, deducted_later, "documented", "When a deduction counts.", early=True),
)
RULES = (
    Rule("time-entry.takes-time", ENTRIES, WRITES, open_to_time, "captured", "Some statuses take no time."),
    Rule("time-entry.period", ENTRIES, WRITES, in_period, "documented", "Time is in a period that is set up."),
    Rule("time-entry.role", ENTRIES, WRITES, role_allowed, "documented", "A work role fits the ticket's location."),
    Rule("time-entry.both-ends", ENTRIES, WRITES, both_ends, "assumed", "Some members enter start and end."),
    Rule("time-entry.noted", ENTRIES, WRITES, noted, "assumed", "Some companies want notes."),
    Rule("time-entry.one-note", ENTRIES, WRITES, one_note, "documented", "To which texts notes go."),
    Rule("time-entry.ticket-hours", ENTRIES, EVERY, on_ticket, "assumed", "A ticket's hours are its time."),
)
