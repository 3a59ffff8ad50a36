"""Checks of what hangs on companies: their sites, and the setup tables of types and statuses.

Knows these three collections; what is common to all records is judged with companies.
"""

from __future__ import annotations

from conformance.checks.check import check
from conformance.wire import COMPANIES, Wire, ids

TYPES = "/company/companies/types"
STATUSES = "/company/companies/statuses"
NO_SUCH_ID = 987654321


@check("sites.with-company")
def with_company(wire: Wire) -> None:
    """The site sent with a company comes into being with it."""
    made = wire.company(site={"name": "Head office"})
    rows = wire.get(f"{COMPANIES}/{made['id']}/sites").rows()
    wire.expect([row.get("name") for row in rows] == ["Head office"], f"the sites are {rows!r}")


@check("sites.life")
def site_life(wire: Wire) -> None:
    """A site is created, read, changed and deleted."""
    path = f"{COMPANIES}/{wire.company()['id']}/sites"
    reply = wire.post(path, {"name": "Depot", "city": "Bergen"})
    if not wire.expect_status(reply, 201):
        return
    site = f"{path}/{reply.record().get('id')}"
    wire.expect(wire.get(site).record().get("city") == "Bergen", "the site has another city")
    changed = wire.patch(site, {"op": "replace", "path": "city", "value": "Oslo"})
    wire.expect(changed.record().get("city") == "Oslo", "the site was not changed")
    wire.expect_status(wire.delete(site), 204)
    wire.expect_status(wire.get(site), 404)


@check("sites.required")
def site_required(wire: Wire) -> None:
    """A site needs a name."""
    path = f"{COMPANIES}/{wire.company()['id']}/sites"
    reply = wire.post(path, {"city": "Bergen"})
    if wire.expect_error(reply, 400, "InvalidObject"):
        found = [one for one in reply.items() if one.get("field") == "name"]
        text = "The name field is required."
        wire.expect(found and found[0].get("message") == text, f"the items are {reply.items()!r}")


@check("sites.list-of-one-company")
def list_of_one_company(wire: Wire) -> None:
    """The sites of a company are its own."""
    first, second = wire.companies({"site": {"name": "North"}}, {"site": {"name": "South"}})
    for made, due in ((first, "North"), (second, "South")):
        names = [row.get("name") for row in wire.get(f"{COMPANIES}/{made['id']}/sites").rows()]
        wire.expect(names == [due], f"the sites of {made['id']} are {names}, due is {due}")
        count = wire.get(f"{COMPANIES}/{made['id']}/sites/count").record()
        wire.expect(count == {"count": 1}, f"the count is {count!r}")


@check("sites.other-company")
def other_company(wire: Wire) -> None:
    """A site cannot be reached through another company."""
    first, second = wire.companies({}, {})
    site = wire.get(f"{COMPANIES}/{first['id']}/sites").rows()[0]
    wire.expect_status(wire.get(f"{COMPANIES}/{second['id']}/sites/{site['id']}"), 404)


@check("sites.unknown-company")
def unknown_company(wire: Wire) -> None:
    """A company nobody made has no sites, and none can be added."""
    wire.expect_status(wire.post(f"{COMPANIES}/{NO_SUCH_ID}/sites", {"name": "Depot"}), 404)


@check("sites.hidden-with-company")
def hidden_with_company(wire: Wire) -> None:
    """Who may not see a company does not see its sites."""
    made = wire.company()
    reply = wire.get(f"{COMPANIES}/{made['id']}/sites", member="narrow-level")
    wire.expect(reply.status != 200 or reply.rows() == [], "the sites of a hidden company were shown")


@check("types.life")
def type_life(wire: Wire) -> None:
    """A type is created, read, replaced and deleted."""
    name = wire.name("Type")
    reply = wire.post(TYPES, {"name": name, "vendorFlag": True})
    if not wire.expect_status(reply, 201):
        return
    path = f"{TYPES}/{reply.record().get('id')}"
    wire.expect(wire.get(path).record().get("vendorFlag") is True, "vendorFlag was lost")
    replaced = wire.put(path, {"name": f"{name} B"})
    wire.expect(replaced.record().get("name") == f"{name} B", "the name was not replaced")
    wire.expect(not wire.get(path).record().get("vendorFlag"), "vendorFlag outlived a PUT without it")
    wire.expect_status(wire.delete(path), 204)
    wire.expect_status(wire.get(path), 404)


@check("types.required")
def type_required(wire: Wire) -> None:
    """A type needs a name of at most 50 letters."""
    for body, code in (({}, "MissingRequiredField"), ({"name": "x" * 51}, "MaxLengthField")):
        reply = wire.post(TYPES, body)
        if wire.expect_error(reply, 400, "InvalidObject"):
            found = [one for one in reply.items() if one.get("field") == "name" and one.get("code") == code]
            wire.expect(found, f"the items are {reply.items()!r}, due is one of the code {code}")


@check("types.listed")
def type_listed(wire: Wire) -> None:
    """A new type can be found by its name."""
    made = wire.create(TYPES, {"name": wire.name("Type")})
    found = ids(wire.get(TYPES, {"conditions": f'name = "{made["name"]}"'}).rows())
    wire.expect(found == [made["id"]], f"the ids are {found}, due is {made['id']}")


@check("statuses.life")
def status_life(wire: Wire) -> None:
    """A status is created, changed and deleted."""
    reply = wire.post(STATUSES, {"name": wire.name("Status"), "inactiveFlag": False})
    if not wire.expect_status(reply, 201):
        return
    path = f"{STATUSES}/{reply.record().get('id')}"
    changed = wire.patch(path, {"op": "replace", "path": "inactiveFlag", "value": True})
    wire.expect(changed.record().get("inactiveFlag") is True, "inactiveFlag was not changed")
    wire.expect_status(wire.delete(path), 204)
    wire.expect_status(wire.get(path), 404)


@check("statuses.missing")
def status_missing(wire: Wire) -> None:
    """A status nobody made."""
    for reply in (wire.get(f"{STATUSES}/{NO_SUCH_ID}"), wire.delete(f"{STATUSES}/{NO_SUCH_ID}")):
        if wire.expect_error(reply, 404, "NotFound"):
            message = str(reply.error().get("message"))
            wire.expect(message.endswith(f" {NO_SUCH_ID} not found"), f"the message is {message!r}")


@check("statuses.literal-before-id")
def literal_before_id(wire: Wire) -> None:
    """`statuses` and `types` beside the ids of companies are paths of their own."""
    for path in (STATUSES, TYPES, f"{STATUSES}/count", f"{TYPES}/count"):
        wire.expect_status(wire.get(path), 200)


CHECKS = (
    with_company,
    site_life,
    site_required,
    list_of_one_company,
    other_company,
    unknown_company,
    hidden_with_company,
    type_life,
    type_required,
    type_listed,
    status_life,
    status_missing,
    literal_before_id,
)
