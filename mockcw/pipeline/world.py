"""What the pipeline works on: the tenants, the catalogue, the clock, the journal, the faults, the settings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from mockcw.catalogue import Catalogue
from mockcw.clock import Clock, Ids
from mockcw.delivery import Postman
from mockcw.engine.rulebook import Rulebook
from mockcw.engine.verbs import Engine
from mockcw.permissions import Actor
from mockcw.pipeline.faults import Faults
from mockcw.pipeline.journal import Exchange, Journal
from mockcw.pipeline.lag import SearchLag
from mockcw.pipeline.release import Release
from mockcw.pipeline.seen import Watch
from mockcw.pipeline.shadow import Shadow
from mockcw.pipeline.throttle import RateLimit
from mockcw.query.settings import QuerySettings
from mockcw.settings import Settings
from mockcw.settings.families import seconds_of
from mockcw.store import Store


class Watcher(Protocol):
    """Who follows all requests: a story on stage, in which others act while the client works."""

    def arriving(self) -> None:
        """A request is about to be answered."""

    def note(self, exchange: Exchange) -> None:
        """A request was answered."""

    def prepare(self) -> None:
        """The records are back in their seeded state."""

    def forget(self) -> None:
        """The records are back in a kept state; the journal begins anew."""


@dataclass(slots=True)
class Tenant:
    """One company's records and the engine over them; `logins` remembers credentials already checked."""

    company_id: str
    store: Store
    engine: Engine
    postman: Postman
    rate: RateLimit = field(default_factory=RateLimit)
    logins: dict[str, tuple[tuple[int, ...], Actor]] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class World:
    """Everything a request may meet; one a server, made by the composition root.

    Requests take turns: they share one interpreter and one database, so side by side they would only wait on one
    another in more places, and one at a time they are easy to reason about. A request that only waits gives up its
    turn.
    """

    settings: Settings
    query_settings: QuerySettings
    catalogue: Catalogue
    rulebook: Rulebook
    clock: Clock
    ids: Ids
    journal: Journal
    faults: Faults
    tenants: dict[str, Tenant]
    reset: Callable[[], None]
    returned: Callable[[], None]  # called after the way back to a kept state
    started: float
    shadow: Shadow = field(default_factory=Shadow)
    listed: dict[tuple[str, str, bool, frozenset[str]], object] = field(default_factory=dict)  # see pipeline.parse
    seen: Watch | None = None
    stage: Watcher | None = None
    lag: SearchLag = field(init=False)
    release: Release = field(init=False)
    control_token: str | None = None
    seed: int = 1
    turn: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.release = Release.of(self.settings)
        self.lag = SearchLag(seconds_of(self.settings.search_lag), self.clock)

    def move_to(self, release: Release) -> None:
        """Run another release from now on: paths, what is told of the server, and callbacks follow."""
        self.release = release
        self.settings = replace(self.settings, codebase=release.codebase, version=release.version)
        for tenant in self.tenants.values():
            tenant.postman.choose(self.settings)

    def pause(self, seconds: float) -> None:
        """Wait inside a request without holding up the others."""
        if seconds:
            with self.aside():
                self.clock.sleep(seconds)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Inside a request: let others have their turn for as long as this one waits for something."""
        self.turn.release()
        try:
            yield
        finally:
            self.turn.acquire()
