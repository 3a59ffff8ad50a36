"""Stock: what is on hand follows from what was adjusted, received and picked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcw import Emulator
from tests.mockcw.caller import Caller
from tests.mockcw.rules.finance.shop import Record, Shop

CATALOG = "/procurement/catalog"
SERIALS = "/procurement/onhandserialnumbers"


def picked(shop: Shop, item: Record, place: Record, quantity: int, **more: Any) -> Record:
    product = shop.product(item, quantity=quantity)
    answer = shop.caller.post(
        f"/procurement/products/{product['id']}/pickingShippingDetails",
        {"warehouse": place["warehouse"], "warehouseBin": shop.ref(place), "pickedQuantity": quantity, **more},
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json()[0])


def on_hand(shop: Shop, item: Record) -> int:
    answer = shop.caller.http.get(f"{CATALOG}/{item['identifier']}/quantityOnHand")
    return int(answer.json()["count"])


def test_adjusted_and_received_less_picked_is_on_hand(shop: Shop, admin: Caller) -> None:
    item, place, other = shop.item(), shop.bin(), shop.bin()
    shop.adjustment(item, place, 10)
    shop.adjustment(item, other, 2)
    order = shop.order(warehouse=shop.ref(place["warehouse"]))
    line = shop.line(order, item, quantity=5)
    assert on_hand(shop, item) == 12
    path = f"/procurement/purchaseorders/{order['id']}/lineitems/{line['id']}"
    admin.patch(path, ("replace", "receivedQuantity", 4))
    picked(shop, item, place, 3)
    assert on_hand(shop, item) == 13
    rows = shop.read(f"{CATALOG}/{item['id']}/inventory")
    assert [(row["id"], row["onHand"]) for row in rows] == [(place["id"], 11), (other["id"], 2)]
    assert rows[0]["warehouse"]["id"] == place["warehouse"]["id"]
    assert shop.read(f"{CATALOG}/{item['id']}/inventory/{other['id']}") == rows[1]
    few = admin.get(f"{CATALOG}/{item['id']}/inventory", conditions="onHand<5").json()
    assert [row["id"] for row in few] == [other["id"]]
    assert shop.count(f"{CATALOG}/{item['id']}/inventory") == 2


@pytest.mark.rule("adjustment.details", "adjustment.kept")
def test_details_come_with_their_adjustment_or_later_and_show_in_it(shop: Shop, admin: Caller) -> None:
    item, place = shop.item(), shop.bin()
    kind = shop.ref(shop.made("/procurement/adjustments/types", identifier=shop.name("Adjust")))
    where = {"warehouse": shop.ref(place["warehouse"]), "warehouseBin": shop.ref(place)}
    detail = {"catalogItem": shop.ref(item), "quantityAdjusted": 5, **where}
    path = "/procurement/adjustments"
    made = shop.made(path, identifier=shop.name("Count"), type=kind, adjustmentDetails=[detail, detail])
    assert [one["catalogItem"]["identifier"] for one in made["adjustmentDetails"]] == [item["identifier"]] * 2
    assert on_hand(shop, item) == 10
    later = shop.made(f"{path}/{made['id']}/details", **detail)
    assert admin.patch(f"{path}/{made['id']}", ("replace", "adjustmentDetails", [])).status_code == 200
    ids = [one["id"] for one in shop.read(f"{path}/{made['id']}")["adjustmentDetails"]]
    assert ids == [one["id"] for one in shop.read(f"{path}/{made['id']}/details")]
    assert ids[2:] == [later["id"]]
    assert admin.delete(f"{path}/{made['id']}/details/{later['id']}").status_code == 204
    assert len(shop.read(f"{path}/{made['id']}")["adjustmentDetails"]) == 2
    before = shop.count(path)
    wrong = {**detail, "catalogItem": {"id": 999999}}
    answer = admin.post(path, {"identifier": "X", "type": kind, "adjustmentDetails": [detail, wrong]})
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidObject")
    assert shop.count(path) == before
    assert on_hand(shop, item) == 10


def test_a_bin_shows_what_it_holds(shop: Shop) -> None:
    item, second, place = shop.item(), shop.item(), shop.bin()
    shop.adjustment(item, place, 10)
    shop.adjustment(second, place, 1)
    rows = shop.read(f"/procurement/warehouseBins/{place['id']}/inventoryOnHand")
    assert [(row["catalogItem"]["id"], row["onHand"]) for row in rows] == [(item["id"], 10), (second["id"], 1)]
    assert rows[0]["catalogItem"]["identifier"] == item["identifier"]
    assert shop.read(f"/procurement/warehouseBins/{place['id']}/inventoryOnHand/{item['id']}") == rows[0]
    assert shop.count(f"/procurement/warehouseBins/{place['id']}/inventoryOnHand") == 2


def test_a_serial_number_is_on_hand_until_it_is_picked(shop: Shop, admin: Caller) -> None:
    item, place = shop.item(serializedFlag=True), shop.bin()
    shop.adjustment(item, place, 3, serialNumber="A1, B2,C3")

    def there() -> dict[str, int]:
        rows = admin.get(SERIALS, conditions=f"catalogItem/id={item['id']}").json()
        assert admin.get(f"{SERIALS}/count", conditions=f"catalogItem/id={item['id']}").json()["count"] == len(rows)
        return {row["serial"]: row["id"] for row in rows}

    first = there()
    assert list(first) == ["A1", "B2", "C3"]
    assert shop.read(f"{SERIALS}/{first['B2']}")["warehouseBin"]["id"] == place["id"]
    picked(shop, item, place, 1, serialNumber="b2")
    assert there() == {"A1": first["A1"], "C3": first["C3"]}
    picked(shop, item, place, 1, serialNumberIds=[first["A1"]])
    assert there() == {"C3": first["C3"]}
    (row,) = shop.read(f"{CATALOG}/{item['id']}/inventory")
    assert [one["serialNumber"] for one in row["serialNumbers"]] == ["C3"]
    shop.adjustment(item, place, -1, serialNumber="C3")
    assert there() == {}
    shop.adjustment(item, place, 2, serialNumber="twice;twice")
    picked(shop, item, place, 1, serialNumber="twice")
    assert list(there()) == ["twice"]


def test_an_item_nobody_knows_has_no_stock(shop: Shop, admin: Caller) -> None:
    item = shop.item(identifier="12345678")
    assert admin.get(f"{CATALOG}/12345678/quantityOnHand").json() == {"count": 0}
    assert admin.get(f"{CATALOG}/{item['id']}/quantityOnHand").json() == {"count": 0}
    for text in ("no-such-item", "999999", "99999999999999999999"):
        assert admin.get(f"{CATALOG}/{text}/quantityOnHand").status_code == 404


MOVES = st.lists(st.tuples(st.sampled_from(["adjust", "receive", "pick"]), st.integers(1, 9)), max_size=4)


@settings(max_examples=settings.default.max_examples // 2)  # each makes a dozen records
@given(MOVES)
def test_what_is_on_hand_is_what_came_less_what_left(emulator: Emulator, moves: list[tuple[str, int]]) -> None:
    shop = Shop(Caller(emulator))
    item, place = shop.item(), shop.bin()
    expected = 0
    for kind, quantity in moves:
        if kind == "adjust":
            shop.adjustment(item, place, -quantity)
        elif kind == "receive":
            shop.line(shop.order(), item, quantity=9, receivedQuantity=quantity, warehouseBin=shop.ref(place))
        else:
            picked(shop, item, place, quantity)
        expected += quantity if kind == "receive" else -quantity
    assert on_hand(shop, item) == expected
    rows = shop.read(f"{CATALOG}/{item['id']}/inventory")
    assert sum(row["onHand"] for row in rows) == expected
    emulator.reset()
