"""Scan, plan and dry run from the command line, against the real emulator with the member of the vendor's guide."""

from __future__ import annotations

import json
import ssl
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from integration.agreements.planfile import load_plan
from integration.cli import main
from mockcw import Emulator


@pytest.fixture(scope="module")
def live() -> Iterator[Any]:
    with Emulator(demo="small", seed=1) as emulator, emulator.serve(tls=True) as served:
        yield served


def set_clock(live: Any, moment: str) -> None:
    trusted = ssl.create_default_context(cafile=live.ca_file)
    httpx.put(f"{live.control_url}/clock", json={"now": moment, "frozen": True}, verify=trusted).raise_for_status()


@pytest.fixture(autouse=True)
def _fresh(live: Any) -> None:
    """The seeded state, on a day within the period that its agreements were last invoiced for."""
    live.emulator.reset()
    set_clock(live, "2026-01-20T15:00:00Z")


@pytest.fixture
def admin(live: Any) -> Iterator[httpx.Client]:
    keys = live.members["admin"]
    with httpx.Client(
        base_url=live.api_url,
        auth=(f"{live.company_id}+{keys.public_key}", keys.private_key),
        headers={"clientId": keys.client_id},
        verify=ssl.create_default_context(cafile=live.ca_file),
    ) as client:
        yield client


@pytest.fixture
def run(live: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Callable[..., Any]:
    """Run a command; gives the exit code and what was written."""

    def command(*arguments: object, stdin: str = "") -> tuple[int, str, str]:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["cw-integration", "--state", str(tmp_path / "state"), *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, shown.out, shown.err

    return command


@pytest.fixture
def connect(run: Any, live: Any) -> Callable[[str], None]:
    def connected(member: str) -> None:
        keys = live.members[member]
        secrets = {name: getattr(keys, name) for name in ("public_key", "private_key", "client_id")}
        place = live.url.removeprefix("https://").rstrip("/")
        given = ("--server", place, "--company", live.company_id, "--allow-host", place, "--ca-file", live.ca_file)
        code, _, err = run("connect", *given, "--secrets", "-", stdin=json.dumps(secrets))
        assert code == 0, err

    return connected


def additions(admin: httpx.Client) -> dict[int, dict[str, Any]]:
    found = {}
    for agreement in admin.get("/finance/agreements", params={"pageSize": "1000"}).json():
        path = f"/finance/agreements/{agreement['id']}/additions"
        found |= {one["id"]: one for one in admin.get(path, params={"pageSize": "1000"}).json()}
    return found


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    file = tmp_path / "mapping.toml"
    file.write_text('[[map]]\nfrom = "MS-WORKSTATION"\nto = "MS-SERVER"\n')
    return file


def test_the_scan_shows_every_agreement_with_its_line_items(run: Any, connect: Any, admin: httpx.Client) -> None:
    connect("sonicsaas")
    code, out, _ = run("scan", "--json")
    found = json.loads(out)
    truth = additions(admin)
    assert code == 0
    assert {row["line"] for row in found["lines"]} == set(truth)
    billing = [truth[row["line"]] for row in found["lines"] if row["state"] == "bills"]
    priced = [one for one in billing if one["billCustomer"] == "Billable"]
    billed = sum(Decimal(str(one["billedQuantity"])) * Decimal(str(one["unitPrice"])) for one in priced)
    for groups in (found["by_company"], found["by_product"]):
        assert sum(Decimal(one["amount"]) for one in groups) == billed > 0
        assert sum(one["lines"] for one in groups) == len(billing) > 0
    assert found["ended"] > 0
    code, out, _ = run("scan", "--lines")
    assert code == 0
    for title in ("What bills, by company", "What bills, by product", "Lines", "MS-WORKSTATION"):
        assert title in out


def test_todays_date_is_that_of_the_servers_zone(run: Any, connect: Any, live: Any) -> None:
    connect("sonicsaas")
    days = []
    for moment in ("2026-03-02T03:30:00Z", "2026-03-02T06:30:00Z"):
        set_clock(live, moment)
        days.append(json.loads(run("scan", "--json")[1])["today"])
    assert days == ["2026-03-01", "2026-03-02"]


def test_a_plan_that_keeps_prices_bills_the_same_and_its_dry_run_writes_nothing(
    run: Any, connect: Any, admin: httpx.Client, mapping: Path, tmp_path: Path
) -> None:
    connect("sonicsaas")
    before = additions(admin)
    file = tmp_path / "plan.json"
    _, out, err = run("migrate", "plan", "--mapping", mapping, "--out", file, "--json")
    made = json.loads(out)
    assert made["totals"]["before"] == made["totals"]["after"] != "0.00", err
    named = {key for key, one in before.items() if one["product"]["identifier"] == "MS-WORKSTATION"}
    assert {one["old_id"] for one in made["lines"]} | {one["old_id"] for one in made["problems"]} == named
    assert load_plan(file).hash == made["hash"]
    again = json.loads(run("migrate", "plan", "--mapping", mapping, "--json")[1])
    assert again["hash"] == made["hash"]
    code, out, _ = run("migrate", "dry-run", file, "--json")
    shown = json.loads(out)
    assert (code, shown["source_changed"], shown["ready"]) == (0, False, len(made["lines"]))
    assert [step["create"]["body"] for step in shown["steps"]] == [one["body"] for one in made["lines"]]
    assert additions(admin) == before
    _, out, _ = run("migrate", "plan", "--mapping", mapping)
    assert made["hash"] in out
    code, out, _ = run("migrate", "dry-run", file)
    assert code == 0
    assert "nothing was written" in out


def test_the_server_takes_what_a_plan_would_create_and_cancel(
    run: Any, connect: Any, admin: httpx.Client, mapping: Path, tmp_path: Path
) -> None:
    connect("sonicsaas")
    file = tmp_path / "plan.json"
    run("migrate", "plan", "--mapping", mapping, "--out", file)
    step, *_ = json.loads(run("migrate", "dry-run", file, "--json")[1])["steps"]
    path = f"/finance/agreements/{step['agreement']}/additions"
    created = admin.post(path, json=step["create"]["body"])
    assert created.status_code == 201, created.text
    assert {
        name: created.json()[name] for name in step["create"]["body"] if name not in ("product", "invoiceGrouping")
    } == {name: value for name, value in step["create"]["body"].items() if name not in ("product", "invoiceGrouping")}
    assert created.json()["product"]["identifier"] == "MS-SERVER"
    marker = load_plan(file).lines[0].marker
    looked_for = admin.get(path, params={"conditions": f'serialNumber like "*{marker}*"'}).json()
    assert [one["id"] for one in looked_for] == [created.json()["id"]]
    cancel = {"op": "replace", "path": "cancelledDate", "value": f"{step['cancel']['cancelledDate']}T00:00:00Z"}
    cancelled = admin.patch(f"{path}/{step['cancel']['addition']}", json=[cancel])
    assert cancelled.status_code == 200, cancelled.text
    code, out, _ = run("migrate", "dry-run", file, "--json")
    assert (code, json.loads(out)["steps"][0]["state"]) == (1, "already created")
    codes = {
        one["old_id"]: one["code"]
        for one in json.loads(run("migrate", "plan", "--mapping", mapping, "--json")[1])["problems"]
    }
    assert codes[step["cancel"]["addition"]] == "already-migrated"


def test_a_source_that_changed_since_is_found(
    run: Any, connect: Any, admin: httpx.Client, mapping: Path, tmp_path: Path
) -> None:
    connect("sonicsaas")
    file = tmp_path / "plan.json"
    run("migrate", "plan", "--mapping", mapping, "--out", file)
    changed, gone, *_ = load_plan(file).lines
    where = "/finance/agreements/{}/additions/{}"
    patch = [{"op": "replace", "path": "quantity", "value": 77}]
    assert admin.patch(where.format(changed.agreement_id, changed.old_id), json=patch).is_success
    assert admin.delete(where.format(gone.agreement_id, gone.old_id)).is_success
    code, out, _ = run("migrate", "dry-run", file, "--json")
    shown = json.loads(out)
    assert (code, shown["source_changed"], shown["not_ready"]) == (1, True, 2)
    assert [step["state"] for step in shown["steps"][:2]] == ["changed", "gone"]


def test_a_plan_is_refused_at_another_server_and_after_it_was_changed(
    run: Any, connect: Any, mapping: Path, tmp_path: Path
) -> None:
    connect("sonicsaas")
    file = tmp_path / "plan.json"
    run("migrate", "plan", "--mapping", mapping, "--out", file)
    file.write_text(file.read_text().replace('"old_product": "MS-WORKSTATION"', '"old_product": "X"'))
    code, _, err = run("migrate", "dry-run", file)
    assert code == 2
    assert "changed after it was made" in err
    assert err.count("\n") == 1


def test_a_missing_product_leaves_its_lines_alone_and_names_near_ones(run: Any, connect: Any, mapping: Path) -> None:
    connect("sonicsaas")
    mapping.write_text('[[map]]\nfrom = "MS-WORKSTATION"\nto = "MS-SERVERS"\n')
    code, out, _ = run("migrate", "plan", "--mapping", mapping, "--json")
    made = json.loads(out)
    assert (code, made["lines"]) == (1, [])
    assert any("near names: MS-SERVER" in one["text"] for one in made["problems"] if one["code"] == "missing-product")


def test_a_bad_mapping_is_one_line_and_nothing_is_asked_of_the_server(run: Any, mapping: Path) -> None:
    mapping.write_text('[[map]]\nfrom = "A"\nto = "B"\nprice = "low"\n')
    code, out, err = run("migrate", "plan", "--mapping", mapping)
    assert (code, out) == (2, "")
    assert "map[1].price takes" in err
    assert err.count("\n") == 1


def test_a_role_without_the_row_is_refused_with_the_row_by_name(run: Any, connect: Any) -> None:
    connect("no-access")
    code, _, err = run("scan")
    assert code == 4
    assert "Finance > Agreements: Inquire All" in err
