"""Steps that only read, and those over time itself."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from tests.mockcw.machine.bench import COLLECTIONS, Bench, step
from tests.mockcw.machine.model.answers import Doc, tidy
from tests.mockcw.machine.model.conditions import Both, Date, Term, field
from tests.mockcw.machine.model.state import START, written

NUMBER, TEXT, DATE, FLAG = "number", "text", "date", "flag"
NAMED: dict[str, dict[str, str]] = {
    "tickets": {
        "id": NUMBER, "summary": TEXT, "status/id": NUMBER, "status/name": TEXT, "board/id": NUMBER,
        "company/identifier": TEXT, "closedFlag": FLAG, "closedDate": DATE, "closedBy": TEXT, "poNumber": TEXT,
        "externalXRef": TEXT, "actualHours": NUMBER, "lastUpdated": DATE, "mergedParentTicket/id": NUMBER,
        "severity": TEXT, "agreement/id": NUMBER,
    },
    "entries": {
        "id": NUMBER, "chargeToId": NUMBER, "member/identifier": TEXT, "timeStart": DATE, "timeEnd": DATE,
        "actualHours": NUMBER, "billableOption": TEXT, "status": TEXT, "timeSheet/id": NUMBER, "notes": TEXT,
        "addToResolutionFlag": FLAG, "enteredBy": TEXT,
    },
    "sheets": {"id": NUMBER, "member/id": NUMBER, "status": TEXT, "hours": NUMBER, "dateStart": DATE},
    "agreements": {
        "id": NUMBER, "name": TEXT, "type/id": NUMBER, "company/id": NUMBER, "agreementStatus": TEXT,
        "cancelledFlag": FLAG, "startDate": DATE, "endDate": DATE, "billStartDate": DATE, "dateCancelled": DATE,
    },
    "additions": {
        "id": NUMBER, "quantity": NUMBER, "product/identifier": TEXT, "extPrice": NUMBER, "effectiveDate": DATE,
        "cancelledDate": DATE, "billCustomer": TEXT, "serialNumber": TEXT, "margin": NUMBER,
    },
}  # fmt: skip
ENUMS = {"severity", "billableOption", "status", "agreementStatus", "billCustomer"}
COMPARED = ["=", "!=", "<", "<=", ">", ">="]
HOURS = [1, 5, 24, 24, 24 * 7, 24 * 40]


class ReadingSteps(Bench):
    """Lists, counts, pages, records; and the clock."""

    @step(kind=st.sampled_from([*COLLECTIONS, "additions"]), data=st.data())
    def ask(self, kind: str, data: st.DataObject) -> None:
        """A list with a condition holds just what fits, its count says how many, and its pages are pieces of it."""
        if kind == "additions" and not self.state.rows["agreements"]:
            return
        path, docs = self._place(kind, data)
        condition = data.draw(self._conditions(kind, docs), label="condition")
        fitting = [doc for doc in docs if condition.fits(doc)]
        order, fitting = self._ordered(kind, data, fitting)
        size, page = data.draw(st.sampled_from([1, 2, 3, 1000])), data.draw(st.integers(1, 3))
        shown = fitting[size * (page - 1) : size * page]
        query = {"conditions": str(condition), "pageSize": size, "page": page, **order}
        answer = self.story.send("Admin", "GET", path, **query)
        self.story.hold(answer.status_code == 200, 200, (answer.status_code, answer.text))
        got = tidy(answer.json())
        ids = [doc["id"] for doc in shown]
        self.story.hold([one["id"] for one in got] == ids, f"the ids {ids}", got)
        for doc, one in zip(shown, got, strict=True):
            self.compare(kind, self.state.rows[kind][doc["id"]], one)
        count = self.story.send("Admin", "GET", f"{path}/count", conditions=str(condition)).json()
        self.story.hold(count == {"count": len(fitting)}, {"count": len(fitting)}, count)

    @step(kind=st.sampled_from(sorted(NAMED)), data=st.data())
    def read_one(self, kind: str, data: st.DataObject) -> None:
        """One record by its id."""
        rows = self.state.rows[kind]
        if rows:
            self.look(kind, data.draw(st.sampled_from(sorted(rows)), label="id"))

    @step(hours=st.sampled_from(HOURS))
    def pass_time(self, hours: int) -> None:
        """The clock is moved on, and stands still again."""
        self.state.now += timedelta(hours=hours)
        told = self.story.control("PUT", "/clock", {"advance": f"PT{hours}H"})
        wanted = {"now": self.state.text, "frozen": True}
        self.story.hold(told == wanted, wanted, told)

    @step()
    def keep_state(self) -> None:
        """The state is kept under a name."""
        self.story.control("PUT", "/snapshots/kept")
        self.kept = deepcopy(self.state)

    @precondition(lambda self: self.kept is not None)
    @step()
    def go_back(self) -> None:
        """What was kept is there again: records, what is next, the clock; and what was made since is gone."""
        self.story.control("POST", "/snapshots/kept/restore")
        self.state = deepcopy(self.kept)
        self.everything()

    def _place(self, kind: str, data: st.DataObject) -> tuple[str, list[Doc]]:
        docs = list(self.expected(kind).values())
        if kind != "additions":
            return COLLECTIONS[kind], docs
        owners = sorted(self.state.rows["agreements"])
        owner = data.draw(st.sampled_from(owners), label="agreement")
        return f"/finance/agreements/{owner}/additions", [doc for doc in docs if doc["agreementId"] == owner]

    def _conditions(self, kind: str, docs: list[Doc]) -> st.SearchStrategy[Term | Both]:
        terms = st.sampled_from(sorted(NAMED[kind])).flatmap(lambda path: _term(path, NAMED[kind][path], docs))
        word = st.sampled_from(["and", "or"])
        two = st.builds(Both, word, terms, terms)
        return st.one_of(terms, two, st.builds(Both, word, terms, two))

    @staticmethod
    def _ordered(kind: str, data: st.DataObject, docs: list[Doc]) -> tuple[dict[str, str], list[Doc]]:
        """By id unless asked otherwise; among equals by id (assumed)."""
        numbers = [path for path, what in NAMED[kind].items() if what == NUMBER and "/" not in path]
        path = data.draw(st.sampled_from([None, None, *numbers]), label="order")
        if path is None:
            return {}, docs
        down = data.draw(st.booleans(), label="descending")
        docs = sorted(docs, key=lambda doc: field(doc, path) or 0, reverse=down)
        return {"orderBy": f"{path} desc" if down else path}, docs


def _term(path: str, what: str, docs: list[Doc]) -> st.SearchStrategy[Term]:
    found = [value for value in (field(doc, path) for doc in docs) if value is not None]
    nothing = st.builds(Term, st.just(path), st.sampled_from(["=", "!="]), st.none())
    if what == FLAG:
        return st.builds(Term, st.just(path), st.sampled_from(["=", "!="]), st.booleans())
    if what == DATE:
        dates = st.sampled_from([*found, written(START), "2026-03-10T00:00:00Z"]).map(Date)
        return st.one_of(nothing, st.builds(Term, st.just(path), st.sampled_from(COMPARED), dates))
    if what == NUMBER:
        numbers = st.sampled_from([*found, 0, 1, 2, 8])
        inside = st.builds(
            Term, st.just(path), st.sampled_from(["in", "not in"]), st.lists(numbers, min_size=1).map(tuple)
        )
        return st.one_of(nothing, inside, st.builds(Term, st.just(path), st.sampled_from(COMPARED), numbers))
    return st.one_of(nothing, *_of_text(path, found))


def _of_text(path: str, found: list[Any]) -> list[st.SearchStrategy[Term]]:
    if path in ENUMS:
        values = st.sampled_from(found) if found else st.nothing()
        return [st.builds(Term, st.just(path), st.sampled_from(["=", "!="]), values)]
    words = st.sampled_from([*found, "MAIL", "printer jams", "PO-1", "x"])
    pieces = words.flatmap(lambda word: st.sampled_from([word[:3], word[-2:], word]))
    patterns = pieces.flatmap(lambda word: st.sampled_from([f"{word}*", f"*{word}", f"*{word}*", word]))
    listed = st.lists(words, min_size=1, max_size=3).map(tuple)
    return [
        st.builds(Term, st.just(path), st.sampled_from(["=", "!="]), words),
        st.builds(Term, st.just(path), st.sampled_from(["contains", "not contains"]), pieces),
        st.builds(Term, st.just(path), st.sampled_from(["like", "not like"]), patterns),
        st.builds(Term, st.just(path), st.sampled_from(["in", "not in"]), listed),
    ]
