"""Checks of what a list shows and in which order: `orderBy` and `fields`.

Knows the two parameters; which records are chosen is judged in `query_language`.
"""

from __future__ import annotations

from conformance.checks.check import check
from conformance.checks.query_language import two_statuses
from conformance.wire import COMPANIES, Wire, ids


@check("query.order-by")
def order_by(wire: Wire) -> None:
    """Order by a field, ascending unless it says otherwise."""
    made = wire.companies({"city": "Bergen"}, {"city": "Aarhus"}, {"city": "Cork"})
    first, second, third = ids(made)
    conditions = f"id >= {first} and id <= {third}"
    for order, due in (
        ("city", [second, first, third]),
        ("city asc", [second, first, third]),
        ("city desc", [third, first, second]),
        ("City DESC", [third, first, second]),
        ("id desc", [third, second, first]),
    ):
        found = ids(wire.get(COMPANIES, {"conditions": conditions, "orderBy": order}).rows())
        wire.expect(found == due, f"orderBy={order} gives {found}, due is {due}")


@check("query.order-by-reference")
def order_by_reference(wire: Wire) -> None:
    """Order by a field of a reference."""
    early, late = two_statuses(wire)
    made = ids(wire.companies({"status": {"id": late["id"]}}, {"status": {"id": early["id"]}}))
    query = {"conditions": f"id >= {made[0]} and id <= {made[1]}", "orderBy": "status/name asc"}
    found = ids(wire.get(COMPANIES, query).rows())
    wire.expect(found == made[::-1], f"the ids are {found}, due are {made[::-1]}")


@check("query.order-by-several")
def order_by_several(wire: Wire) -> None:
    """Order by several fields, with commas between."""
    made = ids(wire.companies({"city": "Oslo"}, {"city": "Aarhus"}, {"city": "Oslo"}))
    query = {"conditions": f"id >= {made[0]} and id <= {made[2]}", "orderBy": "city desc, id desc"}
    found = ids(wire.get(COMPANIES, query).rows())
    due = [made[2], made[0], made[1]]
    wire.expect(found == due, f"the ids are {found}, due are {due}")


@check("query.fields")
def fields(wire: Wire) -> None:
    """`fields` cuts a record down to what is asked for."""
    made = wire.company(city="Bergen")
    row = wire.get(COMPANIES, {"conditions": f"id = {made['id']}", "fields": "id,city"}).rows()[:1]
    wire.expect(row == [{"id": made["id"], "city": "Bergen"}], f"the row is {row!r}")


@check("query.fields-reference")
def fields_reference(wire: Wire) -> None:
    """A path in `fields` keeps its nesting."""
    made = wire.company()
    record = wire.get(f"{COMPANIES}/{made['id']}", {"fields": "status/name"}).record()
    status = record.get("status")
    wire.expect(isinstance(status, dict) and "name" in status, f"the record is {record!r}, due is status with a name")
    wire.expect("identifier" not in record, "identifier was not asked for")


@check("query.fields-unknown")
def fields_unknown(wire: Wire) -> None:
    """An unknown name in `fields` is ignored."""
    made = wire.company()
    reply = wire.get(f"{COMPANIES}/{made['id']}", {"fields": "id,noSuchField"})
    if wire.expect_status(reply, 200):
        wire.expect(reply.record() == {"id": made["id"]}, f"the record is {reply.text[:200]}")


@check("query.fields-info")
def fields_info(wire: Wire) -> None:
    """`_info` comes when it is asked for and not otherwise."""
    made = wire.company()
    without = wire.get(f"{COMPANIES}/{made['id']}", {"fields": "id"}).record()
    wire.expect("_info" not in without, "_info came without being asked for")
    asked = wire.get(f"{COMPANIES}/{made['id']}", {"fields": "id,_info"}).record()
    wire.expect("lastUpdated" in (asked.get("_info") or {}), "_info did not come when asked for")


CHECKS = (
    order_by,
    order_by_reference,
    order_by_several,
    fields,
    fields_reference,
    fields_unknown,
    fields_info,
)
