"""The audit trail: every write to an audited record leaves a line, and only those of one record are listed."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control, items

TRAIL = "/system/audittrail"


def lines(admin: Caller, kind: str, number: int, **query: str) -> list[dict[str, Any]]:
    answer = admin.get(TRAIL, type=kind, id=number, **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json())


@pytest.fixture
def company(admin: Caller) -> int:
    return int(
        admin.post("/company/companies", {"identifier": "Trail", "name": "Trail", "site": {"name": "Main"}}).json()[
            "id"
        ]
    )


def test_a_record_is_followed_from_its_making_on(admin: Caller, control: Control, company: int) -> None:
    control.put("/clock", {"now": "2026-01-02T03:04:05Z", "frozen": True})
    path = f"/company/companies/{company}"
    admin.patch(path, ("replace", "city", "Rome"), ("replace", "status", {"id": 2}))
    admin.patch(path, ("replace", "city", "Rome"))
    admin.delete(path)
    made, changed, *_, deleted = lines(admin, "Company", company)
    assert (made["text"], made["auditSubType"]) == ('Company "Trail" was created.', "Created")
    assert 'city was changed from (empty) to "Rome".' in changed["text"]
    assert 'status was changed from "Active" to "Inactive".' in changed["text"]
    assert {name: changed[name] for name in ("enteredBy", "enteredDate", "auditType", "auditSubType")} == {
        "enteredBy": "Admin",
        "enteredDate": "2026-01-02T03:04:05Z",
        "auditType": "Company",
        "auditSubType": "Updated",
    }
    assert deleted["auditSubType"] == "Deleted"
    cities = [line for line in lines(admin, "Company", company) if "city" in line["text"]]
    assert len(cities) == 1, "a write that changes nothing leaves no line"


def test_what_lies_under_a_record_shows_in_its_trail(admin: Caller, company: int) -> None:
    admin.post(f"/company/companies/{company}/notes", {"text": "Hello"})
    assert lines(admin, "Company", company)[-1]["auditSubType"] == "notes"


def test_a_refused_write_leaves_no_line(admin: Caller, company: int) -> None:
    before = lines(admin, "Company", company)
    assert admin.patch(f"/company/companies/{company}", ("replace", "identifier", "")).status_code == 400
    assert lines(admin, "Company", company) == before


def test_the_trail_of_another_record_or_kind_is_not_shown(admin: Caller, company: int) -> None:
    assert lines(admin, "Contact", company) == []
    assert lines(admin, "Company", 999_999) == []
    assert lines(admin, "None", company) == []


def test_lines_are_counted_filtered_and_paged(admin: Caller, company: int) -> None:
    for city in ("Rome", "Oslo", "Bern"):
        admin.patch(f"/company/companies/{company}", ("replace", "city", city))
    asked = {"type": "company", "id": company, "conditions": 'text contains "city"'}
    assert admin.get(f"{TRAIL}/count", **asked).json() == {"count": 3}
    [line] = admin.get(TRAIL, **asked, pageSize=1, page=3).json()
    assert "Bern" in line["text"]


def test_a_configuration_is_found_by_its_device_identifier(admin: Caller, company: int) -> None:
    kind = admin.post("/company/configurations/types", {"name": "Server of trails"}).json()["id"]
    body = {"name": "srv", "type": {"id": kind}, "company": {"id": company}, "deviceIdentifier": "dev-7"}
    assert admin.post("/company/configurations", body).status_code == 201
    [line] = admin.get(TRAIL, type="Configuration", deviceIdentifier="DEV-7").json()
    assert line["text"] == 'Configuration "srv" was created.'


def test_secrets_are_not_in_the_trail(admin: Caller) -> None:
    made = admin.post("/company/contacts", {"firstName": "Ada"}).json()["id"]
    admin.patch(f"/company/contacts/{made}", ("replace", "portalPassword", "hunter2"), ("replace", "title", "Dr"))
    texts = " ".join(line["text"] for line in lines(admin, "Contact", made))
    assert "Dr" in texts
    assert "hunter2" not in texts


@pytest.mark.parametrize(
    ("query", "field"),
    [({}, "type"), ({"type": "Ticket"}, "id"), ({"id": "1"}, "type"), ({"type": "Planet", "id": "1"}, "type")],
)
def test_type_and_id_are_needed(admin: Caller, query: dict[str, str], field: str) -> None:
    for path in (TRAIL, f"{TRAIL}/count"):
        answer = admin.get(path, **query)
        assert (answer.status_code, items(answer)[0][2]) == (400, field)


def test_the_trail_returns_to_its_seeded_state(emulator: Emulator, admin: Caller) -> None:
    number = admin.post("/company/contacts", {"firstName": "Ada"}).json()["id"]
    assert lines(admin, "Contact", number)
    emulator.reset()
    assert not [line for line in lines(admin, "Contact", number) if line["enteredBy"] == "Admin"]
