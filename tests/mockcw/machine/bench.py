"""What every step of the machine stands on: the state, the story, and how an answer is held against the model."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import httpx
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, multiple, rule

from tests.mockcw.machine.ground import Ground
from tests.mockcw.machine.model import finance, tickets, timesheets
from tests.mockcw.machine.model.answers import Doc, Refusal, not_found, tidy
from tests.mockcw.machine.model.state import State
from tests.mockcw.machine.model.writes import Foretold, no_operation
from tests.mockcw.machine.story import Story

CAPTIONS = {
    "tickets": "Ticket",
    "notes": "Service Note",
    "entries": "Time Entry",
    "sheets": "Time Sheet",
    "agreements": "Agreement",
    "additions": "Addition",
}
COLLECTIONS = {
    "tickets": "/service/tickets",
    "entries": "/time/entries",
    "sheets": "/time/sheets",
    "agreements": "/finance/agreements",
}
FREE: dict[str, frozenset[str]] = {
    "tickets": tickets.FREE,
    "notes": frozenset(),
    "entries": timesheets.FREE,
    "sheets": timesheets.SHEET_FREE,
    "agreements": finance.FREE,
    "additions": finance.ADDITION_FREE,
}
LIVE: dict[str, Callable[[State, Doc], Doc]] = {
    "tickets": tickets.live,
    "notes": lambda state, doc: {},
    "entries": timesheets.entry_live,
    "sheets": timesheets.sheet_live,
    "agreements": finance.agreement_live,
    "additions": finance.addition_live,
}


def step(**drawn: Any) -> Callable[[Callable[..., Any]], Any]:
    """A rule whose executions are counted."""

    def wrap(function: Callable[..., Any]) -> Any:
        @functools.wraps(function)
        def counted(self: Bench, **values: Any) -> Any:
            self.ground.steps += 1
            return function(self, **values)

        return rule(**drawn)(counted)

    return wrap


class Bench(RuleBasedStateMachine):
    """State, story and comparisons; the steps are in the classes that build on it."""

    ground: Ground
    state: State
    kept: State | None

    made_tickets = Bundle("tickets")
    made_entries = Bundle("entries")
    made_agreements = Bundle("agreements")
    made_additions = Bundle("additions")

    def __init__(self) -> None:
        super().__init__()
        self.ground.again()
        self.state, self.kept = State(), None
        self.world = self.ground.world
        self.story = Story(self.ground)

    def teardown(self) -> None:
        """The whole of it once more, unless the story has ended already."""
        if not self.story.ended:
            self.everything()

    # -- writes --------------------------------------------------------------------------------------------------------

    def created(self, kind: str, who: str, answer: httpx.Response, told: Refusal | Foretold) -> MultipleResults[int]:
        """The answer to a POST is as foretold; the new record's id, or none."""
        if isinstance(told, Refusal):
            self.story.refused(answer, told)
            return multiple()
        got = self.story.answered(answer, 201)
        highest = self.state.highest[kind]
        self.story.hold(got["id"] > highest, f"an id of {kind} above {highest}", got["id"])
        self.story.foretold(f"a new one of {kind}", told.fields, got)
        read = self.read(self.path(kind, got))
        if who == "Admin":
            self.story.hold(read == got, f"GET tells what POST told: {got}", read)
        self.state.keep(kind, read)
        self.settle(told)
        return multiple(got["id"])

    def changed(self, kind: str, who: str, doc: Doc, answer: httpx.Response, told: Refusal | Foretold) -> bool:
        """The answer to a PATCH or PUT is as foretold, and a refused one has changed nothing."""
        if isinstance(told, Refusal):
            self.story.refused(answer, told)
            self.look(kind, doc["id"])
            return False
        got = self.story.answered(answer, 200)
        read = self.read(self.path(kind, doc))
        if who == "Admin":
            self.story.hold(read == got, f"GET tells what the write told: {got}", read)
        info = {**doc["_info"], **told.fields["_info"]}
        foretold = {**LIVE[kind](self.state, doc), **told.fields, "_info": info}
        self.story.unchanged_but(f"{CAPTIONS[kind]} {doc['id']}", doc, foretold, read, FREE[kind])
        self.state.keep(kind, read)
        self.settle(told)
        return True

    def deleted(self, kind: str, doc: Doc, answer: httpx.Response, told: Refusal | Foretold) -> bool:
        """The answer to a DELETE is as foretold; what is gone is not found."""
        if isinstance(told, Refusal):
            self.story.refused(answer, told)
            self.look(kind, doc["id"])
            return False
        self.story.hold((answer.status_code, answer.content) == (204, b""), 204, (answer.status_code, answer.text))
        path = self.path(kind, doc)
        self.story.refused(self.story.send("Admin", "GET", path), not_found(CAPTIONS[kind], doc["id"]))
        return True

    def missing(self, kind: str, number: int, answer: httpx.Response, operations: Sequence[Doc] = ()) -> None:
        """The answer for a record that is not there; operations that are none come first (assumed)."""
        self.story.refused(answer, no_operation(operations) or not_found(CAPTIONS[kind], number))

    # -- reads ---------------------------------------------------------------------------------------------------------

    def path(self, kind: str, doc: Doc) -> str:
        """Where a record is."""
        if kind == "notes":
            return f"/service/tickets/{doc['ticketId']}/notes/{doc['id']}"
        if kind == "additions":
            return f"/finance/agreements/{doc['agreementId']}/additions/{doc['id']}"
        return f"{COLLECTIONS[kind]}/{doc['id']}"

    def read(self, path: str) -> Doc:
        """A record as the server tells it to the one who may see all."""
        return self.story.answered(self.story.send("Admin", "GET", path), 200)

    def expected(self, kind: str) -> dict[int, Doc]:
        """The records of a kind as they must read now."""
        return {number: {**doc, **LIVE[kind](self.state, doc)} for number, doc in sorted(self.state.rows[kind].items())}

    def settle(self, told: Foretold) -> None:
        """Records that a write touched on the way are as foretold; who and when is adopted (no guide says it)."""
        for kind, number in told.affected:
            doc = self.state.find(kind, number)
            if doc is None:
                continue
            read = self.read(self.path(kind, doc))
            free = FREE[kind] | {"_info"}
            told_of = f"{CAPTIONS[kind]} {number}"
            self.story.unchanged_but(told_of, doc, LIVE[kind](self.state, doc), read, free)
            self.state.keep(kind, read)

    def look(self, kind: str, number: int) -> None:
        """A record reads as the model has it."""
        doc = self.state.rows[kind][number]
        self.compare(kind, doc, self.read(self.path(kind, doc)))

    def compare(self, kind: str, doc: Doc, got: Doc) -> None:
        """A record that nobody wrote since is as it was."""
        live = LIVE[kind](self.state, doc)
        self.story.unchanged_but(f"{CAPTIONS[kind]} {doc['id']}", doc, live, got, FREE[kind])

    def everything(self) -> None:
        """Every collection holds what the model holds, and nothing else."""
        for kind, path in COLLECTIONS.items():
            self.collection(kind, path, list(self.state.rows[kind].values()))
        for number in self.state.rows["agreements"]:
            mine = list(self.state.where("additions", agreementId=number))
            self.collection("additions", f"/finance/agreements/{number}/additions", mine)
        for number in self.state.rows["tickets"]:
            mine = list(self.state.where("notes", ticketId=number))
            self.collection("notes", f"/service/tickets/{number}/notes", mine)

    def collection(self, kind: str, path: str, docs: list[Doc]) -> None:
        """A list tells these records."""
        answer = self.story.send("Admin", "GET", path, pageSize=1000)
        got = {one["id"]: one for one in tidy(answer.json())}
        ids = sorted(doc["id"] for doc in docs)
        self.story.hold(list(got) == ids, f"{path} with the ids {ids}", list(got))
        for doc in docs:
            self.compare(kind, doc, got[doc["id"]])
