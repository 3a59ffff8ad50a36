"""The exchanges of a run as an HTTP archive (HAR 1.2), which browsers and proxies open.

Knows events; secrets were taken out before the events were written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from conformance.events import Event, of_kind


def har(events: Iterable[Event], version: str) -> dict[str, Any]:
    """The archive; the scope of each exchange is its `_requirement`."""
    entries = [_entry(event) for event in of_kind(events, "exchange")]
    return {"log": {"version": "1.2", "creator": {"name": "cw-conformance", "version": version}, "entries": entries}}


def _entry(event: Event) -> dict[str, Any]:
    asked, answered = event["request"], event["reply"] or {"status": 0, "headers": [], "body": ""}
    body = answered["body"] or ""
    headers = {name.lower(): value for name, value in answered["headers"]}
    posted = {"postData": {"mimeType": "application/json", "text": asked["body"]}} if asked["body"] else {}
    return {
        "startedDateTime": event["at"],
        "time": event["elapsed_ms"],
        "request": {
            "method": asked["method"],
            "url": asked["url"],
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(asked["headers"]),
            "queryString": _pairs(parse_qsl(urlsplit(asked["url"]).query, keep_blank_values=True)),
            "headersSize": -1,
            "bodySize": len(asked["body"] or ""),
            **posted,
        },
        "response": {
            "status": answered["status"],
            "statusText": event["error"] or "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(answered["headers"]),
            "content": {"size": len(body), "mimeType": headers.get("content-type", ""), "text": body},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": len(body),
        },
        "cache": {},
        "timings": {"send": 0, "wait": event["elapsed_ms"], "receive": 0},
        "_requirement": event["scope"],
        "_member": event["member"],
        "_exchange": event["exchange"],
    }


def _pairs(pairs: Iterable[Any]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
