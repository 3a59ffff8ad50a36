"""Clients that know their story: they do what was asked and stay out of the trap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import httpx

from tests.mockcw.caller import items
from tests.mockcw.scenario.client import Client
from tests.mockcw.scenario.naive import AGREEMENTS, COMPANIES, TICKETS

TRIES = 5
LONGEST = 1000  # characters of a condition, as it is before it is encoded


def keeps_the_id(client: Client) -> None:
    told, kept = client.given, None
    for _ in range(3):
        if kept is not None and client.get(f"{AGREEMENTS}/{kept}").status_code == 200:
            continue
        ids = {name: {"id": told[name]} for name in ("company", "contact")}
        kept = client.made(AGREEMENTS, name=told["name"], type={"name": told["type"]}, **ids)["id"]


def looks_for_the_line_before_it_adds_one(client: Client) -> None:
    told = client.given
    additions = f"{AGREEMENTS}/{told['agreement']}/additions"
    lines = client.found(additions, f"product/id={told['product']} and cancelledDate=null")
    assert len(lines) == 1
    client.set(f"{additions}/{lines[0]['id']}", quantity=told["count"])


def gives_a_licence_a_line_of_its_own(client: Client) -> None:
    told = client.given
    additions = f"{AGREEMENTS}/{told['agreement']}/additions"
    if not client.found(additions, f'serialNumber="{told["serial"]}"'):
        line = {"quantity": told["quantity"], "effectiveDate": told["from"], "billCustomer": "Billable"}
        client.made(additions, product={"id": told["product"]}, serialNumber=told["serial"], **line)


def looks_for_its_key_before_it_sends_again(client: Client) -> None:
    told = client.given
    body = {"summary": told["summary"], "company": {"id": told["company"]}, "board": {"name": told["board"]}}
    for _ in range(TRIES):
        if client.found(TICKETS, f'externalXRef="{told["key"]}"'):
            return
        try:
            client.made(TICKETS, **body, externalXRef=told["key"])
        except httpx.TransportError:
            continue


def asks_in_batches(client: Client) -> None:
    there: list[str] = []
    for some in batches(f'"{one}"' for one in client.given["mirror"]):
        found = client.found("/company/configurations", f"serialNumber in ({some})", pageSize=1000)
        there += [one["serialNumber"] for one in found]
    assert len(there) > len(client.given["mirror"]) / 10, "a sync that would delete nearly everything stops"
    client.say(mirror=there)


def batches(texts: Iterable[str]) -> Iterator[str]:
    some = ""
    for one in texts:
        if some and len(some) + len(one) > LONGEST:
            yield some
            some = ""
        some += "," + one if some else one
    yield some


def asks_with_a_plain_moment(client: Client) -> None:
    client.say(changed=[one["id"] for one in client.found(TICKETS, f"lastUpdated>[{client.given['mark']}]")])


def takes_the_day_that_the_server_took(client: Client) -> None:
    told = client.given
    ids = {name: {"id": told[name]} for name in ("company", "contact")}
    made = client.made(AGREEMENTS, name=told["name"], type={"name": told["type"]}, **ids)
    line = {"quantity": told["quantity"], "effectiveDate": made["billStartDate"], "billCustomer": "Billable"}
    client.made(f"{AGREEMENTS}/{made['id']}/additions", product={"id": told["product"]}, **line)


def mends_what_the_refusal_names(client: Client) -> None:
    told = client.given
    path = f"{COMPANIES}/{told['company']}"
    refused = client.set(path, website=told["website"])
    wrong = {field: None for _, _, field in items(refused)}
    assert client.set(path, **wrong, website=told["website"]).status_code == 200


def waits_and_bills_what_came_late(client: Client) -> None:
    told = client.given
    alert = {"summary": told["alert"]["summary"], "externalXRef": told["alert"]["key"]}
    for _ in range(TRIES):
        made = client.post(TICKETS, {**alert, "company": {"id": told["company"]}, "board": {"name": told["board"]}})
        if made.status_code == 201:
            break
    client.made(
        f"{AGREEMENTS}/{told['agreement']}/additions",
        product={"id": told["product"]},
        quantity=told["late"],
        billCustomer="Billable",
        effectiveDate="2026-03-01T00:00:00Z",
        cancelledDate="2026-03-31T00:00:00Z",
        invoiceDescription="Used in February",
    )


def leaves_the_recycle_bin_alone(client: Client) -> None:
    found = client.found(COMPANIES, f'name="{client.given["name"]}" and deletedFlag=false')
    assert len(found) == 1
    client.made(TICKETS, summary=client.given["summary"], company={"id": found[0]["id"]})


def goes_by_the_serial_number(client: Client) -> None:
    company = client.given["company"]
    for one in client.given["readings"]:
        wanted = f'serialNumber="{one["serial"]}"' if one["serial"] else f'name="{one["name"]}"'
        known = client.found("/company/configurations", f"company/id={company} and {wanted}")
        assert len(known) == 1
        client.set(f"/company/configurations/{known[0]['id']}", osType=one["os"])


def hands_its_sheet_in(client: Client) -> None:
    told = client.given
    charge = {"chargeToId": told["ticket"], "chargeToType": "ServiceTicket"}
    entry = client.made("/time/entries", **charge, timeStart=told["from"], actualHours=told["hours"])
    assert client.http.post(f"/time/sheets/{entry['timeSheet']['id']}/submit").is_success


def sends_custom_fields_along_and_looks(client: Client) -> None:
    told = client.given
    path = f"{AGREEMENTS}/{told['agreement']}"
    shown = [one for one in client.get(path).json()["customFields"] if one["caption"] == told["caption"]]
    given = [{"id": shown[0]["id"], "value": told["value"]}]
    done = client.set(path, customerPO=told["purchase_order"], customFields=given).json()
    assert done["customFields"][0]["value"] == told["value"]


def puts_back_what_it_took(client: Client) -> None:
    path = f"/project/tickets/{client.given['ticket']}"
    before = client.get(path).json()
    steps = (
        {"predecessorId": "", "predecessorType": ""},
        {"requiredDate": client.given["required"]},
        {name: before[name] for name in ("predecessorType", "predecessorId")},
    )
    for step in steps:
        assert any(client.set(path, **step).is_success for _ in range(TRIES))


def bundles_and_takes_its_own_note_back(client: Client) -> None:
    told = client.given
    upper = f"{TICKETS}/{told['upper']}"
    assert client.post(f"{upper}/attachChildren", {"childTicketIds": [told["lower"]]}).is_success
    client.get(f"{upper}/notes")
    mine = client.made(f"{upper}/notes", text=told["text"], internalAnalysisFlag=True)["id"]
    same = [one["id"] for one in client.get(f"{upper}/notes").json() if one["text"] == told["text"]]
    if mine != min(same):
        client.delete(f"{upper}/notes/{mine}")


CLIENTS = {
    "01": keeps_the_id,
    "02": looks_for_the_line_before_it_adds_one,
    "03": gives_a_licence_a_line_of_its_own,
    "04": looks_for_its_key_before_it_sends_again,
    "05": asks_in_batches,
    "06": asks_with_a_plain_moment,
    "07": takes_the_day_that_the_server_took,
    "08": mends_what_the_refusal_names,
    "09": waits_and_bills_what_came_late,
    "10": leaves_the_recycle_bin_alone,
    "11": goes_by_the_serial_number,
    "12": hands_its_sheet_in,
    "13": sends_custom_fields_along_and_looks,
    "14": puts_back_what_it_took,
    "15": bundles_and_takes_its_own_note_back,
}
