"""Recorded traffic: read from HAR files and from the journal's own, sent again, and turned into the smallest change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockcw import Emulator
from mockcw.advice.advise import for_traffic
from mockcw.advice.running import Bench
from mockcw.advice.situation import Situation
from mockcw.advice.traffic import Replay, Traffic, lacking, read_har
from mockcw.catalogue import load
from mockcw.errors import MockcwError
from mockcw.permissions.remedy import Cell
from mockcw.permissions.roles import Levels
from mockcw.settings import Settings
from tests.mockcw.caller import Caller, Control

API = "https://na.myconnectwise.net/v4_6_release/apis/3.0"


def entry(method: str, url: str, status: int = 200, answer: Any = None, body: Any = None) -> dict[str, Any]:
    request: dict[str, Any] = {"method": method, "url": url}
    if body is not None:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(body)}
    return {"request": request, "response": {"status": status, "content": {"text": json.dumps(answer)}}}


def har(*entries: Any) -> Traffic:
    return read_har(json.dumps({"log": {"entries": list(entries)}}).encode(), load())


def cells(traffic: Traffic, given: Situation | None = None) -> dict[str, str]:
    told = for_traffic(traffic, given or Situation({}), Settings())
    assert not told.helpless
    return {str(one.cell): one.becomes for one in told.remedy.rows}


def test_the_journal_of_a_refused_integration_gives_the_rows_it_lacks(emulator: Emulator) -> None:
    caller = Caller(emulator, "no-access")
    assert caller.get("/company/companies", pageSize=5).status_code == 403
    assert caller.get("/service/boards/1/statuses").status_code == 403
    assert caller.get("/system/info").status_code == 200
    recorded = Control(emulator).http.get("/requests", params={"format": "har"}).content
    traffic = read_har(recorded, load())
    assert [one.step.name for one in traffic.recordings] == [
        "GET /company/companies",
        "GET /service/boards/1/statuses",
        "GET /system/info",
    ]
    assert cells(traffic) == {
        "Companies > Company Maintenance, Inquire": "All",
        "System > Table Setup, Inquire": "All",
    }


def test_a_role_that_is_enough_needs_no_change() -> None:
    row = {("Companies", "Contacts"): Levels("None", "None", "None", "All")}
    assert cells(har(entry("GET", f"{API}/company/contacts?pageSize=3")), Situation(row)) == {}


def test_a_record_made_in_the_recording_is_followed_under_its_new_id(bench: Bench) -> None:
    """The recorded server numbered the ticket 90210; closing it asks for one more row than changing it."""
    traffic = har(
        entry("POST", f"{API}/service/tickets", 201, {"id": 90210}, {"summary": "x", "company": {"id": 2}}),
        entry("PATCH", f"{API}/service/tickets/90210", 200, None, [{"op": "replace", "path": "summary", "value": "y"}]),
        entry("GET", f"{API}/service/tickets/90210/notes"),
    )
    replay = Replay(bench, traffic.recordings)
    outcomes = replay.run(Situation({}, admin=True))
    assert [one.seen for one in outcomes] == ["passed", "passed", "passed"]
    my = Situation({("Service Desk", "Service Tickets"): Levels("My", "My", "None", "My")})
    assert [one.seen for one in replay.run(my)] == ["passed", "passed", "passed"]


def test_closing_a_ticket_asks_for_one_more_row() -> None:
    close = [{"op": "replace", "path": "status", "value": {"name": ">Closed"}}]
    found = cells(har(entry("PATCH", f"{API}/service/tickets/150", 200, None, close)))
    assert found["Service Desk > Close Service Tickets, Edit"] == "My"
    assert found["Service Desk > Service Tickets, Edit"] == "All"


def test_fields_that_the_recording_shows_are_wanted_and_others_are_not() -> None:
    """A vendor that got billing fields needs the row that shows them; one that was refused may not care."""
    url = f"{API}/time/entries/2"
    billing = "Finance > Billing View Time, Inquire"
    assert billing in cells(har(entry("GET", url, 200, {"id": 2, "hourlyRate": 110.0})))
    assert billing not in cells(har(entry("GET", url, 403, {"code": "Security"})))


def test_a_setting_that_only_logs_inferred_rows_asks_for_less() -> None:
    traffic = har(entry("GET", f"{API}/system/locations"))
    assert Cell("System", "My Company", "Inquire") in [
        one.cell for one in for_traffic(traffic, Situation({}), Settings()).remedy.rows
    ]
    assert for_traffic(traffic, Situation({}), Settings(permissions_inferred="log")).remedy.empty


def test_requests_of_other_servers_are_passed_over_and_counted() -> None:
    traffic = har(
        entry("GET", f"{API}/system/info"),
        entry("GET", "https://na.myconnectwise.net/login/companyinfo/training"),
        entry("OPTIONS", f"{API}/system/info"),
        entry("GET", f"{API}/no/such/path"),
    )
    assert (len(traffic.recordings), traffic.passed_over) == (1, 3)
    assert for_traffic(traffic, Situation({}), Settings()).notes == ("entries that are no request of the API: 3",)


def test_a_file_sent_as_a_form_is_sent_as_one_again(bench: Bench) -> None:
    """A document posted as a form: as JSON it would be refused for its form, not for the role."""
    parts = {"recordType": "Ticket", "recordId": "150", "title": "log"}
    lines = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in parts.items()]
    lines.append('--x\r\nContent-Disposition: form-data; name="file"; filename="log.txt"\r\n\r\nhello\r\n--x--\r\n')
    sent = entry("POST", f"{API}/system/documents", 201, {"id": 1})
    sent["request"]["postData"] = {"mimeType": "multipart/form-data; boundary=x", "text": "".join(lines)}
    replay = Replay(bench, har(sent).recordings)
    assert [one.seen for one in replay.run(Situation({}, admin=True))] == ["passed"]
    assert [one.seen for one in replay.run(Situation({}))] == ["403"]
    bench.prepare(Situation({}, admin=True))
    one = har(sent).recordings[0]
    assert bench.send("POST", one.step.path, body=one.body, media=one.media).status == 201


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[]", "no HTTP Archive"),
        (b'{"log": {"entries": 7}}', "no HTTP Archive"),
        (b'{"log": {"entries": []}}', "none of the 0 requests"),
        (b'{"log": {"entries": [7]}}', "entry 1 of the recording has no request"),
        (b'{"log": {"entries": [{"request": {"method": "GET", "url": "x"}, "response": {}}]}}', "entry 1"),
        (b'{"log": {"entries": [{"request": [], "response": {"status": "x"}}]}}', "entry 1"),
    ],
)
def test_a_file_that_is_no_recording_is_refused_in_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(MockcwError, match=says) as caught:
        read_har(data, load())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "measure", "recorded", "place"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2}, "b"),
        ({"a": 1}, {"a": 1, "b": 2}, {"a": 1}, None),
        ({"a": 1}, {"a": 1, "b": 2}, None, None),
        ([{"a": {"b": "****"}}], [{"a": {"b": "x"}}], [{"a": {"b": "y"}}, {}], "0.a.b"),
        ([{"a": 1}, {}], [{"a": 1}, {"a": 1}], [{"a": 1}], "1.a"),
        ([], [], [], None),
    ],
)
def test_what_an_answer_lacks(answer: Any, measure: Any, recorded: Any, place: str | None) -> None:
    assert lacking(answer, measure, recorded) == place
