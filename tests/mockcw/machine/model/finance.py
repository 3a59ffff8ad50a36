"""Agreements and their additions: what the type lends, what the dates say, and what an addition costs."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from tests.mockcw.machine.model.answers import (
    Doc,
    Refusal,
    in_use,
    invalid,
    no_enum,
    not_found,
    reference,
    required,
    too_long,
    unknown,
)
from tests.mockcw.machine.model.state import State, World, stamp, touched
from tests.mockcw.machine.model.writes import Fields, Foretold, Place, wanted

CENT = Decimal("0.01")
Item = tuple[str, str, str]
REQUIRED = {"name": "name", "type": "type/id", "company": "company/id", "contact": "contact/id"}
REFERRED = ("location", "department", "sla", "billingCycle", "billingTerms", "workRole", "workType")
LENT = (
    "applicationUnits", "applicationCycle", "applicationLimit", "applicationUnlimitedFlag", "oneTimeFlag",
    "employeeCompRate", "employeeCompNotExceed", "invoicingCycle", "billAmount", "billTime", "billExpenses",
    "billProducts", "prorateFlag", "invoiceProratedAdditionsFlag",
)  # fmt: skip
RENAMED = {
    "taxable": "taxableFlag", "coverAgreementTime": "coverAgreementTimeFlag", "carryOverUnused": "carryOverUnusedFlag",
    "coverAgreementProduct": "coverAgreementProductFlag", "allowOverruns": "allowOverrunsFlag",
}  # fmt: skip
PATCHED = Fields(
    frozenset({"name", "startDate", "endDate", "billStartDate", "cancelledFlag", "dateCancelled", "reasonCancelled"}),
    frozenset({"contact"}),
    frozenset({"agreementStatus", "id"}),
)
FREE: frozenset[str] = frozenset()
ADDITION = Fields(
    frozenset(
        {
            "quantity", "lessIncluded", "unitPrice", "unitCost", "effectiveDate", "cancelledDate", "billCustomer",
            "serialNumber", "description", "taxableFlag", "invoiceDescription",
        }
    ),
    frozenset({"product"}),
    frozenset({"extPrice", "extCost", "margin", "billedQuantity", "agreementId", "agreementStatus"}),
)  # fmt: skip
BILL_CUSTOMER = ("Billable", "DoNotBill", "NoCharge")
ADDITION_FREE = frozenset(
    {"prorateCost", "proratePrice", "extendedProrateCost", "extendedProratePrice", "prorateCurrentPeriodFlag"}
)


def create(state: State, world: World, body: Doc, who: str) -> Refusal | Foretold:
    """A POST of an agreement."""
    wrong = [required(field, name) for field, name in REQUIRED.items() if not body.get(field)]
    wrong += _long_name(body)
    if wrong:
        return invalid("agreement", *wrong)
    kind = world.agreement_types.get(body["type"]["id"])
    if kind is None:
        return invalid("agreement", unknown("Agreement Type", body["type"]["id"], "type/id"))
    lent = {name: kind.get(name) for name in LENT} | {name: kind.get(other) for name, other in RENAMED.items()}
    lent |= {name: reference(kind[name]["id"]) if name in kind else None for name in REFERRED}
    fields = {
        **lent,
        "cancelledFlag": False,
        "billStartDate": state.today,
        **body,
        **_cancelling(state, body),
        "_info": stamp(state, who),
    }
    return Foretold({**fields, **agreement_live(state, fields)})


def patch(state: State, doc: Doc, operations: list[Doc], who: str) -> Refusal | Foretold:
    """A PATCH of an agreement."""
    asked = wanted(operations, PATCHED)
    if isinstance(asked, Refusal):
        return asked
    wrong = [required("name")] if asked.get("name", "there") is None else []
    wrong += _long_name(asked)
    if wrong:
        return invalid("agreement", *wrong)
    after = {**doc, **asked}
    changes = {**asked, **_cancelling(state, after)}
    told = agreement_live(state, {**after, **changes})
    return Foretold({**changes, **told, "_info": touched(state, who)}, _of(state, doc["id"]))


def delete(state: State, number: int) -> Refusal | Foretold:
    """A DELETE of an agreement: refused where a ticket or time names it; its additions go with it (assumed)."""
    used = any(state.where("tickets", agreement__id=number)) or any(state.where("entries", agreement__id=number))
    return in_use("Agreement", number) if used else Foretold({})


def gone(state: State, number: int) -> None:
    """Take an agreement out of the model."""
    del state.rows["agreements"][number]
    for addition in list(state.where("additions", agreementId=number)):
        del state.rows["additions"][addition["id"]]


def agreement_live(state: State, doc: Doc) -> Doc:
    """The status is what dates and cancelling say today (reported for Active, else assumed)."""
    today = state.today
    if doc.get("cancelledFlag"):
        return {"agreementStatus": "Cancelled"}
    if doc.get("endDate") and doc["endDate"] < today and not doc.get("noEndingDateFlag"):
        return {"agreementStatus": "Expired"}
    started = not doc.get("startDate") or doc["startDate"] <= today
    return {"agreementStatus": "Active" if started else "Inactive"}


def add(state: State, world: World, agreement: int, body: Doc, who: str) -> Refusal | Foretold:
    """A POST of an addition."""
    owner = state.find("agreements", agreement)
    if owner is None:
        return not_found("Agreement", agreement)
    wrong = [] if "product" in body else [required("product", "product/id")]
    wrong += [] if "billCustomer" in body else [required("billCustomer")]
    wrong += _wrong_values(body)
    if wrong:
        return invalid("addition", *wrong)
    item = product(world, body["product"])
    if isinstance(item, tuple):
        return invalid("addition", item)
    fields = {
        **_lent(item, owner),
        **body,
        "product": {"id": item["id"], "identifier": item["identifier"]},
        "agreementId": agreement,
    }
    wrong = _wrong_dates(owner, fields, fields) + _wrong_class(item)
    if wrong:
        return invalid("addition", *wrong)
    told = {**fields, **_figures(fields), "agreementStatus": agreement_live(state, owner)["agreementStatus"]}
    return Foretold({**told, "_info": stamp(state, who)})


def change(state: State, world: World, doc: Doc, operations: list[Doc], who: str) -> Refusal | Foretold:
    """A PATCH of an addition."""
    asked = wanted(operations, ADDITION)
    if isinstance(asked, Refusal):
        return asked
    wrong = [required("billCustomer")] if asked.get("billCustomer", "there") is None else []
    wrong += _wrong_values(asked)
    if wrong:
        return invalid("addition", *wrong)
    item = product(world, asked["product"]) if "product" in asked else None
    if isinstance(item, tuple):
        return invalid("addition", item)
    after = {**doc, **asked}
    wrong = _wrong_dates(state.rows["agreements"][doc["agreementId"]], after, asked)
    wrong += _wrong_class(item) if item else []
    if wrong:
        return invalid("addition", *wrong)
    named = {"product": {"id": item["id"], "identifier": item["identifier"]}} if item else {}
    return Foretold({**asked, **named, **_figures(after), "_info": touched(state, who)})


def replace(state: State, world: World, doc: Doc, body: Doc, who: str) -> Refusal | Foretold:
    """A PUT of an addition: what is not sent has its default again, the item's or the agreement's, or nothing."""
    owner = state.rows["agreements"][doc["agreementId"]]
    emptied = {**dict.fromkeys(ADDITION.written), **_lent(world.items[doc["product"]["id"]], owner), **body}
    wrong = _wrong_dates(owner, emptied, body)
    if wrong:
        return invalid("addition", *wrong)
    return Foretold({**emptied, **_figures(emptied), "_info": touched(state, who)})


def addition_live(state: State, doc: Doc) -> Doc:
    """An addition tells its agreement's status."""
    return agreement_live(state, state.rows["agreements"][doc["agreementId"]])


def product(world: World, chosen: Doc) -> Doc | Item:
    """The catalogue item that is meant, by id or identifier."""
    name, value = next(iter(chosen.items()))
    found = [item for item in world.items.values() if item[name] == value]
    return found[0] if found else unknown("Catalog Item", value, f"product/{name}")


def _lent(item: Doc, owner: Doc) -> Doc:
    """What an addition has that does not say otherwise (assumed)."""
    return {
        "quantity": 1,
        "description": item["description"],
        "invoiceDescription": item["customerDescription"],
        "unitPrice": item["price"],
        "unitCost": item["cost"],
        "taxableFlag": item["taxableFlag"],
        "effectiveDate": owner.get("billStartDate"),
    }


def _figures(doc: Doc) -> Doc:
    """Quantity times price and cost (documented); billed is what is not included (assumed)."""
    quantity, less, price, cost = (
        Decimal(str(doc.get(name) or 0)) for name in ("quantity", "lessIncluded", "unitPrice", "unitCost")
    )
    told = {
        "billedQuantity": quantity - less,
        "extPrice": quantity * price,
        "extCost": quantity * cost,
        "margin": quantity * price - quantity * cost,
    }
    return {name: float(value.quantize(CENT, ROUND_HALF_UP)) for name, value in told.items()}  # assumed: to the cent


def _wrong_dates(owner: Doc, doc: Doc, asked: Doc) -> list[Item]:
    """Not before the billing start (reported), and not cancelled before it begins (assumed)."""
    wrong: list[Item] = []
    begins, starts, ends = doc.get("effectiveDate"), owner.get("billStartDate"), doc.get("cancelledDate")
    if begins and starts and begins < starts and "effectiveDate" in asked:
        text = "effectiveDate cannot be less than the agreement billing start date."
        wrong.append(("InvalidField", text, "effectiveDate"))
    if begins and ends and ends < begins and {"effectiveDate", "cancelledDate"} & {*asked}:
        wrong.append(("InvalidField", "cancelledDate cannot be less than the effectiveDate.", "cancelledDate"))
    return wrong


def _wrong_class(item: Doc) -> list[Item]:
    bundle = item["productClass"] == "Bundle"
    return [("InvalidField", "A bundle cannot be added to an agreement.", "product")] if bundle else []


def _cancelling(state: State, doc: Doc) -> Doc:
    """Cancelled today unless a day is given; what is no longer cancelled has no day and no reason (assumed)."""
    if doc.get("cancelledFlag"):
        return {"dateCancelled": doc.get("dateCancelled") or state.today}
    return {"dateCancelled": None, "reasonCancelled": None}


def _of(state: State, agreement: int) -> tuple[Place, ...]:
    return tuple(("additions", one["id"]) for one in state.where("additions", agreementId=agreement))


def _long_name(body: Doc) -> list[Item]:
    return [too_long("name", 100)] if len(body.get("name") or "") > 100 else []


def _wrong_values(body: Doc) -> list[Item]:
    bad = body.get("billCustomer") not in (None, *BILL_CUSTOMER)
    return [no_enum("billCustomer")] if bad else []
