"""Fills an empty store: the setup tables of a new instance, roles, members with keys, and companies.

What has rules goes through the engine, so that demo records are as whole as created ones; what is many and plain is
written in bulk. Knows no HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

from mockcw.catalogue import Catalogue
from mockcw.clock import Ids
from mockcw.demo.members import DEMO_MEMBERS, Credentials, DemoMember, issue_key
from mockcw.demo.names import CompanyNames, account, company_names
from mockcw.engine.verbs import Engine
from mockcw.engine.writer import Author
from mockcw.permissions.records import DEPTHS, KEYS, LEVEL_ROWS, LOCATIONS, MEMBERS, ROLES, key_record

SIZES = {"empty": 0, "small": 40, "msp": 200, "large": 10_000}
ROLE_ROWS = Path(__file__).with_name("data") / "roles.tsv"
AUTHOR = Author("System", None)
COMPANIES = "/company/companies"
STATUSES = ("Active", "Inactive", "Prospect", "Defunct", "Not Approved")
TYPES = ("Client", "Prospect", "Vendor", "Partner", "Former Client")
BULK_FROM = 500
DEMO_KEY = "mockcw demo key"

Secret = Callable[[], str] | None


def build(
    engine: Engine, ids: Ids, *, company_id: str, size: str, seed: int, secret: Secret = None
) -> dict[str, Credentials]:
    """Fill the store; the members' credentials come back by name."""
    return build_companies(engine, ids, company_id=company_id, companies=SIZES[size], seed=seed, secret=secret)


def build_companies(
    engine: Engine,
    ids: Ids,
    *,
    company_id: str,
    companies: int,
    seed: int,
    secret: Secret = None,
    handed_out: Mapping[str, Credentials] | None = None,
) -> dict[str, Credentials]:
    """Fill the store with a number of companies instead of a named size; keys already handed out stay good."""
    with engine.store.transaction():
        setup_tables(engine)
        roles(engine)
        members(engine)
        credentials = dict(handed_out or demo_credentials(ids, company_id, seed, secret))
        store_keys(engine, credentials)
        names = company_names(min(companies, BULK_FROM), seed)
        for number, one in enumerate(names, 1):
            add_company(engine, one, number)
        if companies > len(names):
            from mockcw.demo.bulk import multiply

            multiply(engine, companies)
    return credentials


def add(engine: Engine, collection: str, *records: dict[str, Any]) -> list[int]:
    """Create records through the engine; their ids come back."""
    return [orjson.loads(engine.add(collection, (), record, AUTHOR))["id"] for record in records]


def setup_tables(engine: Engine) -> None:
    """Structure levels, locations, company statuses and types."""
    add(engine, DEPTHS, *({"name": name} for name in ("Corporate", "Location", "Business Unit")))
    add(
        engine,
        LOCATIONS,
        {"name": "Main Office", "structureLevel": {"id": 2}, "locationFlag": True},
        {"name": "Branch", "structureLevel": {"id": 2}, "locationFlag": True},
        {"name": "Closed Branch", "structureLevel": {"id": 2}, "locationFlag": True},
    )
    add(engine, "/company/companies/statuses", *({"name": name, "defaultFlag": name == "Active"} for name in STATUSES))
    add(
        engine,
        "/company/companies/types",
        *({"name": name, "defaultFlag": name == "Client", "vendorFlag": name == "Vendor"} for name in TYPES),
    )


def roles(engine: Engine) -> None:
    """Admin, No Access and the roles of the guides, each with every row of the matrix."""
    wanted: dict[str, dict[tuple[str, str], list[str]]] = {"Admin": {}, "No Access": {}}
    for line in ROLE_ROWS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            role, module, area, *levels = line.split("\t")
            wanted.setdefault(role, {})[module, area] = levels
    for name, rows in wanted.items():
        body = {"name": name, "roleType": "Custom", "adminFlag": name == "Admin"}
        role_id = add(engine, ROLES, body)[0] if name == "Admin" else add_role_plain(engine, body)
        default = ["All"] * 4 if name == "Admin" else ["None"] * 4
        first = engine.store.next_id(LEVEL_ROWS)
        settings = role_rows(engine.catalogue, rows, default)
        engine.store.insert_many(
            LEVEL_ROWS,
            [(first + at, role_id, orjson.dumps({"id": first + at, **row})) for at, row in enumerate(settings)],
        )


def add_role_plain(engine: Engine, body: dict[str, Any]) -> int:
    """A role without the rows its rule would add: they are written in bulk."""
    role_id = engine.store.next_id(ROLES)
    now = engine.now()
    info = {"lastUpdated": now, "updatedBy": AUTHOR.identifier, "dateEntered": now, "enteredBy": AUTHOR.identifier}
    engine.store.insert(ROLES, role_id, orjson.dumps({"id": role_id, **body, "inactiveFlag": False, "_info": info}))
    return role_id


def role_rows(catalogue: Catalogue, rows: dict[tuple[str, str], list[str]], default: list[str]) -> list[dict[str, Any]]:
    """The settings records of a role; a cell the area does not offer is left out."""
    known = {(area.module, area.area) for area in catalogue.areas}
    unknown = set(rows) - known
    if unknown:
        raise ValueError(f"no such rows of a security role: {sorted(unknown)}")
    settings = []
    for order, area in enumerate(catalogue.areas, 1):
        given = rows.get((area.module, area.area), default)
        cells = zip(("addLevel", "editLevel", "deleteLevel", "inquireLevel"), given, strict=True)
        settings.append(
            {
                **dict(cells),
                "moduleFunctionName": area.area,
                "moduleFunctionDescription": area.area,
                "moduleFunctionIdentifier": area.key,
                "myAllFlag": "My" in area.inquire,
                "reportFlag": area.area.endswith("Reports"),
                "restrictFlag": False,
                "customFlag": area.customize is not None,
                "moduleName": area.module,
                "moduleDescription": area.module,
                "moduleIdentifier": area.module.replace(" ", ""),
                "sortOrder": order,
            }
        )
    return settings


def members(engine: Engine) -> None:
    """The ready-made members."""
    found = {role["name"]: role["id"] for role in engine.look.find(ROLES)}
    for member in DEMO_MEMBERS:
        add(engine, MEMBERS, member_body(member, found[member.role]))


def demo_credentials(ids: Ids, company_id: str, seed: int, secret: Secret) -> dict[str, Credentials]:
    """Credentials of the ready-made members, by name."""
    return {one.name: issue_key(ids, seed, company_id, one, secret) for one in DEMO_MEMBERS}


def store_keys(engine: Engine, credentials: Mapping[str, Credentials]) -> None:
    """Put the ready-made members' keys in the place of the demo keys there are."""
    store = engine.store
    with store.transaction():
        for old in engine.look.find(KEYS, description=DEMO_KEY):
            store.delete(KEYS, old["id"])
        for member in DEMO_MEMBERS:
            key, owners = credentials[member.name], engine.look.find(MEMBERS, identifier=member.identifier)
            if owners:
                key_id = store.next_id(KEYS)
                clients = [key.client_id] if member.restricted else []
                record = key_record(key_id, key.public_key, key.private_key, owners[0]["id"], DEMO_KEY, clients)
                store.insert(KEYS, key_id, record)


def member_body(member: DemoMember, role_id: int) -> dict[str, Any]:
    """A member's record; the narrow one sits at a location that no company belongs to."""
    return {
        "identifier": member.identifier,
        "licenseClass": "A",
        "firstName": member.identifier,
        "lastName": "Integration",
        "hireDate": "2025-01-01T00:00:00Z",
        "defaultEmail": "Office",
        "defaultPhone": "Office",
        "inactiveFlag": member.inactive,
        "securityRole": {"id": role_id},
        "structureLevel": {"id": 2 if member.narrow else 1},
        "securityLocation": {"id": 3 if member.narrow else 1},
        "defaultLocation": {"id": 3 if member.narrow else 1},
    }


def add_company(engine: Engine, names: CompanyNames, number: int) -> None:
    """One company: most are active clients, every tenth something else, a few deleted."""
    status = 1 if number % 10 else 2 + number // 10 % 4
    kinds = [{"id": 1}] if number % 7 else [{"id": 2 + number // 7 % 4}]
    if number % 15 == 0:
        kinds.append({"id": 4})
    body: dict[str, Any] = {**names, "status": {"id": status}, "types": kinds, "site": {"name": "Main"}}
    body |= {"territory": {"id": 1 + number % 2}, "accountNumber": account(number)}
    company_id = orjson.loads(engine.add(COMPANIES, (), body, AUTHOR))["id"]
    if number % 20 == 0:
        engine.delete(COMPANIES, (), company_id, AUTHOR, None)
