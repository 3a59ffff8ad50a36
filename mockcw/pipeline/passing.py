"""Time that passes on demand: what is due on the way happens at its own moment, and its callbacks are delivered."""

from __future__ import annotations

from datetime import datetime, timedelta

from mockcw.clock import EARLIEST, LATEST
from mockcw.pipeline.world import World


def advance(world: World, by: timedelta) -> None:
    """Move the clock by a span, stopping wherever a delivery is due. Raises ValueError as `Clock.set` does.

    Call it inside a request: it gives up the turn while receivers are waited for.
    """
    target = reached(world.clock.now(), by)
    deliver(world)
    while True:
        waiting = [due for one in world.tenants.values() if (due := one.postman.next_due()) is not None]
        if not waiting or min(waiting) > target:
            break
        world.clock.set(max(min(waiting), world.clock.now()))
        deliver(world)
    world.clock.set(target)


def reached(moment: datetime, by: timedelta) -> datetime:
    """The moment a span later. Raises ValueError where no clock gets to."""
    try:
        target = moment + by
    except OverflowError:
        raise ValueError("the clock runs from 1970 to 8999") from None
    if not EARLIEST <= target < LATEST:
        raise ValueError("the clock runs from 1970 to 8999")
    return target


def deliver(world: World) -> int:
    """Send what is due, inside a request; how many tries it took comes back."""
    with world.aside():
        return sum(one.postman.deliver() for one in world.tenants.values())
