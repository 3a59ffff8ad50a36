"""A kept state comes back bit for bit: the same requests give the same bytes, however often one goes back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw import Emulator, MockcwError
from tests.mockcw.caller import Caller, Control
from tests.mockcw.delivery.receiver import Receiver

FROZEN = {"now": "2026-03-31T23:59:58Z", "frozen": True}
Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ticket", "contact", "touch", "delete", "bad", "list", "advance", "fault", "deliver"]),
        st.integers(1, 5),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Emulator, Receiver]]:
    """An emulator with callbacks that somebody gets, some of them late or twice, and a fault that strikes."""
    with Receiver() as receiver, Emulator() as emulator:
        admin, control = Caller(emulator), Control(emulator)
        control.put("/clock", FROZEN)
        for kind in ("ticket", "contact", "company"):
            body = {"url": f"{receiver.url}/?id=", "type": kind, "level": "owner", "objectId": 1}
            assert admin.post("/system/callbacks", body).status_code == 201
        control.put("/deliveries/disorder", {"twice": 0.4, "late": 0.3, "late_seconds": 3})
        control.post("/faults", {"match": {"method": "PATCH", "nth": 2, "times": 1}, "do": {"status": 503}})
        emulator.snapshot("stage")
        yield emulator, receiver


def take(emulator: Emulator, step: Step) -> Any:
    """One step, and everything that can be seen of it."""
    admin, control, (kind, number) = Caller(emulator), Control(emulator), step
    if kind == "advance":
        return control.put("/clock", {"advance": f"PT{number}S"})
    if kind == "deliver":
        return emulator.deliver()
    if kind == "fault":
        match = {"method": "POST", "path": "/service/*", "nth": number, "times": 1}
        return control.post("/faults", {"match": match, "do": {"status": 500, "latency_ms": 1}})
    answers = {
        "ticket": lambda: admin.post("/service/tickets", {"summary": "s" * number, "company": {"id": number}}),
        "contact": lambda: admin.post("/company/contacts", {"firstName": "A", "company": {"id": number}}),
        "touch": lambda: admin.patch(f"/company/companies/{number}", ("replace", "phoneNumber", str(number))),
        "delete": lambda: admin.delete(f"/service/tickets/{number}"),
        "bad": lambda: admin.post("/service/tickets", {"summary": None}),
        "list": lambda: admin.get("/service/tickets", conditions=f"id>{number}", orderBy="id desc", pageSize=5),
    }
    answer = answers[kind]()
    return answer.status_code, sorted(answer.headers.items()), answer.content


def run(stage: tuple[Emulator, Receiver], steps: list[Step]) -> Any:
    """What the steps give, and what arrived at the receiver meanwhile."""
    emulator, receiver = stage
    receiver.got.clear()
    seen = [take(emulator, step) for step in steps]
    emulator.deliver()
    letters = [(one.target, sorted(one.headers.items()), one.body) for one in receiver.got]
    return seen, letters, Control(emulator).get("/faults"), Control(emulator).get("/deliveries")


@given(before=STEPS, after=STEPS)
def test_what_follows_a_way_back_is_what_followed_before(
    stage: tuple[Emulator, Receiver], before: list[Step], after: list[Step]
) -> None:
    emulator, _ = stage
    emulator.restore("stage")
    run(stage, before)
    emulator.snapshot("here")
    first = run(stage, after)
    emulator.snapshot("there")
    emulator.restore("here")
    assert emulator.differences("here")["same"]
    assert run(stage, after) == first
    found = emulator.differences("there")
    assert found["same"], found


def test_a_snapshot_brings_back_records_ids_clock_faults_disorder_and_the_queue(
    emulator: Emulator, control: Control, admin: Caller
) -> None:
    control.put("/clock", FROZEN)
    control.put("/deliveries/disorder", {"twice": 0.5})
    body = {"url": "http://127.0.0.1:9/?id=", "type": "company", "level": "owner", "objectId": 1}
    assert admin.post("/system/callbacks", body).status_code == 201
    admin.patch("/company/companies/2", ("replace", "phoneNumber", "1"))
    fault = control.post("/faults", {"match": {"path": "/nothing"}, "do": {"status": 500}})
    emulator.snapshot("full")
    control.put("/codebase", {"codebase": "v2027_1"})
    made = admin.post("/service/tickets", {"summary": "new", "company": {"id": 2}}).json()
    control.put("/clock", {"now": "2027-01-01T00:00:00Z", "frozen": False})
    control.put("/deliveries/disorder", {})
    control.delete("/faults")
    emulator.restore("full")
    assert emulator.differences("full")["same"]
    assert control.get("/clock") == {"now": "2026-03-31T23:59:58Z", "frozen": True}
    assert control.get("/deliveries/disorder")["twice"] == 0.5
    assert control.get("/faults") == [fault]
    assert control.get("/codebase")["codebase"] == "v2025_1"
    assert [one["state"] for one in control.get("/deliveries")] == ["pending"]
    assert admin.post("/service/tickets", {"summary": "new", "company": {"id": 2}}).json() == made


def test_a_moved_clock_runs_on_from_the_moment_it_was_kept_at(emulator: Emulator, control: Control) -> None:
    control.put("/clock", {"now": "2031-05-01T10:00:00Z", "frozen": False})
    emulator.snapshot("may")
    control.put("/clock", {"now": "2040-01-01T00:00:00Z"})
    emulator.restore("may")
    clock = control.get("/clock")
    assert clock["frozen"] is False
    assert clock["now"].startswith("2031-05-01T10:0")


def test_two_futures_of_one_state_run_apart_and_can_be_compared(emulator: Emulator, admin: Caller) -> None:
    emulator.snapshot("fork")
    with emulator.branch("fork") as other:
        there = Caller(other)
        here = admin.patch("/company/companies/2", ("replace", "phoneNumber", "here"))
        apart = there.patch("/company/companies/2", ("replace", "phoneNumber", "there"))
        there.post("/service/tickets", {"summary": "only there", "company": {"id": 2}})
        assert (here.json()["phoneNumber"], apart.json()["phoneNumber"]) == ("here", "there")
        found = emulator.differences("fork")
        assert {one["fields"]["phoneNumber"][1] for one in found["records"]} == {"here"}
        across = emulator.differences("fork", other)
        assert {(one["collection"], one["did"]) for one in across["records"]} >= {
            ("/company/companies", "changed"),
            ("/service/tickets", "added"),
        }
        other.reset()
        assert emulator.differences("fork", other)["same"]


def test_a_state_of_another_seed_is_refused_and_nothing_changes(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("kept")
    with Emulator("empty", 1, snapshots=folder) as one:
        one.snapshot("mine")
    with Emulator("empty", 2, snapshots=folder) as two:
        with pytest.raises(MockcwError, match="seed 1"):
            two.restore("mine")
        assert Caller(two).get("/system/info").status_code == 200


def test_a_file_of_records_keeps_its_states_beside_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("state") / "records.db"
    with Emulator("empty", db=file) as first:
        made = (
            Caller(first).post("/company/companies", {"identifier": "a", "name": "A", "site": {"name": "Main"}}).json()
        )
        first.snapshot("with-a")
        Caller(first).delete(f"/company/companies/{made['id']}")
    with Emulator("empty", db=file) as second:
        second.restore("with-a")
        assert Caller(second).get(f"/company/companies/{made['id']}").json() == made


def test_a_later_process_on_the_same_file_gives_other_identifiers(tmp_path_factory: pytest.TempPathFactory) -> None:
    file, seen = tmp_path_factory.mktemp("state") / "records.db", set()
    for _ in range(3):
        with Emulator("empty", db=file) as emulator:
            seen.add(Caller(emulator).get("/system/info").headers["x-cw-request-id"])
    assert len(seen) == 3


def let_beside_be(file: Path, text: str) -> None:
    with closing(sqlite3.connect(file)) as kept:
        kept.execute("UPDATE beside SET text=?", (text,))
        kept.commit()


@pytest.mark.parametrize(
    "lost", ["release", "rate", "faults", "chance", "clock", "disorder", "at", "seed", "everything"]
)
def test_a_state_of_another_version_is_refused_and_nothing_changes(
    lost: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    with Emulator("empty", snapshots=folder) as one:
        one.snapshot("older")
        one.snapshot("good")
        with closing(sqlite3.connect(folder / "older.db")) as kept:
            told = json.loads(kept.execute("SELECT text FROM beside").fetchone()[0])
        told.pop(lost, None)
        let_beside_be(folder / "older.db", "[]" if lost == "everything" else json.dumps(told))
        made = Caller(one).post("/company/companies", {"identifier": "a", "name": "A", "site": {"name": "Main"}}).json()
        with pytest.raises(MockcwError, match="another version of mockcw"):
            one.restore("older")
        assert Caller(one).get(f"/company/companies/{made['id']}").status_code == 200
        assert [state["name"] for state in Control(one).get("/snapshots")] == ["good"]


def test_keys_that_follow_from_the_seed_do_not_come_back_into_a_public_emulator(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    with Emulator("empty", snapshots=folder) as own:
        own.snapshot("handed-on")
        with Emulator("empty", snapshots=folder, secret_keys=True) as public:
            public.restore("handed-on")
            assert Caller(public).get("/system/info").status_code == 200
            public.members = own.members
            assert Caller(public).get("/system/info").status_code == 401


def test_the_way_back_leaves_the_keys_of_the_same_emulator_alone() -> None:
    with Emulator("empty", secret_keys=True) as emulator:
        emulator.snapshot("one")
        Control(emulator).put("/clock", FROZEN)
        emulator.restore("one")
        assert emulator.differences("one")["own"] == {}
        assert Caller(emulator).get("/system/info").status_code == 200
