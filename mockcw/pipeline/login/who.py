"""The member or integrator login behind credentials, as the `Actor` that decisions are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mockcw.engine.change import Look, Record
from mockcw.permissions import Actor, Role, Structure
from mockcw.permissions.actor import CORPORATE, Kind
from mockcw.permissions.records import KEYS, LOCATIONS, hashed
from mockcw.pipeline.login import integrators, keys, sessions
from mockcw.pipeline.login.given import Given, NoEntry, trimmed
from mockcw.pipeline.people import boards_kept_off, role_of
from mockcw.pipeline.world import Tenant, World

SHOWN = 40  # characters of a company id in a reason


class Entry(NamedTuple):
    """Who came in; `lasting` is false for credentials that expire, which are looked at every time."""

    actor: Actor
    lasting: bool


def find_tenant(tenants: Mapping[str, Tenant], company: str) -> Tenant:
    """The tenant of a company id; letter case counts (single source). Raises NoEntry."""
    tenant = tenants.get(company)
    if tenant is not None:
        return tenant
    bare = trimmed(company)
    if any(is_key(one.engine.look, bare) for one in tenants.values()):
        said = "no company: a key stands where the company id belongs; the user name is company+public key"
        raise NoEntry("unknown-company", said)
    if bare in tenants:
        raise NoEntry("unknown-company", f"no company {company[:SHOWN]!r}: it has a blank around it")
    for known in tenants:
        if known.casefold() == bare.casefold():
            said = f"no company {company[:SHOWN]!r}: it is written {known!r}, and letter case counts"
            raise NoEntry("company-case", said)
    raise NoEntry("unknown-company", f"no company {company[:SHOWN]!r}; there is {', '.join(map(repr, tenants))}")


def is_key(look: Look, text: str) -> bool:
    """Whether a text is half of a key pair: then no reason may show it."""
    return bool(text) and bool(look.find(KEYS, publicKey=text) or look.find(KEYS, privateHash=hashed(text)))


def enter(world: World, tenant: Tenant, given: Given) -> Entry:
    """Who the credentials let in. Raises NoEntry."""
    look, now = tenant.engine.look, tenant.engine.now()
    if given.way == "integrator":
        login = integrators.log_in(look, given.user, given.secret)
        return Entry(integrator_actor(login, integrators.role_of(login, world.catalogue)), True)
    if given.way == "cookie":
        return Entry(
            member_actor(tenant, sessions.with_hash(look, given.user, given.secret, now), kind="cookie"), False
        )
    key = keys.key_of(look, given.user)
    if key is not None:
        member = keys.log_in(look, key, given.secret, now)
        kind: Kind = "token" if "expires" in key else "member"
        clients = tuple(key.get("clientIds", ()))
        return Entry(member_actor(tenant, member, key["publicKey"], clients, kind), kind == "member")
    if sessions.member_of(look, given.user) is not None:
        member = sessions.with_hash(look, given.user, given.secret, now)
        return Entry(member_actor(tenant, member, kind="cookie"), False)
    raise keys.unknown_public(look, given.user, given.secret)


def member_actor(
    tenant: Tenant, member: Record, public: str = "", clients: tuple[str, ...] = (), kind: Kind = "member"
) -> Actor:
    """The member with role, structure level and excluded boards read from the store."""
    return Actor(
        member_id=member["id"],
        identifier=member["identifier"],
        public_key=public,
        role=role_of(tenant, (member.get("securityRole") or {}).get("id", 0)),
        structure=structure_of(tenant.engine.look, member),
        location_id=(member.get("defaultLocation") or {}).get("id"),
        client_ids=clients,
        kind=kind,
        excluded_boards=boards_kept_off(tenant, member),
    )


def integrator_actor(login: Record, role: Role) -> Actor:
    """An integrator login: it shows by its user name, and acts as the member it names where one is needed."""
    member_id = (login.get("member") or {}).get("id", 0)
    return Actor(member_id, login["username"], "", role, CORPORATE, None, (), "integrator")


def structure_of(look: Look, member: Record) -> Structure:
    """The member's structure level and the locations at and below its place in the structure."""
    depth = member.get("structureLevel")
    if not depth or depth["id"] <= CORPORATE.level:
        return CORPORATE
    place = (member.get("securityLocation") or member.get("defaultLocation") or {}).get("id")
    below = {place} if place else set()
    locations = look.find(LOCATIONS)
    grown = True
    while grown:
        found = {one["id"] for one in locations if (one.get("reportsTo") or {}).get("id") in below}
        grown = not found <= below
        below |= found
    name = f"{depth['name']} / {(member.get('securityLocation') or {}).get('name', 'no location')}"
    return Structure(depth["id"], name, depth["id"], tuple(sorted(below)))
