"""What a change is told as, to whom, and to whom not."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator
from mockcw.catalogue import load
from mockcw.delivery.subjects import SUBJECTS, UNNUMBERED
from tests.mockcw.caller import Caller, Control
from tests.mockcw.delivery.conftest import Register
from tests.mockcw.delivery.receiver import Receiver

NAMED = {"firstName": "Ada", "lastName": "Lovelace"}


def made(caller: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = caller.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def company(caller: Caller, name: str, **fields: Any) -> dict[str, Any]:
    body = {"identifier": name, "name": name, "addressLine1": "1 Way", "site": {"name": "Main"}, **fields}
    return made(caller, "/company/companies", body)


def test_a_records_life_is_told_in_its_order(
    emulator: Emulator, admin: Caller, receiver: Receiver, register: Register
) -> None:
    callback = register("contact")
    contact = made(admin, "/company/contacts", NAMED)
    path = f"/company/contacts/{contact['id']}"
    changed = admin.patch(path, ("replace", "title", "Countess"))
    assert admin.delete(path).status_code == 204
    assert emulator.deliver() == 3
    number = contact["id"]
    assert receiver.told == [("contact", did, number) for did in ("added", "updated", "deleted")]
    first, second, last = receiver.got
    assert first.target == f"/contact?recordId={number}&action=added"
    assert (first.entity["firstName"], second.entity["title"]) == ("Ada", "Countess")
    assert second.entity["_info"]["lastUpdated"] == changed.json()["_info"]["lastUpdated"]
    assert last.says["Entity"] is None
    assert {one.says["MemberId"] for one in receiver.got} == {"Admin"}
    assert {one.says["CallbackObjectRecId"] for one in receiver.got} == {callback["id"]}
    assert len({one.says["MessageId"] for one in receiver.got}) == 3


def test_the_record_comes_as_a_get_answers_it_but_for_its_addresses(
    emulator: Emulator, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("contact")
    contact = made(admin, "/company/contacts", NAMED)
    emulator.deliver()
    said = receiver.got[0].entity
    answered = admin.get(f"/company/contacts/{contact['id']}").json()
    assert {name: value for name, value in said.items() if name != "_info"} == {
        name: value for name, value in answered.items() if name != "_info"
    }
    ours, theirs = said["_info"]["notes_href"], answered["_info"]["notes_href"]
    assert ours == theirs.replace("/v4_6_release/apis/3.0//", "/v2025_1//apis/3.0/")


def test_a_refused_or_undone_change_is_not_told(
    emulator: Emulator, admin: Caller, sonic: Caller, control: Control, receiver: Receiver, register: Register
) -> None:
    register("company")
    assert admin.post("/company/companies", {"name": "nothing else"}).status_code == 400
    assert sonic.delete("/company/companies/2").status_code == 403
    control.post("/fix", {"member": "SonicSaaS"})  # tries the delete again, in a transaction that is rolled back
    assert emulator.deliver() == 0
    company(admin, "later")
    assert emulator.deliver() == 1
    assert receiver.told[0][:2] == ("company", "added")


def test_a_deleted_company_is_an_update_since_it_stays(
    emulator: Emulator, admin: Caller, receiver: Receiver, register: Register
) -> None:
    number = company(admin, "going")["id"]
    register("company", level="company", objectId=number)
    assert admin.delete(f"/company/companies/{number}").status_code == 204
    emulator.deliver()
    assert receiver.told == [("company", "updated", number)]
    assert receiver.got[0].entity["deletedFlag"] is True


def test_what_is_written_with_a_record_is_one_piece_of_news(
    emulator: Emulator, admin: Caller, receiver: Receiver, register: Register
) -> None:
    for kind in ("company", "site", "ticket"):
        register(kind)
    number = company(admin, "with a site")["id"]
    ticket = made(admin, "/service/tickets", {"summary": "x", "company": {"id": number}, "initialDescription": "y"})
    emulator.deliver()
    told = receiver.told
    assert sorted(told) == sorted({*told})
    assert [one for one in told if one[0] != "site"] == [
        ("company", "added", number),
        ("ticket", "added", ticket["id"]),
    ]
    assert sum(kind == "site" for kind, *_ in told) == 1


def test_a_note_is_an_update_of_its_ticket(
    emulator: Emulator, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("ticket", level="ticket", objectId=1)
    for number in (1, 2):
        made(admin, f"/service/tickets/{number}/notes", {"text": "n", "detailDescriptionFlag": True})
    emulator.deliver()
    assert receiver.told == [("ticket", "updated", 1)]


def test_a_setting_keeps_notes_from_being_updates(receiver: Receiver) -> None:
    with Emulator(settings={"callback.nested": "nothing"}) as quiet:
        admin = Caller(quiet)
        made(admin, "/system/callbacks", {"url": f"{receiver.url}/", "type": "ticket", "level": "owner", "objectId": 1})
        made(admin, "/service/tickets/1/notes", {"text": "n", "detailDescriptionFlag": True})
        assert quiet.deliver() == 0
        admin.patch("/service/tickets/1", ("replace", "summary", "loud"))
        assert quiet.deliver() == 1


def test_a_ticket_that_becomes_a_project_ticket_is_an_update(
    emulator: Emulator, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("ticket")
    phase = admin.get("/project/projects/1/phases").json()[0]
    body = {"recordType": "ProjectTicket", "project": {"id": 1}, "phase": {"id": phase["id"]}, "wbsCode": "1.1"}
    answer = admin.post("/service/tickets/1/convert", body)
    assert answer.is_success, answer.text
    emulator.deliver()
    assert [one for one in receiver.told if one[2] == 1] == [("ticket", "updated", 1)]


def test_a_write_that_skips_callbacks_is_not_told(
    emulator: Emulator, admin: Caller, receiver: Receiver, register: Register
) -> None:
    register("ticket")
    admin.patch("/service/tickets/1", ("replace", "summary", "quiet"), ("add", "skipCallback", True))
    assert emulator.deliver() == 0
    admin.patch("/service/tickets/1", ("replace", "summary", "loud"))
    assert emulator.deliver() == 1


def test_levels_pick_records_by_what_they_hold(
    emulator: Emulator, admin: Caller, receiver: Receiver, register: Register
) -> None:
    here, there = company(admin, "here")["id"], company(admin, "there")["id"]
    register("contact", level="company", objectId=here)
    register("company", level="type", objectId=1)
    contact = made(admin, "/company/contacts", {**NAMED, "company": {"id": here}})["id"]
    made(admin, "/company/contacts", {**NAMED, "company": {"id": there}})
    emulator.deliver()
    assert receiver.told == [("contact", "added", contact)]
    receiver.got.clear()
    typed = admin.get(f"/company/companies/{here}").json()["types"][0]["id"]
    register("company", level="Type", objectId=typed, url=f"{receiver.url}/typed?id=")
    admin.patch(f"/company/companies/{here}", ("replace", "phoneNumber", "1"))
    emulator.deliver()
    assert ("company", "updated", here) in receiver.told


def test_a_contacts_territory_is_its_companys(
    emulator: Emulator, admin: Caller, receiver: Receiver, register: Register
) -> None:
    home = company(admin, "home")
    register("contact", level="territory", objectId=home["territory"]["id"])
    register("contact", level="territory", objectId=home["territory"]["id"] + 1)
    made(admin, "/company/contacts", {**NAMED, "company": {"id": home["id"]}})
    assert emulator.deliver() == 1


@pytest.mark.parametrize(("match", "tries"), [("after", 1), ("either", 2)])
def test_whether_leaving_a_levels_object_is_told_is_a_setting(match: str, tries: int, receiver: Receiver) -> None:
    with Emulator(settings={"callback.match": match}) as emulator:
        admin = Caller(emulator)
        here, there = company(admin, "here")["id"], company(admin, "there")["id"]
        contact = made(admin, "/company/contacts", {**NAMED, "company": {"id": here}})["id"]
        for number in (here, there):
            body = {"url": f"{receiver.url}/", "type": "contact", "level": "company", "objectId": number}
            made(admin, "/system/callbacks", body)
        admin.patch(f"/company/contacts/{contact}", ("replace", "company", {"id": there}))
        assert emulator.deliver() == tries


@pytest.mark.parametrize(("fits", "tries"), [("all", 1), ("none", 0)])
def test_levels_whose_objects_have_no_number_follow_a_setting(fits: str, tries: int, receiver: Receiver) -> None:
    with Emulator(settings={"callback.unnumbered": fits}) as emulator:
        admin = Caller(emulator)
        body = {"url": f"{receiver.url}/", "type": "company", "level": "integratorTag", "objectId": 5}
        made(admin, "/system/callbacks", body)
        company(admin, "tagged")
        assert emulator.deliver() == tries


def test_ones_own_changes_are_suppressed_where_asked(
    emulator: Emulator, admin: Caller, sonic: Caller, receiver: Receiver, register: Register
) -> None:
    mine = register("company", isSelfSuppressedFlag=True)
    every = register("company", url=f"{receiver.url}/every?id=")
    admin.patch("/company/companies/2", ("replace", "phoneNumber", "1"))
    assert sonic.patch("/company/companies/2", ("replace", "phoneNumber", "2")).status_code == 200
    emulator.deliver()
    heard = [(one.says["CallbackObjectRecId"], one.says["MemberId"]) for one in receiver.got]
    assert sorted(heard) == sorted([(every["id"], "Admin"), (mine["id"], "SonicSaaS"), (every["id"], "SonicSaaS")])


def test_an_inactive_callback_is_told_nothing_and_starts_again_when_active(
    emulator: Emulator, admin: Caller, register: Register
) -> None:
    path = f"/system/callbacks/{register('company', inactiveFlag=True)['id']}"
    company(admin, "unheard")
    assert emulator.deliver() == 0
    admin.patch(path, ("replace", "inactiveFlag", False))
    company(admin, "heard")
    assert emulator.deliver() == 1
    admin.delete(path)
    company(admin, "gone")
    assert emulator.deliver() == 0


def test_a_member_is_told_only_of_what_it_may_read(
    emulator: Emulator, admin: Caller, sonic: Caller, control: Control, receiver: Receiver, register: Register
) -> None:
    """At level My somebody else's company is none of the member's business; neither is what its role cannot read."""
    role = next(one["id"] for one in control.get("/roles") if "SonicSaaS" in one["name"])
    register("company", by=admin)
    register("company", by=sonic, url=f"{receiver.url}/sonic?id=")
    control.put(f"/roles/{role}/settings", [level("Companies", "Company Maintenance", inquireLevel="None")])
    company(admin, "unseen")
    assert emulator.deliver() == 1
    control.put(f"/roles/{role}/settings", [level("Companies", "Company Maintenance", inquireLevel="My")])
    theirs = company(admin, "still unseen")["id"]
    assert emulator.deliver() == 1
    assert sonic.get(f"/company/companies/{theirs}").status_code == 403
    control.put(f"/roles/{role}/settings", [level("Companies", "Company Maintenance", inquireLevel="All")])
    company(admin, "seen")
    assert emulator.deliver() == 2


def level(module: str, area: str, **levels: str) -> dict[str, str]:
    return {"moduleName": module, "moduleFunctionName": area, **levels}


def test_passwords_of_a_configuration_are_masked_as_the_members_get_masks_them(
    emulator: Emulator, admin: Caller, sonic: Caller, control: Control, receiver: Receiver, register: Register
) -> None:
    role = next(one["id"] for one in control.get("/roles") if "SonicSaaS" in one["name"])
    rows = [level("Companies", "Configurations", inquireLevel="All")]
    control.put(f"/roles/{role}/settings", rows)
    kind = made(admin, "/company/configurations/types", {"name": "Safe"})["id"]
    question = {"question": "Word", "fieldType": "Password", "entryType": "EntryField", "sequenceNumber": 1}
    made(admin, f"/company/configurations/types/{kind}/questions", question)
    body = {"name": "Safe 1", "type": {"id": kind}, "company": {"id": 2}}
    safe = made(admin, "/company/configurations", body)
    register("configuration", by=admin)
    register("configuration", by=sonic, url=f"{receiver.url}/sonic?id=")
    answers = [{**one, "answer": "open sesame"} for one in safe["questions"]]
    path = f"/company/configurations/{safe['id']}"
    assert admin.patch(path, ("replace", "questions", answers)).status_code == 200
    assert emulator.deliver() == 2
    told = {one.target.split("?")[0]: one.entity["questions"][0].get("answer") for one in receiver.got}
    gets = [caller.get(path).json()["questions"][0].get("answer") for caller in (admin, sonic)]
    assert [told["/configuration"], told["/sonic"]] == gets == ["open sesame", "********"]


@pytest.mark.parametrize("kind", SUBJECTS)
def test_each_types_fields_are_there(kind: str) -> None:
    catalogue = load()
    for place in SUBJECTS[kind].collections:
        assert catalogue.row(place).model
    names = {
        name for place in SUBJECTS[kind].collections for name in catalogue.model(catalogue.row(place).model).fields
    }
    for path in SUBJECTS[kind].fields.values():
        assert path == UNNUMBERED or path.split("/")[0] in names
