"""Clients that make the mistake of their story, as the integrations did that it was told of."""

from __future__ import annotations

import httpx

from tests.mockcw.caller import Control
from tests.mockcw.scenario.client import Client

AGREEMENTS, TICKETS, COMPANIES = "/finance/agreements", "/service/tickets", "/company/companies"


def looks_up_or_creates(client: Client) -> None:
    told = client.given
    for _ in range(3):
        if not client.found(AGREEMENTS, f'name="{told["name"]}" and company/id={told["company"]}'):
            ids = {name: {"id": told[name]} for name in ("company", "contact")}
            client.made(AGREEMENTS, name=told["name"], type={"name": told["type"]}, **ids)


def adds_the_whole_number(client: Client) -> None:
    told = client.given
    product = {"id": told["product"]}
    client.made(
        f"{AGREEMENTS}/{told['agreement']}/additions", product=product, quantity=told["count"], billCustomer="Billable"
    )


def writes_over_the_line_of_the_product(client: Client) -> None:
    told = client.given
    additions = f"{AGREEMENTS}/{told['agreement']}/additions"
    line = client.found(additions, f"product/id={told['product']}")[0]
    client.set(f"{additions}/{line['id']}", serialNumber=told["serial"], quantity=told["quantity"], cancelledDate="")


def sends_again_when_the_line_breaks(client: Client) -> None:
    told = client.given
    body = {"summary": told["summary"], "company": {"id": told["company"]}, "board": {"name": told["board"]}}
    for _ in range(3):
        try:
            client.made(TICKETS, **body, externalXRef=told["key"])
            return
        except httpx.TransportError:
            continue


def asks_for_all_at_once(client: Client) -> None:
    serials = ",".join(f'"{one}"' for one in client.given["mirror"])
    there = client.found("/company/configurations", f"serialNumber in ({serials})", pageSize=1000)
    client.say(mirror=[one["serialNumber"] for one in there])


def asks_with_an_offset(client: Client) -> None:
    mark = client.given["mark"].replace("Z", "+00:00")
    client.say(changed=[one["id"] for one in client.found(TICKETS, f"lastUpdated>[{mark}]")])


def takes_the_utc_day_for_today(client: Client) -> None:
    told = client.given
    ids = {name: {"id": told[name]} for name in ("company", "contact")}
    made = client.made(AGREEMENTS, name=told["name"], type={"name": told["type"]}, **ids)
    today = Control(client.emulator).get("/clock")["now"][:10]
    line = {"quantity": told["quantity"], "effectiveDate": f"{today}T00:00:00Z", "billCustomer": "Billable"}
    client.post(f"{AGREEMENTS}/{made['id']}/additions", {"product": {"id": told["product"]}, **line})


def changes_its_own_field_and_tries_again(client: Client) -> None:
    told = client.given
    for _ in range(3):
        if client.set(f"{COMPANIES}/{told['company']}", website=told["website"]).is_success:
            break


def drops_old_alerts_and_raises_the_line(client: Client) -> None:
    told = client.given
    for _ in range(2):
        body = {"summary": told["alert"]["summary"], "externalXRef": told["alert"]["key"]}
        client.post(TICKETS, {**body, "company": {"id": told["company"]}, "board": {"name": told["board"]}})
    additions = f"{AGREEMENTS}/{told['agreement']}/additions"
    line = client.found(additions, f"product/id={told['product']}")[0]
    client.set(f"{additions}/{line['id']}", quantity=line["quantity"] + told["late"])


def goes_by_the_name(client: Client) -> None:
    company = client.found(COMPANIES, f'name="{client.given["name"]}"')[0]
    client.made(TICKETS, summary=client.given["summary"], company={"id": company["id"]})


def makes_its_customer_anew(client: Client) -> None:
    name, identifier = client.given["name"], client.given["identifier"]
    known = client.found(COMPANIES, f'identifier="{identifier}" and deletedFlag=false')
    body = {"name": name, "site": {"name": "Main"}}
    if not known and client.post(COMPANIES, {**body, "identifier": identifier}).status_code == 400:
        known = [client.made(COMPANIES, **body, identifier=f"{identifier}-1")]
    client.made(TICKETS, summary=client.given["summary"], company={"id": known[0]["id"]})


def replaces_what_it_knows(client: Client) -> None:
    company = {"id": client.given["company"]}
    one = client.given["readings"][0]
    known = client.found("/company/configurations", f'serialNumber="{one["serial"]}"')[0]
    fields = {name: {"id": known[name]["id"]} for name in ("type", "status")}
    body = {"name": one["name"], "osType": one["os"], "company": company, **fields}
    assert client.put(f"/company/configurations/{known['id']}", body).is_success


def writes_what_was_read(client: Client) -> None:
    company = {"id": client.given["company"]}
    for one in client.given["readings"]:
        fields = {"serialNumber": one["serial"], "osType": one["os"]}
        known = client.found("/company/configurations", f'company/id={company["id"]} and name="{one["name"]}"')
        if known:
            client.set(f"/company/configurations/{known[0]['id']}", **fields)
        else:
            client.made(
                "/company/configurations", name=one["name"], type={"name": one["type"]}, company=company, **fields
            )


def posts_time_and_leaves_it(client: Client) -> None:
    told = client.given
    client.made(
        "/time/entries",
        chargeToId=told["ticket"],
        chargeToType="ServiceTicket",
        timeStart=told["from"],
        actualHours=told["hours"],
    )


def takes_a_200_for_proof(client: Client) -> None:
    told = client.given
    path = f"{AGREEMENTS}/{told['agreement']}"
    for _ in range(2):
        client.set(path, customerPO=told["purchase_order"])
    shown = [{"caption": told["caption"], "text": told["value"]}]
    client.set(path, customerPO=told["purchase_order"], customFields=shown)


def gives_up_half_way(client: Client) -> None:
    path = f"/project/tickets/{client.given['ticket']}"
    before = client.get(path).json()
    client.set(path, predecessorId="", predecessorType="", estimatedStartDate="", requiredDate="")
    kept = {name: before[name] for name in ("predecessorType", "predecessorId", "estimatedStartDate")}
    if not client.set(path, requiredDate=client.given["required"]).is_success:
        client.set(path, **kept, requiredDate=before["requiredDate"])


def merges_and_writes_its_note(client: Client) -> None:
    told = client.given
    upper = f"{TICKETS}/{told['upper']}"
    status = client.get(upper).json()["status"]["id"]
    client.post(f"{upper}/merge", {"mergeTicketIds": [told["lower"]], "status": {"id": status}})
    if not any(one["text"] == told["text"] for one in client.get(f"{upper}/notes").json()):
        client.made(f"{upper}/notes", text=told["text"], internalAnalysisFlag=True)


CLIENTS = {
    "01": (looks_up_or_creates,),
    "02": (adds_the_whole_number,),
    "03": (writes_over_the_line_of_the_product,),
    "04": (sends_again_when_the_line_breaks,),
    "05": (asks_for_all_at_once,),
    "06": (asks_with_an_offset,),
    "07": (takes_the_utc_day_for_today,),
    "08": (changes_its_own_field_and_tries_again,),
    "09": (drops_old_alerts_and_raises_the_line,),
    "10": (goes_by_the_name, makes_its_customer_anew),
    "11": (writes_what_was_read, replaces_what_it_knows),
    "12": (posts_time_and_leaves_it,),
    "13": (takes_a_200_for_proof,),
    "14": (gives_up_half_way,),
    "15": (merges_and_writes_its_note,),
}
