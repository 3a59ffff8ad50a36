"""Agreement additions: the label E_ACCESS on refused writes, and the half-done migration of partial rights.

The label is what a vendor's customers report (SonicSaaS guide, troubleshooting), not a known code of the API; the
setting permissions_e_access takes it away.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.mockcw.permissions.stage import AGREEMENTS, REFUSAL, Stage, ids, staged
from tests.mockcw.permissions.test_customize import agreement

LABELLED = {
    **REFUSAL,
    "errors": [{"code": "E_ACCESS", "message": REFUSAL["message"], "resource": "addition", "field": ""}],
}
BARE_BYTES = (
    b'{\r\n  "code": "Security",\r\n  "message": "You do not have security permission to perform this action."\r\n}'
)


class Deal:
    """An agreement with an addition."""

    def __init__(self, stage: Stage) -> None:
        from tests.mockcw.permissions.deeds import item

        self.stage = stage
        kind = stage.read("/finance/agreements/types")[0]["id"] if stage.read("/finance/agreements/types") else None
        if kind is None:
            from tests.mockcw.permissions.test_customize import new_agreement_type

            kind = new_agreement_type(stage, "Care")
        self.agreement = agreement(stage, kind, stage.company)
        self.path = f"/finance/agreements/{self.agreement}/additions"
        self.body: dict[str, Any] = {"product": {"id": item(stage)}, "billCustomer": "Billable", "quantity": 1}
        self.old = stage.make(self.path, **self.body)["id"]

    def writes(self) -> dict[str, httpx.Response]:
        """Each write, by its method."""
        tech, one = self.stage.tech, f"{self.path}/{self.old}"
        return {
            "POST": tech.post(self.path, self.body),
            "PATCH": tech.patch(one, ("replace", "quantity", 2)),
            "PUT": tech.put(one, {**self.body, "quantity": 3}),
            "DELETE": tech.delete(one),
        }

    def reads(self) -> dict[str, httpx.Response]:
        """Each read, by its path."""
        tech = self.stage.tech
        return {path: tech.get(path) for path in (self.path, f"{self.path}/count", f"{self.path}/{self.old}")}


@pytest.fixture
def deal(stage: Stage) -> Deal:
    """An agreement of the desk's company."""
    return Deal(stage)


def test_a_refused_write_of_an_addition_carries_the_label(deal: Deal) -> None:
    deal.stage.let(AGREEMENTS, inquire="All")
    for method, answer in deal.writes().items():
        assert (answer.status_code, answer.json()) == (403, LABELLED), method
        assert deal.stage.cause(answer) == "role-row"
    assert ids(deal.stage.admin.get(deal.path)) == [deal.old]
    assert deal.stage.read(f"{deal.path}/{deal.old}")["quantity"] == 1


def test_a_refused_read_of_an_addition_carries_none(deal: Deal) -> None:
    deal.stage.let(AGREEMENTS, "All", inquire="None")
    for path, answer in deal.reads().items():
        assert (answer.status_code, answer.content) == (403, BARE_BYTES), path


def test_other_writes_of_agreements_carry_none(deal: Deal) -> None:
    one = f"/finance/agreements/{deal.agreement}"
    for answer in (
        deal.stage.tech.patch(one, ("replace", "name", "x")),
        deal.stage.tech.post("/finance/agreements", {}),
        deal.stage.tech.delete(one),
        deal.stage.tech.post(f"{one}/adjustments", {}),
    ):
        assert (answer.status_code, answer.content) == (403, BARE_BYTES)


def test_an_addition_under_somebody_elses_agreement_is_refused_with_the_label(deal: Deal) -> None:
    deal.stage.let(AGREEMENTS, "My", inquire="All")
    for method, answer in deal.writes().items():
        assert (answer.status_code, answer.json()) == (403, LABELLED), method


def test_the_setting_off_gives_the_bare_captured_body() -> None:
    with staged(permissions_e_access="off") as stage:
        deal = Deal(stage)
        stage.let(AGREEMENTS, inquire="All")
        for method, answer in deal.writes().items():
            assert (answer.status_code, answer.content) == (403, BARE_BYTES), method


@pytest.mark.parametrize(
    ("levels", "passing"),
    [
        ({"add": "All"}, {"POST"}),
        ({"edit": "All"}, {"PATCH", "PUT"}),
        ({"delete": "All"}, {"DELETE"}),
        ({"add": "All", "edit": "All"}, {"POST", "PATCH", "PUT"}),
        ({"add": "All", "edit": "All", "delete": "All"}, {"POST", "PATCH", "PUT", "DELETE"}),
    ],
)
def test_each_write_needs_its_own_level(deal: Deal, levels: dict[str, str], passing: set[str]) -> None:
    deal.stage.let(AGREEMENTS, inquire="All", **levels)
    answers = deal.writes()
    assert {method for method, answer in answers.items() if answer.is_success} == passing
    assert all(answer.json() == LABELLED for method, answer in answers.items() if method not in passing)


def test_add_without_delete_lets_a_migration_start_and_not_roll_back(deal: Deal) -> None:
    """SonicSaaS guide: the partial state that its permission table warns of."""
    stage, tech = deal.stage, deal.stage.tech
    stage.let(AGREEMENTS, inquire="All", add="All", edit="All")
    new = stage.fine(tech.post(deal.path, deal.body))["id"]
    stage.fine(tech.patch(f"{deal.path}/{deal.old}", ("replace", "cancelledDate", "2026-03-31T00:00:00Z")))
    back = tech.delete(f"{deal.path}/{new}")
    assert (back.status_code, back.json()["errors"][0]["code"]) == (403, "E_ACCESS")
    assert ids(tech.get(deal.path)) == [deal.old, new]
    assert stage.read(f"{deal.path}/{deal.old}")["cancelledDate"] == "2026-03-31T00:00:00Z"
    stage.let(AGREEMENTS, delete="All")
    assert tech.delete(f"{deal.path}/{new}").status_code == 204
    assert ids(tech.get(deal.path)) == [deal.old]


def test_edit_without_add_stops_a_migration_before_it_starts(deal: Deal) -> None:
    stage, tech = deal.stage, deal.stage.tech
    stage.let(AGREEMENTS, inquire="All", edit="All")
    assert tech.post(deal.path, deal.body).json()["errors"][0]["code"] == "E_ACCESS"
    assert ids(tech.get(deal.path)) == [deal.old]
