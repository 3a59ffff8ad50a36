"""What the rules of expenses refuse, each with its whole body."""

from __future__ import annotations

import httpx
import pytest

from tests.mockcw.rules.desk import Desk
from tests.mockcw.rules.refusals import Bench, Refusal, invalid, rows


def handed_in(bench: Bench) -> httpx.Response:
    """A change of what is on a report that was submitted."""
    entry = bench.shop.expense()
    report = entry["expenseReport"]["id"]
    bench.note(report=report)
    bench.desk.do(f"/expense/reports/{report}/submit")
    return bench.set(f"/expense/entries/{entry['id']}", "amount", 99)


ROWS = rows(
    Refusal(
        "expense.locked",
        handed_in,
        invalid(
            "expenseEntry",
            (
                "InvalidField",
                "Expense report {report} has the status ReadyToBill; its expenses cannot be changed.",
                "expenseReport",
            ),
        ),
    ),
)


@pytest.mark.parametrize("row", ROWS)
def test_a_refusal_has_just_this_body(row: Refusal, desk: Desk) -> None:
    row.check(desk)
