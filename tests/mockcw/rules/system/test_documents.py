"""Documents: uploaded, listed by their record, fetched, changed, removed."""

from __future__ import annotations

import pytest

from mockcw import Emulator
from tests.mockcw.caller import Caller, Control, items, message
from tests.mockcw.rules.system.forms import DOCUMENTS, PIXEL, send, upload


def listed(admin: Caller, kind: str = "Company", number: int = 1) -> list[dict[str, object]]:
    answer = admin.get(DOCUMENTS, recordType=kind, recordId=number)
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def test_an_upload_is_listed_with_its_record_and_can_be_fetched(admin: Caller, control: Control) -> None:
    control.put("/clock", {"now": "2026-01-02T03:04:05Z", "frozen": True})
    made = upload(admin, "Company", 1, "logo.png", PIXEL, title="Logo")
    assert (made["title"], made["fileName"], made["size"]) == ("Logo", "logo.png", len(PIXEL))
    assert (made["owner"], made["createdOnDate"]) == ("Admin", "2026-01-02T03:04:05Z")
    flags = [made[f"{name}Flag"] for name in ("image", "public", "readOnly", "url", "link", "htmlTemplate")]
    assert flags == [True, False, False, False, False, False]
    assert made["serverFileName"].endswith(".png")
    assert listed(admin) == [made]
    assert listed(admin, number=2) == []
    assert admin.get(f"{DOCUMENTS}/count", recordType="Company", recordId=1).json() == {"count": 1}
    assert admin.get(f"{DOCUMENTS}/{made['id']}").json() == made


def test_the_bytes_come_back_as_they_went_with_their_name(admin: Caller) -> None:
    number = upload(admin, "Company", 1, "logo.png", PIXEL)["id"]
    answer = admin.get(f"{DOCUMENTS}/{number}/download")
    assert answer.content == PIXEL
    assert answer.headers["content-disposition"] == 'attachment; filename="logo.png"'
    assert answer.headers["content-type"] == "image/png"
    assert admin.get(f"{DOCUMENTS}/{number}/thumbnail").content == PIXEL


def test_a_name_beyond_ascii_is_given_in_both_spellings(admin: Caller) -> None:
    number = upload(admin, "Company", 1, "Übersicht.txt")["id"]
    header = admin.get(f"{DOCUMENTS}/{number}/download").headers["content-disposition"]
    assert header == "attachment; filename=\"?bersicht.txt\"; filename*=UTF-8''%C3%9Cbersicht.txt"


def test_lists_are_filtered_paged_and_cut_like_any_other(admin: Caller) -> None:
    for name in ("b.txt", "a.txt", "c.png"):
        upload(admin, "Company", 1, name)
    asked = {"recordType": "Company", "recordId": 1, "conditions": "imageFlag=false", "orderBy": "fileName"}
    assert [one["fileName"] for one in admin.get(DOCUMENTS, **asked).json()] == ["a.txt", "b.txt"]
    assert admin.get(DOCUMENTS, **asked, fields="fileName", pageSize=1).json() == [{"fileName": "a.txt"}]
    assert admin.get(f"{DOCUMENTS}/count", **asked).json() == {"count": 2}


@pytest.mark.parametrize(("query", "field"), [({}, "recordType"), ({"recordType": "Company"}, "recordId")])
def test_a_list_needs_the_record(admin: Caller, query: dict[str, str], field: str) -> None:
    answer = admin.get(DOCUMENTS, **query)
    assert answer.status_code == 400
    assert items(answer) == [("MissingRequiredField", f"The {field} field is required.", field)]


def test_a_link_has_a_url_and_no_bytes(admin: Caller) -> None:
    data = {"recordType": "Company", "recordId": "1", "title": "Wiki", "url": "https://wiki.test/1"}
    made = send(admin, DOCUMENTS, data).json()
    assert (made["urlFlag"], made["linkFlag"], made["fileName"]) == (True, True, "https://wiki.test/1")
    answer = admin.get(f"{DOCUMENTS}/{made['id']}/download")
    assert (answer.status_code, message(answer)) == (404, f"Document {made['id']} is a link and has no content.")


@pytest.mark.parametrize(
    ("data", "file", "error"),
    [
        ({"recordId": "1"}, True, ("MissingRequiredField", "The recordType field is required.", "recordType")),
        ({"recordType": "Company"}, True, ("MissingRequiredField", "The recordId field is required.", "recordId")),
        (
            {"recordType": "Planet", "recordId": "1"},
            True,
            ("InvalidField", "The recordType Planet is not supported.", "recordType"),
        ),
        ({"recordType": "Company", "recordId": "999999"}, True, ("NotFound", "Company 999999 not found", "recordId")),
        ({"recordType": "Company", "recordId": "one"}, True, ("NotFound", "Company one not found", "recordId")),
        (
            {"recordType": "Company", "recordId": "1"},
            False,
            ("MissingRequiredField", "A file or a url is required.", "file"),
        ),
    ],
)
def test_a_bad_upload_is_refused_and_leaves_nothing(
    admin: Caller, data: dict[str, str], file: bool, error: tuple[str, str, str]
) -> None:
    answer = send(admin, DOCUMENTS, data, ("a.txt", b"x") if file else None)
    assert (answer.status_code, items(answer)) == (400, [error])
    assert answer.json()["message"] == "documentInfo object is invalid"
    assert upload(admin, "Company", 1)["id"] == 1


@pytest.mark.rule("document.form")
@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data", "text/plain", "multipart/mixed; boundary=x"]
)
def test_another_body_than_a_form_is_415(admin: Caller, kind: str) -> None:
    answer = admin.send("POST", DOCUMENTS, b'{"recordType":"Company","recordId":1}', **{"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "ConnectWiseApi")


def test_an_update_changes_what_the_form_names(admin: Caller) -> None:
    made = upload(admin, "Company", 1, "a.txt", b"one", title="First", privateFlag="True", readOnlyFlay="true")
    assert (made["publicFlag"], made["readOnlyFlag"]) == (False, True)
    path = f"{DOCUMENTS}/{made['id']}"
    renamed = send(admin, path, {"Title": "Second", "PRIVATEFLAG": "false"}).json()
    assert (renamed["title"], renamed["publicFlag"], renamed["readOnlyFlag"]) == ("Second", True, True)
    assert admin.get(f"{path}/download").content == b"one"
    replaced = send(admin, path, {}, ("b.png", PIXEL)).json()
    assert (replaced["fileName"], replaced["title"], replaced["imageFlag"]) == ("b.png", "Second", True)
    assert admin.get(f"{path}/download").content == PIXEL
    assert listed(admin) == [replaced]


def test_an_update_may_move_the_document_but_not_to_nowhere(admin: Caller) -> None:
    made = upload(admin, "Company", 1)
    path = f"{DOCUMENTS}/{made['id']}"
    assert send(admin, path, {"recordType": "Company", "recordId": "999999"}).status_code == 400
    assert listed(admin) == [made]
    assert send(admin, path, {"recordType": "company", "recordId": "2"}).status_code == 200
    assert (listed(admin), len(listed(admin, number=2))) == ([], 1)


def test_a_deleted_document_is_gone(admin: Caller) -> None:
    first, second = upload(admin, "Company", 1), upload(admin, "Company", 1)
    assert admin.delete(f"{DOCUMENTS}/{first['id']}").status_code == 204
    for path in ("", "/download", "/thumbnail"):
        answer = admin.get(f"{DOCUMENTS}/{first['id']}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")
    assert admin.delete(f"{DOCUMENTS}/{first['id']}").status_code == 404
    assert listed(admin) == [second]


def test_a_photo_in_use_is_not_deleted(admin: Caller) -> None:
    photo = upload(admin, "Member", 1, "me.png", PIXEL, isAvatar="true")
    assert admin.delete(f"{DOCUMENTS}/{photo['id']}").status_code == 409
    assert admin.get(f"{DOCUMENTS}/{photo['id']}/download").content == PIXEL


def test_the_sample_is_a_form_for_this_path(admin: Caller) -> None:
    answer = admin.get(f"{DOCUMENTS}/uploadsample")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'enctype="multipart/form-data"' in answer.text


def test_a_tickets_document_shows_under_the_ticket(admin: Caller) -> None:
    company = admin.post("/company/companies", {"identifier": "Doc", "name": "Doc", "site": {"name": "Main"}}).json()[
        "id"
    ]
    ticket = admin.post("/service/tickets", {"summary": "With a paper", "company": {"id": company}})
    assert ticket.status_code == 201, ticket.text
    number = ticket.json()["id"]
    made = upload(admin, "ProjectTicket", number, title="Paper")
    assert [one["id"] for one in listed(admin, "Ticket", number)] == [made["id"]]
    assert [one["id"] for one in listed(admin, "projectTicket", number)] == [made["id"]]
    assert [one["id"] for one in admin.get(f"/service/tickets/{number}/documents").json()] == [made["id"]]


def test_documents_outlive_a_restart(tmp_path: object) -> None:
    path = f"{tmp_path}/state.db"
    with Emulator("empty", db=path) as first:
        caller = Caller(first)
        company = caller.post("/company/companies", {"identifier": "A", "name": "A", "site": {"name": "Main"}}).json()[
            "id"
        ]
        number = upload(caller, "Company", company, "a.bin", PIXEL)["id"]
    with Emulator("empty", db=path) as second:
        assert Caller(second).get(f"{DOCUMENTS}/{number}/download").content == PIXEL


@pytest.mark.rule("document.goes")
@pytest.mark.parametrize("kind", ["Ticket", "Contact", "Opportunity"])
def test_the_documents_of_a_deleted_record_go_with_it(admin: Caller, kind: str) -> None:
    paths = {"Ticket": "/service/tickets", "Contact": "/company/contacts", "Opportunity": "/sales/opportunities"}
    who = {"primarySalesRep": {"identifier": "Admin"}, "contact": {"id": 1}, "name": "Deal"}
    body = {"summary": "x"} if kind == "Ticket" else {"firstName": "A"} if kind == "Contact" else who
    made = admin.post(paths[kind], {**body, "company": {"id": 1}}).json()["id"]
    number = upload(admin, kind, made, "logo.png", PIXEL)["id"]
    other = upload(admin, "Company", 1, "logo.png", PIXEL)["id"]
    assert admin.delete(f"{paths[kind]}/{made}").status_code == 204
    assert listed(admin, kind, made) == []
    assert (
        admin.get(f"{DOCUMENTS}/{number}").status_code == admin.get(f"{DOCUMENTS}/{number}/download").status_code == 404
    )
    assert admin.get(f"{DOCUMENTS}/{other}/download").content == PIXEL


def test_the_documents_of_a_company_in_the_recycle_bin_stay(admin: Caller) -> None:
    company = admin.post("/company/companies", {"identifier": "B1", "name": "B", "site": {"name": "Main"}}).json()["id"]
    number = upload(admin, "Company", company, "logo.png", PIXEL)["id"]
    assert admin.delete(f"/company/companies/{company}").status_code == 204
    assert [one["id"] for one in listed(admin, "Company", company)] == [number]
