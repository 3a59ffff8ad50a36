"""The audit trail of one record: what the engine wrote down at every write (mockcw/engine/trail.py).

That type and id are needed, and the types there are, is documented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mockcw.engine.act import Asking, View
from mockcw.engine.change import Look, Record
from mockcw.engine.trail import KINDS, TRAIL
from mockcw.errors import FieldError, InvalidObject

AUDITTRAIL = "/system/audittrail"
CONFIGURATIONS = "/company/configurations"
RESOURCE = "auditTrailEntry"
SAME = {"purchasing": "PurchaseOrder"}  # two documented names that mean one kind of record here
TYPES = {kind.lower(): kind for kind in KINDS.values()} | SAME


def entries(look: Look, asking: Asking) -> Iterator[Record]:
    """The lines about one record, oldest first (assumed); a configuration may be named by its device identifier."""
    kind, number = asking.asked("type") or "", asking.asked("id") or asking.asked("xrefrecid") or ""
    device = asking.asked("deviceidentifier")
    if not kind:
        raise refused("MissingRequiredField", "The type field is required.", "type")
    name = TYPES.get(kind.lower())
    if name is None and kind.lower() != "none":
        raise refused("InvalidField", "The type field is invalid.", "type")
    if device and not number and name == "Configuration":
        number = str(next((one["id"] for one in look.find(CONFIGURATIONS, deviceIdentifier=device)), 0))
    if not number:
        raise refused("MissingRequiredField", "The id field is required.", "id")
    if name is not None and number.isdecimal() and number.isascii() and len(number) < 18:
        collection = next(one for one, kind in KINDS.items() if kind == name)
        asking.reach(collection, int(number))
        hidden = asking.hidden(collection)
        for line in look.find(TRAIL, parent=int(number), auditType=name):
            text = without(line["text"], hidden)
            if text:
                yield {**line, "text": text}


def without(text: str, hidden: frozenset[str]) -> str:
    """What a line says, but for the fields that the member is not shown."""
    for name in hidden:
        text = re.sub(rf"\b{re.escape(name)} was changed.*?(?= \w+ was changed|$)", "", text, flags=re.DOTALL)
    return " ".join(text.split()) if hidden else text


def refused(code: str, text: str, name: str) -> InvalidObject:
    """The error of a parameter (by analogy with bodies, assumed)."""
    return InvalidObject.of(RESOURCE, FieldError(code, text, RESOURCE, name))


VIEWS = (View(AUDITTRAIL, (TRAIL, CONFIGURATIONS), entries, "documented", "What was done to one record.", False),)
