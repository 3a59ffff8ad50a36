"""Copies: what they take over, what they leave behind, and that names which must be unique become new ones."""

from __future__ import annotations

import pytest

from tests.mockcw.caller import Caller
from tests.mockcw.rules.finance.shop import Shop


@pytest.mark.rule("agreement.copy", "adjustment.agreement")
def test_an_agreements_copy_has_its_additions_and_begins_anew(shop: Shop, admin: Caller) -> None:
    first = shop.agreement(startDate="2020-01-01T00:00:00Z", cancelledFlag=True, dateCancelled="2021-01-01T00:00:00Z")
    item = shop.item()
    shop.made(
        f"/finance/agreements/{first['id']}/additions", product=shop.ref(item), billCustomer="Billable", quantity=4
    )
    shop.made(f"/finance/agreements/{first['id']}/adjustments", amount=5)
    answer = admin.post(f"/finance/agreements/{first['id']}/copy", None)
    assert answer.status_code == 201
    copy = shop.read(f"/finance/agreements/{answer.json()['id']}")
    assert copy == answer.json()
    assert copy["id"] != first["id"]
    assert (copy["name"], copy["company"], copy["billTime"]) == (first["name"], first["company"], "Billable")
    assert (first["agreementStatus"], copy["agreementStatus"]) == ("Cancelled", "Active")
    assert copy["startDate"] > "2024"
    assert "dateCancelled" not in copy
    assert copy["cancelledFlag"] is False
    (addition,) = shop.read(f"/finance/agreements/{copy['id']}/additions")
    assert (addition["product"]["id"], addition["quantity"], addition["agreementId"]) == (item["id"], 4, copy["id"])
    assert shop.count(f"/finance/agreements/{copy['id']}/adjustments") == 1
    assert shop.count(f"/finance/agreements/{first['id']}/additions") == 1


def test_copies_of_an_agreement_type_get_names_of_their_own(shop: Shop, admin: Caller) -> None:
    first = shop.agreement_type(defaultFlag=True, name="n" * 50)
    path = f"/finance/agreements/types/{first['id']}/copy"
    names = [admin.post(path, None).json()["name"] for _ in range(3)]
    assert names == ["n" * 44 + f"-Copy{number}" for number in range(3)]
    assert admin.post(path, None).json()["defaultFlag"] is False


def test_a_tax_codes_copy_has_its_levels(shop: Shop, admin: Caller) -> None:
    first = shop.tax_code()
    shop.made(f"/finance/taxCodes/{first['id']}/workRoleExemptions", workRole=shop.ref(role(shop)))
    copy = admin.post(f"/finance/taxCodes/{first['id']}/copy", None).json()
    assert (copy["identifier"], copy["levelOneRate"]) == (f"{first['identifier']}-Copy0"[-8:], 0.1)
    assert shop.count(f"/finance/taxCodes/{copy['id']}/workRoleExemptions") == 1


def role(shop: Shop) -> dict[str, object]:
    return shop.made("/time/workRoles", name=shop.name("Role"))


def test_a_copy_of_nothing_is_not_found_and_makes_nothing(shop: Shop, admin: Caller) -> None:
    before = shop.count("/finance/agreements")
    assert admin.post("/finance/agreements/999999/copy", None).status_code == 404
    assert shop.count("/finance/agreements") == before


def test_a_copy_that_breaks_a_rule_leaves_nothing_behind(shop: Shop, admin: Caller) -> None:
    first = shop.agreement()
    item = shop.item()
    path = f"/finance/agreements/{first['id']}"
    addition = shop.made(f"{path}/additions", product=shop.ref(item), billCustomer="Billable")
    engine = admin.emulator.world.tenants[admin.emulator.company_id].engine
    doc = engine.store.get("/finance/agreements/{parentId}/additions", addition["id"])
    assert doc is not None
    engine.store.update(
        "/finance/agreements/{parentId}/additions", addition["id"], doc.replace(b'"Billable"', b'"Wrong"')
    )
    before = shop.count("/finance/agreements")
    answer = admin.post(f"{path}/copy", None)
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidObject")
    assert shop.count("/finance/agreements") == before
