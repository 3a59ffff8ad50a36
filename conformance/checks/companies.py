"""Checks of the life of a company: create, read, replace, delete, and every refusal on the way.

Knows the record of a company; changes by PATCH are judged in `patching`.
"""

from __future__ import annotations

from typing import Any

from conformance.checks.check import check
from conformance.errors import CannotTell
from conformance.wire import COMPANIES, Wire, ids

NO_SUCH_ID = 987654321
STATUSES = "/company/companies/statuses"
ACCEPT_HINT = "Check your accept header to make sure you are using the correct version."


def item(code: str, message: str, field: str) -> dict[str, str]:
    """One item of `errors` about a company."""
    return {"code": code, "message": message, "resource": "company", "field": field}


def expect_invalid(wire: Wire, reply: Any, *due: dict[str, str]) -> None:
    """The reply is the refusal of a company with at least these items."""
    if wire.expect_error(reply, 400, "InvalidObject", "company object is invalid"):
        for one in due:
            found = [{name: got.get(name) for name in one} for got in reply.items()]
            wire.expect(one in found, f"the items are {reply.items()!r}, due is {one!r}")


@check("companies.create")
def create(wire: Wire) -> None:
    """A new company is answered whole, with its id."""
    body = wire.company_body(city="Bergen")
    reply = wire.post(COMPANIES, body)
    if wire.expect_status(reply, 201):
        made = reply.record()
        wire.remember(f"{COMPANIES}/{made.get('id')}")
        wire.expect(isinstance(made.get("id"), int), f"id is {made.get('id')!r}")
        for name in ("identifier", "name", "city"):
            wire.expect(made.get(name) == body[name], f"{name} is {made.get(name)!r}, sent was {body[name]!r}")


@check("companies.read-back")
def read_back(wire: Wire) -> None:
    """What the creation answered is what a GET answers."""
    made = wire.company(city="Bergen", leadFlag=True, numberOfEmployees=7)
    found = wire.get(f"{COMPANIES}/{made['id']}").record()
    wire.expect(found == made, f"the company is {found!r}, created was {made!r}")


@check("companies.references")
def references(wire: Wire) -> None:
    """A reference sent as an id comes back with its name."""
    status = wire.some(STATUSES)
    found = wire.company(status={"id": status["id"]}).get("status") or {}
    wire.expect(found.get("id") == status["id"], f"status is {found!r}")
    wire.expect(found.get("name") == status["name"], f"status is {found!r}, due is the name {status['name']!r}")
    wire.expect(isinstance(found.get("_info"), dict), f"status is {found!r}, due is an _info")


@check("companies.reference-href")
def reference_href(wire: Wire) -> None:
    """The href of a reference is absolute and can be fetched."""
    status = wire.some(STATUSES)
    info = (wire.company(status={"id": status["id"]}).get("status") or {}).get("_info") or {}
    hrefs = [value for name, value in info.items() if name.endswith("_href")]
    if wire.expect(hrefs and hrefs[0].startswith("http"), f"the _info of the status is {info!r}, due is an href"):
        wire.expect(wire.get(hrefs[0]).record().get("id") == status["id"], f"{hrefs[0]} leads elsewhere")


@check("companies.reference-by-name")
def reference_by_name(wire: Wire) -> None:
    """A reference may be sent by name."""
    status = wire.some(STATUSES)
    reply = wire.post(COMPANIES, wire.company_body(status={"name": status["name"]}))
    if wire.expect_status(reply, 201):
        wire.remember(f"{COMPANIES}/{reply.record().get('id')}")
        found = reply.record().get("status") or {}
        wire.expect(found.get("id") == status["id"], f"status is {found!r}, due is the id {status['id']}")


@check("companies.reference-text-id")
def reference_text_id(wire: Wire) -> None:
    """The id of a reference may be sent as text."""
    status = wire.some(STATUSES)
    reply = wire.post(COMPANIES, wire.company_body(status={"id": str(status["id"])}))
    if wire.expect_status(reply, 201):
        wire.remember(f"{COMPANIES}/{reply.record().get('id')}")
        found = (reply.record().get("status") or {}).get("id")
        wire.expect(found == status["id"], f"the status has the id {found!r}")


@check("companies.no-nulls")
def no_nulls(wire: Wire) -> None:
    """What has no value is left out."""
    made = wire.company()
    found = wire.get(f"{COMPANIES}/{made['id']}").record()
    nulls = [name for name, value in found.items() if value is None]
    wire.expect(not nulls, f"{', '.join(nulls)} came as null")
    wire.expect("city" not in found, "city was not sent and is there")


@check("companies.info")
def info(wire: Wire) -> None:
    """`_info` says when and by whom."""
    found = wire.company().get("_info") or {}
    for name in ("lastUpdated", "updatedBy"):
        wire.expect(isinstance(found.get(name), str) and found[name], f"_info is {found!r}, due is {name}")


@check("companies.updated-by")
def updated_by(wire: Wire) -> None:
    """`updatedBy` is the member who wrote last."""
    made = wire.company()
    before = (made.get("_info") or {}).get("updatedBy")
    change = {"op": "replace", "path": "city", "value": "Oslo"}
    after = wire.patch(f"{COMPANIES}/{made['id']}", change, member="sonicsaas").record()
    found = (after.get("_info") or {}).get("updatedBy")
    wire.expect(found and found != before, f"updatedBy is {found!r} after another member wrote, before {before!r}")


@check("companies.required")
def required(wire: Wire) -> None:
    """Missing fields are named one by one."""
    due = [item("MissingRequiredField", f"The {name} field is required.", name) for name in ("identifier", "name")]
    expect_invalid(wire, wire.post(COMPANIES, {"site": {"name": "Main"}}), *due)
    expect_invalid(wire, wire.post(COMPANIES, {"identifier": wire.mark, "site": {"name": "Main"}}), due[1])


@check("companies.longest")
def longest(wire: Wire) -> None:
    """A text over its length is named, one of just that length is taken."""
    fits = wire.company(city="x" * 50)
    wire.expect(fits.get("city") == "x" * 50, "a text of the greatest length was cut")
    text = "The field city must be a string with a maximum length of 50."
    reply = wire.post(COMPANIES, wire.company_body(city="x" * 51))
    expect_invalid(wire, reply, item("MaxLengthField", text, "city"))


@check("companies.duplicate")
def duplicate(wire: Wire) -> None:
    """An identifier is taken once."""
    made = wire.company()
    reply = wire.post(COMPANIES, wire.company_body(identifier=made["identifier"]))
    expect_invalid(wire, reply, item("ObjectExists", "Company ID already in use.", "identifier"))


@check("companies.same-name")
def same_name(wire: Wire) -> None:
    """A name may be borne by several companies."""
    made = wire.company()
    twin = wire.post(COMPANIES, wire.company_body(name=made["name"]))
    if wire.expect_status(twin, 201):
        wire.remember(f"{COMPANIES}/{twin.record().get('id')}")


@check("companies.unknown-member")
def unknown_member(wire: Wire) -> None:
    """A member that the model lacks is refused, with its place in the text that was sent."""
    text = f'{{"identifier":"{wire.mark}","name":"x","page":1}}'
    for sent, line in ((text, 1), (text.replace(',"page"', ',\n  "page"'), 2)):
        place = len(sent.splitlines()[line - 1].split('"page":')[0] + '"page":')
        due = (
            "Could not find member 'page' on object of type 'Company'. "
            f"Path 'page', line {line}, position {place}.{ACCEPT_HINT}"
        )
        wire.expect_error(wire.request("POST", COMPANIES, data=sent.encode()), 400, "ConnectWiseApi", due)


@check("companies.unknown-reference")
def unknown_reference(wire: Wire) -> None:
    """A reference to nothing is an item of its own code."""
    reply = wire.post(COMPANIES, wire.company_body(status={"id": NO_SUCH_ID}))
    if wire.expect_error(reply, 400, "InvalidObject", "company object is invalid"):
        found = [one for one in reply.items() if one.get("code") == "NotFound"]
        wire.expect(found, f"the items are {reply.items()!r}, due is one of the code NotFound")
        wire.expect(found and str(NO_SUCH_ID) in str(found[0].get("message")), "the item does not name the id")


@check("companies.wrong-type")
def wrong_type(wire: Wire) -> None:
    """Text where a reference is due is the captured failure."""
    reply = wire.post(COMPANIES, wire.company_body(status="Active"))
    if wire.expect_error(reply, 500, "ConnectWiseApi"):
        message = str(reply.error().get("message"))
        wire.expect(message.startswith('Error converting value "Active" to type '), f"the message is {message!r}")
    wire.expect_alive()


@check("companies.default-status")
def default_status(wire: Wire) -> None:
    """A company without a status gets the default one."""
    statuses = wire.get(STATUSES, {"pageSize": 1000}).rows()
    marked = [row["id"] for row in statuses if row.get("defaultFlag") is True]
    if not marked:
        raise CannotTell("the target has no default company status")
    found = (wire.company().get("status") or {}).get("id")
    wire.expect(found in marked, f"the status is {found}, the default is {marked}")


@check("companies.types")
def types(wire: Wire) -> None:
    """A company may have several types from the beginning."""
    rows = wire.get(f"{COMPANIES}/types").rows()[:2]
    made = wire.company(types=[{"id": row["id"]} for row in rows])
    found = sorted((one.get("id"), one.get("name")) for one in made.get("types") or [])
    due = sorted((row["id"], row["name"]) for row in rows)
    wire.expect(found == due, f"the types are {found!r}, due are {due!r}")


@check("companies.missing")
def missing(wire: Wire) -> None:
    """A company nobody made, under every verb."""
    path, text = f"{COMPANIES}/{NO_SUCH_ID}", f"Company {NO_SUCH_ID} not found"
    wire.expect_error(wire.get(path), 404, "NotFound", text)
    wire.expect_error(wire.delete(path), 404, "NotFound", text)
    wire.expect_status(wire.put(path, wire.company_body()), 404)
    wire.expect_status(wire.patch(path, {"op": "replace", "path": "city", "value": "x"}), 404)


@check("companies.replace")
def replace(wire: Wire) -> None:
    """A replacement stands for the whole record: what it leaves out is gone."""
    made = wire.company(city="Bergen", numberOfEmployees=7)
    body = {name: made[name] for name in ("id", "identifier", "name")} | {"zip": "5003", "site": {"name": "Main"}}
    reply = wire.put(f"{COMPANIES}/{made['id']}", body)
    if wire.expect_status(reply, 200):
        found = wire.get(f"{COMPANIES}/{made['id']}").record()
        wire.expect(found.get("zip") == "5003", f"zip is {found.get('zip')!r}")
        wire.expect("city" not in found and "numberOfEmployees" not in found, "left out of the PUT and still there")


@check("companies.replace-required")
def replace_required(wire: Wire) -> None:
    """A replacement needs what a creation needs."""
    made = wire.company()
    reply = wire.put(f"{COMPANIES}/{made['id']}", {"identifier": made["identifier"]})
    expect_invalid(wire, reply, item("MissingRequiredField", "The name field is required.", "name"))


@check("companies.replace-duplicate")
def replace_duplicate(wire: Wire) -> None:
    """A replacement cannot take the identifier of another company."""
    first, second = wire.companies({}, {})
    body = {"identifier": first["identifier"], "name": second["name"], "site": {"name": "Main"}}
    wire.expect_status(wire.put(f"{COMPANIES}/{second['id']}", body), 400)


@check("companies.delete")
def delete(wire: Wire) -> None:
    """A deletion is answered by 204 and nothing."""
    reply = wire.delete(f"{COMPANIES}/{wire.company()['id']}")
    wire.expect_status(reply, 204)
    wire.expect(reply.body == b"", f"the 204 has the body {reply.text[:80]!r}")


@check("companies.soft-delete")
def soft_delete(wire: Wire) -> None:
    """A deleted company is marked, not gone: filters on the mark tell it from the others."""
    made = wire.companies({}, {})
    wire.delete(f"{COMPANIES}/{made[0]['id']}")
    wire.expect(wire.matching("deletedFlag = false", made) == [1], "deletedFlag = false does not leave it out")
    wire.expect(wire.matching("deletedFlag = true", made) == [0], "deletedFlag = true does not find it")


@check("companies.ids-grow")
def ids_grow(wire: Wire) -> None:
    """Ids grow and are not used again after a deletion."""
    first = wire.company()
    wire.delete(f"{COMPANIES}/{first['id']}")
    later = ids(wire.companies({}, {}))
    wire.expect(first["id"] < later[0] < later[1], f"the ids are {first['id']}, {later[0]}, {later[1]}")


@check("companies.server-fields")
def server_fields(wire: Wire) -> None:
    """The id is the server's: one that is sent counts for nothing."""
    made = wire.company(id=5)
    wire.expect(made.get("id") != 5, "the id that was sent was taken")


CHECKS = (
    create,
    read_back,
    references,
    reference_href,
    reference_by_name,
    reference_text_id,
    no_nulls,
    info,
    updated_by,
    required,
    longest,
    duplicate,
    same_name,
    unknown_member,
    unknown_reference,
    wrong_type,
    default_status,
    types,
    missing,
    replace,
    replace_required,
    replace_duplicate,
    delete,
    soft_delete,
    ids_grow,
    server_fields,
)
