"""Checks of PATCH: the shape of the body, operations, paths, values, and what is refused.

Knows the list of operations; uses companies as the record that is changed.
"""

from __future__ import annotations

from typing import Any

from conformance.checks.check import check
from conformance.errors import CannotTell
from conformance.wire import COMPANIES, Reply, Wire

STATUSES = "/company/companies/statuses"


def change(wire: Wire, made: dict[str, Any], path: str, value: Any, op: str = "replace") -> Reply:
    """One operation on a company."""
    return wire.patch(f"{COMPANIES}/{made['id']}", {"op": op, "path": path, "value": value})


def other_status(wire: Wire, made: dict[str, Any]) -> dict[str, Any]:
    """A status that the company does not have; raises CannotTell when there is none."""
    mine = (made.get("status") or {}).get("id")
    others = [row for row in wire.get(STATUSES).rows() if row["id"] != mine]
    if not others:
        raise CannotTell("the target has no second company status")
    return others[0]


@check("patch.replace")
def replace(wire: Wire) -> None:
    """The answer is the whole record, changed; what was not named stays."""
    made = wire.company(city="Bergen", zip="5003")
    reply = change(wire, made, "city", "Oslo")
    if wire.expect_status(reply, 200):
        found = reply.record()
        wire.expect(found.get("city") == "Oslo", f"city is {found.get('city')!r}")
        kept = all(found.get(name) == made[name] for name in ("id", "identifier", "name", "zip"))
        wire.expect(kept, "a field that was not named changed")
        wire.expect(wire.get(f"{COMPANIES}/{made['id']}").record() == found, "a GET answers something else")


@check("patch.slash")
def slash(wire: Wire) -> None:
    """A path with a slash before it means the same."""
    found = change(wire, wire.company(), "/city", "Oslo")
    wire.expect_status(found, 200)
    wire.expect(found.status == 200 and found.record().get("city") == "Oslo", "the change was not made")


@check("patch.op-case")
def op_case(wire: Wire) -> None:
    """Operations have any letter case."""
    made = wire.company(city="Bergen")
    wire.expect(change(wire, made, "city", "Oslo", "Replace").record().get("city") == "Oslo", "Replace did nothing")
    removed = wire.patch(f"{COMPANIES}/{made['id']}", {"op": "Remove", "path": "city"}).record()
    wire.expect("city" not in removed, "Remove did nothing")


@check("patch.add")
def add(wire: Wire) -> None:
    """`add` sets a field that had no value."""
    found = change(wire, wire.company(), "city", "Oslo", "add").record()
    wire.expect(found.get("city") == "Oslo", f"city is {found.get('city')!r}")


@check("patch.remove")
def remove(wire: Wire) -> None:
    """`remove` takes the value away."""
    made = wire.company(city="Bergen")
    reply = wire.patch(f"{COMPANIES}/{made['id']}", {"op": "remove", "path": "city"})
    wire.expect_status(reply, 200)
    wire.expect("city" not in reply.record(), "city is still there")


@check("patch.empty-text")
def empty_text(wire: Wire) -> None:
    """Empty text takes the value away: text, date and reference."""
    status = wire.some(STATUSES)
    made = wire.company(city="Bergen", dateAcquired="2024-05-01T10:00:00Z", status={"id": status["id"]})
    for name in ("city", "dateAcquired"):
        found = change(wire, made, name, "").record()
        wire.expect(not found.get(name), f"{name} is {found.get(name)!r} after it was set to empty text")


@check("patch.several")
def several(wire: Wire) -> None:
    """Several operations in one body are all done."""
    made = wire.company(city="Bergen")
    operations = (
        {"op": "replace", "path": "city", "value": "Oslo"},
        {"op": "add", "path": "zip", "value": "0150"},
        {"op": "replace", "path": "numberOfEmployees", "value": 3},
    )
    found = wire.patch(f"{COMPANIES}/{made['id']}", *operations).record()
    values = [found.get(name) for name in ("city", "zip", "numberOfEmployees")]
    wire.expect(values == ["Oslo", "0150", 3], f"the values are {values!r}")


@check("patch.all-or-nothing")
def all_or_nothing(wire: Wire) -> None:
    """When one operation is refused none is done."""
    made = wire.company(city="Bergen")
    good = {"op": "replace", "path": "city", "value": "Oslo"}
    bad = {"op": "replace", "path": "noSuchField", "value": "x"}
    wire.expect_refused(wire.patch(f"{COMPANIES}/{made['id']}", good, bad))
    found = wire.get(f"{COMPANIES}/{made['id']}").record()
    wire.expect(found.get("city") == "Bergen", f"city is {found.get('city')!r} after a refused body")


@check("patch.path-case")
def path_case(wire: Wire) -> None:
    """Paths are compared letter by letter."""
    made = wire.company(city="Bergen")
    wire.expect_status(change(wire, made, "City", "Oslo"), 400)
    found = wire.get(f"{COMPANIES}/{made['id']}").record()
    wire.expect(found.get("city") == "Bergen", f"city is {found.get('city')!r} after a refused path")


@check("patch.unknown-path")
def unknown_path(wire: Wire) -> None:
    """A path that is none is refused and named."""
    reply = change(wire, wire.company(), "noSuchField", "x")
    if wire.expect_status(reply, 400):
        wire.expect("noSuchField" in str(reply.error().get("message")), f"the message is {reply.error()!r}")


@check("patch.unknown-op")
def unknown_op(wire: Wire) -> None:
    """An operation that is none is refused."""
    made = wire.company()
    for op in ("increment", "", "test"):
        wire.expect_refused(change(wire, made, "city", "x", op))


@check("patch.list-only")
def list_only(wire: Wire) -> None:
    """The body is a list, also for one operation."""
    made = wire.company(city="Bergen")
    operation = {"op": "replace", "path": "city", "value": "Oslo"}
    wire.expect_refused(wire.request("PATCH", f"{COMPANIES}/{made['id']}", body=operation))
    found = wire.get(f"{COMPANIES}/{made['id']}").record()
    wire.expect(found.get("city") == "Bergen", f"city is {found.get('city')!r} after a refused body")


@check("patch.bad-operations")
def bad_operations(wire: Wire) -> None:
    """A list of something else than operations is refused and breaks nothing."""
    made = wire.company()
    bodies: tuple[list[Any], ...] = ([1], ["x"], [None], [[]], [{}], [{"op": "replace"}], [{"op": 5, "path": []}])
    for body in bodies:
        wire.expect_refused(wire.request("PATCH", f"{COMPANIES}/{made['id']}", body=body))
    wire.expect_alive()


@check("patch.reference")
def reference(wire: Wire) -> None:
    """A reference is replaced whole, by id or by name."""
    made = wire.company()
    other = other_status(wire, made)
    first = (made.get("status") or {}).get("name")
    found = change(wire, made, "status", {"id": other["id"]}).record().get("status") or {}
    wire.expect(found.get("name") == other["name"], f"status is {found!r} after a replacement by id")
    found = change(wire, made, "status", {"name": first}).record().get("status") or {}
    wire.expect(found.get("name") == first, f"status is {found!r} after a replacement by name")


@check("patch.reference-id")
def reference_id(wire: Wire) -> None:
    """The id inside a reference may be the path."""
    made = wire.company()
    other = other_status(wire, made)
    found = change(wire, made, "status/id", other["id"]).record().get("status") or {}
    wire.expect(found.get("id") == other["id"], f"status is {found!r}, due is the id {other['id']}")
    wire.expect(found.get("name") == other["name"], f"status is {found!r}, due is the name {other['name']!r}")


@check("patch.unknown-reference")
def unknown_reference(wire: Wire) -> None:
    """A reference to nothing is refused here too."""
    reply = change(wire, wire.company(), "status", {"id": 987654321})
    if wire.expect_error(reply, 400, "InvalidObject"):
        wire.expect(any(one.get("code") == "NotFound" for one in reply.items()), f"the items are {reply.items()!r}")


@check("patch.number-as-text")
def number_as_text(wire: Wire) -> None:
    """Numbers may be sent as text."""
    found = change(wire, wire.company(), "numberOfEmployees", "13").record().get("numberOfEmployees")
    wire.expect(found == 13 and not isinstance(found, str), f"numberOfEmployees is {found!r}, due is the number 13")


@check("patch.text-for-boolean")
def text_for_boolean(wire: Wire) -> None:
    """Text where a boolean is due is the captured failure."""
    reply = change(wire, wire.company(), "leadFlag", "perhaps")
    wire.expect_error(reply, 500, "ConnectWiseApi", "String was not recognized as a valid Boolean.")
    wire.expect_alive()


@check("patch.wrong-shape")
def wrong_shape(wire: Wire) -> None:
    """Text where a list is due is refused as a bad patch."""
    reply = change(wire, wire.company(), "customFields", "x")
    if wire.expect_error(reply, 400, "InvalidPatch"):
        message = str(reply.error().get("message"))
        wire.expect(
            message.startswith("Could not cast or convert from System.String to "), f"the message is {message!r}"
        )


@check("patch.longest")
def longest(wire: Wire) -> None:
    """Lengths count for changes too."""
    reply = change(wire, wire.company(), "city", "x" * 51)
    if wire.expect_error(reply, 400, "InvalidObject"):
        wire.expect(any(one.get("code") == "MaxLengthField" for one in reply.items()), f"items are {reply.items()!r}")


@check("patch.required")
def required(wire: Wire) -> None:
    """A required field cannot be taken away."""
    made = wire.company()
    wire.expect_status(wire.patch(f"{COMPANIES}/{made['id']}", {"op": "remove", "path": "name"}), 400)
    found = wire.get(f"{COMPANIES}/{made['id']}").record()
    wire.expect(found.get("name") == made["name"], f"name is {found.get('name')!r} after a refused change")


@check("patch.server-fields")
def server_fields(wire: Wire) -> None:
    """The id cannot be changed."""
    made = wire.company()
    change(wire, made, "id", 5)
    found = wire.get(f"{COMPANIES}/{made['id']}")
    wire.expect(found.status == 200 and found.record().get("id") == made["id"], "the company has another id")


@check("patch.last-updated")
def last_updated(wire: Wire) -> None:
    """A change moves `lastUpdated`, which is how a mirror finds it."""
    made = wire.company()
    before = (made.get("_info") or {}).get("lastUpdated")
    wire.control("PUT", "clock", {"advance": "PT1H"})
    after = (change(wire, made, "city", "Oslo").record().get("_info") or {}).get("lastUpdated")
    wire.expect(before and after and after > before, f"lastUpdated was {before}, is {after} after a later change")
    wire.expect(wire.matching(f"lastUpdated > [{before}]", [made]) == [0], "a condition on lastUpdated misses it")


CHECKS = (
    replace,
    slash,
    op_case,
    add,
    remove,
    empty_text,
    several,
    all_or_nothing,
    path_case,
    unknown_path,
    unknown_op,
    list_only,
    bad_operations,
    reference,
    reference_id,
    unknown_reference,
    number_as_text,
    text_for_boolean,
    wrong_shape,
    longest,
    required,
    server_fields,
    last_updated,
)
