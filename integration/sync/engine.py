"""One sync, from the plan to the report: pages into the mirror, what left it, the matching.

Knows the order of the steps and what is written together; the wire, the store and the workflow engine are handed in.
Its memory holds one page, however many companies there are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.engine import Connection, Engine

from integration.clock import Clock, read_time, wire_time
from integration.connect.client import Client
from integration.connect.paging import FORWARD_ONLY, mark_parameters, next_mark, refuse_doubtful_end
from integration.connect.reply import without_nul
from integration.errors import PermissionRefused, ProtocolFault, Skippable, Stopped
from integration.explain import explained
from integration.profile import Profile, Stream
from integration.settings import Settings
from integration.store import mirror, runs
from integration.store.connections import StoredConnection
from integration.store.mirror import CompanyRow
from integration.sync.companies import mirror_rows, sorted_side
from integration.sync.plan import next_watermark, plan_run
from integration.sync.query import change_parameters, filter_parameters, page_parameters

COMPANIES: Final = "companies"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: pages read and companies received."""

    pages: int
    received: int


class CompanySync:
    """The work of one connection's company sync, in pieces for `durable`."""

    def __init__(
        self,
        connection: StoredConnection,
        profile: Profile,
        client: Client,
        engine: Engine,
        clock: Clock,
        settings: Settings,
        *,
        observe: Callable[[Progress], None] = lambda progress: None,
        accept_removals: bool = False,
    ) -> None:
        self._connection = connection
        self._profile = profile
        self._stream: Stream = profile.stream(COMPANIES)
        self._client = client
        self._engine = engine
        self._clock = clock
        self._settings = settings
        self._observe = observe
        self._accept_removals = accept_removals
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Ask the run to end after the page it is at."""
        self._stopped.set()

    def begin(self, *, full: bool) -> runs.Run:
        """Open the next run, or take up the one that was cut off: same filters, not too old, and not too little.

        The server is asked for its codebase first, which also tells its time.
        """
        with explained(self._profile, self._stream.operation):
            self._client.discover()
        signature = self._connection.filters.signature
        cut_off = runs.last_run(self._engine, self._connection.id, runs.RUNNING)
        if cut_off is not None:
            age = self._clock.now() - (read_time(cut_off.started_at) or self._clock.now())
            fresh = age <= timedelta(seconds=self._settings.full_every)
            if cut_off.filters == signature and fresh and (cut_off.mode == runs.FULL or not full):
                return cut_off
        last = runs.last_run(self._engine, self._connection.id, runs.DONE)
        plan = plan_run(
            last,
            runs.last_run(self._engine, self._connection.id, runs.DONE, runs.FULL),
            signature,
            self._client.server_time,
            overlap=self._settings.overlap,
            full_every=self._settings.full_every,
            full_asked=full,
        )
        server_time = self._client.server_time
        with self._engine.begin() as transaction:
            if cut_off is not None:
                runs.change_run(transaction, cut_off.id, state=runs.ABANDONED)
            run_id = runs.open_run(
                transaction,
                {
                    "connection_id": self._connection.id,
                    "mode": plan.mode,
                    "reason": plan.reason,
                    "filters": signature,
                    "since": "" if plan.since is None else wire_time(plan.since),
                    "server_time": "" if server_time is None else wire_time(server_time),
                    "started_at": wire_time(self._clock.now()),
                },
            )
        return runs.read_run(self._engine, run_id)

    def advance(self, run_id: int) -> bool:
        """Read the next pages of the run; True while there are more. A run that is no longer open has none."""
        run = runs.read_run(self._engine, run_id)
        for _ in range(self._settings.pages_per_step):
            if run.state != runs.RUNNING or run.pages_ended:
                return False
            if self._stopped.is_set():
                raise Stopped(
                    f"the sync was stopped after {run.pages} pages and {run.received} companies, which are kept",
                    "run sync again to go on",
                )
            run = self._read_page(run)
        return True

    def _read_page(self, run: runs.Run) -> runs.Run:
        since = read_time(run.since) if run.mode == runs.INCREMENTAL else None
        with explained(self._profile, self._stream.operation):
            reply = self._client.get(*self._page(since, run.mark))
        mark = next_mark(reply, run.mark)
        if mark is not None:
            self._client.begin(*self._page(since, mark))
        listed = without_nul(reply).json()
        if not isinstance(listed, list):
            raise ProtocolFault("the server answered something else than a list of companies")
        refuse_doubtful_end(reply, len(listed), self._settings.page_size)
        rows = mirror_rows(listed, run.connection_id, run.id)
        newest = max((row.last_updated for row in rows), default="")
        with self._engine.begin() as transaction:
            mirror.save_companies(transaction, self._sorted(transaction, rows) if since is not None else rows)
            values: dict[str, Any] = {
                "mark": mark or "",
                "pages_ended": mark is None,
                "pages": run.pages + 1,
                "received": run.received + len(rows),
                "newest": max(run.newest, newest),
            }
            runs.change_run(transaction, run.id, **values)
        run = replace(run, **values)
        if mark is None and since is not None:
            run = self._compare_counts(run)
        self._observe(Progress(run.pages, run.received))
        return run

    def _page(self, since: datetime | None, mark: str) -> tuple[str, dict[str, str], dict[str, str]]:
        stream = self._stream
        chosen = filter_parameters(stream, self._connection.filters) if since is None else change_parameters(since)
        asked = page_parameters(stream, self._settings.page_size, mark_parameters(mark))
        return stream.operation.path, {**asked, **chosen}, FORWARD_ONLY

    def _sorted(self, transaction: Connection, rows: list[CompanyRow]) -> list[CompanyRow]:
        """Sort changed companies by the filters; one that is unwanted and was never kept is left out."""
        known = mirror.known_ids(transaction, self._connection.id, (row.id for row in rows))
        sides = (row._replace(presence=sorted_side(row, self._connection.filters)) for row in rows)
        return [row for row in sides if row.presence == mirror.PRESENT or row.id in known]

    def _compare_counts(self, run: runs.Run) -> runs.Run:
        """Ask the server how many companies pass the filters; when the mirror has not as many, go on as a full run.

        This finds what no lastUpdated tells: purged records, a type taken away, a member whose view was narrowed.
        """
        operation = self._stream.count_operation
        try:
            with explained(self._profile, operation):
                reply = self._client.get(operation.path, filter_parameters(self._stream, self._connection.filters))
        except (Skippable, PermissionRefused):
            return run
        answer = reply.json()
        counted = answer.get("count") if isinstance(answer, dict) else None
        with self._engine.begin() as transaction:
            mine = mirror.count_presence(transaction, run.connection_id).get(mirror.PRESENT, 0)
            if type(counted) is not int or counted == mine:
                return run
            reason = f"the server counts {counted} companies, the mirror {mine}"
            values: dict[str, Any] = {"mode": runs.FULL, "reason": reason, "since": "", "pages_ended": False}
            runs.change_run(transaction, run.id, **values)
        return replace(run, **values)

    def finish(self, run_id: int) -> dict[str, Any]:
        """End the run: mark what left, match by name, set the watermark; then report. Twice is as good as once."""
        run = runs.read_run(self._engine, run_id)
        if run.state == runs.RUNNING:
            previous = runs.last_run(self._engine, run.connection_id, runs.DONE)
            with self._engine.begin() as transaction:
                vanished, held = self._take_leave(transaction, run) if run.mode == runs.FULL else (0, 0)
                mirror.match_by_name(transaction, run.connection_id)
                runs.change_run(
                    transaction,
                    run.id,
                    state=runs.DONE,
                    vanished=vanished,
                    held=held,
                    watermark=next_watermark(run, previous.watermark if previous is not None else ""),
                    finished_at=wire_time(self._clock.now()),
                )
            run = runs.read_run(self._engine, run_id)
        return self._report(run)

    def _take_leave(self, transaction: Connection, run: runs.Run) -> tuple[int, int]:
        """Mark the companies that a full run did not see, unless they are too many to be believed."""
        leaving = mirror.count_unseen(transaction, run.connection_id, run.id)
        scope = mirror.count_presence(transaction, run.connection_id).get(mirror.PRESENT, 0)
        suspicious = leaving >= self._settings.protect_from and leaving >= self._settings.protect_share * scope
        if suspicious and not self._accept_removals:
            return 0, leaving
        return mirror.mark_unseen_vanished(transaction, run.connection_id, run.id), 0

    def _report(self, run: runs.Run) -> dict[str, Any]:
        with self._engine.connect() as transaction:
            presence = mirror.count_presence(transaction, run.connection_id)
        outcomes = mirror.count_outcomes(self._engine, run.connection_id)
        present = presence.get(mirror.PRESENT, 0)
        warnings = []
        if run.received == 0 and run.mode == runs.FULL:
            warnings.append(self._profile.advice.zero_rows)
        if run.held:
            warnings.append(
                f"mass-delete protection: the server no longer lists {run.held} of {present} companies; they are kept "
                "as they were. When they are really gone: sync --accept-removals"
            )
        return {
            "run": run.id,
            "state": run.state,
            "mode": run.mode,
            "reason": run.reason,
            "pages": run.pages,
            "received": run.received,
            "companies": present,
            **outcomes,
            "filtered": presence.get(mirror.FILTERED, 0),
            "deleted": presence.get(mirror.DELETED, 0),
            "vanished": run.vanished,
            "held": run.held,
            "warnings": warnings,
        }


def next_attempt(engine: Engine, run: runs.Run) -> runs.Run:
    """Count one more attempt at `run`."""
    with engine.begin() as transaction:
        runs.change_run(transaction, run.id, attempt=run.attempt + 1)
    return replace(run, attempt=run.attempt + 1)
