"""Checks of how replies look: formatting of errors and successes, headers, dates.

Knows the envelope; judges no rule of a record.
"""

from __future__ import annotations

import json
import re
from typing import Any

from conformance.checks.check import check
from conformance.wire import COMPANIES, Reply, Wire

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
NO_SUCH_ID = 987654321


def _errors(wire: Wire) -> tuple[Reply, ...]:
    """One error of each kind that any credentials can provoke."""
    return (
        wire.get(f"{COMPANIES}/{NO_SUCH_ID}"),
        wire.get("/company/nosuchthing"),
        wire.get(COMPANIES, {"conditions": 'frobnicate = "x"'}),
        wire.post(COMPANIES, {}),
        wire.get(COMPANIES, headers={"Authorization": None}),
    )


@check("envelope.pretty-errors")
def pretty_errors(wire: Wire) -> None:
    """An error is indented by two blanks, its lines end in CRLF, a blank follows the colon."""
    for reply in _errors(wire):
        due = json.dumps(reply.error(), indent=2, ensure_ascii=False).replace("\n", "\r\n")
        wire.expect(reply.text.rstrip("\r\n") == due, f"{reply.request} answered {reply.text[:160]!r}", reply)


@check("envelope.compact-successes")
def compact_successes(wire: Wire) -> None:
    """A success has no blanks between its tokens."""
    reply = wire.get(COMPANIES, {"pageSize": 2})
    due = json.dumps(reply.rows(), separators=(",", ":"), ensure_ascii=False)
    wire.expect(len(reply.text) == len(due), f"the list is not compact: {reply.text[:120]!r}")


@check("envelope.code-and-message")
def code_and_message(wire: Wire) -> None:
    """Every error has a code and a message."""
    for reply in _errors(wire):
        error = reply.error()
        whole = isinstance(error.get("code"), str) and isinstance(error.get("message"), str)
        wire.expect(whole, f"{reply.request} answered {error!r}", reply)


@check("envelope.no-null-errors")
def no_null_errors(wire: Wire) -> None:
    """An error without items has no member `errors`."""
    reply = wire.get(f"{COMPANIES}/{NO_SUCH_ID}")
    wire.expect("errors" not in reply.error(), f"the body is {reply.text!r}, due is no member `errors`")


@check("envelope.items")
def error_items(wire: Wire) -> None:
    """Each item of `errors` has code, message, resource and field."""
    items = wire.post(COMPANIES, {}).items()
    wire.expect(items, "the refusal of an empty company names no field")
    for item in items:
        lacking = {"code", "message", "resource", "field"} - set(item)
        wire.expect(not lacking, f"the item {item!r} lacks {', '.join(sorted(lacking))}")


@check("envelope.content-type")
def content_type(wire: Wire) -> None:
    """Errors and successes are JSON in UTF-8."""
    for reply in (*_errors(wire), wire.get("/system/info")):
        kind = reply.headers.get("Content-Type", "").lower().replace(" ", "")
        wire.expect(kind == "application/json;charset=utf-8", f"{reply.request} has the content type {kind!r}", reply)


@check("envelope.request-id")
def request_id(wire: Wire) -> None:
    """Every reply bears an id of its own."""
    replies = (*_errors(wire), wire.get("/system/info"), wire.get("/system/info"))
    names = [reply.headers.get("x-cw-request-id") for reply in replies]
    wire.expect(all(names), "a reply has no x-cw-request-id")
    wire.expect(len(set(names)) == len(names), "two replies bear one x-cw-request-id")


@check("envelope.early-refusals")
def early_refusals(wire: Wire) -> None:
    """Also what never comes near a record is answered in the common form."""
    refusals = (
        wire.delete("/system/info"),
        wire.request("OPTIONS", "/system/info/nosuchthing"),
        wire.post("/company/nosuchthing", {}),
        wire.get("/company/companies/abc"),
    )
    for reply in refusals:
        wire.expect_refused(reply)
        wire.expect(reply.headers.get("x-cw-request-id"), f"{reply.request} has no x-cw-request-id", reply)
        whole = isinstance(reply.error().get("code"), str) and isinstance(reply.error().get("message"), str)
        wire.expect(whole, f"{reply.request} answered {reply.text[:160]!r}", reply)


@check("envelope.version-header")
def version_header(wire: Wire) -> None:
    """The reply names the version of the API."""
    wire.expect(wire.get("/system/info").headers.get("api-current-version"), "there is no api-current-version header")


@check("envelope.no-total-header")
def no_total_header(wire: Wire) -> None:
    """No reply counts the rows in a header: that is what /count is for."""
    headers = wire.get(COMPANIES, {"pageSize": 1}).headers
    invented = [name for name in headers if name.lower() in ("x-total-count", "x-ratelimit-limit")]
    wire.expect(not invented, f"the reply has the header {invented}")


@check("envelope.unicode")
def unicode(wire: Wire) -> None:
    """Text comes back as it was sent."""
    city = "Ærøskøbing – 東京 “quoted” \\ back/slash"
    made = wire.company(city=city)
    found = wire.get(f"{COMPANIES}/{made['id']}").record()
    wire.expect(found.get("city") == city, f"city came back as {found.get('city')!r}")


@check("envelope.dates")
def dates(wire: Wire) -> None:
    """Dates are UTC, to the second, with Z."""
    made = wire.company(dateAcquired="2024-05-01T10:20:30Z")
    found: dict[str, Any] = wire.get(f"{COMPANIES}/{made['id']}").record()
    for name, value in (("dateAcquired", found.get("dateAcquired")), *(found.get("_info") or {}).items()):
        if name in ("dateAcquired", "lastUpdated", "dateEntered"):
            wire.expect(DATE.fullmatch(str(value)), f"{name} is {value!r}, due is YYYY-MM-DDTHH:MM:SSZ")
    wire.expect(found.get("dateAcquired") == "2024-05-01T10:20:30Z", "dateAcquired is another instant")


CHECKS = (
    pretty_errors,
    compact_successes,
    code_and_message,
    no_null_errors,
    error_items,
    content_type,
    request_id,
    early_refusals,
    version_header,
    no_total_header,
    unicode,
    dates,
)
