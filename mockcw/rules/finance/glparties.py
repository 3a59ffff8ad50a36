"""Who stands in a GL export: customers that are billed, members and companies that are owed.

Which field carries what is assumed from its name.
"""

from __future__ import annotations

from collections.abc import Iterable

from mockcw.engine.change import Look, Record
from mockcw.rules.finance.invoices import COMPANIES, TERMS


def distinct(records: Iterable[Record], name: str) -> list[Record]:
    """The records that some records refer to by a field, each once."""
    found = {record[name]["id"]: record[name] for record in records if record.get(name)}
    return list(found.values())


def filled(record: Record) -> Record:
    """A record without what is not known."""
    return {name: value for name, value in record.items() if value is not None}


def item_of(reference: Record | None) -> Record | None:
    """A reference to a catalogue item in the shape that accounting uses."""
    return {name: reference[name] for name in ("id", "identifier", "_info") if name in reference} if reference else None


def company_of(look: Look, reference: Record | None) -> Record:
    """The company that a reference leads to, or an empty record."""
    return look.get(COMPANIES, (reference or {}).get("id") or 0) or {}


def due_days(look: Look, terms: Record | None) -> int | None:
    """How many days payment terms allow."""
    return (look.get(TERMS, (terms or {}).get("id") or 0) or {}).get("dueDays")


def customer(look: Look, reference: Record) -> Record:
    """A company that is billed."""
    company = company_of(look, reference)
    return filled(
        {
            "company": reference,
            "companyType": next(iter(company.get("types") or ()), None),
            "contact": company.get("billingContact") or company.get("defaultContact"),
            "site": company.get("billingSite") or company.get("site"),
            "accountNumber": company.get("accountNumber"),
            "billingTerms": company.get("billingTerms"),
            "dueDays": due_days(look, company.get("billingTerms")),
            "taxable": bool(company.get("taxCode")),
            "taxCode": company.get("taxCode"),
            "currency": company.get("currency"),
            "taxLevels": [],
        }
    )


def vendors(look: Look, expenses: list[Record], orders: list[Record]) -> list[Record]:
    """Members with expenses and companies that were bought from."""
    found = [filled({"member": one}) for one in distinct(expenses, "member")]
    for reference in distinct(orders, "vendorCompany"):
        company = company_of(look, reference)
        found.append(
            filled(
                {
                    "vendor": reference,
                    "vendorNumber": company.get("vendorIdentifier"),
                    "company": reference,
                    "contact": company.get("defaultContact"),
                    "accountNumber": company.get("accountNumber"),
                    "billingTerms": company.get("billingTerms"),
                    "dueDays": due_days(look, company.get("billingTerms")),
                    "site": company.get("site"),
                    "taxCode": company.get("taxCode"),
                }
            )
        )
    return found
