"""What the rules of companies, contacts and configurations refuse, each with its whole body."""

from __future__ import annotations

import httpx
import pytest

from tests.mockcw.rules.desk import Desk
from tests.mockcw.rules.refusals import Bench, Refusal, in_use, invalid, rows, said

COMPANIES, CONTACTS = "/company/companies", "/company/contacts"
CONFIGURATIONS, KINDS = "/company/configurations", "/company/configurations/types"
NEW = {"identifier": "New", "name": "New", "site": {"name": "Main"}}
BARE = {name: NEW[name] for name in ("identifier", "name")}
NEEDED = "MissingRequiredField"
WORD = {"fieldType": "Text", "entryType": "EntryField", "sequenceNumber": 1, "question": "Rack"}


def here(bench: Bench) -> str:
    """The path of the desk's company."""
    bench.note(company=bench.desk.company)
    return f"{COMPANIES}/{bench.desk.company}"


def spoilt(bench: Bench) -> httpx.Response:
    bench.store(COMPANIES, bench.desk.company, dateAcquired="long ago")
    return bench.set(here(bench), "phoneNumber", "555")


def established(bench: Bench) -> httpx.Response:
    return bench.set(here(bench), "yearEstablished", 1899)


def used(bench: Bench) -> httpx.Response:
    bench.desk.ticket()
    return bench.admin.delete(here(bench))


def own_row(bench: Bench, name: str) -> httpx.Response:
    """Delete the status, or the type, that the desk's company has."""
    company = bench.desk.read(here(bench))
    row = (company["status"] if name == "statuses" else company["types"][0])["id"]
    bench.note(row=row)
    return bench.admin.delete(f"{COMPANIES}/{name}/{row}")


def own_site(bench: Bench) -> httpx.Response:
    site = bench.desk.read(here(bench))["site"]["id"]
    bench.note(site=site)
    return bench.admin.delete(f"{here(bench)}/sites/{site}")


def same_type(bench: Bench) -> httpx.Response:
    kind = bench.desk.read(here(bench))["types"][0]["id"]
    return bench.admin.post(f"{here(bench)}/typeAssociations", {"type": {"id": kind}})


def same_contact_type(bench: Bench) -> httpx.Response:
    kind = bench.made(f"{CONTACTS}/types", description="Boss")
    contact = bench.made(CONTACTS, firstName="Ann", types=[{"id": kind}])
    return bench.admin.post(f"{CONTACTS}/{contact}/typeAssociations", {"type": {"id": kind}})


def twin(bench: Bench) -> httpx.Response:
    kind = bench.made("/company/communicationTypes", description="Mail", emailFlag=True)
    mail = {"type": {"id": kind}, "value": "ann@example.com", "communicationType": "Email"}
    body = {"firstName": "Ann", "lastName": "Lee", "company": {"id": bench.desk.company}, "communicationItems": [mail]}
    bench.made(CONTACTS, **body)
    return bench.admin.post(CONTACTS, body)


def heirless(bench: Bench) -> httpx.Response:
    contact = bench.made(CONTACTS, firstName="Ann")
    return bench.admin.http.delete(f"{CONTACTS}/{contact}", params={"transferContactId": 99999})


def configuration(bench: Bench) -> int:
    """A configuration of a type of its own."""
    kind = bench.made(KINDS, name="Server")
    return bench.made(CONFIGURATIONS, name="PC", type={"id": kind}, company={"id": bench.desk.company})


def attached(bench: Bench) -> httpx.Response:
    number, ticket = configuration(bench), bench.desk.ticket()["id"]
    bench.note(configuration=number)
    bench.admin.post(f"/service/tickets/{ticket}/configurations", {"id": number}).raise_for_status()
    return bench.admin.delete(f"{CONFIGURATIONS}/{number}")


def unanswered(bench: Bench) -> httpx.Response:
    kind = bench.made(KINDS, name="Server")
    bench.made(f"{KINDS}/{kind}/questions", **WORD, requiredFlag=True)
    return bench.admin.post(CONFIGURATIONS, {"name": "PC", "type": {"id": kind}, "company": {"id": bench.desk.company}})


def nobody(bench: Bench) -> httpx.Response:
    role = bench.made("/company/teamRoles", name="Desk care")
    return bench.admin.post(f"{here(bench)}/teams", {"teamRole": {"id": role}})


def typed(bench: Bench) -> httpx.Response:
    body = bench.desk.read(here(bench))
    return bench.admin.put(here(bench), {**body, "types": [{"id": 1}]})


def retyped(bench: Bench) -> httpx.Response:
    """A configuration's type in a plain PATCH."""
    one, other = (bench.made("/company/configurations/types", name=f"Kind {at}") for at in range(2))
    body = {"name": "SRV", "type": {"id": one}, "company": {"id": bench.desk.company}}
    return bench.set(f"/company/configurations/{bench.made('/company/configurations', **body)}", "type", {"id": other})


ROWS = rows(
    Refusal(
        "company.state",
        lambda b: b.admin.post(COMPANIES, {**NEW, "state": "XY"}),
        invalid("company", ("NotFound", "State XY not found", "state")),
    ),
    Refusal(
        "contact.names",
        lambda b: b.admin.post("/company/contacts", {"firstName": "x" * 31}),
        invalid(
            "contact",
            ("MaxLengthField", "The field firstName must be a string with a maximum length of 30.", "firstName"),
        ),
    ),
    Refusal(
        "configuration.type-stays",
        retyped,
        invalid("configuration", ("InvalidField", "The type of a configuration is changed by changeType.", "type")),
        settings={"configuration_type": "refuse"},
    ),
    Refusal(
        "company.identifier-unique",
        lambda b: b.admin.post(COMPANIES, {**NEW, "identifier": "DESKCO"}),
        invalid("company", ("ObjectExists", "Company ID already in use.", "identifier")),
    ),
    Refusal(
        "company.site",
        lambda b: b.admin.post(COMPANIES, BARE),
        invalid("company", (NEEDED, "Company Site name is required.", "site")),
    ),
    Refusal(
        "company.address-given",
        lambda b: b.admin.post(COMPANIES, NEW),
        invalid("company", (NEEDED, "At least one address field is required.", "addressLine1")),
        settings={"company_address": "require"},
    ),
    Refusal(
        "company.years",
        established,
        invalid(
            "company", ("OutOfRange", "The field yearEstablished must be between 1900 and 9999.", "yearEstablished")
        ),
    ),
    Refusal("company.days", spoilt, said("ConnectWiseApi", "String was not recognized as a valid DateTime."), 500),
    Refusal(
        "company.types-later",
        typed,
        invalid("company", ("InvalidField", "typeIds can only be used when creating a new company.", "typeIds")),
    ),
    Refusal("company.used-stays", used, in_use("Company {company}"), 409, {"used_company_delete": "refuse"}),
    Refusal(
        "company.merge",
        lambda b: b.admin.post(f"{here(b)}/merge", {"toCompanyId": b.desk.company}),
        invalid(
            "companyMerge",
            ("InvalidField", "A company cannot be merged into itself or into a deleted company.", "toCompanyId"),
        ),
    ),
    Refusal("company-status.in-use", lambda b: own_row(b, "statuses"), in_use("Company Status {row}"), 409),
    Refusal("company-type.in-use", lambda b: own_row(b, "types"), in_use("Company Type {row}"), 409),
    Refusal(
        "company-team.person", nobody, invalid("companyTeam", (NEEDED, "A member or a contact is required.", "member"))
    ),
    Refusal("site.primary-stays", own_site, in_use("Company Site {site}"), 409),
    Refusal(
        "type-association.once",
        same_type,
        invalid("companyTypeAssociation", ("ObjectExists", "A matching type association already exists", "type")),
    ),
    Refusal(
        "communication-type.means",
        lambda b: b.admin.post("/company/communicationTypes", {"description": "Drum"}),
        invalid(
            "communicationType", (NEEDED, "At least one of phoneFlag, faxFlag, emailFlag is required.", "phoneFlag")
        ),
    ),
    Refusal(
        "contact.types",
        lambda b: b.admin.post(CONTACTS, {"firstName": "Ann", "typeIds": [99999]}),
        invalid("contact", ("NotFound", "Contact Type 99999 not found", "typeIds")),
    ),
    Refusal("contact.once", twin, said("ContactApi", "A contact with the same name and email already exists.")),
    Refusal(
        "contact.transfer", heirless, invalid("contact", ("NotFound", "Contact 99999 not found", "transferContactId"))
    ),
    Refusal(
        "contact-type-association.once",
        same_contact_type,
        invalid("contactTypeAssociation", ("ObjectExists", "A matching type association already exists", "type")),
    ),
    Refusal(
        "configuration.answers",
        unanswered,
        invalid("configuration", (NEEDED, "The Rack field is required.", "questions")),
    ),
    Refusal("configuration.attached-stays", attached, in_use("Configuration {configuration}"), 409),
)


@pytest.mark.parametrize("row", ROWS)
def test_a_refusal_has_just_this_body(row: Refusal, desk: Desk) -> None:
    row.check(desk)
