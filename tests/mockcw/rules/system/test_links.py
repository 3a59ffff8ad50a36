"""Links of the screens: addresses filled from a record."""

from __future__ import annotations

from tests.mockcw.caller import Caller, items


def test_places_are_filled_from_the_record_of_the_screen(admin: Caller) -> None:
    company = admin.post(
        "/company/companies", {"identifier": "Lnk", "name": "A & B", "site": {"name": "Main"}, "city": "Rome"}
    ).json()
    url = "https://x.test/?id=[id]&n=[Name]&s=[status/name]&z=[zip]&keep=[1]"
    link = admin.post("/system/links", {"name": "L", "url": url, "screenLink": "Company"}).json()["id"]
    path = f"/system/info/links/{link}/resolveurl"
    answer = admin.post(path, {"referenceId": company["id"]})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "referenceId": company["id"],
        "url": f"https://x.test/?id={company['id']}&n=A%20%26%20B&s=Active&z=&keep=[1]",
    }
    missing = admin.post(path, {"referenceId": 999_999})
    assert items(missing) == [("NotFound", "Company 999999 not found", "referenceId")]
    assert items(admin.post(path, {}))[0][0] == "MissingRequiredField"
    assert admin.post("/system/info/links/999999/resolveurl", {"referenceId": 1}).status_code == 404


def test_a_link_of_no_screen_knows_the_number_only(admin: Caller) -> None:
    link = admin.post("/system/links", {"name": "L", "url": "https://x.test/[id]/[name]"}).json()["id"]
    answer = admin.post(f"/system/info/links/{link}/resolveurl", {"referenceId": 7})
    assert answer.json()["url"] == "https://x.test/7/"
