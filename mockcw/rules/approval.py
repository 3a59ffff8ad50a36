"""How time sheets and expense reports are submitted, approved, rejected and reversed; their entries mirror them.

The states are those of the surface's own enumeration; the ways between them are assumed: nobody published them. Both
tiers of approval are off unless the company's time and expense setup says otherwise, and then submitting is enough.
Knows sheets and entries by the names it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Look, Record
from mockcw.rules.shapes import success

SETUP = "/system/myCompany/timeExpense"
EDITABLE = frozenset({"Open", "Rejected", "RejectBySecondTier", "ErrorsCorrected"})
PENDING = frozenset({"PendingApproval", "PendingProjectApproval"})
DONE = frozenset({"Billed", "WrittenOff", "BilledAgreement"})
TIERS = ("tier1ApprovalFlag", "tier2ApprovalFlag")
FIRST = "Tier1Update"
SECOND = "Tier2Update"


@dataclass(frozen=True, slots=True)
class Sheets:
    """Where sheets and their entries are, and the field by which an entry refers to its sheet."""

    sheets: str
    entries: str
    field: str
    caption: str

    def moved(self, act: Act, status: str | None) -> Record:
        """Give a sheet and its entries another status. Raises InvalidObject when there is no way to it."""
        present = act.here.get("status") or "Open"
        if status is None:
            text = act.choices.approval_message.format(caption=self.caption, status=present)
            raise act.refuse("InvalidField", text, "status")
        act.hands.set(self.sheets, act.id, {"status": status})
        for entry in act.look.find(self.entries, **{f"{self.field}__id": act.id}):
            if entry.get("status") not in DONE:
                act.hands.set(self.entries, entry["id"], {"status": status})
        return success()


def tiers(look: Look) -> tuple[bool, bool]:
    """Whether the first and the second tier must approve."""
    setup = next(iter(look.find(SETUP)), {})
    return bool(setup.get(TIERS[0])), bool(setup.get(TIERS[1]))


def submitted(act: Act, status: str) -> str | None:
    """Open and rejected sheets can be submitted; without any tier they are ready to bill."""
    if status not in EDITABLE:
        return None
    return "PendingApproval" if any(tiers(act.look)) else "ReadyToBill"


def approved(act: Act, status: str) -> str | None:
    """The next step up: first tier, second tier, billing; tiers that are off are passed over."""
    first, second = tiers(act.look)
    by_second = bool(act.body and act.body.get("approvalType") == SECOND)
    if status in PENDING:
        if first and by_second:
            return None  # the first tier comes first
        if first:
            return "ApprovedByTierOne" if second else "ReadyToBill"
        return "ApprovedByTierTwo" if second else "ReadyToBill"
    if status == "ApprovedByTierOne" and act.body and act.body.get("approvalType") == FIRST:
        return None  # the first tier has approved; said again, it is not the second one's word
    return {"ApprovedByTierOne": "ApprovedByTierTwo", "ApprovedByTierTwo": "ReadyToBill"}.get(status)


def rejected(act: Act, status: str) -> str | None:
    """What waits for an approval can be rejected: by the first tier, or by the second one."""
    if status in PENDING:
        return "Rejected"
    return "RejectBySecondTier" if status in ("ApprovedByTierOne", "ApprovedByTierTwo") else None


def reversed_(act: Act, status: str) -> str | None:
    """What was submitted is open again, unless it is billed."""
    return None if status in DONE or status == "Open" else "Open"


WAYS: dict[str, tuple[Callable[[Act, str], str | None], str]] = {
    "Submit": (submitted, "Open or rejected becomes pending, or ready to bill where no tier must approve."),
    "Approve": (approved, "One step up: tier one, tier two, ready to bill; tiers that are off are passed over."),
    "Reject": (rejected, "Pending becomes rejected, approved by a tier becomes rejected by the second tier."),
    "Reverse": (reversed_, "What was submitted is open again, unless it is billed."),
}


def approval(sheets: Sheets, operation: str) -> tuple[Action, ...]:
    """The four actions on a kind of sheets; `operation` is what their names begin with."""
    return tuple(step(sheets, operation, name) for name in WAYS)


def anyway(act: Act, name: str) -> str | None:
    """Where a step leads that is out of turn, if the setting lets it; what is billed stays."""
    if act.choices.sheet_steps == "strict" or act.here.get("status") in DONE:
        return None
    waits = "PendingApproval" if any(tiers(act.look)) else "ReadyToBill"
    return {"Submit": waits, "Approve": "ReadyToBill", "Reject": "Rejected", "Reverse": "Open"}[name]


def step(sheets: Sheets, operation: str, name: str) -> Action:
    """One of the four actions."""
    way, says = WAYS[name]

    def answer(act: Act) -> Record:
        return sheets.moved(act, way(act, act.here.get("status") or "Open") or anyway(act, name))

    return Action(f"{operation}{name}", answer, "assumed", says)
