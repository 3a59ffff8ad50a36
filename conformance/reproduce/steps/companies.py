"""The company sync: every company the filters let through (SonicSaaS guide, step 5 and step 6, item 2).

Knows how a vendor asks for companies; a sync that finds none counts as failed, as it does for the customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.reproduce.outcome import Outcome
from conformance.reproduce.vendor import Vendor


def company_sync(vendor: Vendor, options: Mapping[str, Any]) -> Outcome:
    """Read the companies of the types asked for, without those of the statuses excluded; raises Refused.

    Options: `types` and `excluded_statuses`, names; left out, every company counts.
    """
    query = filters(options)
    found, pages = 0, []
    for seen, page in vendor.pages("/company/companies", query):
        found += len(page)
        pages.append(seen)
    if found:
        return Outcome(True, f"{found} companies are synced.")
    asked = " and ".join(query.values()) if query else "every company"
    return Outcome(
        False,
        "The company sync runs without an error and brings zero companies.",
        (f"ConnectWise answered 200 with an empty list; the sync asked for {asked}.",),
        tuple(pages),
    )


def filters(options: Mapping[str, Any]) -> dict[str, str]:
    """The filters of a case as ConnectWise conditions."""
    query: dict[str, str] = {}
    if options.get("excluded_statuses"):
        query["conditions"] = " and ".join(f"status/name != {_quoted(name)}" for name in options["excluded_statuses"])
    if options.get("types"):
        query["childConditions"] = " or ".join(f"types/name = {_quoted(name)}" for name in options["types"])
    return query


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '\\"') + '"'
