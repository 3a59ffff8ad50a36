"""What a check holds in its hand: expectations are collected, records tidied up, a throttling server waited for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from conformance.clock import Clock
from conformance.errors import NotRunnable, Unmet, Unsupported
from conformance.events import EventLog, of_kind
from conformance.history import History, Redactor
from conformance.target import Credentials, Target
from conformance.wire import Wire

KEYS = Credentials("acme", "public-key", "private-key", "client")


class Scripted:
    """A server that answers what it is told, in order, and remembers what it was asked."""

    def __init__(self, *answers: tuple[int, dict[str, str], str]):
        self.answers = list(answers)
        self.asked: list[tuple[str, str]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix("/v4_6_release/apis/3.0")))
        status, headers, body = self.answers.pop(0) if self.answers else (204, {}, "")
        start_response(f"{status} Scripted", list(headers.items()))
        return [body.encode()]


def wire(server: Scripted, *, control: bool = False, waits: list[float] | None = None) -> Wire:
    target = Target(
        kind="url",
        site_url="http://there",
        company_id="acme",
        members={"admin": KEYS},
        control_url="http://there/_mockcw" if control else None,
        application=server,
    )
    clock = Clock(wait=(waits if waits is not None else []).append)
    return Wire(target, History(EventLog(), Redactor(target.secrets)), "a.one", clock)


def test_a_throttling_server_is_waited_for_as_long_as_it_says() -> None:
    waits: list[float] = []
    server = Scripted((429, {"Retry-After": "7"}, "{}"), (429, {"Retry-After": "soon"}, "{}"), (200, {}, "{}"))
    assert wire(server, waits=waits).get("/x").status == 200
    assert waits == [7.0, 30.0]


def test_an_emulator_that_throttles_means_it() -> None:
    waits: list[float] = []
    assert wire(Scripted((429, {}, "{}")), control=True, waits=waits).get("/x").status == 429
    assert waits == []


def test_an_operation_that_is_not_there_yet_is_unsupported() -> None:
    with pytest.raises(Unsupported):
        wire(Scripted((501, {}, "{}"))).get("/x")


def test_a_member_the_target_lacks_makes_a_check_not_runnable() -> None:
    with pytest.raises(NotRunnable, match="narrow-level"):
        wire(Scripted()).get("/x", member="narrow-level")


def test_without_a_control_api_control_is_not_runnable() -> None:
    with pytest.raises(NotRunnable):
        wire(Scripted()).control("POST", "reset")


def test_expectations_are_collected_with_their_evidence() -> None:
    held = wire(Scripted((200, {}, "[]"), (404, {}, "{}")))
    first, second = held.get("/x"), held.get("/y")
    held.expect_status(first, 404)
    held.expect_status(second, 404)
    held.expect_refused(first)
    assert [finding.exchange for finding in held.findings] == [1, 1]


def test_records_are_removed_newest_first_and_what_stays_is_named() -> None:
    server = Scripted((201, {}, '{"id":1}'), (201, {}, '{"id":2}'), (409, {}, "{}"), (204, {}, ""))
    held = wire(server)
    held.create("/x", {})
    held.create("/x", {})
    assert held.tidy_up() == ("/x/2",)
    assert server.asked[2:] == [("DELETE", "/x/2"), ("DELETE", "/x/1")]


@pytest.mark.parametrize("body", ["", "nonsense", "{}", "[1]"])
def test_something_else_than_a_list_of_records_is_unmet(body: str) -> None:
    with pytest.raises(Unmet):
        wire(Scripted((200, {}, body))).get("/x").rows()


def test_the_exchange_in_the_log_names_the_member_and_no_key() -> None:
    log = EventLog()
    held = wire(Scripted((200, {}, "[]")))
    held._history = History(log, Redactor(held.target.secrets))
    held.get("/x")
    told = next(of_kind(log.events, "exchange"))
    assert told["member"] == "admin"
    assert "private-key" not in json.dumps(told)
    assert ["Authorization", "Basic ***"] in told["request"]["headers"]
    assert ["clientId", "***"] in told["request"]["headers"]
