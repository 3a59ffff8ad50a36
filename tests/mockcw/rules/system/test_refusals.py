"""What the rules of system records refuse, each with its whole body."""

from __future__ import annotations

import httpx
import pytest

from tests.mockcw.doors import person
from tests.mockcw.rules.desk import Desk
from tests.mockcw.rules.refusals import Bench, Refusal, in_use, invalid, rows, said

CALLBACKS, LOGINS, FIELDS = "/system/callbacks", "/system/integratorlogins", "/system/userDefinedFields"
CALLBACK = {"url": "http://127.0.0.1:1/?id=", "objectId": 1, "type": "ticket", "level": "owner"}
FIELD = {
    "podId": 4,  # the overview of contacts
    "caption": "Tier",
    "sequenceNumber": 1,
    "fieldTypeIdentifier": "Text",
    "entryTypeIdentifier": "EntryField",
    "screenId": "cont100",
}
NEEDED = "MissingRequiredField"


def twice(bench: Bench, path: str, first: dict[str, object], second: dict[str, object]) -> httpx.Response:
    bench.made(path, **first)
    return bench.admin.post(path, second)


def leading(bench: Bench) -> httpx.Response:
    role = bench.made("/company/teamRoles", name="Caretaker")
    leaver = person(bench.admin)
    bench.made(f"/company/companies/{bench.desk.company}/teams", teamRole={"id": role}, member={"id": leaver})
    return bench.admin.post(f"/system/members/{leaver}/deactivate", {})


def working(bench: Bench) -> httpx.Response:
    leaver = person(bench.admin)
    bench.desk.time(member={"id": leaver})
    return bench.admin.post(f"/system/members/{leaver}/deactivate", {})


def held_role(bench: Bench) -> httpx.Response:
    role = bench.desk.read(f"/system/members/{bench.desk.member}")["securityRole"]["id"]
    bench.note(role=role)
    return bench.admin.delete(f"/system/securityroles/{role}")


def used_department(bench: Bench) -> httpx.Response:
    bench.note(department=bench.desk.department)
    return bench.admin.delete(f"/system/departments/{bench.desk.department}")


def without_custom_fields(bench: Bench) -> httpx.Response:
    bench.made(FIELDS, **FIELD, requiredFlag=True)
    contact = bench.made("/company/contacts", firstName="Ann", company={"id": bench.desk.company})
    return bench.set(f"/company/contacts/{contact}", "title", "Boss")


ROWS = rows(
    Refusal(
        "custom-field.locations",
        lambda b: b.admin.post(FIELDS, FIELD),
        invalid("userDefinedField", ("MissingRequiredField", "At least one location is required.", "locationIds")),
        settings={"custom_field_locations": "require"},
    ),
    Refusal(
        "callback.url",
        lambda b: b.admin.post(CALLBACKS, {**CALLBACK, "url": "no address"}),
        invalid("callbackEntry", ("InvalidField", "Invalid URL", "url")),
    ),
    Refusal(
        "callback.level",
        lambda b: b.admin.post(CALLBACKS, {**CALLBACK, "level": "moon"}),
        invalid(
            "callbackEntry",
            (
                "InvalidObject",
                "Unrecognized level for type, see documentation for supported levels for each type",
                "level",
            ),
        ),
    ),
    Refusal(
        "callback.level",
        lambda b: b.admin.post(CALLBACKS, {**CALLBACK, "type": "moon"}),
        invalid("callbackEntry", ("InvalidObject", "Unrecognized type, see documentation for supported types", "type")),
    ),
    Refusal(
        "callback.once",
        lambda b: twice(b, CALLBACKS, CALLBACK, CALLBACK),
        invalid("callbackEntry", ("ObjectExists", "A matching callback entry already exists", "objectId")),
    ),
    Refusal(
        "custom-field.exclusive",
        lambda b: b.admin.post(FIELDS, {**FIELD, "requiredFlag": True, "readOnlyFlag": True}),
        invalid("userDefinedField", ("InvalidField", "A field cannot be both required and read only.", "readOnlyFlag")),
    ),
    Refusal(
        "custom-field.decimals",
        lambda b: b.admin.post(FIELDS, {**FIELD, "numberDecimals": 2}),
        invalid(
            "userDefinedField",
            ("InvalidField", "numberDecimals is for the types Number and Percent only.", "numberDecimals"),
        ),
    ),
    Refusal(
        "custom-fields.patch",
        without_custom_fields,
        invalid("contact", (NEEDED, "The customFields field is required.", "customFields")),
        settings={"custom_fields_on_patch": "demand"},
    ),
    Refusal(
        "integrator-login.username",
        lambda b: twice(b, LOGINS, {"username": "vendor"}, {"username": "VENDOR"}),
        invalid("integratorLogin", ("ObjectExists", "Integrator Login username already in use.", "username")),
    ),
    Refusal(
        "integrator-login.widest",
        lambda b: b.admin.post(LOGINS, {"username": "vendor", "canAccessAllApisFlag": True}),
        invalid(
            "integratorLogin",
            (NEEDED, "The member/id field is required.", "member"),
            (NEEDED, "The board/id field is required.", "board"),
        ),
    ),
    Refusal(
        "member.identifier-unique",
        lambda b: b.set("/system/members/2", "identifier", "ADMIN"),
        invalid("member", ("ObjectExists", "Member identifier already in use.", "identifier")),
    ),
    Refusal(
        "member.deactivate",
        leading,
        invalid("memberDeactivation", (NEEDED, "A member to reassign to is required.", "companyTeam")),
    ),
    Refusal(
        "member.deactivate",
        working,
        invalid("memberDeactivation", ("InvalidField", "The member has open time sheets.", "deleteOpenTimeSheetsFlag")),
    ),
    Refusal(
        "member.stays",
        lambda b: b.admin.delete(f"/system/members/{b.desk.member}"),
        said("ConnectWiseApi", "The requested resource does not support this http method."),
        405,
    ),
    Refusal("security-role.held", held_role, in_use("Security Role {role}"), 409),
    Refusal("record.in-use", used_department, in_use("Department {department}"), 409),
    Refusal(
        "document.form",
        lambda b: b.admin.post("/system/documents", {}),
        said("ConnectWiseApi", "The request entity's media type is not supported for this resource."),
        415,
    ),
)


@pytest.mark.parametrize("row", ROWS)
def test_a_refusal_has_just_this_body(row: Refusal, desk: Desk) -> None:
    row.check(desk)
