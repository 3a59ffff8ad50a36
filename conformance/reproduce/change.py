"""Why a step failed, and the smallest change that makes it pass: on the role, on the member, or on the customer's side.

Knows the journal and the `fix` of the control API, and which causes lie on the customer's side of the wire: there the
change is one of the case file. Runs no step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from conformance.reproduce.case import KEYS, VENDORS_OWN, SupportCase
from conformance.reproduce.needs import EVERY, needs
from conformance.reproduce.outcome import Outcome, Right
from conformance.reproduce.stage import VENDORS_CLIENT_ID, Desk, Stage, as_sent, level_of, new_keys, raise_cells
from conformance.reproduce.vendor import CODEBASE, REGION, Seen

LEVELS = ("None", "My", "All")
HOST_REFUSED = "host-not-allowed"
WRONG_PAIR = ("unknown-public-key", "wrong-private-key")
PASTED_WRONG = ("swapped-keys", "blank-around-key")
OF_THE_ROLE = ("role-row", "not-own", "table-not-allowed", "hidden", "narrowed", None)
"""Causes that let other requests through; every other one shuts the integration out."""


NO_MATTER_OF_RIGHTS = (400, 404, 409, 415, 500)


@dataclass(frozen=True, slots=True)
class Why:
    """What the journal says of one exchange; `cause` is a short code, `reason` a sentence to paste."""

    cause: str | None
    reason: str
    decision: Mapping[str, Any] | None = None
    asked: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the role that changes; `guide` is the level the vendor's guide asks for, where it asks for one."""

    module: str
    area: str
    action: str
    was: str
    becomes: str
    guide: str | None = None

    def __str__(self) -> str:
        more = f" (the vendor's guide asks for {self.guide})" if self.guide not in (None, self.becomes) else ""
        return f"{self.module} > {self.area}: {self.action} {self.was} -> {self.becomes}{more}"


@dataclass(frozen=True, slots=True)
class Change:
    """What has to change; empty where nothing is known to help.

    `member` is what changes of the API member, as the control API's PATCH takes it; `case` what changes of the case
    file, by section; `new_keys` asks for a new key pair; `words` are sentences for the customer.
    """

    cells: tuple[Cell, ...] = ()
    customize: tuple[Mapping[str, str], ...] = ()
    member: Mapping[str, Any] = field(default_factory=dict)
    case: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    new_keys: bool = False
    words: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing changes; there may still be words."""
        return not any(getattr(self, one.name) for one in fields(self) if one.name != "words")

    def joined(self, other: Change) -> Change:
        """Both changes as one; of a cell that both change, what it was first and the higher of what it becomes."""
        cells = {(one.module, one.area, one.action): one for one in self.cells}
        for one in other.cells:
            key = (one.module, one.area, one.action)
            known = cells.get(key, one)
            cells[key] = replace(known, becomes=max(known.becomes, one.becomes, key=LEVELS.index))
        return Change(
            tuple(cells.values()),
            (*self.customize, *(one for one in other.customize if one not in self.customize)),
            {**self.member, **other.member},
            {name: {**self.case.get(name, {}), **other.case.get(name, {})} for name in (*self.case, *other.case)},
            self.new_keys or other.new_keys,
            tuple(dict.fromkeys((*self.words, *other.words))),
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """The change as short lines, then its sentences."""
        told = [f"role: {cell}" for cell in self.cells]
        told += [f"role: allow {one['item']} in the Customize list {one['identifier']}" for one in self.customize]
        told += [f"member: {name} = {_toml(value)}" for name, value in self.member.items()]
        told += [
            f"case: [{section}] {name} = {_toml(value)}"
            for section, values in self.case.items()
            for name, value in values.items()
        ]
        return (*told, *(["keys: make a new key pair and paste both keys"] if self.new_keys else []), *self.words)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "[" + ", ".join(map(_toml, value)) + "]" if isinstance(value, list | tuple) else f'"{value}"'


def why(desk: Desk, seen: Seen) -> Why:
    """What the emulator's journal says of an exchange."""
    entry = desk.call("GET", f"requests/{seen.request_id}")
    cause, reason = entry.get("cause"), entry.get("reason") or "the journal gives no reason"
    if cause is None and seen.status in NO_MATTER_OF_RIGHTS:
        reason = f"no matter of rights ({reason}); ConnectWise answers {seen.status} to what is asked"
    if cause is None and seen.status == 200:
        reason = _empty_for_everybody(desk, seen) or reason
    return Why(
        cause,
        reason,
        entry.get("decision"),
        tuple(entry.get("asked") or ()),
    )


def _empty_for_everybody(desk: Desk, seen: Seen) -> str | None:
    """A sentence where the same question brings the Admin of the emulator nothing either."""
    reply = desk.wire.get(seen.path, dict(seen.asked))
    if reply.status == 200 and not reply.rows():
        return "no matter of rights: the same question brings Admin no record either, so look at the filters"
    return None


def blocked(reason: str) -> Why:
    """Why nothing was sent at all."""
    return Why(HOST_REFUSED, f"the vendor's own rule stops it before anything is sent: {reason}")


def propose(desk: Desk, stage: Stage, profile: str, outcome: Outcome, whys: Sequence[Why]) -> Change:
    """The smallest change that makes a failed step get further; empty where none is known."""
    change = Change()
    for one in whys:
        change = change.joined(_customers_side(desk, one))
    if outcome.lacks:
        settings = desk.call("GET", f"roles/{stage.role_id}/settings")
        lacks = [Cell(*one[:3], level_of(settings, one), one.level) for one in outcome.lacks]
        change = change.joined(Change(cells=tuple(lacks)))
    if outcome.evidence and change.empty:
        change = change.joined(_of_control(desk, stage, outcome.evidence))
    return replace(change, cells=tuple(replace(one, guide=_guide_level(profile, one)) for one in change.cells))


def _guide_level(profile: str, cell: Cell) -> str | None:
    for right in needs()[profile]:
        if right.action == cell.action and right.module in (EVERY, cell.module) and right.area in (EVERY, cell.area):
            return right.level
    return None


def _customers_side(desk: Desk, why: Why) -> Change:
    """What the customer must change in what they typed or pasted; empty for any other cause."""
    cause = why.cause
    right: dict[str, Any] = {"keys": KEYS[0]}
    if cause == HOST_REFUSED:
        words = (
            "Use the public address of the ConnectWise region (na, eu or au), or the provider's published host name."
        )
        return Change(case={"server": {"url": REGION}}, words=(words,))
    if cause == "wrong-codebase":
        words = "The path must carry the code base that /login/companyinfo names for the company."
        return Change(case={"server": {"codebase": CODEBASE}}, words=(words,))
    if cause in ("unknown-company", "company-case"):
        company = desk.wire.target.company_id
        words = "The company ID is the one typed at the ConnectWise log-in screen, in its letter case."
        return Change(case={"login": {"company_id": company}}, words=(words,))
    if cause in PASTED_WRONG:
        told = {PASTED_WRONG[0]: "each into its own field", PASTED_WRONG[1]: "without blanks around them"}
        return Change(case={"login": right}, words=(f"Paste both keys again, {told[str(cause)]}.",))
    if cause in WRONG_PAIR:
        words = "A private key is shown once only: if it was not kept, a new pair is the way."
        return Change(case={"login": right}, new_keys=True, words=(words,))
    if cause in ("no-client-id", "unknown-client-id"):
        words = "The vendor's registered client ID must go with every request; ask the vendor for it."
        return Change(case={"login": {"client_id": VENDORS_OWN}}, words=(words,))
    return Change()


def _of_control(desk: Desk, stage: Stage, evidence: Sequence[Seen]) -> Change:
    asked = {"member": stage.member, "requests": [seen.request_id for seen in evidence]}
    told = desk.call("POST", "fix", asked)
    cells = [Cell(one["module"], one["area"], one["action"], one["from"], one["to"]) for one in told.get("cells", ())]
    words = tuple(text for text in (told.get("keys"), told.get("remark")) if text)
    member = dict(told.get("member") or {})
    if "client_ids" in member:
        member["client_ids"] = [VENDORS_OWN if one == VENDORS_CLIENT_ID else one for one in member["client_ids"]]
    return Change(tuple(cells), tuple(told.get("customize", ())), member, words=words)


def carry_out(desk: Desk, stage: Stage, case: SupportCase, change: Change) -> tuple[Stage, SupportCase]:
    """Make a change; answers the stage and the case as they are then."""
    if change.cells:
        raise_cells(desk, stage, [Right(one.module, one.area, one.action, one.becomes) for one in change.cells])
    if change.customize:
        items = [{"identifier": one["identifier"], "item": one["item"], "allowed": True} for one in change.customize]
        desk.call("PUT", f"roles/{stage.role_id}/customize", items)
    if change.new_keys:
        stage = replace(stage, right=new_keys(desk, stage.member))
        if case.member.client_ids is not None:
            desk.call("PATCH", f"members/{stage.member}", {"client_ids": as_sent(case.member.client_ids)})
    if change.member:
        member = dict(change.member)
        if "client_ids" in member:
            member["client_ids"] = as_sent(member["client_ids"])
        desk.call("PATCH", f"members/{stage.member}", member)
    for section, values in change.case.items():
        case = replace(case, **{section: replace(getattr(case, section), **values)})
    return stage, case
