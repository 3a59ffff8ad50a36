"""What the contact sync with Microsoft 365 takes and leaves out: properties by company."""

from __future__ import annotations

from mockcw.engine.act import Act, Action, Asking, View
from mockcw.engine.change import Look, Record
from mockcw.errors import NotFound

KEPT = "~m365 contact sync properties"
FOLDER = "/company/m365contactsync/property"


def included(record: Record) -> bool:
    """Whether a property takes in; the text says so, or else the flag (assumed)."""
    said = str(record.get("includeExcludeType") or "").lower()
    return said.startswith("incl") if said else bool(record.get("excludeIncludeFlag"))


def rows(look: Look, asking: Asking, wanted: bool) -> list[Record]:
    """The properties that take in, or those that leave out; `id` in the query narrows to a company (documented)."""
    company = asking.asked("id")
    return [
        one
        for one in look.find(KEPT)
        if included(one) == wanted and company in (None, "", str(one.get("companyRecID")))
    ]


def takes_in(look: Look, asking: Asking) -> list[Record]:
    """The properties that take contacts in."""
    return rows(look, asking, True)


def leaves_out(look: Look, asking: Asking) -> list[Record]:
    """The properties that leave contacts out."""
    return rows(look, asking, False)


def create(act: Act) -> Record:
    """Add a property."""
    info = {"lastUpdated": act.now, "updatedBy": act.actor}
    record = {**{name: value for name, value in act.body.items() if value is not None}, "_info": info}
    record["excludeIncludeFlag"] = bool(record.get("excludeIncludeFlag"))
    return {**record, "id": act.hands.keep(KEPT, record)}


def delete(act: Act) -> None:
    """Remove the properties, of one company where the query names one: the path names none."""
    company = act.query.get("id") or act.query.get("companyrecid") or ""
    for one in act.look.find(KEPT):
        if company in ("", str(one.get("companyRecID"))):
            act.hands.drop(KEPT, one["id"])


def count(act: Act) -> Record:
    """How many properties there are."""
    return {"count": len(act.look.find(KEPT))}


def read(act: Act) -> Record:
    """One property. Raises NotFound."""
    found = act.look.get(KEPT, act.id)
    if found is None:
        raise NotFound(f"M365 Contact Sync Property {act.id} not found")
    return found


ACTIONS = (
    Action("postCompanyM365contactsyncProperty", create, "assumed", "Adds a property.", status=201),
    Action("deleteCompanyM365contactsyncProperty", delete, "assumed", "Removes all of them, or those of a company."),
    Action("getCompanyM365contactsyncPropertyCount", count, "assumed", "Counts included and excluded ones."),
    Action("getCompanyM365contactsyncByIdProperty", read, "assumed", "One property by its id."),
)
VIEWS = (
    View(f"{FOLDER}/included", (KEPT,), takes_in, "assumed", "The properties that take contacts in."),
    View(f"{FOLDER}/excluded", (KEPT,), leaves_out, "assumed", "The properties that leave contacts out."),
)
