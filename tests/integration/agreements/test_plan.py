"""The plan: nothing lost, nothing billed twice, the same hash for the same content."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.agreements.compare import compare
from integration.agreements.mapping import ProductMapping, parse_mapping
from integration.agreements.plan import Plan, make_plan
from integration.agreements.planfile import load_plan, parse_plan, plan_json, save_plan
from integration.agreements.records import Addition, Agreement, Product, Scan, UnreadableLine
from integration.errors import WrongUse

TODAY = date(2026, 3, 10)
NEXT = date(2026, 4, 1)
START = date(2025, 1, 1)


def agreement(key: int = 1, **more: Any) -> Agreement:
    plain = Agreement(
        id=key,
        name=f"Agreement {key}",
        company_id=100 + key,
        company=f"C{key}",
        company_name=f"Company {key}",
        status="Active",
        bill_start=START,
        ends=None,
        next_invoice=NEXT,
        cycle="Monthly",
        currency="USD",
    )
    return replace(plain, **more)


def line(key: int = 10, of: int = 1, **more: Any) -> Addition:
    plain = Addition(
        id=key,
        agreement_id=of,
        product_id=1,
        product="OLD",
        quantity=Decimal(3),
        less_included=Decimal(1),
        unit_price=Decimal("9.99"),
        unit_cost=Decimal("4.5"),
        bill_customer="Billable",
        begins=START,
        cancelled=None,
        serial="",
        carried=(("invoiceGrouping", {"id": 4}), ("taxableFlag", True)),
    )
    return replace(plain, **more)


PRODUCTS = (
    Product(1, "OLD", "Old", "Agreement", Decimal(10), Decimal(5), is_inactive=False),
    Product(2, "NEW", "New", "Agreement", Decimal(12), Decimal(6), is_inactive=False),
    Product(3, "BUNDLE", "Bundle", "Bundle", Decimal(12), Decimal(6), is_inactive=False),
    Product(4, "RETIRED", "Retired", "Agreement", Decimal(12), Decimal(6), is_inactive=True),
)


def scanned(*additions: Addition, agreements: tuple[Agreement, ...] = (agreement(),), **more: Any) -> Scan:
    plain = Scan("host:443/training", TODAY, True, agreements, additions, PRODUCTS)
    return replace(plain, **more)


def mapping(more: str = "", to: str = "NEW") -> ProductMapping:
    return parse_mapping(f'[[map]]\nfrom = "OLD"\nto = "{to}"\n{more}')


def planned(*additions: Addition, rules: str = "", to: str = "NEW", **more: Any) -> Plan:
    return make_plan(scanned(*additions, **more), mapping(rules, to), TODAY)


def only_line(made: Plan) -> Any:
    assert made.problems == ()
    (found,) = made.lines
    return found


def test_a_line_is_succeeded_with_the_same_figures() -> None:
    found = only_line(planned(line(serial="SN 1")))
    assert found.body == {
        "product": {"id": 2},
        "quantity": Decimal(3),
        "lessIncluded": Decimal(1),
        "unitPrice": Decimal("9.99"),
        "unitCost": Decimal("4.5"),
        "billCustomer": "Billable",
        "effectiveDate": "2026-04-01T00:00:00Z",
        "taxableFlag": True,
        "invoiceGrouping": {"id": 4},
        "serialNumber": f"SN 1 {found.marker}",
    }
    assert found.marker.startswith("mig10-")
    assert (found.cancel, found.begins, found.restore) == (date(2026, 3, 31), NEXT, None)
    assert (found.before, found.after) == (Decimal("19.98"), Decimal("19.98"))


def test_when_the_cancelled_day_does_not_bill_the_old_line_is_cancelled_on_the_day_of_the_new() -> None:
    found = only_line(planned(line(), cancelled_day_bills=False))
    assert (found.cancel, found.begins) == (NEXT, NEXT)


@pytest.mark.parametrize(
    ("rules", "figures"),
    [
        ("price = {fixed = 12.5}", ("3", "1", "12.5", "25.00")),
        ("price = {percent = -10}", ("3", "1", "8.99", "17.98")),
        ("price = 'catalogue'", ("3", "1", "12", "24.00")),
        ("quantity = {fixed = 5}", ("5", "0", "9.99", "49.95")),
        ("quantity = {multiply = 2}", ("6", "2", "9.99", "39.96")),
        ("quantity = {table = {3 = 30}}", ("30", "0", "9.99", "299.70")),
    ],
)
def test_price_and_quantity_follow_their_rules(rules: str, figures: tuple[str, str, str, str]) -> None:
    found = only_line(planned(line(), rules=rules))
    body = found.body
    assert (body["quantity"], body["lessIncluded"], body["unitPrice"], found.after) == tuple(map(Decimal, figures))


def test_an_end_goes_over_to_the_successor_and_is_put_back_by_a_rollback() -> None:
    found = only_line(planned(line(cancelled=date(2026, 5, 1))))
    assert (found.restore, found.body["cancelledDate"]) == (date(2026, 5, 1), "2026-05-01T00:00:00Z")


SUCCESSOR = line(11, product="NEW", product_id=2, serial="mig10-0123456789ab")


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ("bundle", planned(line(), to="BUNDLE")),
        ("inactive-product", planned(line(), to="RETIRED")),
        ("missing-product", planned(line(), to="NEWS")),
        ("ambiguous", planned(line(), products=(*PRODUCTS, replace(PRODUCTS[1], id=9)))),
        (
            "ambiguous",
            planned(line(), rules='[[exception]]\ncompany="C1"\nleave=true\n[[exception]]\ncompany=101\nleave=true'),
        ),
        ("left-out", planned(line(), rules='[[exception]]\ncompany="C1"\nleave=true')),
        ("ended", planned(line(cancelled=TODAY - timedelta(1)))),
        ("ended", planned(line(), agreements=(agreement(status="Cancelled"),))),
        ("ended", planned(line(), agreements=(agreement(ends=TODAY - timedelta(1)),))),
        ("ends-before", planned(line(cancelled=NEXT - timedelta(1)))),
        ("ends-before", planned(line(), agreements=(agreement(ends=NEXT - timedelta(1)),))),
        ("before-billing", planned(line(), agreements=(agreement(bill_start=NEXT + timedelta(1)),))),
        ("begins-later", planned(line(begins=NEXT))),
        ("date-passed", planned(line(), rules="date = 2026-03-09")),
        ("no-billing-date", planned(line(), agreements=(agreement(next_invoice=None),))),
        ("no-billing-date", planned(line(), agreements=(agreement(next_invoice=TODAY - timedelta(1)),))),
        ("zero", planned(line(quantity=Decimal(0)))),
        ("negative", planned(line(quantity=Decimal(-1)))),
        ("no-table-row", planned(line(), rules="quantity = {table = {1 = 2}}")),
        ("price-unknown", planned(line(unit_price=None))),
        ("inexact", planned(line(quantity=Decimal("1.01")), rules="quantity = {multiply = 0.1234567891}")),
        ("serial-too-long", planned(line(serial="S" * 40))),
        ("already-migrated", planned(line(), SUCCESSOR)),
        ("unreadable", planned(unreadable=(UnreadableLine(1, 10, "quantity is no number"),))),
    ],
)
def test_a_line_that_cannot_be_moved_is_left_alone_with_its_reason(code: str, made: Plan) -> None:
    assert made.lines == ()
    assert [(one.agreement_id, one.old_id, one.code) for one in made.problems] == [(1, 10, code)]
    assert made.problems[0].text


def test_a_missing_product_is_reported_with_near_names() -> None:
    assert "near names: NEW" in planned(line(), to="NEWS").problems[0].text


def test_zero_and_negative_lines_are_carried_when_the_mapping_says_so() -> None:
    made = planned(
        line(10, quantity=Decimal(0)), line(11, quantity=Decimal(-2)), rules='zero = "carry"\nnegative = "carry"'
    )
    assert (len(made.lines), made.problems) == (2, ())


def test_a_marker_of_an_earlier_migration_gives_way_to_the_new_one() -> None:
    found = only_line(planned(line(serial="SN mig5-0123456789ab")))
    assert found.body["serialNumber"] == f"SN {found.marker}"


prices = st.decimals(-(10**6), 10**6, places=4)
days = st.dates(START, date(2026, 12, 31))
agreement_lists = st.lists(
    st.builds(
        agreement,
        st.integers(1, 6),
        status=st.sampled_from(["Active", "Inactive", "Cancelled", "Expired"]),
        bill_start=st.none() | days,
        ends=st.none() | days,
        next_invoice=st.none() | days,
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.id,
)


@st.composite
def scans(draw: st.DrawFn) -> Scan:
    agreements = draw(agreement_lists)
    made = st.builds(
        line,
        st.integers(1, 99),
        st.sampled_from([one.id for one in agreements]),
        product=st.sampled_from(["OLD", "old", "OTHER"]),
        quantity=st.decimals(-100, 100, places=2),
        less_included=st.integers(0, 3).map(Decimal),
        unit_price=st.none() | prices,
        unit_cost=st.none() | prices,
        bill_customer=st.sampled_from(["Billable", "DoNotBill", "NoCharge"]),
        begins=st.none() | days,
        cancelled=st.none() | days,
        serial=st.sampled_from(["", "SN-1", "x" * 45, "mig3-0123456789ab"]),
    )
    additions = draw(st.lists(made, max_size=8, unique_by=lambda one: one.id))
    return scanned(*additions, agreements=tuple(agreements), cancelled_day_bills=draw(st.booleans()))


KEEP = 'zero = "carry"\nnegative = "carry"\n'
date_rules = st.sampled_from(["", 'date = "today"\n', "date = 2026-06-15\n"])


@given(scans(), date_rules)
def test_a_mapping_that_keeps_prices_bills_the_same_to_the_cent(scan: Scan, when: str) -> None:
    made = make_plan(scan, mapping(KEEP + when), TODAY)
    assert made.before == made.after
    old = {one.id: one for one in scan.additions}
    assert made.after == sum((old[one.old_id].amount or Decimal(0) for one in made.lines), Decimal(0))


@given(scans(), date_rules)
def test_every_old_line_is_in_exactly_one_of_lines_and_problems(scan: Scan, when: str) -> None:
    made = make_plan(scan, mapping(when), TODAY)
    told = [one.old_id for one in made.lines] + [one.old_id for one in made.problems]
    assert sorted(told) == sorted(one.id for one in scan.additions if one.product.casefold() == "old")


def billed(first: date | None, last: date | None, on: date) -> bool:
    return (first is None or first <= on) and (last is None or on <= last)


@given(scans(), date_rules)
def test_on_every_day_the_old_or_the_new_line_bills_and_never_both(scan: Scan, when: str) -> None:
    made = make_plan(scan, mapping(KEEP + when), TODAY)
    shift = timedelta(0 if scan.cancelled_day_bills else 1)
    old = {one.id: one for one in scan.additions}
    for one in made.lines:
        was = old[one.old_id]
        wire_end = one.body.get("cancelledDate")
        new_first = date.fromisoformat(one.body["effectiveDate"][:10])
        new_last = date.fromisoformat(wire_end[:10]) - shift if wire_end else None
        old_last = was.cancelled - shift if was.cancelled else None
        edges = {TODAY, new_first, one.cancel, *(end for end in (old_last, new_last, was.begins) if end)}
        for on in {edge + timedelta(days) for edge in edges for days in (-2, -1, 0, 1, 2)}:
            bills = [billed(was.begins, one.cancel - shift, on), billed(new_first, new_last, on)]
            assert sum(bills) == billed(was.begins, old_last, on), (on, one)
        assert was.begins is None or one.cancel >= was.begins


@given(scans(), st.randoms())
def test_the_hash_does_not_depend_on_the_order_of_reading_nor_on_names(scan: Scan, chance: random.Random) -> None:
    def shuffled(values: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(chance.sample(values, len(values)))

    other = replace(
        scan,
        agreements=shuffled(tuple(replace(one, name="renamed", company_name="too") for one in scan.agreements)),
        additions=shuffled(tuple(replace(one, quantity=one.quantity + Decimal("0.000")) for one in scan.additions)),
        products=shuffled(scan.products),
    )
    rules = mapping(KEEP)
    assert make_plan(scan, rules, TODAY).hash == make_plan(other, rules, TODAY + timedelta(0)).hash


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": Decimal(4)},
        {"less_included": Decimal(0)},
        {"unit_price": Decimal("9.98")},
        {"unit_cost": Decimal("4.51")},
        {"bill_customer": "NoCharge"},
        {"begins": START + timedelta(1)},
        {"cancelled": date(2026, 5, 1)},
        {"serial": "S"},
        {"carried": (("taxableFlag", False),)},
        {"product_id": 7},
        {"id": 12},
    ],
)
def test_the_hash_changes_with_anything_that_matters_of_a_line(changes: dict[str, Any]) -> None:
    assert planned(replace(line(), **changes)).hash != planned(line()).hash


@pytest.mark.parametrize(
    "other",
    [
        planned(line(), source="elsewhere:443/training"),
        planned(line(), cancelled_day_bills=False),
        planned(line(), rules="price = 'catalogue'"),
        planned(line(), rules="date = 'today'"),
        planned(line(), agreements=(agreement(status="Inactive"),)),
        planned(line(), unreadable=(UnreadableLine(1, 99, "?"),)),
        planned(line(), line(13)),
        planned(),
    ],
)
def test_the_hash_changes_with_anything_that_matters_around_it(other: Plan) -> None:
    assert other.hash != planned(line()).hash


@given(scans())
def test_a_plan_survives_its_file(scan: Scan) -> None:
    made = make_plan(scan, mapping(KEEP), TODAY)
    again = parse_plan(json.dumps(plan_json(made)).encode(), "plan")
    assert again == made
    assert again.hash == made.hash


def test_lines_and_problems_have_one_order_and_an_empty_plan_has_its_source() -> None:
    lines = [line(key, of, quantity=Decimal(of)) for key, of in ((12, 1), (11, 2), (10, 1), (13, 2))]
    lines += [line(key, cancelled=START) for key in (30, 20)]
    both = (agreement(1), agreement(2))
    one, other = planned(*lines, agreements=both), planned(*reversed(lines), agreements=both[::-1])
    assert one == other
    assert [found.old_id for found in one.lines] == [10, 12, 11, 13]
    assert [found.old_id for found in one.problems] == [20, 30]
    assert planned(source="elsewhere:443/training").hash != planned().hash


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda sent: sent["lines"][0]["body"].update(unitPrice=1), "changed after it was made"),
        (lambda sent: sent["lines"][0].update(cancel="2026-05-01"), "changed after it was made"),
        (lambda sent: sent["problems"].clear() or sent["lines"].clear(), "changed after it was made"),
        (lambda sent: sent["lines"][0].pop("marker"), "lines/0 is not as a plan has it"),
        (lambda sent: sent.update(format="other/1"), "format is not"),
        (lambda sent: sent["lines"][0].update(cancel="2026-99-01"), "is no plan"),
        (lambda sent: sent["lines"][0]["body"].update(unitPrice=10**40), "is no plan"),
    ],
)
def test_a_plan_file_that_was_changed_is_refused(change: Any, says: str) -> None:
    sent = plan_json(planned(line()))
    change(sent)
    with pytest.raises(WrongUse, match=says):
        parse_plan(json.dumps(sent).encode(), "plan")


def test_a_plan_file_that_cannot_be_read_or_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be read"):
        load_plan(tmp_path / "none.json")
    with pytest.raises(WrongUse, match="cannot be written"):
        save_plan(planned(line()), tmp_path)
    for content in (b"<html>", b"[]", b"\xff"):
        with pytest.raises(WrongUse, match="is no plan"):
            parse_plan(content, "plan")
    save_plan(planned(line()), tmp_path / "plan.json")
    assert load_plan(tmp_path / "plan.json") == planned(line())


@pytest.mark.parametrize(
    ("state", "now"),
    [
        ("ready", scanned(line())),
        ("changed", scanned(line(quantity=Decimal(4)))),
        ("changed", scanned(line(serial="S"))),
        ("changed", scanned(line(cancelled=date(2027, 1, 1)))),
        ("changed", scanned(line(unit_cost=Decimal(5)))),
        ("changed", scanned(line(), agreements=(agreement(ends=NEXT),))),
        ("gone", scanned()),
        ("gone", scanned(agreements=())),
        ("already created", scanned(line(), SUCCESSOR)),
        ("product gone", scanned(line(), products=PRODUCTS[:1])),
        ("date passed", scanned(line(), today=NEXT + timedelta(1))),
    ],
)
def test_a_kept_plan_is_held_against_what_there_is_now(state: str, now: Scan) -> None:
    assert [one.state for one in compare(planned(line()), now)] == [state]
