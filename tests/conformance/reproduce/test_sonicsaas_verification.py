"""The six checks of the SonicSaaS guide's step 6: each fails with just its row missing, and passes with the row."""

from __future__ import annotations

from typing import Any

REFUSED = "You do not have security permission to perform this action."


def check(tell: Any, case: str, refused: tuple[str, str], *cells: tuple[str, str, str]) -> dict[str, Any]:
    """The case fails on one refused request; the change is exactly these cells, and with it the case passes."""
    failing = tell(f"sonicsaas/{case}")
    assert failing.code == 1
    assert failing.report["result"] == "reproduced"
    step: dict[str, Any] = failing.step()
    assert step["state"] == "failed"
    (exchange,) = step["exchanges"]
    assert (exchange["method"], exchange["path"]) == refused
    assert exchange["status"] == 403
    assert REFUSED in exchange["body"]
    assert exchange["cause"] == "role-row"
    assert exchange["decision"]["allowed"] is False
    assert tuple(failing.cells) == cells[:1]
    fixed = tell(f"sonicsaas/{case}", "--fix")
    assert fixed.code == 0
    assert fixed.report["result"] == "reproduced and fixed"
    assert tuple(fixed.cells) == cells
    assert fixed.step(0) == step | {"exchanges": fixed.step(0)["exchanges"]}
    assert fixed.step(-1)["state"] == "passed"
    passing: dict[str, Any] = fixed.step(-1)
    return passing


def test_connection_test_succeeds_and_displays_a_version(tell: Any) -> None:
    cell = ("System", "Table Setup", "Inquire")
    passing = check(tell, "verify-1-connection-test", ("GET", "/service/boards"), cell)
    assert "version v2025.1" in passing["customer_sees"]


def test_company_sync_returns_a_non_zero_count(tell: Any) -> None:
    cell = ("Companies", "Company Maintenance", "Inquire")
    passing = check(tell, "verify-2-company-sync", ("GET", "/company/companies"), cell)
    assert int(passing["customer_sees"].split()[0]) > 0


def test_agreement_scan_opens_an_agreement_with_its_line_items(tell: Any) -> None:
    cell = ("Finance", "Agreements", "Inquire")
    passing = check(tell, "verify-3-agreement-scan", ("GET", "/finance/agreements"), cell)
    assert "line items" in passing["customer_sees"]


def test_migration_dry_run_previews_what_it_would_create_and_cancel_and_validates_the_writes(tell: Any) -> None:
    failing = tell("sonicsaas/verify-4-migration-dry-run")
    assert failing.code == 1
    step = failing.step()
    assert step["facts"], "the preview is shown all the same"
    assert all(fact.startswith("would create ") and ", cancel addition " in fact for fact in step["facts"])
    assert step["exchanges"] == [], "a dry run has nothing refused: it asks for the rights of the key"
    assert [lack["action"] for lack in step["lacks"]] == ["Add", "Edit", "Delete"]
    assert failing.cells == [("Finance", "Agreements", action) for action in ("Add", "Edit", "Delete")]
    fixed = tell("sonicsaas/verify-4-migration-dry-run", "--fix")
    assert fixed.code == 0
    assert fixed.step(-1)["facts"] == step["facts"], "the dry run wrote nothing"


def test_test_alert_makes_a_ticket_appear(tell: Any) -> None:
    add, edit = (("Service Desk", "Service Tickets", action) for action in ("Add", "Edit"))
    passing = check(tell, "verify-5-test-alert", ("POST", "/service/tickets"), add, edit)
    assert "appears on the board" in passing["customer_sees"]


def test_time_entry_posts_a_single_entry(tell: Any) -> None:
    cell = ("Time & Expense", "Time Entry", "Add")
    passing = check(tell, "verify-6-time-entry", ("POST", "/time/entries"), cell)
    assert "0.25 hours" in passing["customer_sees"]
