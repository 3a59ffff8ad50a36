"""What the contact sync with Microsoft 365 takes and leaves out."""

from __future__ import annotations

from tests.mockcw.caller import Caller

PROPERTY = "/company/m365contactsync/property"


def test_properties_are_included_or_excluded_counted_read_and_removed(admin: Caller) -> None:
    rows = [
        {"includeExcludeType": "Include", "propertyType": "Department", "wildCard": "Sales*", "companyRecID": 1},
        {"includeExcludeType": "Exclude", "propertyType": "Department", "wildCard": "IT*", "companyRecID": 2},
        {"excludeIncludeFlag": True, "propertyType": "Group", "wildCard": "*", "companyRecID": 2},
    ]
    ids = [admin.post(PROPERTY, row) for row in rows]
    assert [one.status_code for one in ids] == [201] * 3
    numbers = [one.json()["id"] for one in ids]
    assert admin.get(f"{PROPERTY}/count").json() == {"count": 3}
    assert [one["id"] for one in admin.get(f"{PROPERTY}/included").json()] == [numbers[0], numbers[2]]
    assert [one["wildCard"] for one in admin.get(f"{PROPERTY}/excluded").json()] == ["IT*"]
    found = admin.get(f"{PROPERTY}/included", conditions="companyRecID = 2").json()
    assert [one["id"] for one in found] == [numbers[2]]
    assert [one["id"] for one in admin.get(f"{PROPERTY}/included", id=2).json()] == [numbers[2]]
    one = admin.get(f"/company/m365contactsync/{numbers[1]}/property").json()
    assert (one["wildCard"], one["excludeIncludeFlag"]) == ("IT*", False)
    assert admin.get("/company/m365contactsync/999999/property").status_code == 404
    assert admin.delete(f"{PROPERTY}?companyRecID=2").status_code == 204
    assert admin.get(f"{PROPERTY}/count").json() == {"count": 1}
    assert admin.delete(PROPERTY).status_code == 204
    assert admin.get(f"{PROPERTY}/included").json() == []


def test_a_property_the_model_does_not_know_is_refused(admin: Caller) -> None:
    assert admin.post(PROPERTY, {"nonsense": 1}).status_code == 400
    assert admin.get(f"{PROPERTY}/count").json() == {"count": 0}
