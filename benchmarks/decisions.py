"""What permission decisions add to a GET by id in process: the steps themselves, and enforcement against none."""

from __future__ import annotations

import statistics
import time
from base64 import b64encode
from collections.abc import Callable

from mockcw import Emulator
from mockcw.permissions import also_needed, decide
from mockcw.pipeline import Request, handle
from mockcw.pipeline.rights import cover

ROUNDS, CALLS = 9, 3000
MOST = 0.15  # of the time of the same GET without them
GETS = {
    "a company": "/company/companies/1",
    "a ticket (masked fields)": "/service/tickets/1",
}


def seconds(call: Callable[[], object]) -> float:
    """The time of one call, in the best of some rounds of many."""
    started = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - started) / CALLS


def asked(emulator: Emulator, path: str) -> Request:
    """A GET as the pipeline gets it."""
    who = emulator.member("sonicsaas")
    basic = b64encode(f"{emulator.company_id}+{who.public_key}:{who.private_key}".encode()).decode()
    headers = {"authorization": f"Basic {basic}", "clientid": who.client_id}
    return Request("GET", f"/v4_6_release/apis/3.0{path}", "", headers, b"", emulator.site_url)


def steps(emulator: Emulator, request: Request) -> Callable[[], object]:
    """Just the steps of a decision, as the pipeline takes them for this request."""
    world = emulator.world
    handle(world, request)
    exchange = world.journal.entries[-1]
    operation = exchange.operation
    actor = exchange.actor
    assert operation is not None
    assert actor is not None
    model = world.catalogue.model(world.catalogue.row(operation.collection).model).name

    def take() -> None:
        decide(actor, operation, world.settings)
        also_needed(operation)
        cover(world.settings, exchange, model)
        exchange.asked.clear()

    return take


def run() -> dict[str, dict[str, float]]:
    """For each kind of GET: the time without decisions as a share of the time with them, rounds interleaved."""
    found = {}
    with Emulator("small") as enforced, Emulator("small", settings={"permissions": "off"}) as off:
        for name, path in GETS.items():
            with_, without = asked(enforced, path), asked(off, path)
            own = steps(enforced, with_)
            rounds = [
                (
                    seconds(lambda request=with_: handle(enforced.world, request)),
                    seconds(lambda request=without: handle(off.world, request)),
                    seconds(own),
                )
                for _ in range(ROUNDS)
            ]
            ours, bare, alone = (statistics.median(column) for column in zip(*rounds, strict=True))
            found[f"{name}: enforced against off"] = told(bare / ours, ours, bare)
            found[f"{name}: without its decision"] = told((ours - alone) / ours, ours, ours - alone)
    return found


def told(ratio: float, ours: float, bare: float) -> dict[str, float]:
    """A line of the table: rates a second."""
    return {"ratio": ratio, "aim": 1 / (1 + MOST), "rate": 1 / ours, "reference": 1 / bare}
