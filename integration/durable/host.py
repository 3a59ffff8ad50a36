"""DBOS, in one file: a run as a workflow of steps, recovered after a crash.

Knows the workflow engine and nothing of the work. The place that a run has reached is the work's own affair, written
by it together with its results; so a step that is repeated does no harm, and a run that failed can be started anew
and goes on. DBOS adds what the work cannot know: which run was under way when a process died.

The engine is a singleton of its process and takes half a second to import: it is imported here and only when a host is
made, and a second host in the same process waits for the first to close.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol

import sqlalchemy as sa

if TYPE_CHECKING:
    from dbos import WorkflowHandle

_ALONE: Final = threading.Lock()
_SHAPE: Final = "1"
_POLL_SECONDS: Final = 0.1


class Work(Protocol):
    """Work in pieces, which knows itself how far it is."""

    def advance(self, run_id: int) -> bool:
        """Do the next piece of the run; True while there is more."""
        ...

    def finish(self, run_id: int) -> dict[str, Any]:
        """End the run and tell what came of it, as plain data."""
        ...

    def stop(self) -> None:
        """Ask the piece under way to end early, with Stopped."""
        ...


class DurableHost:
    """The workflow engine, alive for the length of a `with` block, for the runs of one connection."""

    def __init__(self, url: sa.URL, owner: str, work: Work) -> None:
        """Take the database for the engine's own records, the owner whose runs are recovered, and the work."""
        self._url = url
        self._owner = owner
        self._work = work
        self._walk: Any = None

    def __enter__(self) -> DurableHost:
        _ALONE.acquire()
        try:
            self._launch()
        except BaseException:
            _ALONE.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from dbos import DBOS

        try:
            DBOS.destroy(destroy_registry=True)
        finally:
            _ALONE.release()

    def _launch(self) -> None:
        from dbos import DBOS

        if self._url.get_backend_name() == "sqlite":
            # The engine does not ask for WAL; as a property of the file it is set before the engine opens it.
            with sqlite3.connect(str(self._url.database)) as file:
                file.execute("PRAGMA journal_mode=WAL")
            file.close()
        # Left to itself the engine would log to the standard error there is at its first start, and never let go of it.
        log = logging.getLogger("dbos")
        if not log.handlers:
            log.addHandler(logging.NullHandler())
        # The owner is part of the version: a recovered run is taken up by a process of its own connection only.
        DBOS(
            config={
                "name": "cw-integration",
                "system_database_url": self._url.render_as_string(hide_password=False),
                "application_version": f"{_SHAPE}-{self._owner}",
                "executor_id": self._owner,
                "log_level": "CRITICAL",
                "enable_otlp": False,
                "notification_listener_polling_interval_sec": _POLL_SECONDS,
            }
        )
        work = self._work

        @DBOS.step(name="advance")
        def advance(run_id: int) -> bool:
            return work.advance(run_id)

        @DBOS.step(name="finish")
        def finish(run_id: int) -> dict[str, Any]:
            return work.finish(run_id)

        @DBOS.workflow(name="walk")
        def walk(run_id: int) -> dict[str, Any]:
            while advance(run_id):
                pass
            return finish(run_id)

        self._walk = walk
        DBOS.launch()

    def is_under_way(self, workflow_id: str) -> bool:
        """Tell whether a workflow was cut off by the end of its process and is now being recovered."""
        from dbos import DBOS

        status = DBOS.get_workflow_status(workflow_id)
        return status is not None and status.status in ("PENDING", "ENQUEUED")

    def start(self, workflow_id: str, run_id: int) -> dict[str, Any]:
        """Run the work under `workflow_id` and return what came of it; raises what the work raises."""
        from dbos import DBOS, SetWorkflowID

        with SetWorkflowID(workflow_id):
            handle = DBOS.start_workflow(self._walk, run_id)
        return self._wait(handle)

    def wait(self, workflow_id: str) -> dict[str, Any]:
        """Wait for a recovered workflow and return what came of it; raises what the work raises."""
        from dbos import DBOS

        return self._wait(DBOS.retrieve_workflow(workflow_id))

    def _wait(self, handle: WorkflowHandle[dict[str, Any]]) -> dict[str, Any]:
        from dbos import DBOS

        try:
            result = self._result(handle)
        except Exception:
            DBOS.delete_workflow(handle.workflow_id)
            raise
        # Our own records keep what came of a run; the engine's are of use only while it is under way.
        DBOS.delete_workflow(handle.workflow_id)
        return result

    def _result(self, handle: WorkflowHandle[dict[str, Any]]) -> dict[str, Any]:
        try:
            return handle.get_result(polling_interval_sec=_POLL_SECONDS)
        except KeyboardInterrupt:
            self._work.stop()
            return handle.get_result(polling_interval_sec=_POLL_SECONDS)
