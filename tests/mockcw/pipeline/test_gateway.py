"""Too many requests at once: the captured 500, where the setting asks for it."""

from __future__ import annotations

import threading

import pytest

from mockcw import Emulator
from mockcw.pipeline.gateway import Crowd
from tests.mockcw.caller import Caller, Control

POOL = (
    "Timeout expired.  The timeout period elapsed prior to obtaining a connection from the pool.  This may have "
    "occurred because all pooled connections were in use and max pool size was reached."
)


def test_a_crowd_is_counted_in_and_out() -> None:
    crowd = Crowd()
    with crowd.one_more() as one, crowd.one_more() as two:
        assert (one, two) == (1, 2)
    failing = crowd.one_more()
    assert failing.__enter__() == 1
    assert failing.__exit__(KeyError, KeyError(), None) is not True
    with crowd.one_more() as last:
        assert last == 1


@pytest.mark.parametrize(("limit", "status"), [(0, 200), (1, 500), (2, 200)])
def test_a_request_beyond_the_limit_fails_while_others_are_inside(limit: int, status: int) -> None:
    with Emulator("small", settings={"overload_requests": limit}) as emulator:
        admin, control, inside = Caller(emulator), Control(emulator), threading.Event()
        leave = threading.Event()

        def wait(_seconds: float) -> None:
            inside.set()
            assert leave.wait(20)

        emulator.world.clock.sleep = wait  # type: ignore[method-assign]  # the slow request leaves when told to
        slow_only = {"match": {"path": "/company/companies"}, "do": {"latency_ms": 1}}
        control.post("/faults", slow_only)
        slow = threading.Thread(target=admin.get, args=("/company/companies",))
        slow.start()
        try:
            assert inside.wait(20)
            answer = Caller(emulator).get("/system/info")
        finally:
            leave.set()
            slow.join()
        assert answer.status_code == status
        entries = {one["path"].rpartition("/")[2]: one for one in control.get("/requests")}
        assert entries["companies"]["status"] == 200, "who came first is served"
        if status == 500:
            assert answer.json() == {"code": "ConnectWiseApi", "message": POOL}
            assert entries["info"]["cause"] == "overload"
        assert Caller(emulator).get("/system/info").status_code == 200
