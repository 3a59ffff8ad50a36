"""One mutant for each wire check: what a server would have to do wrong for that check to fail."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from tests.conformance.mutants.mutation import (
    Answered,
    Ask,
    Asked,
    Mutant,
    conditions,
    data,
    errors,
    having,
    header,
    header_text,
    instead,
    parameter,
    records,
    reply,
    request,
    status,
    swallow,
    text,
    when,
    without,
)

INFO = when("/login/companyinfo/")
SYSTEM = when("/system/info$")
LIST = when("/company/companies$", "GET")
ONE = when(r"/company/companies/\d+$", "GET", status="200")
POST = when("/company/companies$", "POST", status="201")
REFUSED_POST = when("/company/companies$", "POST", status="400")
PUT = when(r"/company/companies/\d+$", "PUT")
PATCH = when(r"/company/companies/\d+$", "PATCH", status="200")
REFUSED_PATCH = when(r"/company/companies/\d+$", "PATCH", status="4..")
FORWARD = when("/company/companies$", "GET", header="pagination-type")
ERROR = when(status="4..")
ANY = when()


def keep_names_apart() -> Mutant:
    """A server on which a name can be borne once."""
    seen: set[str] = set()

    def mutant(asked: Asked, ask: Ask) -> Answered:
        if asked.method == "POST" and asked.path.endswith("/company/companies"):
            name = json.loads(asked.body)["name"]
            if name in seen:
                return Answered(400, [], b"{}")
            seen.add(name)
        return ask(asked)

    return mutant


def half_a_patch(asked: Asked, ask: Ask) -> Answered:
    """A server that does the good half of a refused list."""
    answered = ask(asked)
    if asked.method == "PATCH" and answered.status == 400:
        ask(replace(asked, body=json.dumps(json.loads(asked.body)[:1]).encode()))
    return answered


def tell_keys_to_the_journal() -> Mutant:
    """An emulator whose journal keeps the Authorization header."""
    seen: list[str] = []

    def mutant(asked: Asked, ask: Ask) -> Answered:
        answered = ask(asked)
        if "/_mockcw/requests/" in asked.path:
            return answered.with_body(answered.text + seen[-1])
        seen.append(asked.headers.get("authorization", ""))
        return answered

    return mutant


def echo_credentials(asked: Asked, ask: Ask) -> Answered:
    """A server that repeats the login in its refusal."""
    answered = ask(asked)
    if answered.status != 401:
        return answered
    import base64

    return answered.with_body(answered.text + base64.b64decode(asked.headers["authorization"].split()[1]).decode())


def operations(change: Any) -> Mutant:
    """PATCH bodies read as something else."""

    def falsify(asked: Asked) -> Asked:
        return replace(asked, body=json.dumps(change(json.loads(asked.body))).encode())

    return request(when(method="PATCH"), falsify)


def pretty(answered: Answered) -> Answered:
    return answered.with_body(json.dumps(json.loads(answered.body), indent=2))


def renamed(old: str, new: str) -> Any:
    """Items of `errors` with another code."""
    return lambda item: {**item, "code": new} if item["code"] == old else item


def later_page(found: re.Match[str]) -> str:
    return f"pageId={int(found.group(1)) + 1}"


DISCOVERY: dict[str, Mutant] = {
    "companyinfo.anonymous": status(401, INFO),
    "companyinfo.members": records(having(IsCloud="True"), INFO),
    "companyinfo.company-id": records(having(CompanyID="x"), INFO),
    "companyinfo.codebase": text('/"', '"', INFO),
    "companyinfo.unknown-company": status(404, when("no-such-company")),
    "companyinfo.path-case": status(404, when("/companyInfo/")),
    "info.version": text('"version":"v', '"version":"', SYSTEM),
    "info.members": records(without("serverTimeZone"), SYSTEM),
    "info.credentials": status(200, SYSTEM),
    "info.any-role": status(403, SYSTEM),
    "route.legacy-codebase": status(404, when("^/v4_6_release")),
    "route.prefix-case": status(404, when("APIS")),
    "route.resource-case": status(404, when("/Company/")),
    "route.double-slash": status(404, when("//")),
    "route.trailing-slash": status(404, when("/$")),
    "route.unknown": text("endpoint", "path", ERROR),
    "route.wrong-codebase": instead(404, "{}", when("v1999_9")),
    "route.wrong-method": status(404, when(status="405")),
    "route.wrong-method-body": text("(?s).*", "{}", when(status="405")),
    "route.id-not-a-number": status(500, ERROR),
}

CREDENTIALS: dict[str, Mutant] = {
    "credentials.missing": status(403, SYSTEM),
    "credentials.private-key": status(200, SYSTEM),
    "credentials.public-key": status(404, SYSTEM),
    "credentials.company": status(200, SYSTEM),
    "credentials.company-case": status(200, SYSTEM),
    "credentials.key-case": status(200, SYSTEM),
    "credentials.swapped-keys": status(200, SYSTEM),
    "credentials.malformed": status(500, when(status="401")),
    "credentials.inactive-member": status(403, SYSTEM),
    "credentials.body": text("Unauthorized", "Nobody", ERROR),
    "credentials.no-echo": echo_credentials,
    "credentials.before-route": status(404, ERROR),
    "credentials.client-id": status(200, SYSTEM),
    "credentials.client-id-case": status(403, SYSTEM),
    "credentials.client-id-allow-list": status(200, SYSTEM),
    "credentials.accept": header("Content-Type", "application/json", ANY),
}

PERMISSIONS: dict[str, Mutant] = {
    "permissions.refused": text("security permission", "permission", ERROR),
    "permissions.members-refused": status(404, ERROR),
    "permissions.count-refused": instead(200, '{"count":1}', when("/count$")),
    "permissions.inquire": status(403, LIST),
    "permissions.add-refused": status(400, when(method="POST")),
    "permissions.edit": status(403, PATCH),
    "permissions.edit-refused": records(having(city="Esbjerg"), ONE),
    "permissions.delete-refused": instead(204, "", when(method="DELETE")),
    "permissions.table-setup": status(200, when("/statuses$", "POST")),
    "permissions.per-operation": status(403, when("/members")),
    "permissions.before-body": status(400, when(method="POST")),
    "permissions.hides-existence": status(404, when("/987654321$")),
    "permissions.narrow-level": instead(200, '[{"id":1}]', LIST),
    "permissions.narrow-level-count": instead(200, '{"count":3}', when("/count$")),
    "permissions.narrow-level-one": status(200, when(r"/companies/\d+$", "GET")),
    "permissions.narrow-level-forward": header("Link", None, FORWARD),
}

ENVELOPE: dict[str, Mutant] = {
    "envelope.pretty-errors": data(lambda found: found, ERROR),
    "envelope.compact-successes": reply(LIST, pretty),
    "envelope.code-and-message": records(without("code"), ERROR),
    "envelope.no-null-errors": records(having(errors=None), ERROR),
    "envelope.items": errors(without("resource"), REFUSED_POST),
    "envelope.content-type": header("Content-Type", "text/html", ERROR),
    "envelope.request-id": header("x-cw-request-id", "same", ANY),
    "envelope.early-refusals": header("x-cw-request-id", None, when(status="405")),
    "envelope.version-header": header("api-current-version", None, ANY),
    "envelope.no-total-header": header("X-Total-Count", "5", ANY),
    "envelope.unicode": records(having(city="?"), ONE),
    "envelope.dates": text(r'(\d\d:\d\d)Z"', r'\1.000Z"', ONE),
}

PAGING: dict[str, Mutant] = {
    "paging.default-size": request(
        when("/companies$", also=lambda asked: not asked.query), lambda asked: replace(asked, query="pageSize=26")
    ),
    "paging.size-and-page": parameter("page", lambda value: "2" if value == "3" else value, ANY),
    "paging.largest-size": data(lambda rows: [*rows, rows[-1]], when("/types$", query="pageSize=1001")),
    "paging.oversize-accepted": status(400, when(query="pageSize=5000")),
    "paging.past-end": status(404, LIST),
    "paging.names-case": request(when(), lambda asked: replace(asked, query=re.sub("&?PAGE=2", "", asked.query))),
    "paging.default-order": data(lambda rows: rows[::-1], LIST),
    "paging.empty-parts": instead(400, "{}", when(query="&&")),
    "paging.link-next": header_text("Link", r"<https?://[^/]*", "<", ANY),
    "paging.link-form": header_text("Link", r"/\?", "?", ANY),
    "paging.link-no-comma": header_text("Link", "(?i)%2c", ",", ANY),
    "paging.link-last": header_text("Link", ', [^,]*rel="last"', "", ANY),
    "paging.link-first-page": header_text("Link", "^", '<http://x?page=1>; rel="first", ', ANY),
    "paging.link-final-page": header_text("Link", ', [^,]*rel="first"', "", ANY),
    "paging.link-none": header("Link", '<http://x?page=1>; rel="first"', LIST),
    "paging.link-walk": header_text("Link", 'page=2>; rel="next"', 'page=3>; rel="next"', ANY),
    "paging.count": parameter("conditions", lambda value: None, ANY),
    "forward.next": header_text("Link", r"pageId=\d+", "pageId=0", FORWARD),
    "forward.end": reply(FORWARD, lambda answered: answered.with_header("Link", answered.header("Link") or None)),
    "forward.walk": header_text("Link", r"pageId=(\d+)", later_page, FORWARD),
    "forward.page-id": parameter("pageId", lambda value: None, FORWARD),
    "forward.page-ignored": request(
        FORWARD, lambda asked: replace(asked, headers=without("pagination-type")(asked.headers))
    ),
    "forward.order": data(lambda rows: rows[::-1], FORWARD),
    "forward.deleted-between": data(lambda rows: rows[1:], when("/types", query="pageId=")),
}

QUERY: dict[str, Mutant] = {
    "query.equals": conditions('= "Bergen"', '!= "Bergen"'),
    "query.not-equals": conditions("!=", "="),
    "query.comparison": conditions("< 50", "<= 50"),
    "query.contains": conditions(" contains ", " like "),
    "query.like-percent": conditions("%", ""),
    "query.like-star": conditions(r"\*", ""),
    "query.like-plain": conditions('like "Ber"', 'like "Ber%"'),
    "query.in": conditions(r"in \(([^,)]*),[^)]*\)", r"in (\1)"),
    "query.not": conditions("not ", ""),
    "query.and-or": conditions(" or ", " and "),
    "query.precedence": conditions(
        'city = "Aarhus" or city = "Bergen" and', '(city = "Aarhus" or city = "Bergen") and'
    ),
    "query.blanks": instead(400, "{}", when(query=r'city="Bergen"')),
    "query.plus-is-blank": request(LIST, lambda asked: replace(asked, query=asked.query.replace("+", "%2B"))),
    "query.booleans": instead(400, "{}", when(query="FALSE")),
    "query.null": conditions("!= null", "= null"),
    "query.dates": instead(400, "{}", when(query=r"\[2024-05-02\]")),
    "query.date-forms": instead(400, "{}", when(query=r"\.\d+\]")),
    "query.quotes": instead(400, "{}", when(query="= '")),
    "query.escape": conditions(r'\\"', ""),
    "query.name-case": instead(400, "{}", when(query="CITY")),
    "query.reference": conditions("status/id = ", "id = "),
    "query.last-updated": instead(400, "{}", when(query="dateEntered")),
    "query.unknown-name": text("resources/", "", ERROR),
    "query.many-valued": instead(200, "[]", ERROR),
    "query.wrong-literal": text("DateTime", "Date", ERROR),
    "query.syntax": instead(200, "[]", ERROR),
    "query.deep-nesting": status(500, when(also=lambda asked: len(asked.query) > 2000)),
    "query.hostile-text": conditions(r'\(city = ".*?or 1=1 --"\)', "(id > 0)"),
    "query.child-conditions": parameter("childConditions", lambda value: None, ANY),
    "query.child-in": parameter("childConditions", lambda value: None, ANY),
    "query.custom-field-conditions": parameter("customFieldConditions", lambda value: None, ANY),
    "query.order-by": parameter("orderBy", lambda value: value.replace("desc", "asc"), ANY),
    "query.order-by-reference": parameter("orderBy", lambda value: "id asc", ANY),
    "query.order-by-several": parameter("orderBy", lambda value: value.split(",")[0], ANY),
    "query.fields": parameter("fields", lambda value: None, ANY),
    "query.fields-reference": parameter("fields", lambda value: "status/id", ANY),
    "query.fields-unknown": instead(400, "{}", when(query="noSuchField")),
    "query.fields-info": parameter("fields", lambda value: "id", ANY),
}

COMPANIES: dict[str, Mutant] = {
    "companies.create": status(200, POST),
    "companies.read-back": records(without("city"), ONE),
    "companies.references": records(lambda row: {**row, "status": {"id": row["status"]["id"]}}, POST),
    "companies.reference-href": text(r'"https?://[^"]*/company/companies/statuses/', '"statuses/', POST),
    "companies.reference-by-name": instead(400, "{}", when(method="POST", body='"status": {"name"')),
    "companies.reference-text-id": instead(400, "{}", when(method="POST", body='"status": {"id": "')),
    "companies.no-nulls": records(having(city=None), ONE),
    "companies.info": records(without("_info"), POST),
    "companies.updated-by": text('"updatedBy":"[^"]*"', '"updatedBy":"someone"', ANY),
    "companies.required": data(lambda found: {**found, "errors": found["errors"][:1]}, REFUSED_POST),
    "companies.longest": text("maximum length of 50", "maximum length of 100", REFUSED_POST),
    "companies.duplicate": text("Company ID", "Identifier", REFUSED_POST),
    "companies.same-name": keep_names_apart(),
    "companies.unknown-member": text(r"position \d+", "position 0", REFUSED_POST),
    "companies.unknown-reference": errors(renamed("NotFound", "InvalidField"), REFUSED_POST),
    "companies.wrong-type": status(400, when(status="500")),
    "companies.default-status": records(having(status={"id": 424242}), POST),
    "companies.types": records(lambda row: {**row, "types": row["types"][:1]}, POST),
    "companies.missing": text("Company 987", "company 987", ERROR),
    "companies.replace": records(having(city="Bergen"), ONE),
    "companies.replace-required": status(200, PUT),
    "companies.replace-duplicate": status(200, PUT),
    "companies.delete": status(200, when(method="DELETE")),
    "companies.soft-delete": conditions("deletedFlag = true", "deletedFlag = false"),
    "companies.ids-grow": records(having(id=1), POST),
    "companies.server-fields": records(having(id=5), POST),
}

PATCHING: dict[str, Mutant] = {
    "patch.replace": data(lambda row: {"id": row["id"]}, PATCH),
    "patch.slash": status(400, when(method="PATCH", body='"/city"')),
    "patch.op-case": instead(400, "{}", when(method="PATCH", body='"Replace"')),
    "patch.add": instead(400, "{}", when(method="PATCH", body='"add"')),
    "patch.remove": records(having(city="Bergen"), PATCH),
    "patch.empty-text": records(having(city="Bergen"), PATCH),
    "patch.several": operations(lambda listed: listed[:1]),
    "patch.all-or-nothing": half_a_patch,
    "patch.path-case": operations(lambda listed: [{**one, "path": one["path"].lower()} for one in listed]),
    "patch.unknown-path": status(200, REFUSED_PATCH),
    "patch.unknown-op": status(200, REFUSED_PATCH),
    "patch.list-only": operations(lambda found: found if isinstance(found, list) else [found]),
    "patch.bad-operations": status(500, REFUSED_PATCH),
    "patch.reference": records(having(status={"id": 0, "name": "x"}), PATCH),
    "patch.reference-id": records(having(status={"id": 0, "name": "x"}), PATCH),
    "patch.unknown-reference": errors(renamed("NotFound", "InvalidField"), REFUSED_PATCH),
    "patch.number-as-text": records(having(numberOfEmployees="13"), PATCH),
    "patch.text-for-boolean": status(400, when(method="PATCH", status="500")),
    "patch.wrong-shape": text("InvalidPatch", "InvalidObject", REFUSED_PATCH),
    "patch.longest": errors(renamed("MaxLengthField", "InvalidField"), REFUSED_PATCH),
    "patch.required": status(200, REFUSED_PATCH),
    "patch.server-fields": records(having(id=5), ONE),
    "patch.last-updated": text('"lastUpdated":"[^"]*"', '"lastUpdated":"2001-01-01T00:00:00Z"', PATCH),
}

TABLES: dict[str, Mutant] = {
    "sites.with-company": records(having(name="Main"), when("/sites$", "GET")),
    "sites.life": status(200, when("/sites$", "POST")),
    "sites.required": text("required", "needed", ERROR),
    "sites.list-of-one-company": data(lambda rows: [*rows, *rows], when("/sites$", "GET")),
    "sites.other-company": instead(200, "{}", when(r"/sites/\d+$", "GET")),
    "sites.unknown-company": status(400, ERROR),
    "sites.hidden-with-company": instead(200, '[{"id":1}]', when("/sites$", "GET")),
    "types.life": status(200, when("/types$", "POST")),
    "types.required": errors(renamed("MaxLengthField", "InvalidField"), ERROR),
    "types.listed": parameter("conditions", lambda value: None, ANY),
    "statuses.life": status(200, when(method="DELETE")),
    "statuses.missing": text("not found", "not found.", ERROR),
    "statuses.literal-before-id": status(404, when("/companies/types")),
}

MEMBERS: dict[str, Mutant] = {
    "members.list": records(without("identifier"), when("/members$")),
    "members.find": parameter("conditions", lambda value: None, ANY),
    "members.by-identifier": instead(404, "{}", when("/members/[A-Za-z]")),
    "members.role": records(without("securityRole"), when("/members$")),
    "members.no-secrets": records(having(password="x"), when("/members$")),
    "roles.list": records(without("name"), when("/securityroles$")),
    "roles.settings": records(having(addLevel="Some"), when("/settings$")),
    "roles.settings-count": instead(200, '{"count":1}', when("/settings/count$")),
    "roles.settings-read-only": status(200, when(r"/settings/\d+$", "PUT")),
    "roles.life": status(200, when("/securityroles$", "POST")),
    "roles.begin-at-none": records(having(addLevel="All"), when("/settings$")),
    "roles.name-length": errors(renamed("MaxLengthField", "InvalidField"), ERROR),
}

INPUT: dict[str, Mutant] = {
    "input.not-json": status(500, ERROR),
    "input.empty-body": status(500, ERROR),
    "input.not-an-object": instead(200, "{}", when(method="POST")),
    "input.odd-json": instead(500, '{"code":"Boom"}', when("/company/companies$", "POST")),
    "input.content-type": status(200, ERROR),
    "input.charset": status(415, POST),
    "input.get-content-type": status(415, SYSTEM),
    "input.page-values": status(500, LIST),
    "input.odd-query": status(500, LIST),
    "input.odd-path": status(500, ERROR),
    "input.header-bomb": status(500, when("/system/info$", header="x-bomb")),
    "input.huge-body": status(500, when(method="POST")),
    "input.unknown-verb": status(500, ERROR),
}

EMULATOR: dict[str, Mutant] = {
    "emulator.health": records(without("version"), when("/_mockcw/health")),
    "emulator.journal": text("Company Maintenance", "", when("/_mockcw/requests/")),
    "emulator.journal-secrets": tell_keys_to_the_journal(),
    "emulator.explain": header("x-mockcw-decision", None, ANY),
    "emulator.permissions-header": header("x-mockcw-permissions", None, ANY),
    "emulator.fault-status": swallow(when("/_mockcw/faults", "POST")),
    "emulator.fault-headers": header("Retry-After", None, ANY),
    "emulator.fault-drop-after": swallow(when("/_mockcw/faults", "POST")),
    "emulator.fault-drop-before": swallow(when("/_mockcw/faults", "POST")),
    "emulator.clock": swallow(when("/_mockcw/clock", "PUT")),
    "emulator.reset": swallow(when("/_mockcw/reset", "POST")),
}

MUTANTS: dict[str, Mutant] = {
    **DISCOVERY,
    **CREDENTIALS,
    **PERMISSIONS,
    **ENVELOPE,
    **PAGING,
    **QUERY,
    **COMPANIES,
    **PATCHING,
    **TABLES,
    **MEMBERS,
    **INPUT,
    **EMULATOR,
}
