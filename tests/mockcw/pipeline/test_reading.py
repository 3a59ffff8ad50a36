"""The verbs that read beyond list, count and get: usages, default, search."""

from __future__ import annotations

from typing import Any

from tests.mockcw.caller import Caller

COMPANIES, STATUSES = "/company/companies", "/company/companies/statuses"


def made(caller: Caller, path: str, body: dict[str, Any]) -> int:
    """The id of a new record."""
    answer = caller.post(path, body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_usages_tell_what_keeps_a_record_from_being_deleted(admin: Caller) -> None:
    status = made(admin, STATUSES, {"name": "Used"})
    assert admin.get(f"{STATUSES}/{status}/usages").json() == []
    company = made(
        admin, COMPANIES, {"identifier": "USER", "name": "User", "site": {"name": "Main"}, "status": {"id": status}}
    )
    assert admin.get(f"{STATUSES}/{status}/usages").json() == [{"type": "Company", "count": 1, "typeKey": "company"}]
    (line,) = admin.get(f"{STATUSES}/{status}/usages/list").json()
    assert (line["id"], line["description"], line["count"]) == (company, "User", 1)
    assert admin.http.get(line["hyperlink"]).json()["id"] == company
    refused = admin.delete(f"{STATUSES}/{status}")
    assert (refused.status_code, refused.json()["code"]) == (409, "ObjectInUse")
    assert admin.patch(f"{COMPANIES}/{company}", ("replace", "status", {"id": 1})).status_code == 200
    assert admin.get(f"{STATUSES}/{status}/usages").json() == []
    assert admin.delete(f"{STATUSES}/{status}").status_code == 204


def test_what_a_record_encloses_is_no_usage_of_it(admin: Caller) -> None:
    market = made(admin, "/company/marketDescriptions", {"name": "Own"})
    company = made(
        admin, COMPANIES, {"identifier": "OWN", "name": "Own", "site": {"name": "Main"}, "market": {"id": market}}
    )
    kinds = [line["typeKey"] for line in admin.get(f"{COMPANIES}/{company}/usages").json()]
    assert "companySite" not in kinds
    assert "company" not in kinds


def test_usages_page_and_filter_like_any_list(admin: Caller) -> None:
    status = made(admin, STATUSES, {"name": "Many"})
    for number in range(3):
        many = {"identifier": f"M{number}", "name": f"Many {number}", "site": {"name": "Main"}}
        made(admin, COMPANIES, {**many, "status": {"id": status}})
    path = f"{STATUSES}/{status}/usages/list"
    page = admin.get(path, pageSize=2)
    assert (len(page.json()), "next" in page.links) == (2, True)
    assert [one["description"] for one in admin.get(path, conditions='description="Many 1"').json()] == ["Many 1"]
    assert admin.get(path, conditions="nonsense=1").status_code == 400


def test_usages_of_a_missing_record_are_a_404(admin: Caller) -> None:
    assert admin.get(f"{STATUSES}/99999/usages").status_code == 404


def test_a_default_shows_what_a_new_record_starts_with_and_makes_none(admin: Caller) -> None:
    before = admin.get(f"{COMPANIES}/count").json()
    template = admin.get(f"{COMPANIES}/default").json()
    assert (template["status"]["name"], template["deletedFlag"], "id" in template) == ("Active", False, False)
    assert admin.get(f"{COMPANIES}/count").json() == before


def test_a_search_takes_its_conditions_from_the_body_and_its_page_from_the_query(admin: Caller) -> None:
    tickets = "/service/tickets"
    wanted = "A summary that no other ticket has"
    for _ in range(3):
        made(admin, tickets, {"summary": wanted, "company": {"id": 1}})
    body = {"conditions": f'summary="{wanted}"', "orderBy": "id desc"}
    answer = admin.post(f"{tickets}/search", body, pageSize="2", fields="id,summary")
    assert answer.status_code == 200
    ids = [one["id"] for one in answer.json()]
    assert (len(ids), ids) == (2, sorted(ids, reverse=True))
    assert answer.json()[0] == {"id": ids[0], "summary": wanted}
    assert admin.post(f"{tickets}/search", {"ORDERBY": "id"}, pageSize="1").status_code == 200


def test_a_search_refuses_a_page_in_its_body_with_the_captured_text(admin: Caller) -> None:
    answer = admin.send("POST", "/service/tickets/search", b'{"conditions": "id=1", "page": 1}')
    assert answer.status_code == 400
    assert answer.json()["message"] == (
        "Could not find member 'page' on object of type 'FilterValues'. Path 'page', line 1, position 30."
        "Check your accept header to make sure you are using the correct version."
    )
    assert admin.post("/service/tickets/search", {"conditions": "nonsense=1"}).status_code == 400
