"""The six entries of the SonicSaaS guide's troubleshooting: each is seen as the guide tells it, and mended."""

from __future__ import annotations

from typing import Any

import pytest

TYPED = {
    "trouble-1-wrong-keys": ("wrong-private-key", {"login": {"keys": "right"}}),
    "trouble-1-blank-around-key": ("blank-around-key", {"login": {"keys": "right"}}),
    "trouble-1-swapped-keys": ("swapped-keys", {"login": {"keys": "right"}}),
    "trouble-1-wrong-company-id": ("unknown-company", {"login": {"company_id": "training"}}),
}
ADDITIONS = "/finance/agreements/1/additions"


@pytest.mark.parametrize("case", ["trouble-1-inactive-member", *TYPED])
def test_connection_test_returns_401_unauthorized(tell: Any, case: str) -> None:
    failing = tell(f"sonicsaas/{case}")
    assert failing.code == 1
    step = failing.step()
    assert "401 Unauthorized" in step["customer_sees"]
    (exchange,) = step["exchanges"]
    assert exchange["status"] == 401
    assert exchange["cause"] not in exchange["body"], "the answer never says why"
    cause, change = TYPED.get(case, ("inactive-member", {}))
    assert exchange["cause"] == cause
    fixed = tell(f"sonicsaas/{case}", "--fix")
    assert fixed.code == 0
    assert fixed.report["change"]["case"] == change
    assert fixed.report["change"]["member"] == ({"active": True} if cause == "inactive-member" else {})
    assert fixed.report["change"]["new_keys"] is (cause == "wrong-private-key")
    assert fixed.cells == []
    assert "Connected" in fixed.step(-1)["customer_sees"]


def test_the_five_reasons_of_a_401_answer_with_the_same_bytes(tell: Any) -> None:
    bodies = {
        tell(f"sonicsaas/{case}").step()["exchanges"][0]["body"] for case in ("trouble-1-inactive-member", *TYPED)
    }
    assert len(bodies) == 1


def test_connection_test_returns_403_forbidden_on_a_specific_module(tell: Any) -> None:
    failing = tell("sonicsaas/trouble-2-module-forbidden")
    assert failing.code == 1
    assert "403 Forbidden" in failing.step()["customer_sees"]
    assert failing.cells == [("System", "My Company", "Inquire")]
    fixed = tell("sonicsaas/trouble-2-module-forbidden", "--fix")
    assert fixed.code == 0
    assert fixed.cells == failing.cells


def test_company_sync_runs_but_returns_zero_rows(tell: Any) -> None:
    failing = tell("sonicsaas/trouble-3-zero-companies")
    assert failing.code == 1
    (exchange,) = failing.step()["exchanges"]
    assert (exchange["status"], exchange["body"], exchange["cause"]) == (200, "[]", "narrowed")
    assert "zero companies" in failing.step()["customer_sees"]
    fixed = tell("sonicsaas/trouble-3-zero-companies", "--fix")
    assert fixed.code == 0
    assert fixed.report["change"]["member"] == {"structure_level": "Corporate"}
    assert fixed.cells == []


def test_migration_write_fails_with_e_access_on_agreement_additions_without_add(tell: Any) -> None:
    failing = tell("sonicsaas/trouble-4-e-access-without-add")
    assert failing.code == 1
    (exchange,) = failing.step()["exchanges"]
    assert (exchange["method"], exchange["path"], exchange["label"]) == ("POST", ADDITIONS, "E_ACCESS")
    assert "E_ACCESS" in failing.step()["customer_sees"]
    assert failing.step()["facts"] == ["Nothing was written; nothing is left in ConnectWise."]
    fixed = tell("sonicsaas/trouble-4-e-access-without-add", "--fix")
    assert fixed.code == 0
    assert fixed.cells == [("Finance", "Agreements", "Add")]


def test_migration_write_fails_with_e_access_on_agreement_additions_without_delete(tell: Any) -> None:
    failing = tell("sonicsaas/trouble-4-e-access-without-delete")
    assert failing.code == 1
    step = failing.step()
    assert {(one["method"], one["label"]) for one in step["exchanges"]} == {("DELETE", "E_ACCESS")}
    assert "roll-back" in step["customer_sees"]
    left = [one["path"].rpartition("/")[2] for one in step["exchanges"]]
    assert len(left) == len(step["facts"]) == 2
    for fact, addition in zip(step["facts"], reversed(left), strict=True):
        assert fact.startswith(f"Left in ConnectWise: addition {addition} of {ADDITIONS}")
    fixed = tell("sonicsaas/trouble-4-e-access-without-delete", "--fix")
    assert fixed.code == 0
    assert fixed.cells == [("Finance", "Agreements", "Delete")]
    assert fixed.step(-1)["facts"] == ["Everything was taken back; nothing is left in ConnectWise."]


def test_migration_write_fails_with_e_access_and_leaves_a_partial_write(tell: Any) -> None:
    failing = tell("sonicsaas/trouble-4-e-access-half-way")
    assert failing.code == 1
    step = failing.step()
    assert [(one["method"], one["label"]) for one in step["exchanges"]] == [
        ("PATCH", "E_ACCESS"),
        ("DELETE", "E_ACCESS"),
    ]
    assert len(step["facts"]) == 1
    assert "the customer is billed for both" in step["facts"][0]
    fixed = tell("sonicsaas/trouble-4-e-access-half-way", "--fix")
    assert fixed.code == 0
    assert fixed.cells == [("Finance", "Agreements", "Edit"), ("Finance", "Agreements", "Delete")]
    assert "are migrated" in fixed.step(-1)["customer_sees"]


def test_ssrf_block_host_not_allowed_on_connection_test(tell: Any) -> None:
    failing = tell("sonicsaas/trouble-5-host-not-allowed")
    assert failing.code == 1
    assert "host not allowed" in failing.step()["customer_sees"]
    (exchange,) = failing.step()["exchanges"]
    assert exchange["cause"] == "host-not-allowed"
    assert "status" not in exchange, "nothing was sent"
    fixed = tell("sonicsaas/trouble-5-host-not-allowed", "--fix")
    assert fixed.code == 0
    assert fixed.report["change"]["case"] == {"server": {"url": "https://na.myconnectwise.net"}}
    assert any("region" in words for words in fixed.report["change"]["words"])


def test_ticket_creation_works_but_assignee_is_empty(tell: Any) -> None:
    failing = tell("sonicsaas/trouble-6-blank-assignee")
    assert failing.code == 1
    step = failing.step()
    assert "appears, and its assignee is empty" in step["customer_sees"]
    (exchange,) = step["exchanges"]
    assert (exchange["path"], exchange["status"]) == ("/system/members", 403)
    fixed = tell("sonicsaas/trouble-6-blank-assignee", "--fix")
    assert fixed.code == 0
    assert fixed.cells == [("System", "Member Maintenance", "Inquire")]
    assert "assigned to" in fixed.step(-1)["customer_sees"]
