"""Steps over time entries and time sheets."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults

from tests.mockcw.machine import drawn
from tests.mockcw.machine.bench import Bench, step
from tests.mockcw.machine.model import timesheets
from tests.mockcw.machine.model.answers import Doc, Refusal
from tests.mockcw.machine.model.writes import Foretold

ENTRIES, SHEETS = "/time/entries", "/time/sheets"
STEPS = ["submit", "submit", "reject", "reverse", "approve Tier1Update", "approve Tier2Update"]


class TimeSteps(Bench):
    """What may happen to time."""

    @step(
        target=Bench.made_entries,
        who=drawn.WHO,
        ticket=Bench.made_tickets,
        body=drawn.seldom(drawn.ENTRIES, drawn.WRONG_ENTRIES),
    )
    def enter_time(self, who: str, ticket: int, body: Doc) -> MultipleResults[int]:
        """Time on a ticket; the sheet of its week is made if there is none."""
        who = "Admin" if "billableOption" in body else who  # the other member may not say what is billable
        body = {"chargeToId": ticket, "chargeToType": "ServiceTicket", **body}
        told = timesheets.create(self.state, self.world, body, who)
        answer = self.story.send(who, "POST", ENTRIES, body)
        if not isinstance(told, Refusal) and answer.status_code == 201:
            self._on_sheet(answer.json(), told.fields["status"])
        return self.created("entries", who, answer, told)

    @step(
        who=drawn.WHO,
        entry=Bench.made_entries,
        operations=drawn.seldom(drawn.ENTRY_CHANGES, drawn.WRONG_ENTRY_CHANGES),
    )
    def change_entry(self, who: str, entry: int, operations: list[Doc]) -> None:
        """A PATCH of an entry: its hours, its day, its notes."""
        bills = any("billable" in one["path"] for one in operations)
        self._patch("Admin" if bills else who, entry, operations)

    @step(entry=Bench.made_entries, ticket=Bench.made_tickets)
    def move_entry(self, entry: int, ticket: int) -> None:
        """An entry charged to another ticket."""
        self._patch("Admin", entry, [drawn.operation("chargeToId", ticket)])

    @step(who=drawn.WHO, entry=Bench.made_entries)
    def delete_entry(self, who: str, entry: int) -> None:
        """A DELETE of an entry."""
        doc = self.state.find("entries", entry)
        answer = self.story.send(who, "DELETE", f"{ENTRIES}/{entry}")
        if doc is None:
            self.missing("entries", entry, answer)
            return
        told = timesheets.delete(self.state, doc)
        if self.deleted("entries", doc, answer, told):
            del self.state.rows["entries"][entry]
            self.settle(told)

    @step(who=drawn.WHO, entry=Bench.made_entries, name=st.sampled_from(STEPS))
    def step_sheet(self, who: str, entry: int, name: str) -> None:
        """A step of the sheet that an entry is on, or was."""
        self._step(who, self._sheet_of(entry), name)

    @step(entry=Bench.made_entries)
    def hand_in_and_work_on(self, entry: int) -> None:
        """A sheet goes all the way in, and its time cannot be changed."""
        sheet = self._sheet_of(entry)
        self._step("Admin", sheet, "submit")
        self._patch("Admin", entry, [drawn.operation("notes", "late")])

    @step(entry=Bench.made_entries)
    def delete_sheet(self, entry: int) -> None:
        """A DELETE of a sheet, which must be empty."""
        number = self._sheet_of(entry)
        doc = self.state.find("sheets", number)
        answer = self.story.send("Admin", "DELETE", f"{SHEETS}/{number}")
        if doc is None:
            self.missing("sheets", number, answer)
        elif self.deleted("sheets", doc, answer, timesheets.delete_sheet(self.state, doc)):
            del self.state.rows["sheets"][number]

    @step(tier1=st.booleans(), tier2=st.booleans())
    def choose_tiers(self, tier1: bool, tier2: bool) -> None:
        """Which approvals a sheet needs; while none is on its way."""
        under_way = ("PendingApproval", "ApprovedByTierOne", "ApprovedByTierTwo")
        if tier2 > tier1 or any(doc["status"] in under_way for doc in self.state.rows["sheets"].values()):
            return
        operations = [drawn.operation("tier1ApprovalFlag", tier1), drawn.operation("tier2ApprovalFlag", tier2)]
        self.story.answered(self.story.send("Admin", "PATCH", "/system/myCompany/timeExpense/1", operations), 200)
        self.state.tiers = (tier1, tier2)

    def _patch(self, who: str, entry: int, operations: list[Doc]) -> None:
        doc = self.state.find("entries", entry)
        answer = self.story.send(who, "PATCH", f"{ENTRIES}/{entry}", operations)
        if doc is None:
            self.missing("entries", entry, answer, operations)
            return
        told = timesheets.patch(self.state, self.world, doc, operations, who)
        if not isinstance(told, Refusal) and answer.status_code == 200:
            self._on_sheet(answer.json(), told.fields["status"])
        self.changed("entries", who, doc, answer, told)

    def _on_sheet(self, entry: Doc, status: str) -> None:
        """The sheet that an entry came to: a new one, or one whose errors are corrected now."""
        number = entry["timeSheet"]["id"]
        sheet = self.state.find("sheets", number)
        if sheet is None:
            highest = self.state.highest["sheets"]
            self.story.hold(number > highest, f"an id of sheets above {highest}", number)
            read = self.read(f"{SHEETS}/{number}")
            foretold = timesheets.new_sheet(self.state, entry)
            self.story.foretold("a new sheet", {**foretold, "hours": entry["actualHours"]}, read)
            self.state.keep("sheets", read)
        elif sheet["status"] != status:
            self._mirrored(sheet, status, entry["id"])

    def _step(self, who: str, number: int, name: str) -> None:
        doc = self.state.find("sheets", number)
        word, _, approval = name.partition(" ")
        body = {"approvalType": approval} if approval else {}
        answer = self.story.send(who, "POST", f"{SHEETS}/{number}/{word}", body)
        if doc is None:
            self.missing("sheets", number, answer)
            return
        told = timesheets.step(self.state, doc, word, approval)
        if isinstance(told, Refusal):
            self.story.refused(answer, told)
            self.look("sheets", number)
            return
        got = self.story.answered(answer, 200)
        self.story.hold(got.get("success") is True, {"success": True}, got)
        self._mirrored(doc, told)

    def _mirrored(self, sheet: Doc, status: str, by: int = 0) -> None:
        """A sheet has a new status, and so have its entries, but for the one in hand."""
        self.state.keep("sheets", {**sheet, "status": status})
        mine = [one["id"] for one in self.state.where("entries", timeSheet__id=sheet["id"]) if one["id"] != by]
        places = [("entries", number) for number in mine]
        self.settle(Foretold({}, (*places, *([] if by else [("sheets", sheet["id"])]))))

    def _sheet_of(self, entry: int) -> int:
        doc = self.state.find("entries", entry)
        return int(doc["timeSheet"]["id"]) if doc else max(self.state.highest["sheets"], 1)
