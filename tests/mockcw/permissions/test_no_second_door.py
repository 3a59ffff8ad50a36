"""No route shows what the structure level hides: a company marked in every text, and each operation that reads."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from mockcw import Emulator
from mockcw.catalogue import Operation
from mockcw.pipeline import Reply, Request, handle
from tests.mockcw.caller import Caller, Control

MARK = "Xanadu"
API = "/v4_6_release/apis/3.0"
HIDDEN_PLACE, COVERED_PLACE = 1, 2


class Walker:
    """A member who may everything, at a structure level that does not cover the marked company."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.admin, self.control = Caller(emulator), Control(emulator)
        self.ids: dict[str, int] = {}
        self.make()
        rows = self.control.get("roles/1/settings")
        names = ("moduleName", "moduleFunctionName")
        levels = dict.fromkeys(("addLevel", "editLevel", "deleteLevel", "inquireLevel"), "All")
        role = self.control.post(
            "roles", {"name": "All but admin", "rows": [{name: row[name] for name in names} | levels for row in rows]}
        )
        assert role["name"] == "All but admin"
        depth = self.admin.get("/system/myCompany/corporateStructureLevels/2").json()["name"]
        place = self.admin.get(f"/system/locations/{COVERED_PLACE}").json()["name"]
        member = {"identifier": "Narrow", "role": role["name"], "structure_level": depth, "location": place}
        self.control.post("members", member)
        key = self.control.post("members/Narrow/keys", {})
        basic = b64encode(f"{emulator.company_id}+{key['public_key']}:{key['private_key']}".encode()).decode()
        self.headers = {"authorization": f"Basic {basic}", "clientid": emulator.client_id("admin")}

    def made(self, collection: str, body: dict[str, Any], key: str | None = None) -> int:
        """A marked record, as the admin makes it."""
        answer = self.admin.post(collection, body)
        assert answer.status_code == 201, (collection, answer.text)
        self.ids[key or collection] = number = answer.json()["id"]
        return int(number)

    def make(self) -> None:
        """The marked company, and a marked record of each kind that hangs on one."""
        company = {
            "id": self.made(
                "/company/companies",
                {"identifier": MARK, "name": MARK, "site": {"name": "Main"}, "territory": {"id": HIDDEN_PLACE}},
            )
        }
        contact = {"id": self.made("/company/contacts", {"firstName": MARK, "lastName": MARK, "company": company})}
        self.made("/company/configurations", {"name": MARK, "type": {"id": 1}, "company": company, "notes": MARK})
        under = f"/company/companies/{company['id']}/notes"
        self.made(under, {"text": MARK}, "/company/companies/{parentId}/notes")
        type_ = {"id": self.admin.get("/finance/agreements/types").json()[0]["id"]}
        agreement = {"name": MARK, "type": type_, "company": company, "contact": contact}
        self.made("/finance/agreements", agreement)
        ticket = self.made(
            "/service/tickets", {"summary": MARK, "company": company, "board": {"id": 1}, "contact": contact}
        )
        self.made(
            f"/service/tickets/{ticket}/notes",
            {"text": MARK, "detailDescriptionFlag": True},
            "/service/tickets/{parentId}/notes",
        )
        self.attach("Ticket", ticket)
        rep = {"id": 1}
        opportunity = {
            "name": MARK,
            "company": company,
            "contact": contact,
            "primarySalesRep": rep,
            "expectedCloseDate": "2026-03-01T00:00:00Z",
        }
        self.made("/sales/opportunities", opportunity)
        self.made("/sales/activities", {"name": MARK, "company": company, "assignTo": rep})
        status = {"id": self.admin.get("/sales/orders/statuses").json()[0]["id"]}
        self.made("/sales/orders", {"company": company, "status": status, "salesRep": rep, "notes": MARK})
        board = {"id": self.admin.get("/service/boards", conditions="projectFlag=true").json()[0]["id"]}
        span = {"estimatedStart": "2026-01-05T00:00:00Z", "estimatedEnd": "2026-02-05T00:00:00Z"}
        project = {"name": MARK, "company": company, "board": board, "billingMethod": "ActualRates", **span}
        number = self.made("/project/projects", project)
        phase = self.made(
            f"/project/projects/{number}/phases", {"description": MARK}, "/project/projects/{parentId}/phases"
        )
        self.made("/project/tickets", {"summary": MARK, "phase": {"id": phase}, "company": company})
        entry = {"chargeToId": ticket, "chargeToType": "ServiceTicket", "timeStart": "2026-01-05T09:00:00Z"}
        self.made("/time/entries", {**entry, "timeEnd": "2026-01-05T10:00:00Z", "notes": MARK, "member": rep})
        self.made("/schedule/entries", {"objectId": ticket, "type": {"identifier": "S"}, "member": rep, "name": MARK})

    def attach(self, kind: str, number: int) -> None:
        """A marked file with a record."""
        form = {"recordType": kind, "recordId": str(number), "title": MARK}
        answer = self.admin.http.post(
            "/system/documents", data=form, files={"file": ("a.txt", MARK.encode(), "text/plain")}
        )
        assert answer.status_code in (200, 201), answer.text
        self.ids["/system/documents"] = answer.json()["id"]

    def path(self, operation: Operation) -> str:
        """The path of an operation with the marked records' ids, and 1 where no marked one is of the kind."""
        left = [*operation.parents, operation.collection]

        def fill(found: re.Match[str]) -> str:
            collection = left.pop(0) if left else ""
            named = {"memberIdentifier": "Admin", "reportName": "Company"}.get(found[1])
            return named or str(self.ids.get(collection, 1))

        return API + re.sub(r"\{(\w+)\}", fill, operation.path)

    def send(self, method: str, path: str, query: str = "", body: Any = None) -> Reply:
        """One request of the narrow member, straight at the pipeline."""
        headers = {**self.headers, "content-type": "application/json"}
        raw = b"" if body is None else orjson.dumps(body)
        return handle(self.emulator.world, Request(method, path, query, headers, raw, self.emulator.site_url))


@pytest.fixture
def walker(emulator: Emulator) -> Iterator[Walker]:
    return Walker(emulator)


def test_no_reading_operation_shows_a_record_that_the_structure_level_hides(walker: Walker) -> None:
    shown = {}
    for operation in walker.emulator.world.catalogue.operations:
        searches = operation.method == "POST" and operation.verb == "search"
        if operation.method == "GET" or searches:
            query = "pageSize=1000" if operation.verb in ("list", "info_list", "search") else ""
            ticket = walker.ids["/service/tickets"]
            if operation.path == "/system/documents":
                query += f"&recordType=Ticket&recordId={ticket}"
            if operation.path == "/system/audittrail":
                query += f"&type=Ticket&id={ticket}"
            reply = walker.send(operation.method, walker.path(operation), query, {} if searches else None)
            assert reply.status != 500, (operation.name, reply.body)
            if MARK.encode() in reply.body:
                shown[operation.name] = reply.body[:300]
    assert shown == {}


def test_the_same_walk_finds_the_mark_everywhere_without_the_structure_level(walker: Walker) -> None:
    """The walk above could not fail if it asked for nothing: at Corporate it meets the mark in each kind of record."""
    walker.control.patch("members/Narrow", {"structure_level": "Corporate"})
    found = set()
    for operation in walker.emulator.world.catalogue.operations:
        if operation.method == "GET":
            reply = walker.send("GET", walker.path(operation), "pageSize=1000" if operation.verb == "list" else "")
            if MARK.encode() in reply.body:
                found.add(operation.collection)
    assert set(walker.ids) <= found


def test_a_bundle_and_a_report_are_no_second_door(walker: Walker) -> None:
    asked = [
        {"resourceType": name, "sequenceNumber": 1, "apiRequest": {"page": {"pageSize": 1000}}}
        for name in ("company", "contact", "ticket", "agreement", "configuration", "opportunity", "activity", "project")
    ]
    reply = walker.send("POST", f"{API}/system/bundles", "", {"requests": asked})
    assert all(one["success"] for one in orjson.loads(reply.body)["results"]), reply.body[:500]
    assert MARK.encode() not in reply.body
    for report in orjson.loads(walker.send("GET", f"{API}/system/reports").body):
        name = report["name"]
        assert MARK.encode() not in walker.send("GET", f"{API}/system/reports/{name}", "pageSize=1000").body, name


def test_no_write_reaches_a_hidden_record(walker: Walker) -> None:
    world = walker.emulator.world
    look = world.tenants[walker.emulator.company_id].engine.look
    before = {key: look.get(key, number) for key, number in walker.ids.items()}
    for operation in world.catalogue.operations:
        addressed = [*operation.parents, operation.collection]
        writes = operation.method != "GET" and operation.verb not in ("create", "search", "bulk_create")
        if writes and any(key in walker.ids for key in addressed) and "{" in operation.path:
            body: Any = [] if operation.method == "PATCH" else {"name": "changed", "summary": "changed"}
            reply = walker.send(operation.method, walker.path(operation), "", body)
            assert reply.status >= 400, (operation.name, reply.status, reply.body[:200])
    assert {key: look.get(key, number) for key, number in walker.ids.items()} == before
