"""Whole states of the emulator by name: records, next ids, callbacks that wait, clock, chance, faults, release.

The store keeps the records, and with them the outbox; the rest is a text beside them. The journal, settings and the
shadow role belong to no state: they are about the one who tries, not about the company that is tried on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import orjson

from mockcw.clock import Clock, Ids, from_text, to_text
from mockcw.delivery import Disorder
from mockcw.pipeline.faults import Faults
from mockcw.pipeline.release import Release
from mockcw.pipeline.throttle import RateLimit
from mockcw.pipeline.world import Tenant, World
from mockcw.settings import Settings
from mockcw.store import Difference, StateError, Store


def keep(world: World, name: str) -> dict[str, Any]:
    """Keep the present state under a name, in place of what that name stood for; it is described as `known` does.

    Raises StateError where a name or a folder cannot be used.
    """
    for tenant in world.tenants.values():
        beside = {
            "seed": world.seed,
            "at": to_text(world.clock.now()),
            "clock": world.clock.kept(),
            "chance": world.ids.mark(),
            "faults": world.faults.kept(),
            "release": asdict(world.release),
            "rate": tenant.rate.kept(),
            "disorder": asdict(tenant.postman.disorder),
        }
        tenant.store.snapshot(name, orjson.dumps(beside).decode())
    return described(only(world), name)


def bring_back(world: World, name: str) -> None:
    """Be in a kept state again; the journal starts anew, since request ids come again, too.

    Raises KeyError for an unknown name, StateError for a state of another seed, whose keys nobody here has, or of
    another version; then nothing has changed.
    """
    for tenant in world.tenants.values():
        beside = said(tenant.store, name)
        if beside["seed"] != world.seed:
            raise StateError(f"{name} was kept under seed {beside['seed']}: start the emulator with that --seed")
        tenant.store.restore(name)
        stand(world, tenant, beside)
    world.returned()
    if world.stage is not None:
        world.stage.forget()


def stand(world: World, tenant: Tenant, beside: Mapping[str, Any]) -> None:
    """Let everything but the records be as `beside` says, and what is remembered of requests be forgotten."""
    world.faults.back_to(beside["faults"])
    world.ids.back_to(beside["chance"])
    world.clock.back_to(beside["clock"])
    world.move_to(Release.told(beside["release"]))
    tenant.rate = RateLimit.told(beside["rate"])
    world.journal.entries.clear()
    tenant.logins.clear()
    tenant.postman.disorder = Disorder(**beside["disorder"])
    tenant.postman.ring()


def first(settings: Settings, chance: Sequence[Any]) -> dict[str, Any]:
    """What stands beside the records at the very start, with the chance as it stood then."""
    return {
        "clock": None,
        "chance": chance,
        "faults": Faults().kept(),
        "release": asdict(Release.of(settings)),
        "rate": RateLimit().kept(),
        "disorder": {},
    }


def known(world: World) -> list[dict[str, Any]]:
    """The kept states: name, the moment of the emulated server, whether its clock stood still, and faults in force.

    Files of the folder that cannot be used as one are left out; who names one is told why.
    """
    tenant, found = only(world), []
    for name in tenant.store.states.names():
        with suppress(KeyError, StateError):
            found.append(described(tenant, name))
    return found


def described(tenant: Tenant, name: str) -> dict[str, Any]:
    """A kept state in a few words. Raises KeyError and StateError as `bring_back` does."""
    beside = said(tenant.store, name)
    return {
        "name": name,
        "now": beside["at"],
        "frozen": bool(beside["clock"] and beside["clock"]["frozen"]),
        "faults": len(beside["faults"]["rules"]),
    }


def differences(world: World, since: str, to: str | World | None = None) -> Difference:
    """The records that differ between a kept state and another one, the present of another world, or the present."""
    other = only(to).store if isinstance(to, World) else to
    return only(world).store.differences(since, other)


def said(store: Store, name: str) -> Mapping[str, Any]:
    """What stands beside a kept state, understood in all its parts. Raises as `bring_back` does."""
    try:
        found: Mapping[str, Any] = orjson.loads(store.states.beside(name))
        try_out(found)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, KeyError) and name not in store.states:
            raise
        raise StateError(f"{name} was kept by another version of mockcw: keep it again with this one") from None
    return found


def try_out(beside: Mapping[str, Any]) -> None:
    """Let every part of it be what `stand` takes. Raises LookupError, TypeError, ValueError or AttributeError."""
    Faults().back_to(beside["faults"])
    Ids(0).back_to(beside["chance"])
    Clock().back_to(beside["clock"])
    Release.told(beside["release"])
    RateLimit.told(beside["rate"])
    Disorder(**beside["disorder"])
    from_text(beside["at"])
    int(beside["seed"])


def only(world: World) -> Tenant:
    """The one company there is."""
    (tenant,) = world.tenants.values()
    return tenant
