"""What went wrong with permissions, as SARIF 2.1.0: the format in which code hosts show findings beside a change.

Knows the digest; tells of the requirements about credentials, permissions and roles, and of no others.
"""

from __future__ import annotations

from typing import Any

from conformance.reports.digest import Report

FAMILIES = ("credentials", "permissions", "roles", "members")
LEVELS = {"MUST": "error", "SHOULD": "warning", "MAY": "note"}
TOLD = ("fail", "unknown")


def sarif(report: Report) -> dict[str, Any]:
    """The SARIF log: a rule for each requirement judged, a result for each that failed or could not be told."""
    judged = [one for one in report["results"] if one["requirement"].split(".", 1)[0] in FAMILIES]
    driver = {
        "name": "cw-conformance",
        "version": report["version"],
        "rules": [_rule(result) for result in judged],
    }
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "results": [_result(one, place) for place, one in enumerate(judged) if one["verdict"] in TOLD],
            }
        ],
    }


def _rule(result: Report) -> dict[str, Any]:
    return {
        "id": result["requirement"],
        "shortDescription": {"text": result["sentence"]},
        "defaultConfiguration": {"level": LEVELS[result["level"]]},
        "properties": {"source": result["source"], "tags": result["tags"]},
    }


def _result(result: Report, place: int) -> dict[str, Any]:
    failed = result["verdict"] == "fail"
    texts = [finding["text"] for finding in result["findings"]] or [result["reason"] or result["sentence"]]
    return {
        "ruleId": result["requirement"],
        "ruleIndex": place,
        "level": LEVELS[result["level"]] if failed else "none",  # SARIF: any other level demands the kind fail
        "kind": "fail" if failed else "open",
        "message": {"text": "\n".join(texts)},
        "locations": [{"logicalLocations": [{"fullyQualifiedName": result["requirement"], "kind": "module"}]}],
    }
