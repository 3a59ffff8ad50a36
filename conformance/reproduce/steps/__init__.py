"""The steps of a vendor's integration that a case can run, by name, and the options each takes.

Knows what is run and which options are understood; each step says in its own file what it does on the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.reproduce.outcome import Outcome
from conformance.reproduce.steps.agreements import agreement_scan
from conformance.reproduce.steps.companies import company_sync
from conformance.reproduce.steps.connection import check_permissions, connection_test
from conformance.reproduce.steps.migration import migration_dry_run, migration_run
from conformance.reproduce.steps.tickets import alert
from conformance.reproduce.steps.time import time_entry
from conformance.reproduce.vendor import Vendor

Run = Callable[[Vendor, Mapping[str, Any]], Outcome]


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what runs it, its name for a sentence, and the kinds of its options by name."""

    run: Run
    title: str
    options: Mapping[str, str] = field(default_factory=dict)


STEPS: Mapping[str, Step] = {
    "connection-test": Step(connection_test, "The connection test"),
    "check-permissions": Step(check_permissions, "The permission check"),
    "company-sync": Step(company_sync, "The company sync", {"types": "texts", "excluded_statuses": "texts"}),
    "agreement-scan": Step(agreement_scan, "The agreement scan"),
    "migration-dry-run": Step(migration_dry_run, "The dry run of the migration", {"agreement": "number"}),
    "migration-run": Step(migration_run, "The migration", {"agreement": "number", "roll_back": "flag"}),
    "test-alert": Step(alert, "The test alert"),
    "time-entry": Step(time_entry, "The time entry"),
}
