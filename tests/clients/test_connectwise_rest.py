"""connectwise-rest (TypeScript), unmodified, through every module it wraps: its paginator over each list, counts,
twins, and one record's life in each collection that can be created.

Node installs it into a temporary folder from the lock beside this file. The walk follows the client's own methods; the
catalogue says which operation each of them means.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mockcw import Live
from mockcw.catalogue import MethodNotSupported, Operation, RouteNotFound
from tests.clients.ground import Ground
from tests.mockcw.caller import Caller, Control
from tests.surface.minimal import fill

HERE = Path(__file__).with_name("connectwise_rest")
READING = ("list", "info_list", "count", "info_count", "get", "info_get", "usages", "usages_list", "default")
WRITING = ("create", "patch", "replace", "delete")
NOT_PUBLISHED = {
    "GET /company/billingSetups/info/count",
    "PUT /company/companyFinance/1",
    "DELETE /procurement/purchaseorders/1/lineitems/1",
    "GET /service/slainfo/info",
    "GET /service/slainfo/1/info",
}
"""What this client wraps and the emulated release does not publish."""
NO_RECORDS = {
    "/sales/opportunities/{parentId}/forecast delete": "what is posted is the whole forecast, the ids are of its items"
}
"""Steps that make no sense of this collection, with the reason."""

Call = dict[str, Any]

pytestmark = pytest.mark.xdist_group("connectwise-rest")  # it is installed once a process


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the client in it. Where Node is absent the tests are skipped, unless NODE_REQUIRED is set."""
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    if missing:
        reason = f"connectwise-rest needs Node, and {' and '.join(missing)} cannot be found"
        if os.environ.get("NODE_REQUIRED"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("connectwise_rest")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return folder


@dataclass(slots=True)
class Walk:
    """The client in its own process, and what it may start from."""

    folder: Path
    options: dict[str, str]
    ground: Ground

    def told(self, task: dict[str, Any]) -> Any:
        """Hand the client a task; what it printed."""
        done = subprocess.run(
            ["node", str(HERE / "walk.js")],
            input=json.dumps({**task, "options": self.options}),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def wrapped(self) -> list[tuple[Call, Operation | None]]:
        """Each method of the client, and the published operation it means."""
        found: list[tuple[Call, Operation | None]] = []
        for one in self.told({"do": "list"}):
            path = re.sub(r"\{\d\}", "1", one["path"])
            try:
                operation = self.ground.catalogue.match(one["verb"].upper(), path).operation
            except (RouteNotFound, MethodNotSupported):
                operation = None
            found.append(({**one, "path": path, "template": one["path"]}, operation))
        return found


@pytest.fixture
def walk(secure: Live, installed: Path) -> Walk:
    who = secure.members["admin"]
    options = {
        "companyId": secure.company_id,
        "publicKey": who.public_key,
        "privateKey": who.private_key,
        "clientId": who.client_id,
        "companyUrl": f"127.0.0.1:{secure.port}",
    }
    return Walk(installed, options, Ground.of(secure))


def test_nearly_all_it_wraps_is_published(walk: Walk) -> None:
    calls = walk.wrapped()
    assert len(calls) > 2500
    gone = {f"{call['verb'].upper()} {call['path']}" for call, operation in calls if operation is None}
    assert gone == NOT_PUBLISHED


@pytest.fixture
def plan(walk: Walk) -> Plan:
    planned = Plan(walk.ground)
    for call, operation in walk.wrapped():
        if operation is not None:
            planned.add(call, operation)
    return planned


def test_its_paginator_reads_every_list_to_the_end(walk: Walk, plan: Plan) -> None:
    calls = plan.of(READING)
    assert len(calls) > 350
    told = walk.told({"do": "walk", "collections": calls, "atOnce": 8})
    assert told.keys() == calls.keys()
    assert not problems(told), "\n".join(problems(told))


def test_it_makes_patches_replaces_and_deletes_in_every_collection(walk: Walk, plan: Plan) -> None:
    calls = plan.of(WRITING)
    assert len(calls) > 200
    told = walk.told({"do": "walk", "collections": calls, "atOnce": 1})  # two collections may show one record
    assert told.keys() == calls.keys()
    assert not problems(told), "\n".join(problems(told))


NAMES = ("Ada", 'Zoë /\\ "quoted"', "日本 \u2028 \x07 \x7f", "tab\tand\nline", "👩‍💻 </script>")


def test_its_helper_verifies_callbacks(secure: Live, installed: Path) -> None:
    """It writes the body it was given anew before it checks, so each name must come out of that as it went in."""
    admin, letters = Caller(secure.emulator), []
    callback = {"url": "https://hooks.test/?recordId=", "objectId": 1, "type": "contact", "level": "owner"}
    assert admin.post("/system/callbacks", callback).status_code == 201
    for name in NAMES:
        made = admin.post("/company/contacts", {"firstName": "x", "title": name})
        assert made.status_code == 201, made.text
        admin.delete(f"/company/contacts/{made.json()['id']}")
    control = Control(secure.emulator)
    for one in control.get("/deliveries"):
        letter = control.get(f"/deliveries/{one['id']}")
        key = admin.http.get(json.loads(letter["body"])["Metadata"]["key_url"]).json()["signing_key"]
        letters.append((letter["body"], letter["headers"]["x-content-signature"], key))
    assert len(letters) == 2 * len(NAMES)
    wrong = [(body, signature, key[::-1]) for body, signature, key in letters]
    done = subprocess.run(
        ["node", str(HERE / "verify.js")],
        input=json.dumps(letters + wrong),
        cwd=installed,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True] * len(letters) + [False] * len(wrong)


def problems(told: dict[str, list[Call]]) -> list[str]:
    """Every call that failed, and every answer that contradicts another."""
    failed = [
        f"{key} {step['step']} {step['method']}: {step['failed']}"[:400]
        for key, steps in told.items()
        for step in steps
        if "failed" in step
    ]
    contradicted = [fault for key, steps in told.items() for fault in disagreements(key, steps)]
    return [one for one in failed + contradicted if not one.startswith(tuple(NO_RECORDS))]


@dataclass(slots=True)
class Plan:
    """The calls of each collection, in the order of a record's life."""

    ground: Ground
    collections: dict[str, list[Call]] = field(default_factory=dict)

    def add(self, call: Call, operation: Operation) -> None:
        """Plan a call, if it is of a plain verb and there are rows for it."""
        verb, key = operation.verb, operation.collection
        if verb not in READING + WRITING or (verb != "default" and self.ground.place(operation) is None):
            return
        collection, line = self.ground.catalogue.collection(key), self.ground.line(key)
        assert line is not None
        ids: list[Any] = list(line)
        if verb in ("patch", "replace", "delete"):
            if "create" not in collection.operations or (verb != "delete" and not call["body"]):
                return
            ids.append("$id")
        elif operation.path.count("{") > len(line):
            ids.append(self.ground.maker.row(key).line[-1])
        args = in_order(call, ids)
        if args is None:
            return
        step: Call = {"step": verb, "module": call["module"], "method": call["method"], "args": args}
        if operation.method == "GET":
            args += [None] * (call["takes"] - len(args))  # an optional parameter of its own before the common ones
        query = QUERIES.get(operation.path.removesuffix("/count"), {})
        if verb in ("list", "info_list"):
            step |= {"pageSize": self.ground.page_size(fill(operation.path, line), query), "query": query}
        elif verb == "count":
            step["args"].append(query)
        elif verb in ("create", "replace"):
            body = self.ground.body(key, line, updating=verb == "replace")
            if body is None:
                return
            step["args"].append(body)
        elif verb == "patch":
            step["args"].append([self.ground.change(collection)])
        self.collections.setdefault(key, []).append(step)

    def of(self, steps: tuple[str, ...]) -> dict[str, list[Call]]:
        """The calls that are one of these steps, in their order, by collection."""
        chosen = {key: [one for one in calls if one["step"] in steps] for key, calls in self.collections.items()}
        return {key: sorted(calls, key=lambda one: steps.index(one["step"])) for key, calls in chosen.items() if calls}


def in_order(call: Call, ids: list[Any]) -> list[Any] | None:
    """The ids of a path in the order in which the client's method takes them; None where it takes others."""
    places = [int(place) for place in re.findall(r"\{(\d)\}", call["template"])]
    if len(places) != len(ids):
        return None
    return [one for _, one in sorted(zip(places, ids, strict=True), key=lambda pair: pair[0])]


QUERIES = {
    "/system/documents": {"recordType": "Company", "recordId": "1"},
    "/system/audittrail": {"type": "Company", "id": "1"},
}
"""What a list needs to be asked with."""


def disagreements(key: str, steps: list[Call]) -> list[str]:
    """Where a count differs from the list, a page came twice, or a record came back as another."""
    found = []
    rows = next((one["rows"] for one in steps if one["step"] == "list" and "rows" in one), None)
    count = next((one["count"] for one in steps if one["step"] == "count" and "count" in one), None)
    if rows is not None and count is not None and len(rows) != count:
        found.append(f"{key}: {len(rows)} rows in pages, {count} counted")
    if rows and None not in rows and len(set(rows)) != len(rows):
        found.append(f"{key}: a record came twice")
    made = next((one["id"] for one in steps if one["step"] == "create" and "id" in one), None)
    for one in steps:
        if one["step"] in ("patch", "replace") and "failed" not in one and one["id"] != made:
            found.append(f"{key}: {one['step']} of {made} answered {one['id']}")
    return found
