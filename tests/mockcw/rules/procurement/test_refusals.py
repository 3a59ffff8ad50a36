"""What the rules of procurement refuse, each with its whole body."""

from __future__ import annotations

import httpx
import pytest

from tests.mockcw.rules.desk import Desk
from tests.mockcw.rules.refusals import Bench, Refusal, invalid, rows

CATALOG = "/procurement/catalog"


def again(bench: Bench) -> httpx.Response:
    item, other = bench.shop.item(), bench.shop.item()
    return bench.set(f"{CATALOG}/{other['id']}", "identifier", item["identifier"].upper())


def of_no_vendor(bench: Bench) -> httpx.Response:
    bench.note(company=bench.desk.company)
    return bench.set(f"{CATALOG}/{bench.shop.item()['id']}", "vendor", {"id": bench.desk.company})


def used(bench: Bench) -> httpx.Response:
    item = bench.shop.item()
    bench.shop.product(item)
    return bench.set(f"{CATALOG}/{item['id']}", "productClass", "Service")


def homeless(bench: Bench) -> httpx.Response:
    item = bench.shop.ref(bench.shop.item())
    return bench.admin.post("/procurement/products", {"catalogItem": item, "billableOption": "Billable"})


ROWS = rows(
    Refusal(
        "catalog.identifier-unique",
        again,
        invalid("catalogItem", ("ObjectExists", "Catalog Item identifier already in use.", "identifier")),
    ),
    Refusal(
        "catalog.vendor",
        of_no_vendor,
        invalid("catalogItem", ("NotFound", "Vendor {company} not found", "vendor/id")),
        settings={"vendor_reference": "vendor"},
    ),
    Refusal(
        "catalog.class-stays",
        used,
        invalid("catalogItem", ("InvalidField", "productClass cannot be changed on a product in use.", "productClass")),
    ),
    Refusal(
        "product.place",
        homeless,
        invalid("productItem", ("InvalidField", "A product belongs to exactly one record.", "ticket")),
        settings={"product_places": "one"},
    ),
)


@pytest.mark.parametrize("row", ROWS)
def test_a_refusal_has_just_this_body(row: Refusal, desk: Desk) -> None:
    row.check(desk)
