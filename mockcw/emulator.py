"""The composition root: the only place where the rooms of this house meet.

`Emulator` is the emulator in process; `.serve()` puts it on a port.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from mockcw import catalogue as catalogues
from mockcw.clock import Clock, Ids, secret_token
from mockcw.delivery import Postman
from mockcw.demo import Credentials, cache, kept, plan_of
from mockcw.demo.members import demo_credentials, has_others_keys, store_keys
from mockcw.engine.verbs import Engine
from mockcw.errors import MockcwError
from mockcw.pipeline import states
from mockcw.pipeline.faults import Faults
from mockcw.pipeline.journal import Journal
from mockcw.pipeline.onlooker import Onlooker
from mockcw.pipeline.seen import Watch
from mockcw.pipeline.shadow import Shadow
from mockcw.pipeline.unread import summary
from mockcw.pipeline.world import Tenant, World
from mockcw.query.settings import QuerySettings
from mockcw.rules import rulebook
from mockcw.settings import VERSION, Settings
from mockcw.store import Store, named
from mockcw.web.app import create_app

if TYPE_CHECKING:
    from httpx import BaseTransport, BasicAuth

    from mockcw.scenario import Stage

SITE = "http://mockcw.test"
SEEDED = "~seeded"
SEEDED_AT = datetime(2026, 1, 5, 8, tzinfo=UTC)  # when the demo records were made, in the emulated server's time
DEMO_CHANCE = 2**64  # added to the seed for the demo records' own identifiers: later records shall not repeat them
HELD = 20_000  # tickets up to which the seeded state stays in memory for `reset`
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Emulator:
    """An emulated server with one company; use it as a context manager or call `close`.

    `demo` is empty, small, msp, large, or a number of companies; `tickets` replaces a size's number of tickets; `db`
    keeps the state in a file; `snapshots` is the folder of kept states (without it they are beside that file, or in
    memory); `settings` replaces single settings by name, in which a dot may stand for an underscore;
    `public` is for addresses that others can
    reach: the control API then wants a token, and with `secret_keys` the members' keys do not follow from the seed;
    `scenario` names a story (its id, its number or a file) that is prepared: its demo size and settings come first.
    Raises MockcwError for a size, setting or database that cannot be used.
    """

    def __init__(
        self,
        demo: str | int = "small",
        seed: int = 1,
        *,
        tickets: int | None = None,
        db: Path | str | None = None,
        snapshots: Path | str | None = None,
        settings: Mapping[str, Any] | None = None,
        secret_keys: bool = False,
        public: bool = False,
        scenario: str | Path | None = None,
    ) -> None:
        story = None
        if scenario is not None:
            from mockcw.scenario import find, put_on  # with what reads its file it would double the time to start

            story = find(scenario)
            demo, settings = story.demo, {**story.settings, **(settings or {})}
        self._plan = plan_of(demo, tickets)
        try:
            named = {name.replace(".", "_"): value for name, value in (settings or {}).items()}
            self.settings = Settings.named(named)
        except TypeError as error:
            raise MockcwError(f"no such setting: {error}") from None
        problem = self.settings.problem() if settings else None
        if problem:
            raise MockcwError(problem)
        self._seed = seed
        self.secret_keys = secret_keys
        self._secret = secret_token if secret_keys else None
        clock = Clock()
        self.world = World(
            settings=self.settings,
            query_settings=QuerySettings(
                many_valued=self.settings.many_valued_conditions,
                like_wildcards="%*" if self.settings.like_percent == "wildcard" else "*",
            ),
            catalogue=catalogues.load(),
            rulebook=rulebook().without(self.settings.left_out()),
            clock=clock,
            ids=Ids(seed),
            journal=Journal(self.settings.journal_size, self.settings.journal_body),
            faults=Faults(),
            tenants={},
            reset=self.reset,
            returned=self._returned,
            started=clock.monotonic(),
            control_token=secret_token(32) if public else None,
            seed=seed,
            seen=Watch.asked_for(),
        )
        self.members: dict[str, Credentials] = {}
        self._chance = self.world.ids.mark()
        folder = snapshots or (f"{db}.snapshots" if db else None)
        self._open(Path(db) if db else None, Path(folder) if folder else None)
        self.wsgi_app = create_app(self.world)
        if story:
            put_on(self.world, story)

    def _open(self, path: Path | None, snapshots: Path | None) -> None:
        world, company = self.world, self.settings.company_id
        store = Store(path)
        store.states.folder = snapshots
        engine = Engine(world.catalogue, store, world.rulebook, world.clock, world.ids, self.settings)
        self._postman = Postman(engine.outbox, world.clock, self.settings, SITE, self._seed)
        tenant = world.tenants[company] = Tenant(company, store, engine, self._postman)
        engine.outbox.shown, engine.outbox.secret = Onlooker(tenant, self.settings), self._secret
        seed = store.fact("seed")
        if seed is None:
            self._seed_records()
        elif int(seed) != self._seed:
            store.close()
            raise MockcwError(f"{path} was made with seed {seed}: pass that seed, or name another file")
        else:
            self.members = self._members_of_file(engine)
            starts = int(store.fact("starts") or 0) + 1
            store.remember("starts", str(starts))
            world.ids.go_on(self._seed, starts)

    def _seed_records(self) -> None:
        """Fill the empty store and keep it for `reset`; the same seed gives the same bytes, whenever it is."""
        tenant = self.world.tenants[self.company_id]
        store, ids, place = tenant.store, self.world.ids, cache.Place(self._plan, self._seed)
        if not place.load(store):
            if not kept.load(store, self._plan, self._seed):
                self.build_demo(store)
            place.save(store)
        self.members = self.members or demo_credentials(ids, self.company_id, self._seed, self._secret)
        store_keys(tenant.engine, self.members)
        store.remember("seed", str(self._seed))
        store.remember("keys", "secret" if self._secret else "derived")
        if self._plan.tickets <= HELD:
            states.keep(self.world, SEEDED)

    def build_demo(self, store: Store) -> None:
        """Make the demo records in an empty store: by the default settings, with a clock and chance of their own."""
        from mockcw.demo.build import build  # needed only where no finished set is kept

        world, clock = self.world, Clock()
        clock.set(SEEDED_AT, frozen=True)
        ids = Ids(self._seed + DEMO_CHANCE)
        build(Engine(world.catalogue, store, rulebook(), clock, ids, Settings()), self._plan, self._seed)

    def _members_of_file(self, engine: Engine) -> dict[str, Credentials]:
        """The demo members of a file made before; keys that others could guess, or nobody knows, are made anew."""
        kind = "secret" if self._secret else "derived"
        found = demo_credentials(self.world.ids, self.company_id, self._seed, self._secret)
        if kind == "secret" or engine.store.fact("keys") == "secret":
            store_keys(engine, found)
        engine.store.remember("keys", kind)
        return found

    def _returned(self) -> None:
        """Let a kept state of another process have this one's keys: on a public address nobody shall guess them."""
        engine = states.only(self.world).engine
        if has_others_keys(engine, self.members):
            store_keys(engine, self.members)
            engine.store.remember("keys", "secret" if self._secret else "derived")

    # -- what a test needs ---------------------------------------------------------------------------------------

    @property
    def company_id(self) -> str:
        """The company id that credentials start with."""
        return self.settings.company_id

    @property
    def site_url(self) -> str:
        """The address of the server in process; no socket listens there."""
        return SITE

    @property
    def api_url(self) -> str:
        """The API root in process."""
        return f"{SITE}/v4_6_release/apis/3.0"

    @property
    def control_url(self) -> str:
        """The control API in process."""
        return f"{SITE}/_mockcw"

    def member(self, name: str) -> Credentials:
        """The credentials of a demo member. Raises KeyError with the names there are."""
        try:
            return self.members[name]
        except KeyError:
            raise KeyError(f"no demo member {name!r}: there are {', '.join(self.members)}") from None

    def auth(self, name: str) -> BasicAuth:
        """Basic credentials of a demo member, for httpx."""
        from httpx import BasicAuth

        member = self.member(name)
        return BasicAuth(f"{self.company_id}+{member.public_key}", member.private_key)

    def client_id(self, name: str) -> str:
        """The clientId header of a demo member."""
        return self.member(name).client_id

    def transport(self) -> BaseTransport:
        """An httpx transport into this emulator, without a socket."""
        from mockcw.inprocess import InProcess  # httpx takes a quarter of a second to import

        return InProcess(self.wsgi_app)

    @property
    def stage(self) -> Stage:
        """The story on stage: its verdict, what the client is given. Raises MockcwError where none is."""
        from mockcw.scenario import Stage

        if not isinstance(self.world.stage, Stage):
            raise MockcwError("no scenario is on stage: pass scenario= to Emulator")
        return self.world.stage

    def deliver(self, transport: BaseTransport | None = None) -> int:
        """Send the callbacks that are due, and wait for their receivers; how many tries it took comes back.

        In process nothing is sent in the background. With an httpx `transport` (a WSGITransport over the application
        under test, say) no socket is needed and every host may be called. Do not call it inside a request.
        """
        return self._postman.deliver(transport)

    def unread(self) -> list[dict[str, Any]]:
        """What of the kept requests nobody read: an operation, a thing and why a line, with how often.

        As `GET /_mockcw/unread` answers it.
        """
        return summary(self.world, list(self.world.journal.entries))

    def reset(self) -> None:
        """Back to the seeded state: records, clock, release, faults, journal; no role rides along any more."""
        world, tenant = self.world, states.only(self.world)
        if SEEDED in tenant.store.states:
            states.bring_back(world, SEEDED)
        else:  # the file was made by an earlier process, or is too large to be kept twice
            tenant.store.clear()
            states.stand(world, tenant, states.first(self.settings, self._chance))
            self._seed_records()
        world.shadow = Shadow()
        if world.stage is not None:
            world.stage.prepare()

    def snapshot(self, name: str) -> None:
        """Keep the present state: records, ids, clock, chance, faults, callbacks that wait. Raises StateError."""
        with self.world.turn:
            states.keep(self.world, named(name))

    def restore(self, name: str) -> None:
        """Be in a kept state again, with an empty journal. Raises KeyError for an unknown name, StateError."""
        with self.world.turn:
            states.bring_back(self.world, name)

    def branch(self, name: str) -> Emulator:
        """Another emulator in memory that goes on from a kept state, with the same members and settings.

        Neither sees what the other does; its `reset` leads to the kept state. Raises as `restore` does.
        """
        settings = {item.name: getattr(self.settings, item.name) for item in fields(self.settings)}
        other = Emulator("empty", self._seed, settings=settings)
        other.members = self.members
        theirs = states.only(other.world).store.states
        with self.world.turn:
            for known_as in (name, SEEDED):
                theirs.adopt(name, states.only(self.world).store.states, known_as)
        other.restore(name)
        return other

    def differences(self, since: str, to: str | Emulator | None = None) -> dict[str, Any]:
        """What differs between a kept state and another one, a branch, or the present; as the control API says it."""
        from mockcw.web.snapshots import as_json

        with self.world.turn:
            return as_json(states.differences(self.world, since, to.world if isinstance(to, Emulator) else to))

    def send_from(self, url: str | None) -> None:
        """Send callbacks in the background, with `url` as the sender's address; with None, no longer."""
        self._postman.site = url or SITE
        if url:
            self._postman.start()
        else:
            self._postman.stop()

    def serve(self, *, host: str = "127.0.0.1", port: int = 0, tls: bool = False) -> Live:
        """This emulator on a port, as a context manager."""
        return Live(self, host, port, tls)

    def close(self) -> None:
        """Let go of the stores."""
        self._postman.stop()
        if self.world.seen is not None:
            self.world.seen.write()
        for tenant in self.world.tenants.values():
            tenant.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Live:
    """An emulator on a port; entering starts the server, leaving stops it (and not the emulator)."""

    def __init__(self, emulator: Emulator, host: str, port: int, tls: bool) -> None:
        from mockcw.web.server import Server

        self.emulator = emulator
        self._folder = tempfile.TemporaryDirectory(prefix="mockcw-") if tls else None
        self.ca_file: str | None = None
        certificate = key = None
        if self._folder:
            from mockcw.web.certificates import issue

            ca, certificate, key = issue(Path(self._folder.name), host, Clock().now())
            self.ca_file = str(ca)
        self._server = Server(emulator.wsgi_app, host, port, certificate, key)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"{'https' if tls else 'http'}://{shown}:{self._server.port}"
        self.port = self._server.port

    @property
    def control_url(self) -> str:
        """The control API."""
        return f"{self.url}/_mockcw"

    @property
    def api_url(self) -> str:
        """The API root."""
        return f"{self.url}/v4_6_release/apis/3.0"

    @property
    def company_id(self) -> str:
        """The company id that credentials start with."""
        return self.emulator.company_id

    @property
    def members(self) -> dict[str, Credentials]:
        """The demo members' credentials by name."""
        return self.emulator.members

    def ready(self) -> dict[str, Any]:
        """What the ready file says."""
        return {
            "url": self.url,
            "ca_file": self.ca_file,
            "company_id": self.company_id,
            "codebase": f"{self.emulator.world.release.codebase}/",
            "control_url": self.control_url,
            "control_token": self.emulator.world.control_token,
            "version": VERSION,
            "members": {
                name: {
                    "public_key": one.public_key,
                    "private_key": one.private_key,
                    "client_id": one.client_id,
                    "role": one.role,
                }
                for name, one in self.members.items()
            },
            **({"scenario": self.emulator.stage.told()} if self.emulator.world.stage is not None else {}),
        }

    def settle(self) -> None:
        """Tell the process that it will do nothing but serve."""
        from mockcw.web.server import settle

        settle()

    def __enter__(self) -> Self:
        self._server.start()
        self.emulator.send_from(self.url)
        return self

    def __exit__(self, *_: object) -> None:
        self.emulator.send_from(None)
        self._server.stop()
        if self._folder:
            self._folder.cleanup()
