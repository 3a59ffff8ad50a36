"""The SARIF log tells of permissions only, and of what failed or could not be told."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.reports import sarif


def result(requirement: str, verdict: str, level: str = "MUST") -> dict[str, Any]:
    return {
        "requirement": requirement,
        "level": level,
        "sentence": "It holds.",
        "source": "captured",
        "tags": ["wire"],
        "verdict": verdict,
        "reason": "nobody knows" if verdict == "unknown" else None,
        "findings": [{"text": "403 expected, 200 seen", "exchange": 1}] if verdict == "fail" else [],
    }


def log(*results: dict[str, Any]) -> dict[str, Any]:
    run: dict[str, Any] = sarif({"version": "0.1.0", "results": list(results)})["runs"][0]
    return run


def test_a_failed_permission_is_a_result_that_points_at_its_rule() -> None:
    run = log(result("permissions.body", "pass"), result("permissions.status", "fail"), result("paging.cap", "fail"))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["permissions.body", "permissions.status"]
    [told] = run["results"]
    assert told["ruleId"] == run["tool"]["driver"]["rules"][told["ruleIndex"]]["id"] == "permissions.status"
    assert told["message"]["text"] == "403 expected, 200 seen"


@pytest.mark.parametrize(("level", "expected"), [("MUST", "error"), ("SHOULD", "warning"), ("MAY", "note")])
def test_the_level_follows_the_requirement(level: str, expected: str) -> None:
    [told] = log(result("credentials.wrong-key", "fail", level))["results"]
    assert (told["kind"], told["level"]) == ("fail", expected)


def test_what_could_not_be_told_is_open_and_has_no_level() -> None:
    [told] = log(result("roles.rows", "unknown"))["results"]
    assert (told["kind"], told["level"], told["message"]["text"]) == ("open", "none", "nobody knows")
