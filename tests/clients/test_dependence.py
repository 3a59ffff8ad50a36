"""What other people's clients depend on, a test a line: the requests that each of them is known to send, sent raw over
TLS, and what its code reads of the answer.

The clients themselves cannot be installed here (PowerShell, PHP, Go, Elixir, a Django application); their names stand
at the head of each part.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
import requests

from mockcw import Live
from mockcw.catalogue import load
from tests.clients.ground import DayMaker
from tests.mockcw.caller import Caller

COMPANIES = "/company/companies"
TICKETS = "/service/tickets"


@dataclass(slots=True)
class Site:
    """The server as a client sees it; paths are sent byte for byte."""

    live: Live
    session: requests.Session
    maker: DayMaker

    def send(self, method: str, path: str, *, root: str = "/v4_6_release/apis/3.0", **more: Any) -> requests.Response:
        """One request; `path` begins with a slash and may hold a query."""
        return self.session.request(method, f"{self.live.url}{root}{path}", timeout=20, **more)

    def get(self, path: str, **more: Any) -> requests.Response:
        """GET."""
        return self.send("GET", path, **more)

    def ticket(self) -> int:
        """A new ticket on a board, with a status of that board."""
        board, status = self.maker.row("/service/boards/{parentId}/statuses").line
        places = {"board": {"id": board}, "status": {"id": status}}
        made = self.send("POST", TICKETS, json={**self.maker.body(TICKETS), **places})
        assert made.status_code == 201, made.text
        return int(made.json()["id"])


@pytest.fixture
def site(secure: Live) -> Iterator[Site]:
    who = secure.members["admin"]
    pair = base64.b64encode(f"{secure.company_id}+{who.public_key}:{who.private_key}".encode()).decode()
    with requests.Session() as session:
        session.verify = str(secure.ca_file)
        session.headers.update({"Authorization": f"Basic {pair}", "clientId": who.client_id})
        yield Site(secure, session, DayMaker(Caller(secure.emulator), load()))


def compact(answer: requests.Response) -> Any:
    """The body of an error, whose lines end with CRLF, as clients that strip those read it."""
    return json.loads(answer.content.decode("utf-8").replace("\r\n", ""))


# -- django-connectwise ------------------------------------------------------------------------------------------------


def test_django_reads_the_code_base_and_a_null_for_an_unknown_company(site: Site) -> None:
    told = site.get(f"/{site.live.company_id}", root="/login/companyinfo").json()
    assert told["Codebase"] == "v2025_1/"
    assert site.get("/system/info", root=f"/{told['Codebase']}apis/3.0").status_code == 200
    unknown = site.get("/nobody", root="/login/companyinfo")
    assert (unknown.status_code, unknown.json()) == (200, None)


@pytest.mark.parametrize("path", ["/system/callbacks/", "/system/members/", "/system/info/", "/service/tickets/"])
def test_django_ends_its_paths_with_a_slash(site: Site, path: str) -> None:
    assert site.get(path).status_code == 200


def test_django_doubles_slashes_within_a_path(site: Site) -> None:
    assert site.get("/company//companies//1").json()["id"] == 1


@pytest.mark.parametrize("size", [50, 1000])
def test_django_reads_pages_of_parenthesised_conditions_until_a_short_one(site: Site, size: int) -> None:
    condition = quote("(id > 0 and deletedFlag = False)")
    read: list[int] = []
    for page in range(1, 10):
        answer = site.get(f"{COMPANIES}?conditions={condition}&pageSize={size}&page={page}")
        assert answer.status_code == 200
        read += [one["id"] for one in answer.json()]
        if len(answer.json()) < size:
            break
    assert len(read) == len(set(read)) == site.get(f"{COMPANIES}/count?conditions={condition}").json()["count"]


def test_django_takes_an_empty_list_past_the_end(site: Site) -> None:
    answer = site.get(f"{COMPANIES}?page=900&pageSize=50")
    assert (answer.status_code, answer.content) == (200, b"[]")


def test_django_reads_message_and_errors_of_a_refusal(site: Site) -> None:
    refusal = compact(site.send("POST", COMPANIES, json={}))
    assert refusal["message"] == "company object is invalid"
    assert all(one["message"] for one in refusal["errors"])
    assert compact(site.get(f"{COMPANIES}/999999"))["message"] == "Company 999999 not found"


def test_django_writes_numbers_and_emptiness_as_texts(site: Site) -> None:
    body = {"identifier": "Texts", "name": "Texts", "site": {"name": "Main"}, "numberOfEmployees": "13", "website": ""}
    made = site.send("POST", COMPANIES, json=body).json()
    assert made["numberOfEmployees"] == 13
    operations = [{"op": "replace", "path": "annualRevenue", "value": "12.50"}]
    assert site.send("PATCH", f"{COMPANIES}/{made['id']}", json=operations).json()["annualRevenue"] == 12.5


def test_django_patches_a_reference_by_a_path_into_it(site: Site) -> None:
    number = site.ticket()
    ticket = site.get(f"{TICKETS}/{number}").json()
    statuses = site.get(f"/service/boards/{ticket['board']['id']}/statuses").json()
    operations = [{"op": "replace", "path": "status/id", "value": str(statuses[-1]["id"])}]
    changed = site.send("PATCH", f"{TICKETS}/{number}", json=operations)
    assert changed.status_code == 200, changed.text
    assert changed.json()["status"]["id"] == statuses[-1]["id"]


def test_django_removes_a_value_that_is_not_there(site: Site) -> None:
    operations = [{"op": "remove", "path": "contact"}]
    assert site.send("PATCH", f"{TICKETS}/{site.ticket()}", json=operations).status_code == 200


def test_django_finds_its_callback_again_by_every_field_it_gave(site: Site) -> None:
    given = {
        "type": "ticket", "description": "django-connectwise: ünï", "url": "https://django.example.com/cb/?id=",
        "objectId": 1, "level": "owner",
    }  # fmt: skip
    made = site.send("POST", "/system/callbacks", json=given)
    assert made.status_code == 201, made.text
    condition = quote("url contains 'django.example.com'")
    [kept] = site.get(f"/system/callbacks/?conditions={condition}").json()
    assert {name: kept[name] for name in given} == given
    removed = site.send("DELETE", f"/system/callbacks/{kept['id']}")
    assert (removed.status_code, removed.content) == (204, b"")


def test_django_lists_and_downloads_the_documents_of_a_ticket(site: Site) -> None:
    number = site.ticket()
    form = {"recordType": "Ticket", "recordId": str(number), "title": "Log"}
    assert site.send("POST", "/system/documents", data=form, files={"file": ("a b.txt", b"x")}).status_code == 201
    [one] = site.get(f"/system/documents?recordType=Ticket&recordId={number}").json()
    answer = site.get(f"/system/documents/{one['id']}/download")
    found = re.search(r'filename="?([^"]+)"?', answer.headers["Content-Disposition"])
    assert found is not None
    assert (found[1], answer.content) == ("a b.txt", b"x")


def test_django_merges_tickets(site: Site) -> None:
    kept, gone = site.ticket(), site.ticket()
    status = site.get(f"{TICKETS}/{kept}").json()["status"]["id"]
    answer = site.send("POST", f"{TICKETS}/{kept}/merge", json={"mergeTicketIds": [gone], "status": {"id": status}})
    assert answer.ok, answer.text


def test_django_hangs_a_configuration_on_a_ticket(site: Site) -> None:
    number = site.ticket()
    configuration = site.maker.make("/company/configurations").line[-1]
    answer = site.send("POST", f"{TICKETS}/{number}/configurations", json={"id": configuration})
    assert answer.status_code == 201, answer.text
    assert [one["id"] for one in site.get(f"{TICKETS}/{number}/configurations").json()] == [configuration]


def test_django_reads_the_hosted_screens_by_a_report(site: Site) -> None:
    answer = site.get("/system/reports/ConnectWiseHostedApiScreen")
    assert answer.status_code == 200, answer.text
    assert {"column_definitions", "row_values"} <= answer.json().keys()


# -- ConnectWiseManageAPI (PowerShell) ---------------------------------------------------------------------------------


def test_powershell_parses_the_version_without_its_letter(site: Site) -> None:
    assert re.fullmatch(r"\d+(\.\d+){1,3}", site.get("/system/info").json()["version"].lstrip("v"))


@pytest.mark.parametrize("query", ["?&conditions=id=1", "?&&conditions=id=1&", "?conditions=id=1&&pageSize=999"])
def test_powershell_leaves_empty_parts_in_its_queries(site: Site, query: str) -> None:
    assert [one["id"] for one in site.get(COMPANIES + query).json()] == [1]


def test_powershell_follows_the_link_of_every_forward_page_to_an_empty_one(site: Site) -> None:
    headers = {"pagination-type": "forward-only"}
    read, url = [], f"{site.live.api_url}{COMPANIES}?&pageSize=15"
    for _ in range(20):
        answer = site.session.get(url, headers=headers, timeout=20)
        read += [one["id"] for one in answer.json()]
        link = answer.headers["Link"]
        if not link:
            break
        url = link.split(";")[0].strip("<> ")
        assert url.startswith(site.live.url)
    assert read == list(range(1, site.get(f"{COMPANIES}/count").json()["count"] + 1))


def test_powershell_remembers_the_current_version_of_the_first_answer(site: Site) -> None:
    assert site.get("/system/info").headers["api-current-version"] == "2025.1"


def test_powershell_tells_wrong_keys_by_the_code(site: Site) -> None:
    answer = site.get("/system/info", headers={"Authorization": "Basic " + base64.b64encode(b"a+b:c").decode()})
    assert (answer.status_code, answer.json()["code"]) == (401, "Unauthorized")


def test_powershell_searches_with_the_body_of_its_cmdlet(site: Site) -> None:
    number = site.ticket()
    body = {"conditions": f"id = {number}", "childConditions": "", "customFieldConditions": "", "orderBy": "id asc"}
    answer = site.send("POST", f"{TICKETS}/search?pageSize=25", json=body)
    assert (answer.status_code, [one["id"] for one in answer.json()]) == (200, [number])


def test_powershell_patches_with_one_bare_path_and_a_whole_object(site: Site) -> None:
    operations = [{"op": "replace", "path": "status", "value": {"id": 2}}]
    assert site.send("PATCH", f"{COMPANIES}/2", json=operations).json()["status"]["id"] == 2


def test_powershell_mints_keys_of_another_member_and_uses_them(site: Site) -> None:
    minted = site.send(
        "POST", "/system/members/Admin/tokens", json={"memberIdentifier": "Admin"}, headers={"x-cw-usertype": "member"}
    )
    if minted.status_code == 403:
        assert minted.json()["code"] == "Security"
        return
    assert minted.status_code == 200, minted.text
    keys = minted.json()
    pair = f"{site.live.company_id}+{keys['publicKey']}:{keys['privateKey']}"
    headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}", "x-cw-usertype": "member"}
    assert site.get("/system/info", headers=headers).status_code == 200


def powershell_form(fields: dict[str, str], name: str, content: str) -> tuple[bytes, str]:
    """The multipart body that New-CWMDocument writes: a quote is missing, and lines end as the system's do."""
    boundary = "3f1c-b0"
    parts = []
    for field, value in fields.items():
        quoted = f'"{field}' if field == "PrivateFlag" else f'"{field}"'
        parts += [f"--{boundary}", f"Content-Disposition: form-data; name={quoted}", "", value]
    parts += [f"--{boundary}", f'Content-Disposition: form-data; name="file"; filename="{name}"']
    parts += ["Content-Type: application/octet-stream", "", content, f"--{boundary}--", ""]
    return "\n".join(parts).encode(), f'multipart/form-data; boundary="{boundary}"'


def test_powershell_uploads_a_document_with_its_broken_quoting(site: Site) -> None:
    fields = {
        "recordType": "Ticket", "recordId": str(site.ticket()), "Title": "By hand", "PrivateFlag": "False",
        "ReadOnlyFlag": "False", "isAvatar": "False",
    }  # fmt: skip
    body, kind = powershell_form(fields, "note.txt", "plain words")
    made = site.send("POST", "/system/documents", data=body, headers={"Content-Type": kind})
    assert made.status_code == 201, made.text
    assert (made.json()["title"], made.json()["fileName"]) == ("By hand", "note.txt")
    assert site.get(f"/system/documents/{made.json()['id']}/download").content == b"plain words"


# -- connectwise-php-client --------------------------------------------------------------------------------------------


def test_php_goes_on_while_the_link_ends_with_last(site: Site) -> None:
    read, page = [], 1
    while True:
        answer = site.get(f"{COMPANIES}?pageSize=15&page={page}")
        read += [one["id"] for one in answer.json()]
        if not answer.headers.get("Link", "").endswith('rel="last"'):
            break
        page += 1
    assert read == list(range(1, site.get(f"{COMPANIES}/count").json()["count"] + 1))


def hrefs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            if name.endswith("_href"):
                yield one
            else:
                yield from hrefs(one)
    elif isinstance(value, list):
        for one in value:
            yield from hrefs(one)


def test_php_strips_its_own_root_from_the_hrefs_and_follows_them(site: Site) -> None:
    root = f"{site.live.url}/v4_6_release/apis/3.0/"
    found = list(hrefs(site.get(f"{COMPANIES}/1").json()))
    assert len(found) > 5
    for href in found:
        assert href.startswith(root)
        assert site.get("/" + href.removeprefix(root)).status_code == 200, href


# -- go-connectwise-psa ------------------------------------------------------------------------------------------------


def test_go_takes_the_next_page_from_the_exact_relation(site: Site) -> None:
    answer = site.get(f"{COMPANIES}?pageSize=15", headers={"Accept": "application/json"})
    relations = dict(reversed(part.strip().split("; ", 1)) for part in answer.headers["Link"].split(","))
    following = relations['rel="next"'].strip("<>")
    assert site.session.get(following, timeout=20).json()[0]["id"] == 16


def test_go_sends_a_capital_remove_without_a_value(site: Site) -> None:
    site.send("PATCH", f"{COMPANIES}/3", json=[{"op": "replace", "path": "website", "value": "https://example.com"}])
    answer = site.send("PATCH", f"{COMPANIES}/3", json=[{"op": "Remove", "path": "website"}])
    assert answer.status_code == 200, answer.text
    assert "website" not in answer.json()


# -- the generated Go client -------------------------------------------------------------------------------------------


def test_the_generated_client_knows_only_the_documented_statuses(site: Site) -> None:
    headers = {"Accept": "application/vnd.connectwise.com+json; version=2025.1"}
    body = {"identifier": "GoGen", "name": "GoGen", "site": {"name": "Main"}}
    made = site.send("POST", COMPANIES, json=body, headers=headers)
    place = f"{COMPANIES}/{made.json()['id']}"
    put = site.send("PUT", place, json=body, headers=headers)
    patch = site.send("PATCH", place, json=[{"op": "replace", "path": "name", "value": "x"}], headers=headers)
    gone = site.send("DELETE", place, headers=headers)
    assert [one.status_code for one in (made, put, patch, gone)] == [201, 200, 200, 204]
    configuration = {"name": "Bulk", "type": {"id": site.maker.row("/company/configurations/types").line[-1]}}
    bulk = site.send("POST", "/company/configurations/bulk", json=[configuration], headers=headers)
    assert bulk.status_code == 207, bulk.text


# -- amp-labs connectors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [COMPANIES, TICKETS, "/company/contacts", "/system/members", "/finance/agreements"])
def test_amp_asks_everything_for_what_changed_since(site: Site, path: str) -> None:
    whole = site.get(f"{path}?pageSize=1000").json()
    for name in ("LastUpdated", "lastUpdated"):
        answer = site.get(f"{path}?pageSize=1000&conditions={quote(f'{name} >= [2001-01-01T00:00:00Z]')}")
        assert [one["id"] for one in answer.json()] == [one["id"] for one in whole]
    future = quote("LastUpdated >= [2999-01-01T00:00:00Z]")
    assert site.get(f"{path}?conditions={future}").json() == []


def test_amp_reads_records_by_a_list_of_ids(site: Site) -> None:
    answer = site.get(f"{COMPANIES}?conditions={quote('id in (3,1,2)')}&pageSize=1000", headers={"ClientId": "x" * 36})
    assert [one["id"] for one in answer.json()] == [1, 2, 3]


def test_amp_patches_with_leading_slashes(site: Site) -> None:
    operations = [{"op": "replace", "path": "/name", "value": "Slashed"}]
    assert site.send("PATCH", f"{COMPANIES}/4", json=operations).json()["name"] == "Slashed"


def test_amp_patches_the_custom_fields_with_an_empty_list(site: Site) -> None:
    operations = [{"op": "replace", "path": "/customFields", "value": []}]
    assert site.send("PATCH", f"{COMPANIES}/4", json=operations).status_code == 200


# -- ex_cwmanage -------------------------------------------------------------------------------------------------------


def test_elixir_turns_forward_pages_by_the_number_at_the_end_of_the_link(site: Site) -> None:
    headers = {"Pagination-Type": "forward-only"}
    read: list[int] = []
    number = ""
    for _ in range(20):
        answer = site.get(f"{COMPANIES}?pagesize=15&pageid={number}", headers=headers)
        read += [one["id"] for one in answer.json()]
        link = answer.headers["Link"]
        if link == "":
            break
        number = link.split("pageId=")[1].split(">;")[0]
        assert number.isdigit()
    assert read == list(range(1, site.get(f"{COMPANIES}/count").json()["count"] + 1))


@pytest.mark.xfail(reason="the server writes header names in small letters, as HTTP/2 does", strict=True)
def test_elixir_looks_for_the_link_header_in_its_letter_case(site: Site) -> None:
    answer = site.get(COMPANIES, headers={"Pagination-Type": "forward-only"})
    assert "Link" in list(answer.headers)


# -- gravityformsconnectwise, CWSlack, CWM-API-Gateway -----------------------------------------------------------------


def test_gravityforms_tests_its_connection_with_an_override_of_tls(site: Site) -> None:
    assert site.get("/system/info", headers={"x-cw-overridessl": "True"}).status_code == 200


def test_slack_appends_to_the_href_of_a_board(site: Site) -> None:
    ticket = site.get(f"{TICKETS}/{site.ticket()}").json()
    href = ticket["board"]["_info"]["board_href"]
    name = ticket["status"]["name"]
    answer = site.session.get(f"{href}/statuses?conditions=name%20like%20%27{quote(name)}%27", timeout=20)
    assert name in [one["name"] for one in answer.json()]


def test_slack_follows_the_hrefs_of_a_ticket_with_its_blanks_escaped(site: Site) -> None:
    found = list(hrefs(site.get(f"{TICKETS}/{site.ticket()}").json()))
    assert found
    for href in found:
        assert site.session.get(href.replace(" ", "%20"), timeout=20).status_code == 200, href


def test_the_gateway_shows_the_text_of_a_refused_condition(site: Site) -> None:
    condition = quote("resources/identifier = 'x'")
    answer = site.get(f"{TICKETS}?conditions={condition}")
    assert (answer.status_code, answer.json()["code"]) == (400, "ApiFindCondition")
    assert answer.json()["message"] == "resources/identifier is not a recognized name."
