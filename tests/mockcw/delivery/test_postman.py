"""Deliveries as documented: five seconds, two retries for four statuses, an end after three failing days; and disorder
on demand.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx
import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control
from tests.mockcw.delivery.conftest import Register
from tests.mockcw.delivery.receiver import Received, Receiver

COMPANY = "/company/companies/2"


def touch(caller: Caller, value: str = "1", path: str = COMPANY) -> None:
    answer = caller.patch(path, ("replace", "phoneNumber", value))
    assert answer.status_code == 200, answer.text


def states(control: Control, query: str = "") -> list[str]:
    return [one["state"] for one in control.get(f"/deliveries{query}")]


@pytest.fixture
def frozen(control: Control) -> Control:
    """The control API of an emulator whose time stands still."""
    control.put("/clock", {"now": "2026-03-02T09:00:00Z", "frozen": True})
    return control


@pytest.mark.parametrize("status", [404, 409, 419, 429])
def test_four_statuses_are_tried_again_twice(
    status: int, frozen: Control, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("company")
    receiver.answers = lambda _: status
    touch(admin)
    for advanced, tries in ((0, 1), (1.9, 1), (0.1, 2), (3.9, 2), (0.1, 3), (3600, 3)):
        frozen.put("/clock", {"advance": f"PT{advanced}S"})
        assert len(receiver.got) == tries
    assert [(one["state"], one["status"], one["attempts"]) for one in frozen.get("/deliveries")] == [
        ("failed", status, 3)
    ]
    assert len({one.says["MessageId"] for one in receiver.got}) == 1


@pytest.mark.parametrize("status", [301, 400, 401, 403, 410, 500, 502, 503])
def test_other_refusals_are_not_tried_again(
    status: int, frozen: Control, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("company")
    receiver.answers = lambda _: status
    touch(admin)
    frozen.put("/clock", {"advance": "PT1H"})
    assert len(receiver.got) == 1
    assert states(frozen) == ["failed"]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_success_is_one(
    status: int, emulator: Emulator, control: Control, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("company")
    receiver.answers = lambda _: status
    touch(admin)
    emulator.deliver()
    assert states(control) == ["delivered"]


def test_the_next_change_of_a_record_waits_for_the_one_before_it_and_others_do_not(
    frozen: Control, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("company")
    refused: list[int] = []

    def once(one: Received) -> int:
        if one.says["ID"] == 2 and not refused:
            refused.append(one.says["ID"])
            return 429
        return 200

    receiver.answers = once
    touch(admin, "1")
    touch(admin, "2")
    touch(admin, "3", "/company/companies/3")
    frozen.put("/clock", {"advance": "PT1S"})
    assert [one.says["ID"] for one in receiver.got] == [2, 3]
    frozen.put("/clock", {"advance": "PT1S"})
    assert [(one.says["ID"], one.entity["phoneNumber"]) for one in receiver.got] == [
        (2, "1"),
        (3, "3"),
        (2, "1"),
        (2, "2"),
    ]


def test_what_is_due_on_the_way_happens_at_its_own_time(
    frozen: Control, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("company")
    receiver.answers = lambda _: 429
    touch(admin)
    frozen.put("/clock", {"advance": "P1D"})
    assert frozen.get("/clock") == {"now": "2026-03-03T09:00:00Z", "frozen": True}
    (one,) = frozen.get("/deliveries")
    assert (one["attempts"], one["tried"]) == (3, "2026-03-02T09:00:06+00:00")


def test_three_failing_days_make_a_callback_inactive(
    frozen: Control, admin: Caller, receiver: Receiver, register: Register
) -> None:
    path = f"/system/callbacks/{register('company')['id']}"
    receiver.answers = lambda _: 500
    for day in range(3):
        touch(admin, str(day))
        frozen.put("/clock", {"advance": "PT24H"})
        assert admin.get(path).json()["inactiveFlag"] is False
    touch(admin, "last")
    frozen.put("/clock", {"advance": "PT1S"})
    assert admin.get(path).json()["inactiveFlag"] is True
    touch(admin, "unheard")
    assert len(frozen.get("/deliveries")) == 4


def test_one_success_starts_the_days_anew(
    frozen: Control, admin: Caller, receiver: Receiver, register: Register
) -> None:
    path = f"/system/callbacks/{register('company')['id']}"
    for day, status in enumerate([500, 500, 200, 500, 500, 500]):
        receiver.answers = lambda _, status=status: status  # type: ignore[misc]
        touch(admin, str(day))
        frozen.put("/clock", {"advance": "PT24H"})
    assert admin.get(path).json()["inactiveFlag"] is False


def test_switched_on_again_it_has_its_days_again(
    frozen: Control, admin: Caller, receiver: Receiver, register: Register
) -> None:
    path = f"/system/callbacks/{register('company')['id']}"
    receiver.answers = lambda _: 500
    for day in range(4):
        touch(admin, str(day))
        frozen.put("/clock", {"advance": "PT24H"})
    assert admin.get(path).json()["inactiveFlag"] is True
    admin.patch(path, ("replace", "inactiveFlag", False))
    touch(admin, "again")
    frozen.put("/clock", {"advance": "PT1S"})
    assert admin.get(path).json()["inactiveFlag"] is False


def test_what_waits_for_a_callback_that_goes_is_dropped(
    frozen: Control, admin: Caller, receiver: Receiver, register: Register
) -> None:
    path = f"/system/callbacks/{register('company')['id']}"
    receiver.answers = lambda _: 429
    touch(admin)
    frozen.put("/clock", {"advance": "PT1S"})
    admin.delete(path)
    frozen.put("/clock", {"advance": "PT1H"})
    assert (len(receiver.got), states(frozen)) == (1, ["dropped"])


def test_a_slow_receiver_and_an_absent_one_have_failed(receiver: Receiver) -> None:
    with Emulator(settings={"callback.seconds": 1}) as emulator:
        admin, control = Caller(emulator), Control(emulator)
        released = threading.Event()
        receiver.answers = lambda _: 200 if released.wait(3) else 200
        with Receiver() as gone:
            absent = gone.url
        for url in (receiver.url, absent):
            body = {"url": f"{url}/?id=", "type": "company", "level": "owner", "objectId": 1}
            assert admin.post("/system/callbacks", body).status_code == 201
        touch(admin)
        started = time.monotonic()
        emulator.deliver()
        assert time.monotonic() - started < 2.5
        released.set()
        assert sorted(one["error"] for one in control.get("/deliveries")) == ["ConnectError", "ReadTimeout"]
        assert states(control) == ["failed"] * 2


def test_what_is_not_this_machine_is_not_called(
    emulator: Emulator, control: Control, admin: Caller, register: Register
) -> None:
    for url in ("https://hooks.test/?id=", "http://169.254.169.254/latest?id=", "http://127.0.0.1:1@evil.test/?id="):
        register("company", url=url)
    touch(admin)
    emulator.deliver()
    assert states(control) == ["blocked"] * 3
    for one in control.get("/deliveries"):
        assert "callback_hosts" in one["error"]


@pytest.mark.parametrize("site", ["", "https://na.example.test"])
def test_the_emulator_does_not_call_itself(site: str) -> None:
    with Emulator(settings={"callback_site": site}) as emulator, emulator.serve() as live:
        admin, control = Caller(emulator), Control(emulator)
        body = {"url": f"{live.control_url}/reset?id=", "type": "company", "level": "owner", "objectId": 1}
        assert admin.post("/system/callbacks", body).status_code == 201
        touch(admin, "kept")
        emulator.deliver()
        (one,) = control.get("/deliveries")
        assert (one["state"], one["error"]) == ("blocked", "the emulator does not call itself")
        assert admin.get(COMPANY).json()["phoneNumber"] == "kept"


def test_a_transport_takes_the_place_of_the_network(emulator: Emulator, admin: Caller, register: Register) -> None:
    register("company", url="https://hooks.test/company?id=")
    touch(admin)
    seen: list[str] = []

    class Door(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            seen.append(str(request.url))
            return httpx.Response(200)

    assert emulator.deliver(Door()) == 1
    assert seen == ["https://hooks.test/company?id=2&action=updated"]


def test_served_it_sends_by_itself_and_a_receiver_may_ask_back(emulator: Emulator) -> None:
    admin = Caller(emulator)
    asked: list[Any] = []
    done = threading.Event()

    def ask_back(one: Received) -> int:
        asked.append(Caller(emulator).get(f"/company/companies/{one.says['ID']}").json()["phoneNumber"])
        done.set()
        return 200

    with emulator.serve() as live, Receiver(ask_back) as receiver:
        body = {"url": f"{receiver.url}/?id=", "type": "company", "level": "owner", "objectId": 1}
        assert admin.post("/system/callbacks", body).status_code == 201
        touch(admin, "42")
        assert done.wait(5)
        assert asked == ["42"]
        key = httpx.get(receiver.got[0].says["Metadata"]["key_url"])
        assert receiver.got[0].says["FromUrl"] == f"127.0.0.1:{live.port}"
        assert receiver.got[0].is_signed_with(key.json()["signing_key"])


def test_with_nothing_to_send_it_rests(emulator: Emulator) -> None:
    admin = Caller(emulator)
    with emulator.serve(), Receiver(lambda one: 429 if one.says["ID"] == 3 else 200) as receiver:
        body = {"url": f"{receiver.url}/?id=", "type": "company", "level": "owner", "objectId": 1}
        assert admin.post("/system/callbacks", body).status_code == 201
        for number in (2, 3):
            touch(admin, "1", f"/company/companies/{number}")
        until = time.monotonic() + 5
        while len(receiver.got) < 2:
            assert time.monotonic() < until
            time.sleep(0.01)
        time.sleep(0.1)
        before = time.process_time()
        time.sleep(0.4)
        assert time.process_time() - before < 0.1


def test_an_advance_over_the_wire_ends_when_its_callbacks_were_delivered(emulator: Emulator) -> None:
    admin = Caller(emulator)

    def slow(_: Received) -> int:
        time.sleep(0.1)
        return 200 if len(receiver.got) else 429

    with emulator.serve() as live, Receiver(slow) as receiver:
        httpx.put(f"{live.control_url}/clock", json={"frozen": True})
        body = {"url": f"{receiver.url}/?id=", "type": "company", "level": "owner", "objectId": 1}
        assert admin.post("/system/callbacks", body).status_code == 201
        touch(admin)
        httpx.put(f"{live.control_url}/clock", json={"advance": "PT2S"}).raise_for_status()
        assert len(receiver.got) == 2
        assert [one["state"] for one in httpx.get(f"{live.control_url}/deliveries").json()] == ["delivered"]


# -- disorder ----------------------------------------------------------------------------------------------------------


def test_deliveries_come_twice_on_demand(
    emulator: Emulator, control: Control, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("company")
    control.put("/deliveries/disorder", {"twice": 1})
    touch(admin, "1")
    touch(admin, "2")
    emulator.deliver()
    ids = [one.says["MessageId"] for one in receiver.got]
    assert (len(ids), len(set(ids))) == (4, 2)
    assert {one.body for one in receiver.got} == {receiver.got[0].body, receiver.got[1].body}
    assert control.get("/deliveries/disorder")["twice"] == 1


def test_deliveries_overtake_one_another_on_demand(
    frozen: Control, emulator: Emulator, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("company")
    frozen.put("/deliveries/disorder", {"late": 0.5, "late_seconds": 30})
    for value in range(12):
        touch(admin, str(value))
    emulator.deliver()
    at_once = [int(one.entity["phoneNumber"]) for one in receiver.got]
    frozen.put("/clock", {"advance": "PT30S"})
    values = [int(one.entity["phoneNumber"]) for one in receiver.got]
    assert sorted(values) == list(range(12))
    assert at_once == sorted(at_once)
    assert 0 < len(at_once) < 12
    assert values != sorted(values)


def test_deliveries_get_lost_on_demand_and_a_reset_ends_the_disorder(
    emulator: Emulator, control: Control, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("company")
    control.put("/deliveries/disorder", {"never": 1})
    touch(admin)
    emulator.deliver()
    assert (receiver.got, states(control)) == ([], ["lost"])
    emulator.reset()
    assert control.get("/deliveries/disorder") == {"twice": 0, "late": 0, "late_seconds": 2, "never": 0}
    assert control.get("/deliveries") == []


# -- the queue is part of the state ------------------------------------------------------------------------------------


def test_a_way_back_brings_the_queue_back(
    emulator: Emulator, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("company")
    touch(admin, "1")
    store = emulator.world.tenants[emulator.company_id].store
    store.snapshot("waiting")
    touch(admin, "2")
    assert emulator.deliver() == 2
    store.restore("waiting")
    assert emulator.deliver() == 1
    assert [one.entity["phoneNumber"] for one in receiver.got] == ["1", "2", "1"]
    bodies = [one.body for one in receiver.got]
    assert bodies[0] == bodies[2]


def test_a_way_back_while_a_delivery_is_on_its_way_leaves_it_to_be_sent_again(
    emulator: Emulator, control: Control, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("company")
    touch(admin)
    store = emulator.world.tenants[emulator.company_id].store
    store.snapshot("waiting")

    def go_back(_: Received) -> int:
        if not receiver.got:
            touch(admin, "undone")
            store.restore("waiting")
        return 200

    receiver.answers = go_back
    assert emulator.deliver() == 2
    assert [(one["state"], one["attempts"]) for one in control.get("/deliveries")] == [("delivered", 1)]


def test_of_what_is_over_only_so_much_is_kept(receiver: Receiver) -> None:
    with Emulator(settings={"deliveries.kept": 5}) as emulator:
        admin, control = Caller(emulator), Control(emulator)
        body = {"url": f"{receiver.url}/?id=", "type": "company", "level": "owner", "objectId": 1}
        assert admin.post("/system/callbacks", body).status_code == 201
        for value in range(12):
            touch(admin, str(value))
        assert len(control.get("/deliveries")) == 12
        emulator.deliver()
        assert [one["id"] for one in control.get("/deliveries")] == [8, 9, 10, 11, 12]


def test_the_clock_may_be_set_back_while_something_fails(
    frozen: Control, admin: Caller, receiver: Receiver, register: Register
) -> None:
    path = f"/system/callbacks/{register('company')['id']}"
    receiver.answers = lambda _: 500
    touch(admin, "1")
    frozen.put("/clock", {"now": "2020-01-01T00:00:00Z"})
    touch(admin, "2")
    frozen.put("/clock", {"advance": "P2D"})
    assert admin.get(path).json()["inactiveFlag"] is False
