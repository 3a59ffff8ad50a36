"""Configurations attached to records of another collection: a list of existing configurations, by their own ids.

One configuration may hang on many records, so what is attached is kept in a table of its own and shown as a view.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from mockcw.engine.act import Act, Action, Asking, View
from mockcw.engine.change import Look, Record
from mockcw.errors import FieldError, InvalidObject, NotFound

CONFIGURATIONS = "/company/configurations"
CAPTION = "Configuration"
RESOURCE = "configuration"


def attach(table: str, act: Act) -> Record:
    """Attach the configuration the body names; one that hangs there already stays. Raises InvalidObject."""
    holder, found = act.id, wanted(act)
    if not act.look.find(table, holder=holder, configuration=found["id"]):
        act.hands.keep(table, {"holder": holder, "configuration": found["id"]})
    return shown(found)


def wanted(act: Act) -> Record:
    """The configuration a body names by id, else by device identifier (texts captured). Raises InvalidObject."""
    number, device = act.body.get("id"), act.body.get("deviceIdentifier")
    if number:
        found = act.look.get(CONFIGURATIONS, number)
        field = "id"
    elif device:
        rows = act.look.find(CONFIGURATIONS, deviceIdentifier=device)
        found, field = (rows[0] if rows else None), "deviceIdentifier"
    else:
        raise InvalidObject.of(
            RESOURCE,
            FieldError("MissingRequiredField", "id or deviceIdentifier is required.", RESOURCE, "id"),
        )
    if found is None:
        text = f"{CAPTION} {number or device} not found"
        raise InvalidObject.of(RESOURCE, FieldError("NotFound", text, RESOURCE, field))
    return found


def detach(table: str, act: Act) -> None:
    """Take a configuration off a record; the configuration itself stays. Raises NotFound."""
    holder, number = act.id, act.ids[1]
    rows = act.look.find(table, holder=holder, configuration=number)
    if not rows:
        raise NotFound(f"{CAPTION} {number} not found")
    for row in rows:
        act.hands.drop(table, row["id"])


def rows_of(table: str, look: Look, asking: Asking) -> Iterator[Record]:
    """The configurations attached to a record; one deleted meanwhile is no longer shown."""
    for row in look.find(table, holder=asking.parent):
        found = look.get(CONFIGURATIONS, row["configuration"])
        if found:
            yield shown(found)


def shown(configuration: Record) -> Record:
    """A configuration as it is listed where it is attached."""
    return {name: configuration.get(name) for name in ("id", "deviceIdentifier", "_info")}


def attached(holders: str, table: str, operations: str) -> tuple[tuple[Action, ...], View]:
    """The actions and the view of the configurations attached to records of a collection.

    `operations` is how the published operation names spell the collection (ServiceTickets).
    """
    add, remove = f"post{operations}ByParentIdConfigurations", f"delete{operations}ByParentIdConfigurationsById"
    says = "A configuration is attached by its id; it is not made here."
    return (
        Action(add, partial(attach, table), "documented", says, status=201, addresses=False),
        Action(remove, partial(detach, table), "documented", "The configuration stays.", addresses=False),
    ), View(
        f"{holders}/{{parentId}}/configurations",
        (table, CONFIGURATIONS),
        partial(rows_of, table),
        "documented",
        "The configurations attached to the record.",
    )
