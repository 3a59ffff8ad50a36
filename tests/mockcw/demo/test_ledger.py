"""The ledger and its molds: records in bulk, references by id and by name."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest

from mockcw import Emulator
from mockcw.demo.ledger import Ledger
from mockcw.demo.mold import Mold, blank, gap
from mockcw.engine.writer import Author

BOARDS = "/service/boards"
STATUSES = "/service/boards/{parentId}/statuses"
COMPANIES = "/company/companies"
NOTES = "/company/companies/{parentId}/notes"
CONTACTS = "/company/contacts"


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Emulator(3) as emulator:
        yield Ledger(emulator.world.tenants["training"].engine)


@pytest.fixture
def both() -> Iterator[tuple[Ledger, Emulator]]:
    with Emulator(3) as emulator:
        yield Ledger(emulator.world.tenants["training"].engine), emulator


def test_a_record_is_found_before_and_after_it_is_written(ledger: Ledger) -> None:
    number = ledger.put(CONTACTS, {"lastName": "Poe", "firstName": "Ann", "company": 2, "title": None})
    waiting = ledger.record(CONTACTS, number)
    ledger.flush()
    assert ledger.record(CONTACTS, number) == waiting
    assert list(waiting)[:4] == ["id", "firstName", "lastName", "company"]
    assert "title" not in waiting
    assert waiting["company"]["id"] == 2
    assert waiting["company"]["_info"]["company_href"].endswith("/company/companies/2")


def test_ids_go_on_where_the_store_is_and_the_store_where_they_end(both: tuple[Ledger, Emulator]) -> None:
    ledger, emulator = both
    first = ledger.put(CONTACTS, {"firstName": "Ann"})
    ledger.flush()
    engine = emulator.world.tenants["training"].engine
    added = orjson.loads(engine.add(CONTACTS, (), {"firstName": "Bob"}, Author("x", None)))
    assert added["id"] == first + 1


def test_a_reference_may_be_given_by_name_within_its_board(ledger: Ledger) -> None:
    board = ledger.find(BOARDS, "Alerts")
    ticket = ledger.put("/service/tickets", {"summary": "x", "company": 1, "board": "Alerts", "status": "In Progress"})
    status = ledger.record("/service/tickets", ticket)["status"]
    assert ledger.store.parent_of(STATUSES, status["id"]) == board
    assert status["_info"]["status_href"].endswith(f"/service/boards/{board}/statuses/{status['id']}")


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ({"nonsense": 1}, "no field nonsense"),
        ({"company": 99}, "no record 99"),
        ({"country": "Atlantis"}, "has no 'Atlantis'"),
    ],
)
def test_what_is_wrong_with_demo_data_is_said(ledger: Ledger, record: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        ledger.put(CONTACTS, record)


def test_a_nested_record_refers_to_what_encloses_it(ledger: Ledger) -> None:
    number = ledger.put(NOTES, {"text": "hello"}, parent=3)
    assert ledger.record(NOTES, number)["company"]["id"] == 3


@pytest.mark.parametrize("written", [True, False])
def test_a_record_can_be_amended(ledger: Ledger, written: bool) -> None:
    number = ledger.put(CONTACTS, {"firstName": "Ann", "company": 1})
    if written:
        ledger.flush()
    ledger.amend(CONTACTS, number, {"lastName": "Poe", "company": 2})
    ledger.flush()
    record = ledger.record(CONTACTS, number)
    assert (record["lastName"], record["company"]["id"], record["firstName"]) == ("Poe", 2, "Ann")
    assert [one["id"] for one in ledger.records(CONTACTS)] == [number]


def test_flags_left_out_are_false_where_rows_are_whole(ledger: Ledger) -> None:
    record = ledger.record(CONTACTS, ledger.put(CONTACTS, {"firstName": "Ann"}, whole=True))
    assert record["inactiveFlag"] is record["marriedFlag"] is False
    location = ledger.record("/time/workRoles", ledger.put("/time/workRoles", {"name": "x"}, whole=True))
    assert "addAllLocations" not in location


def test_more_rows_than_wait_are_all_written(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockcw.demo.ledger.WRITTEN_AT", 10)
    monkeypatch.setattr("mockcw.demo.ledger.FORMS_KEPT", 3)
    numbers = [ledger.put(CONTACTS, {"firstName": str(n), "company": 1 + n % 3}) for n in range(35)]
    assert len(ledger.sheet(CONTACTS).waiting) < 10
    assert [one["id"] for one in ledger.records(CONTACTS)] == numbers


# -- molds -------------------------------------------------------------------------------------------------------------


def test_a_mold_gives_the_record_that_put_gives(ledger: Ledger) -> None:
    plain = {"text": 'a "quoted" 100% text', "type": 1, "flagged": True, "enteredBy": "Ann"}
    one = ledger.record(NOTES, ledger.put(NOTES, plain, parent=2, entered="e", updated="u", by="b"))
    mold = Mold(ledger, NOTES, {"text": blank("text"), "type": blank("type"), "flagged": True, "enteredBy": gap("who")})
    texts = ledger.texts(NOTES, {"text": plain["text"], "type": 1})
    blanks = {**texts, "who": "Ann", "entered": "e", "updated": "u", "by": "b"}
    other = ledger.record(NOTES, mold.pour(blanks, parent=2))
    assert {**other, "id": one["id"]} == one
    assert list(other) == list(one)


def test_a_molds_own_text_may_hold_percent_signs(ledger: Ledger) -> None:
    mold = Mold(ledger, NOTES, {"text": "100%s %(id)s"})
    number = mold.pour({"entered": "e", "updated": "u", "by": "b"}, parent=1)
    assert ledger.record(NOTES, number)["text"] == "100%s %(id)s"


def test_a_poured_record_is_shown_by_those_that_refer_to_it(ledger: Ledger) -> None:
    mold = Mold(ledger, CONTACTS, {"firstName": gap("first"), "company": 1})
    number = mold.pour({"first": "Ann", "entered": "e", "updated": "u", "by": "b"}, {"firstName": "Ann"})
    ledger.amend(COMPANIES, 1, {"defaultContact": number})
    shown = ledger.record(COMPANIES, 1)["defaultContact"]
    assert (shown["id"], shown["name"]) == (number, "Ann")
