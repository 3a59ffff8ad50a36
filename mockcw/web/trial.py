"""Tries a request of the journal again under a changed role or member, without a trace, to find the smallest change.

How a request is tried is the pipeline's (`riding`). Knows the pipeline and what a remedy is made of; knows no control
call.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from mockcw.catalogue import MethodNotSupported, RouteNotFound
from mockcw.permissions import Actor, Role, rights
from mockcw.permissions.actor import CORPORATE
from mockcw.permissions.records import MEMBERS
from mockcw.permissions.remedy import Cell, Item, Lack, Remedy, allowed, of_cause, of_integrator, offered_by, smallest
from mockcw.pipeline import World, decided
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.login.given import NoEntry, read, trimmed
from mockcw.pipeline.login.keys import key_of
from mockcw.pipeline.login.who import member_actor
from mockcw.pipeline.negotiate import OtherCodebase, api_path
from mockcw.pipeline.request import Reply
from mockcw.pipeline.riding import as_with, reads, refusing, tried
from mockcw.pipeline.world import Tenant
from mockcw.pipeline.writing import MULTI_STATUS

TABLES = "SystemTableSetup"
VEILS = ("hidden", "narrowed")
HIDING_LISTS = ("CompanyConfigurations", "FinanceAgreements")
TELLING = ("authorization", "cookie", "x-cw-usertype", "clientid", "content-type")  # headers that change a verdict
NOT_FOUND = 404
EMPTY = (b"[]", b'{"count":0}')
STRUCK = "An injected fault answered this request; no right is missing."
CUT = "The body was too long to be kept whole: what it needs beside the main row was not tried."


@dataclass(frozen=True, slots=True)
class Case:
    """One exchange of the journal with what a trial needs of it."""

    world: World
    tenant: Tenant
    kept: Exchange
    ids: tuple[int | str, ...]

    def tried(self, actor: Actor) -> Exchange:
        """What the request would be answered if `actor` sent it now; nothing of it stays."""
        assert self.kept.operation is not None
        return tried(self.world, self.tenant, self.kept, actor, self.kept.operation, self.ids, decided)

    def reads(self) -> bool:
        """Whether the request changes nothing."""
        return self.kept.operation is not None and reads(self.kept.operation)


def case_of(world: World, tenant: Tenant, kept: Exchange) -> Case | None:
    """The case of an exchange; None where it never came to an operation."""
    try:
        path = api_path(world, kept.request.path)
        found = None if path is None else world.catalogue.match(kept.request.method, path)
    except (OtherCodebase, RouteNotFound, MethodNotSupported):
        return None
    if found is None:
        return None
    return Case(world, tenant, replace(kept, operation=found.operation), found.ids)


def remedy_of(world: World, tenant: Tenant, kept: Exchange) -> Remedy:
    """The smallest change, from how things are now, that lets the request of an exchange pass."""
    if kept.fault is not None and kept.fault.status is not None:
        return Remedy(remark=STRUCK)
    owner = owner_of(tenant, kept)
    by_cause = of_cause(kept.cause, client_ids_with(owner, kept))
    case = case_of(world, tenant, kept)
    if owner is not None and owner.kind == "integrator":
        return by_cause if by_cause.keys else of_integrator(kept.cause)
    if by_cause.keys or owner is None or case is None:
        return by_cause
    remedy = climbed(case, owner)
    remark = CUT if len(kept.request.body) >= world.journal.body_bytes else ""
    member = {**still_needed(tenant, owner, by_cause.member), **remedy.member}
    return replace(remedy, member=member, remark=" ".join(filter(None, (remedy.remark, remark))))


def remedies_of(world: World, tenant: Tenant, entries: Iterable[Exchange]) -> list[Remedy]:
    """The remedy of each exchange; requests that were sent again and again are tried once."""
    known: dict[tuple[object, ...], Remedy] = {}
    found = []
    for entry in entries:
        sent = entry.request
        names = (sent.headers.get(one) for one in TELLING)
        same = (sent.method, sent.path, sent.raw_query, sent.body, entry.cause, entry.fault is None, *names)
        if same not in known:
            known[same] = remedy_of(world, tenant, entry)
        found.append(known[same])
    return found


def climbed(case: Case, actor: Actor) -> Remedy:
    """The smallest change of role and member after which the case passes.

    What is hidden is brought into sight first and the role climbed again: for only what is in sight says whose it is.
    """
    remedy, role, last = once_climbed(case, actor)
    if remedy.remark or not veiled(case, last):
        return remedy
    lifts = lifted(case, as_with(actor, role), last)
    if not lifts:
        return remedy
    again, _, _ = once_climbed(case, with_lifts(actor, lifts.values()))
    items, member = change_of(actor, lifts)
    return replace(again, customize=(*again.customize, *items), member=member)


def once_climbed(case: Case, actor: Actor) -> tuple[Remedy, Role, Exchange]:
    """The smallest change of the role alone, the role it leads to, and the last trial."""
    tries: list[tuple[Role, Exchange]] = []

    def trial(role: Role) -> Lack | None:
        found = case.tried(as_with(actor, role))
        tries.append((role, found))
        return lack_of(found)

    remedy = smallest(actor.role, trial, offered_by(case.world.catalogue.areas))
    return (remedy, *tries[-1])


def lack_of(found: Exchange) -> Lack | None:
    """What the role lacks for a trial to pass; a list that level My cuts short does not pass."""
    decision = refusing(found)
    if decision is None:
        return None
    if found.cause == "table-not-allowed" and decision.item is not None:
        right = rights().get(decision.right or "")
        return Lack(item=Item((right.customize if right else None) or TABLES, decision.item))
    row = decision.row
    return Lack(cell=Cell(row.module, row.area, decision.needed)) if row.module is not None else Lack()


# -- what hides records ------------------------------------------------------------------------------------------------

Lift = Callable[[Actor], Actor]
LiftName = str | int | Item


def veiled(case: Case, found: Exchange) -> bool:
    """Whether something besides the role's levels may hide what the request is about, so that the answer is no use."""
    if found.cause == "hidden" or case.kept.cause in VEILS:
        return True
    return found.reply is not None and (found.reply.status == NOT_FOUND or found.reply.body in EMPTY)


def lifted(case: Case, actor: Actor, found: Exchange) -> dict[LiftName, Lift]:
    """The fewest lifts of structure level, excluded boards and Customize items that bring what all of them bring."""
    needed = dict(lifts_of(actor))
    if not needed:
        return {}
    wanted = outcome(case, case.tried(with_lifts(actor, needed.values())))
    if wanted == outcome(case, found):
        return {}
    for name in list(needed):
        rest = {other: lift for other, lift in needed.items() if other != name}
        if outcome(case, case.tried(with_lifts(actor, rest.values()))) == wanted:
            needed = rest
    return needed


def change_of(actor: Actor, lifts: Collection[LiftName]) -> tuple[list[Item], dict[str, Any]]:
    """What lifts change: items of the role's Customize lists, and the member."""
    member: dict[str, Any] = {"structure_level": CORPORATE.name} if CORPORATE.name in lifts else {}
    boards = {name for name in lifts if isinstance(name, int)}
    if boards:
        member["excluded_boards"] = sorted(actor.excluded_boards - boards)
    return [name for name in lifts if isinstance(name, Item)], member


def lifts_of(actor: Actor) -> Iterator[tuple[LiftName, Lift]]:
    """Everything beside the role's levels that may hide records from a member, each with how to take it away."""
    if actor.structure.level > CORPORATE.level:
        yield CORPORATE.name, lambda one: replace(one, structure=CORPORATE)
    for board in sorted(actor.excluded_boards):
        yield board, lambda one, board=board: replace(one, excluded_boards=one.excluded_boards - {board})  # type: ignore[misc]
    for identifier in HIDING_LISTS:
        for item in sorted(actor.role.refused.get(identifier, ())):
            told = Item(identifier, item)
            yield told, lambda one, told=told: replace(one, role=allowed(one.role, told))  # type: ignore[misc]


def with_lifts(actor: Actor, lifts: Any) -> Actor:
    """The member with some lifts, and nothing remembered."""
    for lift in lifts:
        actor = lift(actor)
    return replace(actor, decisions={}, sights={})


def outcome(case: Case, found: Exchange) -> tuple[object, ...]:
    """What of an answer shows whether records were hidden; a write says it by its status, or those of its items."""
    reply = found.reply or Reply(0)
    if case.reads():
        return reply.status, reply.body, dict(reply.headers).get("Link")
    if reply.status != MULTI_STATUS:
        return (reply.status,)
    return reply.status, *(line["statusCode"] for line in orjson.loads(reply.body)["payload"])


# -- who it was --------------------------------------------------------------------------------------------------------


def owner_of(tenant: Tenant, kept: Exchange) -> Actor | None:
    """Who sent a request, as they are now; also where the log-in failed after the key was recognised."""
    was = kept.actor
    if was is not None and was.kind == "integrator":
        return was
    key = key_of_exchange(tenant, kept)
    member = tenant.engine.look.get(MEMBERS, key["memberId"] if key else was.member_id if was else 0)
    if member is None:
        return was
    clients = tuple(key.get("clientIds", ())) if key else ()
    return member_actor(tenant, member, key["publicKey"] if key else "", clients, was.kind if was else "member")


def asker(tenant: Tenant, kept: Exchange) -> str | None:
    """The identifier of who sent a request; None where the credentials are nobody's."""
    if kept.actor is not None:
        return kept.actor.identifier
    key = key_of_exchange(tenant, kept)
    member = tenant.engine.look.get(MEMBERS, key["memberId"]) if key else None
    return None if member is None else str(member["identifier"])


def key_of_exchange(tenant: Tenant, kept: Exchange) -> dict[str, Any] | None:
    """The key pair a request was sent with, also with blanks around it or the wrong way round."""
    try:
        given = read(kept.request.headers)
    except NoEntry:
        return None
    halves = (given.user, trimmed(given.user), trimmed(given.secret))
    return next((key for one in halves if one and (key := key_of(tenant.engine.look, one))), None)


def client_ids_with(owner: Actor | None, kept: Exchange) -> list[str]:
    """The client ids that the key is restricted to, with the one the request came with."""
    given = kept.request.headers.get("clientid", "").strip().lower()
    known = list(owner.client_ids) if owner else []
    return known if given in known else [*known, given]


def still_needed(tenant: Tenant, owner: Actor, change: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a change of the member that were not made meanwhile."""
    member = tenant.engine.look.get(MEMBERS, owner.member_id) or {}
    now = {"active": not member.get("inactiveFlag"), "client_ids": list(owner.client_ids)}
    return {name: value for name, value in change.items() if value != now.get(name)}
