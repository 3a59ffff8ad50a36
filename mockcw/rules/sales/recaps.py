"""What an order earns: its products, added up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mockcw.engine.act import Asking, View
from mockcw.engine.change import Look, Record
from mockcw.rules.money import money, number

ORDERS = "/sales/orders"
PRODUCTS = "/procurement/products"
RECAP = "/sales/orders/{id}/financialrecap"


def recap(look: Look, asking: Asking) -> Iterator[Record]:
    """One row: what is billed, what it costs, what is left of it and how much in percent (assumed from the names)."""
    products = [one for one in look.find(PRODUCTS, salesOrder__id=asking.parent) if not one.get("cancelledFlag")]
    billed = sum((worth(one, "price") for one in products if one.get("billableOption") == "Billable"), Decimal(0))
    cost = sum((worth(one, "cost") for one in products), Decimal(0))
    yield {
        "id": asking.parent,
        "billableAmount": number(billed),
        "cost": number(cost),
        "margin": number(billed - cost),
        "percent": number((billed - cost) / billed * 100 if billed else Decimal(0)),
    }


def worth(product: Record, name: str) -> Decimal:
    """The price or cost of all pieces of a product."""
    return money(product.get(name)) * money(product.get("quantity", 1))


VIEWS = (View(RECAP, (ORDERS, PRODUCTS), recap, "assumed", "The order's products, added up."),)
