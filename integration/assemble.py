"""The composition root: what a person asks for, put together from the rooms below.

Knows every room and the order of what is done; presents nothing and asks nobody. Each change of the configuration is
written together with its entry in the audit log.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from integration.agreements.compare import Standing, compare
from integration.agreements.mapping import ProductMapping
from integration.agreements.plan import Plan, make_plan
from integration.agreements.records import Scan
from integration.agreements.scan import Scanner
from integration.audit.log import AuditLog, Entry
from integration.clock import Clock, SystemClock, wire_time
from integration.connect.address import AddressGuard, Server
from integration.connect.client import Client
from integration.connect.credentials import Credentials
from integration.connect.transport import CheckedTransport, ReadOnlyTransport, trusted_certificates
from integration.durable.host import DurableHost
from integration.durable.lock import run_lock
from integration.errors import NotReady, PermissionRefused, WrongUse
from integration.explain import explained
from integration.profile import Profile
from integration.settings import Settings
from integration.store import connections, mirror
from integration.store.connections import Filters, Organization, StoredConnection
from integration.store.tables import database_url, is_database_url, open_database
from integration.sync.engine import COMPANIES, CompanySync, Progress, next_attempt
from integration.sync.query import filter_parameters, is_wanted
from integration.vault.key import key_from
from integration.vault.seal import Vault, derived_key
from integration.vendors import PROFILES

MIRROR_FILE: Final = "mirror.db"
WORKFLOW_FILE: Final = "workflows.db"
KEY_FILE: Final = "vault.key"


@dataclass(frozen=True, slots=True)
class Access:
    """Where and as whom to connect; `allowed_host` and `ca_pem` are for development and private authorities."""

    server: Server
    credentials: Credentials
    allowed_host: str = ""
    ca_pem: str | None = None


def profile_named(name: str) -> Profile:
    """Find a profile; raises WrongUse naming those there are."""
    found = {profile.name: profile for profile in PROFILES}
    if name not in found:
        raise WrongUse(f"there is no profile {name}; give one of: {', '.join(found)}")
    return found[name]


class Integration:
    """One state: its connections, their mirror, and all that is done with them."""

    def __init__(
        self,
        state: str,
        *,
        actor: str = "",
        clock: Clock | None = None,
        settings: Settings | None = None,
        environment: Mapping[str, str] | None = None,
        workflows: str | None = None,
    ) -> None:
        """Open `state`, a folder or a PostgreSQL URL; `workflows` puts the workflow engine's records elsewhere.

        Raises NotReady, VaultLocked or WrongUse when it cannot be opened.
        """
        source = os.environ if environment is None else environment
        self._clock: Clock = clock or SystemClock()
        self._settings = settings or Settings.from_environment(source)
        self._actor = actor or _user()
        self._workflow_url = database_url(workflows or state, WORKFLOW_FILE)
        self._engine: Engine = open_database(database_url(state, MIRROR_FILE))
        file = None if is_database_url(state) else Path(state) / KEY_FILE
        try:
            key = key_from(source, file, create=not self.connections())
        except BaseException:
            self._engine.dispose()
            raise
        self._vault = Vault(key)
        self._audit = AuditLog(self._engine, derived_key(key, b"audit"), self._clock)

    def close(self) -> None:
        """Close the state."""
        self._engine.dispose()

    def connections(self) -> list[StoredConnection]:
        """Read every connection."""
        return connections.stored_connections(self._engine)

    def connection(self, name: str | None = None) -> StoredConnection:
        """Find a connection by name, or the only one.

        Raises NotReady when there is none, WrongUse when the name is wrong or missing among several.
        """
        found = {connection.name: connection for connection in self.connections()}
        if not found:
            raise NotReady("nothing is connected yet", "run: cw-integration connect")
        if name is None and len(found) > 1:
            raise WrongUse(f"there are several connections; give --connection with one of: {', '.join(found)}")
        if name is not None and name not in found:
            raise WrongUse(f"there is no connection {name}; give one of: {', '.join(found)}")
        return found[name] if name is not None else next(iter(found.values()))

    def connect(self, name: str, profile: Profile, access: Access) -> dict[str, Any]:
        """Test the connection and, when it stands, keep it under `name` with its credentials sealed."""
        with self._client(access) as client:
            tested = _tested(client, profile)
        connection = StoredConnection(
            name=name,
            profile=profile.name,
            host=access.server.host,
            port=access.server.port,
            company_id=access.credentials.company_id,
            allowed_host=access.allowed_host,
            ca_pem=access.ca_pem,
            sealed=b"",
            connected_at=wire_time(self._clock.now()),
        )
        secrets = orjson.dumps(access.credentials.sealed_form())
        sealed = self._vault.seal(secrets, _record(connection))
        with self._engine.begin() as transaction:
            is_new = connections.save_connection(transaction, replace(connection, sealed=sealed))
            self._note(
                transaction,
                "connected" if is_new else "reconnected",
                name,
                {
                    "profile": profile.name,
                    "server": access.server.exact,
                    "company_id": connection.company_id,
                    "allowed_host": access.allowed_host,
                    "own_authority": access.ca_pem is not None,
                },
            )
        return {"connection": name, "profile": profile.name, "server": access.server.exact, **tested}

    def test(self, name: str | None = None) -> dict[str, Any]:
        """Test a kept connection: discovery, log-in and the server's version."""
        connection = self.connection(name)
        profile = profile_named(connection.profile)
        with self._refusals_noted(connection), self._client(self._access(connection)) as client:
            return {"connection": connection.name, "server": _server(connection).exact, **_tested(client, profile)}

    def configure(
        self,
        name: str | None,
        *,
        types: Sequence[str] | None = None,
        excluded_statuses: Sequence[str] | None = None,
        organizations: Sequence[Organization] | None = None,
    ) -> dict[str, Any]:
        """Change filters and organizations, what is None staying as it is; the mirror is sorted and matched anew."""
        connection = self.connection(name)
        old = connection.filters
        filters = Filters(
            old.types if types is None else tuple(types),
            old.excluded_statuses if excluded_statuses is None else tuple(excluded_statuses),
        )
        # Written out now, so that a name that no query can hold is refused before it is kept.
        filter_parameters(profile_named(connection.profile).stream(COMPANIES), filters)
        detail: dict[str, object] = {}
        for changed in ("types", "excluded_statuses"):
            if getattr(filters, changed) != getattr(old, changed):
                detail[changed] = getattr(filters, changed)
        if organizations is not None:
            detail["organizations"] = len(organizations)
        if detail:
            with self._engine.begin() as transaction:
                connections.save_filters(transaction, connection.id, filters)
                if organizations is not None:
                    connections.replace_organizations(transaction, connection.id, organizations)
                mirror.sort_again(transaction, connection.id, lambda status, kinds: is_wanted(filters, status, kinds))
                mirror.match_by_name(transaction, connection.id)
                self._note(transaction, "configured", connection.name, detail)
        return {
            "connection": connection.name,
            "types": list(filters.types),
            "excluded_statuses": list(filters.excluded_statuses),
            "organizations": connections.count_organizations(self._engine, connection.id),
            "changed": sorted(detail),
        }

    def sync(
        self,
        name: str | None = None,
        *,
        full: bool = False,
        accept_removals: bool = False,
        observe: Callable[[Progress], None] = lambda progress: None,
    ) -> dict[str, Any]:
        """Bring the mirror up to date and match it, as a durable run that goes on where an earlier one was cut off."""
        connection = self.connection(name)
        began = self._clock.monotonic()
        with (
            run_lock(self._engine, connection.id),
            self._refusals_noted(connection),
            self._client(self._access(connection)) as client,
        ):
            work = CompanySync(
                connection,
                profile_named(connection.profile),
                client,
                self._engine,
                self._clock,
                self._settings,
                observe=observe,
                accept_removals=accept_removals,
            )
            resumed, report = self._run(connection, work, full=full)
        seconds = round(self._clock.monotonic() - began, 3)
        return {"connection": connection.name, **report, "resumed": resumed, "seconds": seconds}

    def _run(self, connection: StoredConnection, work: CompanySync, *, full: bool) -> tuple[bool, dict[str, Any]]:
        """Run `work` as a workflow; a run that the end of its process cut off is recovered instead of begun."""
        run = work.begin(full=full)
        resumed = run.attempt > 0
        owner = f"{sha256(_record(connection).encode()).hexdigest()[:12]}-{connection.id}"
        with DurableHost(self._workflow_url, owner, work) as host:
            cut_off = f"{owner}-{run.id}-{run.attempt}"
            if resumed and host.is_under_way(cut_off):
                return resumed, host.wait(cut_off)
            run = next_attempt(self._engine, run)
            return resumed, host.start(f"{owner}-{run.id}-{run.attempt}", run.id)

    def outcomes(self, name: str | None = None) -> dict[str, int]:
        """Count the present companies by outcome of the matching."""
        return mirror.count_outcomes(self._engine, self.connection(name).id)

    def companies(
        self,
        name: str | None = None,
        *,
        outcome: str | None = None,
        limit: int | None = None,
        presence: str = "present",
    ) -> Iterator[dict[str, Any]]:
        """Read the mirrored companies, each with its types, its outcome and, when ambiguous, whom it could be."""
        connection = self.connection(name)
        found = mirror.read_companies(self._engine, connection.id, presence=presence, outcome=outcome, limit=limit)
        for row in found:
            row["types"] = orjson.loads(row["types"])
            key = row.pop("name_key")
            if row["outcome"] == mirror.AMBIGUOUS:
                row["candidates"] = mirror.candidates(self._engine, connection.id, [key]).get(key, [])
            yield row

    def scan(self, name: str | None = None, *, with_products: bool = False, only: Sequence[int] | None = None) -> Scan:
        """Read all agreements with their additions, or those with the ids `only`; keeps and changes nothing."""
        connection = self.connection(name)
        with self._refusals_noted(connection), self._client(self._access(connection)) as client:
            profile = profile_named(connection.profile)
            scanner = Scanner(client, profile, _source(connection), self._clock, self._settings)
            return scanner.scan(with_products=with_products, only=only)

    def plan_migration(self, name: str | None, mapping: ProductMapping) -> tuple[Plan, Scan]:
        """Plan what `mapping` makes of the agreements as they are now; the scan it is made from comes along."""
        scan = self.scan(name, with_products=True)
        return make_plan(scan, mapping, scan.today), scan

    def dry_run(self, name: str | None, plan: Plan) -> tuple[list[Standing], Scan]:
        """Read the plan's agreements again and say of every line how it stands; nothing is written.

        Raises WrongUse for a plan that was made for another server or company.
        """
        here = _source(self.connection(name))
        if plan.source != here:
            raise WrongUse(f"the plan was made for {plan.source}, and this connection is to {here}")
        scan = self.scan(name, with_products=True, only=[line.agreement_id for line in plan.lines])
        return compare(plan, scan), scan

    def audit_entries(self) -> Iterator[Entry]:
        """Read the audit log, each entry proven; raises AuditBroken where it does not prove itself."""
        return self._audit.entries()

    def remove(self, name: str | None = None) -> dict[str, Any]:
        """Take out a connection: credentials, filters, organizations and mirror. The audit log stays."""
        connection = self.connection(name)
        with run_lock(self._engine, connection.id), self._engine.begin() as transaction:
            connections.remove_connection(transaction, connection.id)
            self._note(transaction, "removed", connection.name, {"server": _server(connection).exact})
        return {"connection": connection.name, "removed": True}

    def _note(self, transaction: sa.Connection, action: str, subject: str, detail: Mapping[str, object]) -> None:
        self._audit.append(transaction, self._actor, action, subject, detail)

    @contextmanager
    def _refusals_noted(self, connection: StoredConnection) -> Iterator[None]:
        """Write a refusal for want of a right into the audit log, where the guide tells people to look for it."""
        try:
            yield
        except PermissionRefused as error:
            with self._engine.begin() as transaction:
                self._note(transaction, "refused", connection.name, {"message": error.message})
            raise

    def _access(self, connection: StoredConnection) -> Access:
        secrets = orjson.loads(self._vault.open(connection.sealed, _record(connection)))
        credentials = Credentials.opened(connection.company_id, secrets)
        return Access(_server(connection), credentials, connection.allowed_host, connection.ca_pem)

    def _client(self, access: Access) -> Client:
        guard = AddressGuard([access.allowed_host] if access.allowed_host else [])
        transport = ReadOnlyTransport(CheckedTransport(guard, trusted_certificates(access.ca_pem)))
        return Client(access.server, access.credentials, transport, self._clock, self._settings)


def _tested(client: Client, profile: Profile) -> dict[str, Any]:
    with explained(profile, profile.connection_test):
        company = client.discover()
        info = client.get(profile.connection_test.path).json()
    found = info if isinstance(info, dict) else {}
    version = str(found.get("version") or company.version)
    return {
        "version": version,
        "company": company.company_name,
        "codebase": company.codebase,
        "cloud": company.is_cloud,
    }


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def _server(connection: StoredConnection) -> Server:
    return Server(connection.host, connection.port)


def _source(connection: StoredConnection) -> str:
    return f"{_server(connection).exact}/{connection.company_id}"


def _record(connection: StoredConnection) -> str:
    """Name all that the sealed credentials are bound to: changing where they would be sent makes them unreadable."""
    authority = sha256((connection.ca_pem or "").encode()).hexdigest()
    where = f"{connection.host}:{connection.port}/{connection.allowed_host}/{authority}"
    return f"connection/{connection.name}/{connection.company_id}/{where}"
