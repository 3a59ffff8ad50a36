"""SonicSaaS: regions, role matrix, streams and advice, after the vendor's own set-up guide (*documented*).

Knows values only. The guide names two rows for the connection test, in two places: My Company and Table Setup; both are
kept, in the order in which the matrix gives its reasons.
"""

from __future__ import annotations

from typing import Final

from integration.profile import Advice, Level, Operation, Profile, Region, RoleRow, Stream

_NO, _ALL = Level.NONE, Level.ALL
_COMPANY: Final = ("Companies", "Company Maintenance")

_COMPANY_LIST: Final = Operation("companies.list", "read companies", "/company/companies", "inquire", (_COMPANY,))
_COMPANY_COUNT: Final = Operation(
    "companies.count", "count companies", "/company/companies/count", "inquire", (_COMPANY,)
)

_AGREEMENTS: Final = (("Finance", "Agreements"),)

PROFILE: Final = Profile(
    name="sonicsaas",
    title="SonicSaaS",
    regions=(
        Region("na", "North America", "na.myconnectwise.net"),
        Region("eu", "Europe", "eu.myconnectwise.net"),
        Region("au", "Australia", "au.myconnectwise.net"),
    ),
    role=(
        RoleRow(*_COMPANY, _NO, _ALL, _NO, _ALL, "company sync; site addresses and primary flags"),
        RoleRow("Companies", "Configurations", _NO, _NO, _NO, _ALL, "asset records, later"),
        RoleRow("Companies", "Contacts", _NO, _NO, _NO, _ALL, "contact sync, later"),
        RoleRow("Companies", "Team Members", _NO, _NO, _NO, _ALL, "owners of tickets and opportunities"),
        RoleRow("Finance", "Agreements", _ALL, _ALL, _ALL, _ALL, "agreement scan and migration"),
        RoleRow("Finance", "Invoicing", _NO, _NO, _NO, _ALL, "billing dashboards, later"),
        RoleRow("Procurement", "Product Catalog", _NO, _NO, _NO, _ALL, "products for agreement additions"),
        RoleRow("Sales", "Opportunity", _ALL, _ALL, _NO, _ALL, "sales opportunities, on the roadmap"),
        RoleRow("Service Desk", "Service Tickets", _ALL, _ALL, _NO, _ALL, "tickets from device alerts"),
        RoleRow("Time & Expense", "Time Entry", _ALL, _ALL, _ALL, _ALL, "time entries and timesheets"),
        RoleRow("System", "Member Maintenance", _NO, _NO, _NO, _ALL, "assignees of tickets"),
        RoleRow("System", "My Company", _NO, _NO, _NO, _ALL, "connection test and version"),
        RoleRow("System", "Table Setup", _NO, _NO, _NO, _ALL, "boards, statuses, types, priorities, work types"),
    ),
    connection_test=Operation(
        "system.info",
        "read the server's version",
        "/system/info",
        "inquire",
        (("System", "My Company"), ("System", "Table Setup")),
    ),
    streams=(
        Stream(
            key="companies",
            operation=_COMPANY_LIST,
            count_operation=_COMPANY_COUNT,
            fields=("id", "identifier", "name", "status", "types", "deletedFlag", "_info"),
            live="deletedFlag=false",
            type_path="types/name",
            status_path="status/name",
        ),
    ),
    operations=(
        Operation("agreements.list", "read agreements", "/finance/agreements", "inquire", _AGREEMENTS),
        Operation(
            "additions.list", "read additions", "/finance/agreements/{agreement}/additions", "inquire", _AGREEMENTS
        ),
        Operation(
            "products.list",
            "read products",
            "/procurement/catalog",
            "inquire",
            (("Procurement", "Product Catalog"),),
        ),
    ),
    advice=Advice(
        credentials=(
            "the API member is inactive, the keys are wrong, or the company id is wrong: confirm that the member is "
            "active, paste both keys again (no white space around them), compare the company id with the log-in screen"
        ),
        client_id=(
            "if the key restricts client ids (Member > API Keys > Restricted Client IDs), the vendor's client id must "
            "be on that list"
        ),
        permission="the security role of the API member lacks a row: {rows}; grant it and run again",
        zero_rows=(
            "the server answered and listed no company: the API member's Level, Location or Business Unit may be too "
            "narrow; set them to the highest values, and check the type and status filters"
        ),
    ),
)
