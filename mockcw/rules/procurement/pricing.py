"""Prices: what an item costs a company on a day, by the pricing schedule that applies.

A company's own schedule comes before the default one, and in it a line for the item before one for its subcategory or
category (assumed).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Look, Record
from mockcw.rules.meant import meant
from mockcw.rules.money import money, number

SCHEDULES = "/procurement/pricingschedules"
DETAILS = "/procurement/pricingschedules/{parentId}/details"
BREAKS = "/procurement/pricingschedules/{grandparentId}/details/{parentId}/breaks"
COMPANIES = "/company/companies"
NARROWING = (("product", None), ("subCategory", "subcategory"), ("category", "category"))  # line's field, item's field


def priced(act: Act) -> Record:
    """The price of the item for who, how many and when the body says."""
    body: Record = act.body
    company = meant(act, COMPANIES, "company", body["company"], "Company") if body.get("company") else {}
    quantity = body.get("quantity") or 1
    day = (body.get("date") or act.today)[:10]
    found = unit_price(act.look, act.here, schedule(act.look, company), quantity, day)
    item = {name: act.here.get(name) for name in ("id", "identifier")} | {"name": act.here.get("description")}
    return {
        "catalogItem": item,
        "company": {name: company.get(name) for name in ("id", "identifier", "name")} if company else None,
        "location": body.get("location"),
        "quantity": quantity,
        "date": body.get("date") or act.today,
        "price": number(found),
    }


def schedule(look: Look, company: Record) -> Record | None:
    """The company's schedule, or the default one; None where neither is in use."""
    own = look.get(SCHEDULES, (company.get("pricingSchedule") or {}).get("id") or 0)
    found = [own] if own else look.find(SCHEDULES, defaultFlag=True)
    return next((one for one in found if not one.get("inactiveFlag")), None)


def unit_price(look: Look, item: Record, chosen: Record | None, quantity: int, day: str) -> Decimal:
    """What one piece costs: by the first break that fits, else the item's own price."""
    for line in lines(look, item, chosen, day) if chosen else ():
        for one in look.find(BREAKS, parent=line["id"]):
            above = money(one.get("quantityStart")) <= quantity
            if above and (one.get("unlimited") or quantity <= money(one.get("quantityEnd"))):
                return by_method(one, item, quantity)
    return money(item.get("price"))


def lines(look: Look, item: Record, chosen: Record, day: str) -> Iterator[Record]:
    """The schedule's lines that are about the item and valid on the day, the narrowest first."""
    every = [one for one in look.find(DETAILS, parent=chosen["id"]) if valid(one, day)]
    for field, of_item in NARROWING:
        wanted = item["id"] if of_item is None else (item.get(of_item) or {}).get("id")
        yield from (one for one in every if wanted and (one.get(field) or {}).get("id") == wanted)


def valid(line: Record, day: str) -> bool:
    """Whether a day lies within a line's dates."""
    ends = None if line.get("noEndDate") else line.get("endDate")
    return (line.get("startDate") or "")[:10] <= day and (not ends or day <= ends[:10])


def by_method(one: Record, item: Record, quantity: int) -> Decimal:
    """The price of a piece as a break's method says; a flat rate is shared by all pieces (assumed)."""
    amount, method = money(one.get("amount")), one.get("priceMethod")
    if method == "FlatRateForRange":
        return amount / quantity
    if method == "PercentMarkupFromCost":
        return money(item.get("cost")) * (100 + amount) / 100
    if method == "PercentMarkdownFromPrice":
        return money(item.get("price")) * (100 - amount) / 100
    return amount


ACTIONS = (
    Action(
        "postProcurementCatalogByIdPricing",
        priced,
        "assumed",
        "The price of a piece by the pricing schedule of the company, or the default one, on a day.",
    ),
)
