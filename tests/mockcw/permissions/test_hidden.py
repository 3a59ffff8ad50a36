"""What is hidden is hidden the same way everywhere: in bulk as one by one, and in what hangs on it at second hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.mockcw.permissions.stage import REFUSAL, Stage, ids, staged
from tests.mockcw.permissions.test_structure import configuration, contact, new_company, of, ticket

CONFIGURATIONS = "/company/configurations"
Make = Callable[[Stage, int], int]


def two_companies(stage: Stage) -> tuple[int, int]:
    """One inside and one outside of Tech's structure level, who may do all there is."""
    stage.narrow("Tech", "Far Branch")
    areas = ["Companies > Configurations", "Companies > Contacts", "System > Table Setup"]
    for area in (*areas, "System > Member Maintenance"):
        stage.let(area, "All")
    return new_company(stage, "Inside", stage.branch), new_company(stage, "Outside", 1)


# -- bulk --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 403])
def test_a_line_of_a_bulk_answers_a_hidden_record_as_the_single_call_does(status: int) -> None:
    with staged(hidden_record_status=status) as stage:
        inside, outside = two_companies(stage)
        mine, other = configuration(stage, inside), configuration(stage, outside)
        path, bodies = CONFIGURATIONS, [{**stage.read(f"{CONFIGURATIONS}/{one}"), "name": "x"} for one in (mine, other)]
        for body in bodies:
            body.pop("_info")
        alone = stage.tech.put(f"{path}/{other}", bodies[1])
        put = stage.tech.put(f"{path}/bulk", bodies)
        delete = stage.tech.http.request("DELETE", f"{path}/bulk", json={"ids": [other]})
        for answer, lines in ((put, [200, status]), (delete, [status])):
            found = stage.fine(answer)["payload"]
            assert [line["statusCode"] for line in found] == lines, answer.text
            assert found[-1]["error"] == alone.json()
            entry = stage.entry(answer)
            assert (entry["cause"], entry["reason"]) == ("hidden", stage.entry(alone)["reason"])
        assert alone.status_code == status
        assert (alone.json() == REFUSAL) is (status == 403)
        assert stage.read(f"{path}/{other}")["name"] == "PC"


def test_a_line_of_a_bulk_about_no_record_at_all_is_missing_and_no_more(stage: Stage) -> None:
    inside, _ = two_companies(stage)
    body = {**stage.read(f"{CONFIGURATIONS}/{configuration(stage, inside)}"), "id": 999999}
    answer = stage.tech.put(f"{CONFIGURATIONS}/bulk", [body])
    assert [line["statusCode"] for line in stage.fine(answer)["payload"]] == [404]
    assert stage.cause(answer) is None


# -- at second hand ----------------------------------------------------------------------------------------------------


def certification(stage: Stage, company: int) -> int:
    return int(stage.make("/system/certifications", name="Cert", **of(company))["id"])


def commission(stage: Stage, company: int) -> int:
    return int(stage.make("/sales/commissions", member={"identifier": "Mate"}, **of(company))["id"])


def commission_of_a_ticket(stage: Stage, company: int) -> int:
    given = {"member": {"identifier": "Mate"}, "ticket": {"id": ticket(stage, company)}}
    return int(stage.make("/sales/commissions", **given)["id"])


def association(stage: Stage, company: int) -> int:
    kind = stage.read("/company/contacts/types")[0]["id"]
    given = {"contact": {"id": contact(stage, company)}, "type": {"id": kind}}
    return int(stage.make("/company/contactTypeAssociations", **given)["id"])


def portal(stage: Stage, company: int) -> int:
    return int(stage.make("/company/portalConfigurations", name="Portal", **of(company))["id"])


HANDED: dict[str, tuple[str, Make]] = {
    "certification": ("/system/certifications", certification),
    "commission": ("/sales/commissions", commission),
    "commission of a ticket": ("/sales/commissions", commission_of_a_ticket),
    "type of a contact": ("/company/contactTypeAssociations", association),
    "portal": ("/company/portalConfigurations", portal),
}


@pytest.mark.parametrize("name", HANDED)
def test_what_names_a_hidden_company_is_hidden_with_it(stage: Stage, name: str) -> None:
    path, make = HANDED[name]
    inside, outside = two_companies(stage)
    there, hidden = make(stage, inside), make(stage, outside)
    assert {there, hidden} <= set(ids(stage.admin.get(path)))
    found = ids(stage.tech.get(path))
    assert there in found
    assert hidden not in found
    assert stage.tech.get(f"{path}/{there}").status_code == 200
    answer = stage.tech.get(f"{path}/{hidden}")
    assert (answer.status_code, stage.cause(answer)) == (404, "hidden")


def test_a_result_of_a_survey_is_hidden_with_its_ticket_or_company(stage: Stage) -> None:
    inside, outside = two_companies(stage)
    survey = stage.make("/service/surveys", name="Happy?")["id"]
    path = f"/service/surveys/{survey}/results"
    made: list[dict[str, Any]] = [stage.make(path, ticketId=ticket(stage, one)) for one in (inside, outside)]
    there, hidden = (one["id"] for one in made)
    assert set(ids(stage.admin.get(path))) == {there, hidden}
    assert ids(stage.tech.get(path)) == [there]
    answer = stage.tech.get(f"{path}/{hidden}")
    assert (answer.status_code, stage.cause(answer)) == (404, "hidden")


def test_a_certification_of_a_member_is_hidden_with_its_company(stage: Stage) -> None:
    inside, outside = two_companies(stage)
    member = stage.number("Tech")
    path = f"/system/members/{member}/certifications"
    kind = {"certification": {"id": certification(stage, inside)}}
    there, hidden = (stage.make(path, **kind, **of(one))["id"] for one in (inside, outside))
    assert set(ids(stage.admin.get(path))) == {there, hidden}
    assert ids(stage.tech.get(path)) == [there]
