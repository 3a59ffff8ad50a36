"""The faults a machine may inject, as data for the control API.

Knows what a fault looks like; the machine decides when one strikes. Every fault strikes a limited number of times, so
a program always ends with a server that works.
"""

from __future__ import annotations

from typing import Any

_COMPANIES = {"method": "GET", "path": "/company/companies"}

FAULTS: dict[str, dict[str, Any]] = {
    "throttled": {
        "match": {**_COMPANIES, "times": 1},
        "do": {
            "status": 429,
            "headers": {"Retry-After": "1"},
            "body": {"error": "ConnectWiseAPI", "message": "Too many requests. Please try again in 1 seconds."},
        },
    },
    "failing": {
        "match": {**_COMPANIES, "times": 1},
        "do": {
            "status": 500,
            "body": {"code": "ConnectWiseApi", "message": "A timeout has occured. Please try again."},
        },
    },
    "failing-on-page-two": {
        "match": {**_COMPANIES, "nth": 2, "times": 1},
        "do": {"status": 500, "body": {"code": "ConnectWiseApi", "message": "A timeout has occured."}},
    },
    "dropped": {"match": {**_COMPANIES, "times": 1}, "do": {"drop": "before"}},
    "cut-short": {"match": {**_COMPANIES, "times": 1}, "do": {"truncate_bytes": 40}},
}
"""Each fault by its name in a program."""
