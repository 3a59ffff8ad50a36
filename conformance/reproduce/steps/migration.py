"""The agreement migration: additions are replaced by others, in three kinds of write (SonicSaaS guide, step 1, row
Agreements; step 6, item 4; Troubleshooting, entry E_ACCESS).

Per addition: POST the new one, PATCH the old one to cancelled; on a refusal, or when asked to, everything is taken
back: PATCH the old one to not cancelled, DELETE the new one. What cannot be taken back is named. A later run takes over
what an earlier one left, since it knows its own additions by their description.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.errors import CannotTell
from conformance.reproduce.outcome import Outcome, Right, refusal_words
from conformance.reproduce.steps.agreements import AGREEMENTS, open_agreements
from conformance.reproduce.steps.connection import held_rights, missing
from conformance.reproduce.vendor import Empty, Refused, Seen, Vendor

AT_ONCE = 2
"""How many additions of the agreement are migrated."""
WRITES = tuple(Right("Finance", "Agreements", action) for action in ("Add", "Edit", "Delete"))
MARK = "Migration of addition "

Record = dict[str, Any]


@dataclass(slots=True)
class Move:
    """One addition to be replaced: how far it came."""

    additions: str
    old: Record
    product: Record
    new: int | None = None
    cancelled: bool = False
    begun: bool = False

    @property
    def mark(self) -> str:
        """How the new addition is known again."""
        return f"{MARK}{self.old['id']}"

    @property
    def plan(self) -> str:
        """What a preview says of it."""
        old, new = self.old.get("product") or {}, self.product
        count = self.old.get("quantity")
        return f"create {new.get('identifier')} x {count}, cancel addition {self.old['id']} ({old.get('identifier')})"


def migration_dry_run(vendor: Vendor, options: Mapping[str, Any]) -> Outcome:
    """Show what would be created and cancelled, and read whether the key may write it; writes nothing; raises Refused.

    A dry run cannot see a refusal, so it reads the rights of the caller and asks for All on the three writes.
    """
    moves = plan(vendor, options)
    facts = tuple(f"would {move.plan}" for move in moves)
    lacks = missing(held_rights(vendor), WRITES)
    if lacks:
        actions = ", ".join(right.action for right in lacks)
        sees = f"The preview is shown, and the validation fails: the role lacks {actions} on Finance > Agreements."
        return Outcome(False, sees, facts, lacks=lacks)
    return Outcome(True, f"The preview shows {len(moves)} additions to create and {len(moves)} to cancel.", facts)


def migration_run(vendor: Vendor, options: Mapping[str, Any]) -> Outcome:
    """Replace the additions; take everything back on a refusal, or with the option `roll_back`; raises Refused."""
    moves = plan(vendor, options)
    wanted = bool(options.get("roll_back"))
    refusal: Seen | None = None
    try:
        for move in moves:
            _create(vendor, move)
            _cancel(vendor, move)
    except Refused as refused:
        refusal = refused.seen
    if refusal is None and not wanted:
        return Outcome(True, f"{len(moves)} additions are migrated.", tuple(f"did {move.plan}" for move in moves))
    undone = roll_back(vendor, moves)
    left = tuple(fact for move in moves for fact in _left(move))
    if not left:
        begun = any(move.begun for move in moves)
        facts = (f"{'Everything was taken back' if begun else 'Nothing was written'}; nothing is left in ConnectWise.",)
        if refusal is None:
            return Outcome(True, "The migration ran and was rolled back.", facts)
        return Outcome(False, f"The migration stops. {refusal_words(refusal)}", facts, (refusal,))
    first = refusal or undone[0]
    whence = "The migration stops and cannot be rolled back." if refusal else "The roll-back of the migration stops."
    evidence = (*((refusal,) if refusal else ()), *undone)
    return Outcome(False, f"{whence} {refusal_words(first)}", left, evidence)


def plan(vendor: Vendor, options: Mapping[str, Any]) -> list[Move]:
    """The additions to migrate, each with the product that takes its place; raises Refused, Empty, CannotTell."""
    if options.get("agreement"):
        agreements = [vendor.need("GET", f"{AGREEMENTS}/{options['agreement']}")]
    else:
        pages = list(vendor.pages(AGREEMENTS, {"conditions": "cancelledFlag = false", "orderBy": "id"}))
        agreements = [row for _, page in pages for row in page]
        if not agreements:
            raise Empty(pages[-1][0])
    opened = open_agreements(vendor, agreements)
    if opened is None:
        raise CannotTell("no agreement that this key sees has an addition to migrate")
    agreement, additions = opened
    products = vendor.need("GET", "/procurement/catalog", {"conditions": "inactiveFlag = false", "orderBy": "id"})
    path = f"{AGREEMENTS}/{agreement['id']}/additions"
    known = {str(one.get("description")): int(one["id"]) for one in additions}
    chosen = [one for one in additions if not str(one.get("description")).startswith(MARK)][:AT_ONCE]
    moves = [Move(path, old, _other(products, old)) for old in chosen]
    for move in moves:
        move.new = known.get(move.mark)
        move.begun = move.new is not None
    return moves


def roll_back(vendor: Vendor, moves: Sequence[Move]) -> list[Seen]:
    """Take back what was done, the last first; answers the refusals."""
    refusals = []
    for move in reversed(moves):
        path = f"{move.additions}/{move.old['id']}"
        if move.cancelled:
            seen = vendor.send("PATCH", path, body=[{"op": "replace", "path": "cancelledDate", "value": None}])
            move.cancelled = seen.status >= 400
            refusals += [seen] * move.cancelled
        if move.new is not None and not move.cancelled:
            seen = vendor.send("DELETE", f"{move.additions}/{move.new}")
            if seen.status >= 400:
                refusals.append(seen)
            else:
                move.new = None
    return refusals


def _create(vendor: Vendor, move: Move) -> None:
    if move.new is not None:  # an earlier run left it
        return
    body = {
        "product": {"id": move.product["id"]},
        "quantity": move.old.get("quantity"),
        "billCustomer": move.old.get("billCustomer"),
        "effectiveDate": f"{vendor.today}T00:00:00Z",
        "description": move.mark,
    }
    move.new = int(vendor.need("POST", move.additions, body=body)["id"])
    move.begun = True


def _cancel(vendor: Vendor, move: Move) -> None:
    change = {"op": "replace", "path": "cancelledDate", "value": f"{vendor.today}T00:00:00Z"}
    vendor.need("PATCH", f"{move.additions}/{move.old['id']}", body=[change])
    move.cancelled = True


def _left(move: Move) -> list[str]:
    facts = []
    if move.new is not None:
        twice = "" if move.cancelled else f", beside addition {move.old['id']}: the customer is billed for both"
        facts.append(f"Left in ConnectWise: addition {move.new} of {move.additions}{twice}.")
    if move.cancelled:
        facts.append(f"Left in ConnectWise: addition {move.old['id']} is cancelled.")
    return facts


def _other(products: Sequence[Record], old: Record) -> Record:
    taken = (old.get("product") or {}).get("id")
    for product in products:
        if product["id"] != taken:
            return product
    raise CannotTell("the catalogue holds no product to migrate to")
