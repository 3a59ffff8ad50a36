"""Checks of what an emulator promises beside the API: journal, faults, clock, reset, reasons.

Knows the control API; on a target without one these checks are not run.
"""

from __future__ import annotations

import json

from conformance.checks.check import check
from conformance.errors import NoReply
from conformance.wire import COMPANIES, Reply, Wire


def journal_entry(wire: Wire, reply: Reply) -> str:
    """The journal's entry of a reply, as text."""
    return wire.control("GET", f"requests/{reply.headers.get('x-cw-request-id')}").text


@check("emulator.health")
def health(wire: Wire) -> None:
    """Health names the version."""
    wire.expect("version" in wire.control("GET", "health").record(), "health has no version")


@check("emulator.journal")
def journal(wire: Wire) -> None:
    """The request id of a reply leads to its entry, with the reason of a refusal."""
    entry = journal_entry(wire, wire.get(COMPANIES, member="no-access"))
    wire.expect(COMPANIES in entry, f"the entry does not name the path: {entry[:200]!r}")
    wire.expect("Company Maintenance" in entry, f"the entry does not name the row that is missing: {entry[:300]!r}")


@check("emulator.journal-secrets")
def journal_secrets(wire: Wire) -> None:
    """The journal keeps no key."""
    entry = journal_entry(wire, wire.get(COMPANIES, {"pageSize": 1}))
    wire.expect(wire.keys().private_key not in entry, "the private key stands in the journal")
    wire.expect(wire.keys().basic.split()[1] not in entry, "the Basic header stands in the journal")


@check("emulator.explain")
def explain(wire: Wire) -> None:
    """A request that asks for it gets its decision in a header."""
    for member, status in (("admin", 200), ("no-access", 403)):
        reply = wire.get(f"{COMPANIES}/count", member=member, headers={"x-mockcw-explain": "1"})
        wire.expect_status(reply, status)
        text = reply.headers.get("x-mockcw-decision", "")
        try:
            decision = json.loads(text)
        except ValueError:
            decision = None
        wire.expect(isinstance(decision, dict) and decision, f"x-mockcw-decision is {text[:120]!r}")


@check("emulator.permissions-header")
def permissions_header(wire: Wire) -> None:
    """Every answer says whether roles decide."""
    for reply in (wire.get("/system/info"), wire.get(COMPANIES, member="no-access"), wire.get("/nosuch/thing")):
        value = reply.headers.get("x-mockcw-permissions")
        wire.expect(value in ("enforce", "log", "off"), f"x-mockcw-permissions is {value!r}", reply)


@check("emulator.fault-status")
def fault_status(wire: Wire) -> None:
    """A fault answers once where it is told to, and nowhere else."""
    told = {"match": {"method": "GET", "path": "/company/companies/count", "times": 1}, "do": {"status": 500}}
    wire.control("POST", "faults", told)
    first, second = wire.get(f"{COMPANIES}/count"), wire.get(f"{COMPANIES}/count")
    wire.control("DELETE", "faults")
    wire.expect_status(first, 500)
    wire.expect_status(second, 200)


@check("emulator.fault-headers")
def fault_headers(wire: Wire) -> None:
    """A fault carries the headers and the body it is told to."""
    body = {"error": "ConnectWiseAPI", "message": "Too many requests. Please try again in 30 seconds."}
    told = {"status": 429, "headers": {"Retry-After": "30"}, "body": body}
    wire.control("POST", "faults", {"match": {"path": "/system/info", "times": 1}, "do": told})
    reply = wire.get("/system/info")
    wire.control("DELETE", "faults")
    wire.expect_status(reply, 429)
    wire.expect(reply.headers.get("Retry-After") == "30", f"Retry-After is {reply.headers.get('Retry-After')!r}")
    wire.expect(reply.json() == body, f"the body is {reply.text[:120]!r}")


def dropped(wire: Wire, when: str) -> int:
    """Create a company over a connection that is dropped before or after the work: how many came into being."""
    body = wire.company_body()
    told = {"match": {"method": "POST", "path": COMPANIES, "times": 1}, "do": {"drop": when}}
    wire.control("POST", "faults", told)
    try:
        reply = wire.post(COMPANIES, body)
    except NoReply:
        pass
    else:
        wire.expect(False, f"a reply came: {reply.status}")
    wire.control("DELETE", "faults")
    rows = wire.get(COMPANIES, {"conditions": f'identifier = "{body["identifier"]}"'}).rows()
    for row in rows:
        wire.remember(f"{COMPANIES}/{row['id']}")
    return len(rows)


@check("emulator.fault-drop-after")
def fault_drop_after(wire: Wire) -> None:
    """A connection dropped after the work gives no reply, and the work is done."""
    made = dropped(wire, "after")
    wire.expect(made == 1, f"{made} companies came into being, due is one")


@check("emulator.fault-drop-before")
def fault_drop_before(wire: Wire) -> None:
    """A connection dropped before the work gives no reply, and nothing is done."""
    wire.expect(dropped(wire, "before") == 0, "the company came into being")


@check("emulator.clock")
def clock(wire: Wire) -> None:
    """Time that is moved shows in what is written."""
    before = (wire.company().get("_info") or {}).get("lastUpdated")
    wire.control("PUT", "clock", {"advance": "PT2H"})
    after = (wire.company().get("_info") or {}).get("lastUpdated")
    wire.expect(before and after and before[:13] != after[:13], f"lastUpdated went from {before} to {after} in 2 h")


@check("emulator.reset")
def reset(wire: Wire) -> None:
    """A reset brings back the beginning."""
    wire.expect_status(wire.reset(), 200, 204)
    begun = wire.get(COMPANIES, {"pageSize": 1000}).rows()
    made = wire.company()
    wire.reset()
    wire.expect(wire.get(COMPANIES, {"pageSize": 1000}).rows() == begun, "the companies are not those of the beginning")
    wire.expect_status(wire.get(f"{COMPANIES}/{made['id']}"), 404)


CHECKS = (
    health,
    journal,
    journal_secrets,
    explain,
    permissions_header,
    fault_status,
    fault_headers,
    fault_drop_after,
    fault_drop_before,
    clock,
    reset,
)
