"""The smallest role that lets flows pass, and the smallest change of a given role and member that does.

Found by lowering: everything the flows ask for is granted, then taken back cell by cell and switch by switch for as
long as a trial still passes; what is left is needed, since taking back any one of it was seen to break something.
Knows roles and outcomes; not how a trial is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mockcw.advice.running import PASSED, Outcome
from mockcw.advice.situation import CORPORATE, Situation, levels_below
from mockcw.catalogue import Operation
from mockcw.permissions import Actor, decide, decide_right
from mockcw.permissions.remedy import Cell, Item, Raise, Remedy
from mockcw.permissions.rights import also_needed
from mockcw.permissions.roles import LEVELS, NOTHING, Levels, Role
from mockcw.settings import Settings

SWITCHES = ("active", "structure_level", "allowed_clients", "excluded_boards")
EVERYTHING = Levels("All", "All", "All", "All")
ALONE = frozenset({"create", "bulk_create"})  # what one makes is one's own

Trial = Callable[[Situation, bool], list[Outcome]]
Offered = Mapping[Cell, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Advice:
    """A change that was tried: the outcomes before it and after it, and the situation it leads to."""

    remedy: Remedy
    before: list[Outcome]
    after: list[Outcome]
    situation: Situation

    @property
    def passes(self) -> bool:
        """Whether the flows pass after the change."""
        return all(one.seen == PASSED for one in self.after)


@dataclass(slots=True)
class Search:
    """Trials of one set of flows; `told` hears of each of them, for a progress bar.

    `operations` are those that must not be refused: where their gates already refuse one, a trial would only say so.
    """

    trial: Trial
    operations: Sequence[Operation]
    offered: Offered
    settings: Settings
    told: Callable[[], None] = field(default=lambda: None)
    trials: int = 0

    def passes(self, situation: Situation) -> bool:
        """Whether all steps pass; the trial ends with the first that does not."""
        actor = actor_in(situation)
        if not all(decide(actor, one, self.settings).allowed for one in self.operations):
            return False
        self.trials += 1
        self.told()
        return all(one.seen == PASSED for one in self.trial(situation, True))

    def change(self, given: Situation) -> Advice:
        """The smallest change of a situation after which the flows pass."""
        before = self.trial(given, False)
        if all(one.seen == PASSED for one in before):
            return Advice(Remedy(), before, before, given)
        mended = mend(given)
        most = self.trial(replace(mended, rows=dict.fromkeys(rows_of(self.offered), EVERYTHING)), False)
        failing = next((one for one in most if one.seen != PASSED), None)
        if failing is not None:
            why = f" ({failing.reason})" if failing.reason else ""
            remark = f"No change of the role or the member helps: {failing.step.key} ends with {failing.seen}{why}."
            return Advice(Remedy(remark=remark), before, before, given)
        found = replace(mended, rows={name: given.rows.get(name, NOTHING) for name in rows_of(self.offered)})
        for cell in asked(most):
            found = found.with_level(cell, "All")
        found = self.taken_back(given, found)
        return Advice(difference(given, found), before, self.trial(found, False), found)

    def taken_back(self, given: Situation, found: Situation) -> Situation:
        """`found` with every grant beyond `given` taken back that the flows do without."""
        known: Situation | None = None
        while known != found:
            known = found
            for cell, level in list(found.cells()):
                for lower in levels_below(self.offered, cell, level):
                    trial = found.with_level(cell, lower)
                    if LEVELS.index(lower) >= LEVELS.index(given.level(cell)) and self.passes(trial):
                        found = trial
                        break
            for switch in SWITCHES:
                if getattr(found, switch) != getattr(given, switch):
                    trial = replace(found, **{switch: getattr(given, switch)})
                    found = trial if self.passes(trial) else found
            for item in items_of(given):
                if item.item not in found.refused.get(item.identifier, ()):
                    trial = refusing(found, item)
                    found = trial if self.passes(trial) else found
        return found


def rows_of(offered: Offered) -> dict[tuple[str, str], None]:
    """The rows that have cells, in the order of the role screen."""
    return dict.fromkeys((cell.module, cell.area) for cell in offered)


def mend(given: Situation) -> Situation:
    """The same role with a member nothing is held against: active, at the top, on all boards, with its client id."""
    clients = given.allowed_clients
    if clients and given.client_id.lower() not in (one.lower() for one in clients):
        clients = (*clients, given.client_id)
    unbound = replace(given, active=True, structure_level=CORPORATE, excluded_boards=())
    return replace(unbound, refused={}, allowed_clients=clients)


def asked(outcomes: Iterable[Outcome]) -> list[Cell]:
    """The cells that the decisions behind outcomes asked for."""
    rows = (decision.row for one in outcomes for decision in one.decisions)
    return list(dict.fromkeys(Cell(row.module, row.area, row.action) for row in rows if row.module is not None))


def items_of(situation: Situation) -> list[Item]:
    """The items on the disallow sides."""
    return [Item(name, item) for name, items in situation.refused.items() for item in sorted(items)]


def refusing(situation: Situation, item: Item) -> Situation:
    """The same with one more item on the disallow side."""
    items = situation.refused.get(item.identifier, frozenset()) | {item.item}
    return replace(situation, refused={**situation.refused, item.identifier: items})


def difference(given: Situation, found: Situation) -> Remedy:
    """What has to change to come from one situation to another that grants more."""
    rows = tuple(Raise(cell, given.level(cell), level) for cell, level in found.cells() if level != given.level(cell))
    allowed = tuple(one for one in items_of(given) if one.item not in found.refused.get(one.identifier, ()))
    member: dict[str, object] = {}
    if found.active != given.active:
        member["active"] = found.active
    if found.structure_level != given.structure_level:
        member["structure_level"] = found.structure_level
    if found.allowed_clients != given.allowed_clients:
        member["client_ids"] = list(found.allowed_clients)
    if found.excluded_boards != given.excluded_boards:
        member["excluded_boards"] = list(found.excluded_boards)
    return Remedy(rows, allowed, member)


def changed_by(given: Situation, remedy: Remedy) -> Situation:
    """A situation after a change of its role."""
    found = given
    for one in remedy.rows:
        found = found.with_level(one.cell, one.becomes)
    refused = {name: frozenset(items) for name, items in given.refused.items()}
    for item in remedy.customize:
        refused[item.identifier] -= {item.item}
    return replace(found, refused=refused)


# -- from operations alone: the gates, without records ----------------------------------------------------------------


def change_for(given: Situation, operations: Sequence[Operation], offered: Offered, settings: Settings) -> Remedy:
    """The smallest change of a role after which it may do operations on every record, by the gates alone.

    My is enough where an operation only makes records of its own (documented for tickets). What certain bodies ask for
    beside (closing a ticket) is not among it: flows and recorded traffic show that.
    """
    found = replace(given, refused={}, rows={name: given.rows.get(name, NOTHING) for name in rows_of(offered)})
    for operation in operations:
        for row in (operation.permission, *(right.row for right in also_needed(operation))):
            if row.module is not None:
                found = found.with_level(Cell(row.module, row.area, row.action), "All")
    for cell, level in list(found.cells()):
        for lower in levels_below(offered, cell, level):
            trial = found.with_level(cell, lower)
            if LEVELS.index(lower) >= LEVELS.index(given.level(cell)) and all_work(trial, operations, settings):
                found = trial
                break
    for item in items_of(given):
        trial = refusing(found, item)
        found = trial if all_work(trial, operations, settings) else found
    return difference(given, found)


def actor_in(situation: Situation) -> Actor:
    """A member of whom only the role counts."""
    return Actor.as_role(Role(0, "role on trial", situation.admin, situation.rows, situation.refused))


def all_work(situation: Situation, operations: Iterable[Operation], settings: Settings) -> bool:
    """Whether a role may do each operation, and on every record."""
    actor = actor_in(situation)
    for operation in operations:
        decision = decide(actor, operation, settings)
        bound = decision.parent_own is not None or (decision.own is not None and operation.verb not in ALONE)
        beside = (decide_right(actor, right, settings).allowed for right in also_needed(operation))
        if not decision.allowed or bound or not all(beside):
            return False
    return True
