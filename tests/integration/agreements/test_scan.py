"""The scan: exact figures, what bills today, and answers that are none."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from integration.agreements.figures import Unreadable, canonical, cents, day, exact, number_text, wire_number
from integration.agreements.records import ENDED, read_addition, read_agreement
from integration.agreements.scan import by_company, by_product, lines_of
from integration.agreements.today import server_day
from integration.connect.reply import Reply
from integration.errors import PermissionRefused, ProtocolFault

AGREEMENTS = "/finance/agreements"


class Finance:
    """A small API of agreements, built over the served one: answers lists under the paths it was given."""

    def __init__(self, api: Any, lists: dict[str, Any]) -> None:
        self.lists = lists
        self._seen = api.seen
        self._answer = api.answer
        api.answer = self.answer

    def answer(self, seen: Any) -> tuple[int, dict[str, str], bytes]:
        path = seen.path.partition("/apis/3.0")[2]
        if not path.startswith("/finance"):
            return self._answer(seen)  # type: ignore[no-any-return]
        self._seen.append(seen)
        if path not in self.lists:
            return 404, {}, b'{"code":"NotFound","message":"gone"}'
        answer = self.lists[path]
        if isinstance(answer, tuple):
            return answer
        if isinstance(answer, str):
            return 200, {"Link": ""}, answer.encode()
        size, after = int(seen.query.get("pageSize", "25")), int(seen.query.get("pageId", "0"))
        found = [one for one in answer if one["id"] > after]
        link = f'<https://x.test{seen.path}?pageId={found[size - 1]["id"]}>; rel="next"' if len(found) > size else ""
        return 200, {"Link": link}, json.dumps(found[:size]).encode()


def agreement(key: int, **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "name": f"A{key}",
        "company": {"id": key, "identifier": f"C{key}", "name": f"Company {key}"},
        "agreementStatus": "Active",
        "billStartDate": "2025-01-01T00:00:00Z",
        "noEndingDateFlag": True,
        "billingCycle": {"id": 1, "name": "Monthly"},
        "currency": {"id": 1, "currencyCode": "USD"},
        **more,
    }


def addition(key: int, **more: Any) -> dict[str, Any]:
    return {
        "id": key,
        "product": {"id": 1, "identifier": "OLD"},
        "quantity": 2,
        "unitPrice": 0.1,
        "unitCost": 0.05,
        "billCustomer": "Billable",
        "effectiveDate": "2025-01-01T00:00:00Z",
        **more,
    }


def additions_of(key: int) -> str:
    return f"{AGREEMENTS}/{key}/additions"


def test_ten_thousand_additions_are_read_page_by_page_and_added_up_exactly(connected: Any) -> None:
    state, api = connected()
    Finance(api, {AGREEMENTS: [agreement(1)], additions_of(1): [addition(n) for n in range(1, 10_001)]})
    found = state.scan()
    assert len(found.additions) == 10_000
    for groups in (by_company(found), by_product(found)):
        (group,) = groups
        assert (group.lines, group.quantity, group.amount, group.cost) == (
            10_000,
            Decimal(20_000),
            Decimal("2000.00"),
            Decimal("1000.00"),
        )
    assert len([one for one in api.seen if one.path.endswith("/additions")]) == 10


def test_small_pages_give_the_same_scan(connected: Any) -> None:
    lists = {AGREEMENTS: [agreement(n) for n in (1, 2, 3)], **{additions_of(n): [] for n in (1, 3)}}
    lists[additions_of(2)] = [addition(n) for n in range(1, 8)]
    scans = []
    for size in (2, 1000):
        state, api = connected(page_size=size)
        Finance(api, lists)
        scans.append(state.scan())
    assert scans[0].additions == scans[1].additions
    assert scans[0].agreements == scans[1].agreements
    assert len(scans[0].additions) == 7


def test_lines_that_ended_or_begin_later_are_listed_and_not_added_up(connected: Any) -> None:
    state, api = connected()
    lines = [
        addition(1),
        addition(2, cancelledDate="2020-01-01T00:00:00Z"),
        addition(3, effectiveDate="2999-01-01T00:00:00Z"),
        addition(4, cancelledDate="2999-01-01T00:00:00Z", lessIncluded=1.5),
        addition(5, billCustomer="NoCharge"),
        addition(6, unitPrice=None),
    ]
    Finance(
        api,
        {
            AGREEMENTS: [agreement(1), agreement(2, agreementStatus="Cancelled"), agreement(3)],
            additions_of(1): lines,
            additions_of(2): [addition(7)],
            additions_of(3): [],
        },
    )
    found = state.scan()
    assert [state for _, _, state in lines_of(found)] == ["bills", "ended", "later", "bills", "bills", "bills", ENDED]
    (group,) = by_company(found)
    assert (group.lines, group.amount, group.unpriced) == (4, Decimal("0.25"), 1)


def test_a_line_with_figures_that_cannot_be_kept_exactly_is_told_apart(connected: Any) -> None:
    state, api = connected()
    sent = [
        addition(1),
        addition(2, quantity="two"),
        addition(3, effectiveDate="soon"),
        addition(4, unitPrice=1e300),
        addition(5, unitPrice=10**30),
        addition(6, unitPrice=True),
    ]
    Finance(api, {AGREEMENTS: [agreement(1)], additions_of(1): sent})
    found = state.scan()
    assert [one.id for one in found.additions] == [1]
    assert [one.id for one in found.unreadable] == [2, 3, 4, 5, 6]


def test_an_agreement_that_vanishes_between_two_calls_is_left_out_with_a_warning(connected: Any) -> None:
    state, api = connected()
    Finance(api, {AGREEMENTS: [agreement(1), agreement(2), agreement(3)], **{additions_of(n): [] for n in (1, 3)}})
    assert any("agreement 2 is gone" in warning for warning in state.scan().warnings)


def test_no_agreement_at_all_is_done_and_warns(connected: Any) -> None:
    state, api = connected()
    Finance(api, {AGREEMENTS: []})
    assert any("Level, Location or Business Unit" in warning for warning in state.scan().warnings)


@pytest.mark.parametrize(
    "answer", ["<html>", "{}", "[1]", "null", '[{"id": NaN}]', '[{"id":1', "[" * 100_000, f"[{'9' * 5000}]"]
)
def test_an_answer_that_is_none_is_a_protocol_fault(connected: Any, answer: str) -> None:
    state, api = connected()
    Finance(api, {AGREEMENTS: [agreement(1)], additions_of(1): answer})
    with pytest.raises(ProtocolFault):
        state.scan()


def test_a_missing_right_names_the_row_and_is_noted_in_the_audit_log(connected: Any) -> None:
    state, api = connected()
    Finance(api, {AGREEMENTS: (403, {}, b'{"code":"Forbidden","message":"no"}')})
    with pytest.raises(PermissionRefused) as caught:
        state.scan()
    assert "Finance > Agreements: Inquire All" in caught.value.advice
    assert [entry.action for entry in state.audit_entries()][-1] == "refused"


def test_the_end_of_an_agreement_is_the_earlier_of_its_end_and_its_cancellation() -> None:
    both = agreement(1, noEndingDateFlag=False, endDate="2026-05-01T00:00:00Z", cancelledFlag=True)
    assert read_agreement(both).ends == date(2026, 5, 1)
    assert read_agreement({**both, "dateCancelled": "2026-02-01T00:00:00Z"}).ends == date(2026, 2, 1)
    assert read_agreement(agreement(1, endDate="2026-05-01T00:00:00Z")).ends is None


def test_what_a_successor_takes_over_is_read_as_references_by_id() -> None:
    sent = {
        **addition(1, unitPrice=None, unitCost=None, taxableFlag=False, opportunity=None),
        "invoiceGrouping": {"id": 3, "name": "G"},
        "sequenceNumber": Decimal("1.5"),
    }
    assert read_addition(sent, 1).carried == (
        ("invoiceGrouping", {"id": 3}),
        ("sequenceNumber", Decimal("1.5")),
        ("taxableFlag", False),
    )
    with pytest.raises(Unreadable):
        read_addition(addition(0), 1)


@pytest.mark.parametrize(
    ("moment", "zone", "expected", "doubts"),
    [
        ("2026-03-02T03:00", "Eastern Standard Time", date(2026, 3, 1), False),
        ("2026-03-01T20:00", "AUS Eastern Standard Time", date(2026, 3, 2), False),
        ("2026-03-02T03:00", "America/New_York", date(2026, 3, 1), False),
        ("2026-03-02T03:00", "Nowhere Time", date(2026, 3, 2), True),
        ("2026-03-02T03:00", "../../etc/passwd", date(2026, 3, 2), True),
        ("2026-03-02T03:00", "", date(2026, 3, 2), True),
    ],
)
def test_today_is_that_of_the_server(moment: str, zone: str, expected: date, doubts: bool) -> None:
    found, doubt = server_day(datetime.fromisoformat(moment).replace(tzinfo=UTC), zone)
    assert (found, bool(doubt)) == (expected, doubts)


def test_numbers_keep_their_digits_and_equal_ones_have_one_form() -> None:
    sent = Reply(200, {}, b"[0.1, 35.0, 2]").exact_json()
    assert [exact(one, "x") for one in sent] == [Decimal("0.1"), Decimal(35), Decimal(2)]
    assert [number_text(Decimal(one)) for one in ("35.00", "0.10", "-0.0", "1E+3")] == ["35", "0.1", "0", "1000"]
    assert json.dumps([wire_number(Decimal(one)) for one in ("35.00", "1234567890.12345")]) == "[35, 1234567890.12345]"
    assert str(cents(Decimal("0.005"))) == "0.01"
    assert canonical({"b": Decimal("1.0"), "a": True}) == canonical({"a": True, "b": Decimal("1.00")})
    assert canonical([True]) != canonical([1])
    assert day(None, "x") is None
    with pytest.raises(Unreadable):
        exact(0.1, "x")
