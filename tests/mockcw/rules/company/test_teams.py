"""A company's team and the kinds of communication."""

from __future__ import annotations

import pytest

from tests.mockcw.caller import Caller, items
from tests.mockcw.rules.finance.shop import Shop


@pytest.mark.rule("company-team.person", "company-team.role")
def test_a_place_in_the_team_is_somebodys_and_for_what_its_role_is_for(admin: Caller) -> None:
    shop = Shop(admin)
    role = shop.ref(shop.made("/company/teamRoles", name="Desk care", techFlag=True))
    path = f"/company/companies/{shop.company()['id']}/teams"
    answer = admin.post(path, {"teamRole": role})
    assert items(answer) == [("MissingRequiredField", "A member or a contact is required.", "member")]
    assert shop.count(path) == 0
    made = shop.made(path, teamRole=role, member={"identifier": "Admin"})
    assert (made["techFlag"], made["salesFlag"], made["accountManagerFlag"]) == (True, False, False)
    contact = shop.ref(shop.made("/company/contacts", firstName="Ann"))
    assert shop.made(path, teamRole=role, contact=contact, techFlag=False)["techFlag"] is False


@pytest.mark.rule("communication-type.means")
def test_a_kind_of_communication_is_by_phone_fax_or_mail(admin: Caller) -> None:
    answer = admin.post("/company/communicationTypes", {"description": "Drum"})
    text = "At least one of phoneFlag, faxFlag, emailFlag is required."
    assert items(answer) == [("MissingRequiredField", text, "phoneFlag")]
    made = Shop(admin).made("/company/communicationTypes", description="Drum", faxFlag=True)
    path = f"/company/communicationTypes/{made['id']}"
    assert items(admin.patch(path, ("replace", "faxFlag", False))) == [("MissingRequiredField", text, "phoneFlag")]
