"""The time entry: one entry on the time sheet of the API member (SonicSaaS guide, step 6, item 6).

Knows what a vendor posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.reproduce.outcome import Outcome
from conformance.reproduce.vendor import Vendor


def time_entry(vendor: Vendor, options: Mapping[str, Any]) -> Outcome:
    """Post a quarter of an hour of today; raises Refused."""
    begun = f"{vendor.today}T09:00:00Z"
    body = {"timeStart": begun, "timeEnd": f"{vendor.today}T09:15:00Z", "notes": "Test entry", "actualHours": 0.25}
    entry = vendor.need("POST", "/time/entries", body=body)
    member = (entry.get("member") or {}).get("identifier", "nobody")
    return Outcome(True, f"Time entry {entry['id']} of {entry.get('actualHours')} hours appears for {member}.")
