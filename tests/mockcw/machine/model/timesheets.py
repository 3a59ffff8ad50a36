"""Time entries and the sheets that the server keeps for them, a member and a week each."""

from __future__ import annotations

from datetime import timedelta

from tests.mockcw.machine.model.answers import (
    ANYTHING,
    Doc,
    Refusal,
    in_use,
    invalid,
    no_enum,
    reference,
    required,
    unknown,
)
from tests.mockcw.machine.model.state import State, World, hours_between, moment, stamp, touched, written
from tests.mockcw.machine.model.writes import Fields, Foretold, Place, wanted

OPTIONS = ("Billable", "DoNotBill", "NoCharge", "NoDefault")
NOTED = ("addToDetailDescriptionFlag", "addToInternalAnalysisFlag", "addToResolutionFlag")
OPEN_FOR_WORK = ("Open", "Rejected", "RejectBySecondTier", "ErrorsCorrected")
SENT_BACK = ("Rejected", "RejectBySecondTier")
FIRST_PERIOD, LAST_PERIOD = "2024-12-28", "2031-01-03"  # the instance has weeks for the years between
PATCHED = Fields(
    frozenset({"notes", "timeStart", "timeEnd", "actualHours", "hoursDeduct", "billableOption", "chargeToId", *NOTED}),
    frozenset(),
    frozenset({"status", "timeSheet", "enteredBy", "dateEntered"}),
)
# Rates and what is billed follow from work roles, work types and agreements, which are no part of this model; what
# an entry repeats of its ticket's board is as old as the entry's last write.
FREE = frozenset(
    {
        "hourlyRate", "hoursBilled", "invoiceHours", "agreementHours", "agreementAmount", "agreementAdjustment",
        "extendedInvoiceAmount", "invoiceFlag", "invoiceReady", "adjustment", "ticketBoard", "ticketStatus",
        "ticketType", "ticketSubType", "agreementType", "companyType", "territory", "locationName", "businessUnitId",
        "businessGroupDesc", "department", "location", "locationId", "workRole", "workType",
    }
)  # fmt: skip
SHEET_FREE: frozenset[str] = frozenset()


def create(state: State, world: World, body: Doc, who: str) -> Refusal | Foretold:
    """A POST of a time entry that is charged to a ticket."""
    start, member = body.get("timeStart"), body.get("member", {"identifier": who})["identifier"]
    ticket = state.find("tickets", body["chargeToId"])
    sheet = sheet_of(state, world.members.get(member, world.members[who]), start) if start else None
    refusal = _takes_time(world, ticket) if ticket else None  # assumed: such refusals come before what the entry lacks
    refusal = refusal or (_no_period(start) if start else None) or _handed_in(sheet)
    if refusal:
        return refusal
    wrong = [] if start else [required("timeStart")]
    wrong += [no_enum("billableOption")] if body.get("billableOption", "Billable") not in OPTIONS else []
    wrong += [unknown("Member", member, "member/identifier")] if member not in world.members else []
    wrong += [] if ticket else [unknown("Ticket", body["chargeToId"], "chargeToId")]
    if wrong or ticket is None or start is None:
        return invalid("timeEntry", *wrong)
    fields = {
        "hoursDeduct": 0,
        "billableOption": ticket["billTime"],
        "agreement": reference(ticket["agreement"]["id"]) if "agreement" in ticket else None,
        **_noted(body),
        **body,
        "member": reference(world.members[member]),
        "company": reference(ticket["company"]["id"]),
        "ticket": {"id": ticket["id"], "summary": ticket["summary"]},
        "actualHours": _hours(body, body.get("actualHours", 0)),
        "status": _after_work(sheet),
        "timeSheet": {"id": sheet["id"] if sheet else ANYTHING, "name": week_name(start)},
        "enteredBy": who,
        "dateEntered": state.text,
        "_info": stamp(state, who),
    }
    return Foretold(fields, _touched(sheet, ticket["id"]))


def new_sheet(state: State, entry: Doc) -> Doc:
    """The sheet that begins with an entry."""
    first, last = week(entry["timeStart"])
    return {
        "member": reference(entry["member"]["id"]),
        "dateStart": f"{first}T00:00:00Z",
        "dateEnd": f"{last}T00:00:00Z",
        "status": "Open",
        "hours": entry["actualHours"],
    }


def patch(state: State, world: World, doc: Doc, operations: list[Doc], who: str) -> Refusal | Foretold:
    """A PATCH of a time entry; actualHours is passed over where start and end say it (reported)."""
    sheet = state.rows["sheets"][doc["timeSheet"]["id"]]
    asked = wanted(operations, PATCHED)
    if isinstance(asked, Refusal):
        return asked
    after = {**doc, **asked}
    ticket, other = state.find("tickets", after["chargeToId"]), sheet_of(state, doc["member"]["id"], after["timeStart"])
    moved = ticket if after["chargeToId"] != doc["chargeToId"] else None
    refusal = _handed_in(sheet) or (_takes_time(world, moved) if moved else None)
    refusal = refusal or (_no_period(after["timeStart"]) if "timeStart" in asked else None) or _handed_in(other)
    if refusal:
        return refusal
    wrong = [no_enum("billableOption")] if asked.get("billableOption", "Billable") not in OPTIONS else []
    wrong += [] if ticket else [unknown("Ticket", after["chargeToId"], "chargeToId")]
    if wrong or ticket is None:
        return invalid("timeEntry", *wrong)
    changes = {
        **asked,
        "actualHours": _hours(after, after.get("actualHours") or 0),
        "company": reference(ticket["company"]["id"]),
        "ticket": {"id": ticket["id"], "summary": ticket["summary"]},
        "status": _after_work(other),
        "timeSheet": {"id": other["id"] if other else ANYTHING, "name": week_name(after["timeStart"])},
        "_info": touched(state, who),
    }
    places = dict.fromkeys(_touched(sheet, ticket["id"]) + _touched(other, doc["chargeToId"]))
    return Foretold(changes, tuple(places))


def delete(state: State, doc: Doc) -> Refusal | Foretold:
    """A DELETE of a time entry."""
    sheet = state.rows["sheets"][doc["timeSheet"]["id"]]
    return _handed_in(sheet) or Foretold({}, _touched(sheet, doc["chargeToId"]))


def step(state: State, doc: Doc, name: str, approval: str = "") -> Refusal | str:
    """The status after a step of a sheet (assumed, but for submit, which takes an open one)."""
    resource = "timeSheetTierUpdate" if name == "approve" else "timeSheet"
    status = _after(doc["status"], name, approval, *state.tiers)
    text = f"Time Sheet cannot go on from the status {doc['status']}."
    return status or invalid(resource, ("InvalidField", text, "status"))


def _after(status: str, name: str, approval: str, tier1: bool, tier2: bool) -> str | None:
    if name == "submit" and status in OPEN_FOR_WORK:
        return "PendingApproval" if tier1 or tier2 else "ReadyToBill"
    if name == "reverse" and status not in ("Open", "Billed"):
        return "Open"
    if name == "reject":
        return {"PendingApproval": "Rejected", "ApprovedByTierOne": "RejectBySecondTier"}.get(status) or (
            "RejectBySecondTier" if status == "ApprovedByTierTwo" else None
        )
    if name == "approve" and approval == "Tier1Update" and status == "PendingApproval":
        return "ApprovedByTierOne" if tier2 else "ReadyToBill"
    if name == "approve" and approval == "Tier2Update" and status == "ApprovedByTierOne":
        return "ApprovedByTierTwo"
    if name == "approve" and status == "ApprovedByTierTwo":
        return "ReadyToBill"  # assumed: whichever approval comes next
    return None


def delete_sheet(state: State, doc: Doc) -> Refusal | Foretold:
    """A DELETE of a sheet: only of an empty one."""
    if any(state.where("entries", timeSheet__id=doc["id"])):
        return in_use("Time Sheet", doc["id"])
    return Foretold({})


def sheet_live(state: State, doc: Doc) -> Doc:
    """A sheet's hours are its entries'."""
    return {"hours": sum(entry["actualHours"] for entry in state.where("entries", timeSheet__id=doc["id"]))}


def entry_live(state: State, doc: Doc) -> Doc:
    """An entry has its sheet's status, and expands its ticket as it is."""
    ticket = state.rows["tickets"][doc["chargeToId"]]
    sheet = state.rows["sheets"][doc["timeSheet"]["id"]]
    told = {"status": sheet["status"], "ticket": {"id": ticket["id"], "summary": ticket["summary"]}}
    if "agreement" not in doc:
        return told
    agreement = state.rows["agreements"][doc["agreement"]["id"]]
    return {**told, "agreement": {"id": agreement["id"], "name": agreement["name"]}}


def week(start: str) -> tuple[str, str]:
    """First and last day of the week of a moment: Saturday to Friday (a fixture's name); its UTC day (assumed)."""
    day = moment(start)
    first = day - timedelta(days=(day.weekday() - 5) % 7)
    return written(first)[:10], written(first + timedelta(days=6))[:10]


def week_name(start: str) -> str:
    """What a reference calls the sheet of that week (captured)."""
    return " to ".join(week(start))


def sheet_of(state: State, member: int, start: str) -> Doc | None:
    """The member's sheet for the week of a moment."""
    first = f"{week(start)[0]}T00:00:00Z"
    return next(iter(state.where("sheets", member__id=member, dateStart=first)), None)


def _hours(entry: Doc, given: float) -> float:
    """End minus start minus deduct, not below nothing; without an end, or with one before the start, as given."""
    if not entry.get("timeEnd") or entry["timeEnd"] < entry["timeStart"]:  # the second is assumed
        return given
    return max(0.0, hours_between(entry["timeStart"], entry["timeEnd"]) - (entry.get("hoursDeduct") or 0))


def _after_work(sheet: Doc | None) -> str:
    """Work on a sheet that was sent back corrects its errors."""
    return "ErrorsCorrected" if sheet and sheet["status"] in SENT_BACK else sheet["status"] if sheet else "Open"


def _touched(sheet: Doc | None, ticket: int) -> tuple[Place, ...]:
    return (*((("sheets", sheet["id"]),) if sheet else ()), ("tickets", ticket))


def _noted(body: Doc) -> Doc:
    """Notes that are for none of the ticket's texts are for the first of them (assumed)."""
    first = bool(body.get("notes")) and not any(body.get(flag) for flag in NOTED)
    return {flag: first and flag == NOTED[0] for flag in NOTED}


def _takes_time(world: World, ticket: Doc) -> Refusal | None:
    if not world.boards[ticket["board"]["id"]]["statuses"][ticket["status"]["id"]]["timeEntryNotAllowed"]:
        return None
    return Refusal(400, "TimeEntryApi", "Please update the status of this ticket before entering time...")


def _no_period(start: str) -> Refusal | None:
    if FIRST_PERIOD <= start[:10] <= LAST_PERIOD:
        return None
    return Refusal(400, "TimeEntryApi", f"No time period is set up for {start[:10]}.")


def _handed_in(sheet: Doc | None) -> Refusal | None:
    if sheet is None or sheet["status"] in OPEN_FOR_WORK:
        return None
    text = f"Time sheet {sheet['id']} has the status {sheet['status']}; its time cannot be changed."
    return Refusal(400, "TimeEntryApi", text)
