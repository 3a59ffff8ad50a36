"""Fills an empty store: the setup tables of a new instance, roles, members, companies, and what they do in a quarter.

What has rules and is little goes through the engine, so that demo records are as whole as created ones; what is many is
written in bulk in the same form (`ledger`). Knows no HTTP and no keys.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from mockcw.catalogue import Catalogue
from mockcw.demo.ledger import Ledger
from mockcw.demo.members import DEMO_MEMBERS, DemoMember
from mockcw.demo.names import CompanyNames, account, company_names
from mockcw.demo.plan import Plan
from mockcw.demo.setup import write_setup
from mockcw.engine.verbs import Engine
from mockcw.engine.writer import Author
from mockcw.permissions.records import DEPTHS, LEVEL_ROWS, LOCATIONS, MEMBERS, ROLES

ROLE_ROWS = Path(__file__).with_name("data") / "roles.tsv"
AUTHOR = Author("System", None)
COMPANIES = "/company/companies"
STATUSES = ("Active", "Inactive", "Prospect", "Defunct", "Not Approved")
TYPES = ("Client", "Prospect", "Vendor", "Partner", "Former Client")
BULK_FROM = 500


def build(engine: Engine, plan: Plan, seed: int) -> None:
    """Fill the store as the plan says; the same plan and seed give the same records."""
    with engine.store.transaction():
        structure(engine)
        ledger = Ledger(engine)
        roles(engine, ledger)
        ledger.flush()
        members(engine)
        write_setup(ledger)
        ledger.flush()
        names = company_names(min(plan.companies, BULK_FROM), seed)
        for number, one in enumerate(names, 1):
            add_company(engine, one, number)
        if plan.companies > len(names):
            from mockcw.demo.bulk import multiply

            multiply(engine, plan.companies)
        if plan.records:
            from mockcw.demo.records import write_records

            write_records(engine, plan, seed)


def add(engine: Engine, collection: str, *records: dict[str, Any]) -> list[int]:
    """Create records through the engine; their ids come back."""
    return [orjson.loads(engine.add(collection, (), record, AUTHOR))["id"] for record in records]


def structure(engine: Engine) -> None:
    """Structure levels, locations, company statuses and types: what members and companies need."""
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


def roles(engine: Engine, ledger: Ledger) -> None:
    """Admin, No Access and the roles of the guides, each with every row of the matrix."""
    wanted: dict[str, dict[tuple[str, str], list[str]]] = {"Admin": {}, "No Access": {}}
    for line in ROLE_ROWS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            role, module, area, *levels = line.split("\t")
            wanted.setdefault(role, {})[module, area] = levels
    for name, rows in wanted.items():
        role_id = ledger.put(ROLES, {"name": name, "roleType": "Custom", "adminFlag": name == "Admin"}, whole=True)
        default = ["All"] * 4 if name == "Admin" else ["None"] * 4
        for row in role_rows(engine.catalogue, rows, default):
            ledger.put(LEVEL_ROWS, row, parent=role_id)


def role_rows(catalogue: Catalogue, rows: dict[tuple[str, str], list[str]], default: list[str]) -> list[dict[str, Any]]:
    """The settings records of a role; a level in a cell that the area does not offer has no effect."""
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
