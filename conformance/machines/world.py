"""The world of one program: an emulator at its beginning, the oracle, and a session of the subject.

Knows how each step is done and what has to hold after it; does not know where steps come from, so a program drawn by
Hypothesis and one read from a case file are the same to it. Things are named by their place in a list, not by id, so
that a program means the same in every run.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from conformance.errors import CannotTell, ConformanceError, HarnessFault, SubjectError, SubjectHang, Unmet, WrongUse
from conformance.faults import FAULTS
from conformance.model.companies import Company, Filters, Truth, difference, held
from conformance.subject import LIMIT_S, CommandSession, Session, Subject, SubjectTarget, Worker
from conformance.wire import COMPANIES, Wire

Step = dict[str, Any]

TYPES = f"{COMPANIES}/types"
STATUSES = f"{COMPANIES}/statuses"
LEARNT = "id,name,status/name,types/name,deletedFlag"
MEMBER = "sonicsaas"
BLIND = "narrow-level"
ROW = {"moduleName": "Companies", "moduleFunctionName": "Company Maintenance"}


class World:
    """Performs the steps of one program.

    Args:
        wire: speaks to the emulator as its administrator.
        subject: what is judged.
        options: handed through to the subject.
        member: the demo member whose credentials the subject gets.
        limit_s: seconds after which an operation of the subject is given up.
    """

    def __init__(
        self,
        wire: Wire,
        subject: Subject,
        options: Mapping[str, Any] | None = None,
        member: str = MEMBER,
        limit_s: float = LIMIT_S,
    ):
        self.program: list[Step] = []
        self.broken = False
        self._wire = wire
        self._subject = subject
        self._options = dict(options or {})
        self._member = member
        self._truth = Truth(visible=member != BLIND)
        self._types: list[dict[str, Any]] = []
        self._statuses: list[dict[str, Any]] = []
        self._session: Session | None = None
        self._worker = Worker(limit_s)
        self._faulty = False
        self._revoked = False
        self._finished = False
        self._made = 0

    def open(self) -> None:
        """Bring the emulator to its beginning, learn what it holds, and start the subject."""
        self._wire.reset()
        self._types = self._wire.get(TYPES, {"pageSize": 1000}).rows()[:4]
        self._statuses = self._wire.get(STATUSES, {"pageSize": 1000}).rows()[:4]
        for row in self._wire.get(COMPANIES, {"pageSize": 1000, "fields": LEARNT}).rows():
            self._learn(row)
        self._wire.control("DELETE", "requests")
        self._session = self._start()

    def _start(self) -> Session:
        keys = self._wire.target.members.get(self._member)
        if keys is None:
            raise CannotTell(f"the target has no member {self._member!r}")
        told = SubjectTarget(
            url=self._wire.target.site_url,
            company_id=keys.company_id,
            public_key=keys.public_key,
            private_key=keys.private_key,
            client_id=keys.client_id,
            ca_file=self._wire.target.ca_file,
        )
        try:
            started: Session = self._worker.run(lambda: self._subject.start(told, dict(self._options)))
            return started
        except Exception as problem:
            raise Unmet(f"the subject does not start: {type(problem).__name__}: {problem}") from problem

    def _learn(self, row: Mapping[str, Any]) -> None:
        types = frozenset(str(one.get("name")) for one in row.get("types") or [])
        status = str((row.get("status") or {}).get("name"))
        deleted = row.get("deletedFlag") is True
        self._truth.companies[int(row["id"])] = Company(str(row.get("name")), types, status, deleted)

    def perform(self, step: Step) -> None:
        """Do one step.

        Raises:
            Unmet: what has to hold after it does not.
            WrongUse: there is no such step.
        """
        act = STEPS.get(str(step.get("do")))
        if act is None:
            raise WrongUse(f"a program has no step {step.get('do')!r}; there are {', '.join(sorted(STEPS))}")
        values = {name: value for name, value in step.items() if name != "do"}
        try:
            inspect.signature(act).bind(self, **values)
        except TypeError as problem:
            raise WrongUse(f"the step {step} cannot be done: {problem}") from problem
        self.program.append(copy.deepcopy(step))
        try:
            act(self, **values)
        except (ConformanceError, SubjectHang):
            self.broken = True
            raise

    def finish(self) -> None:
        """End a program: without faults one more sync has to make the mirror right."""
        if self.broken or self._finished:
            return
        if self._faulty:
            self._sync()
        self._sync_and_compare()

    def close(self) -> None:
        """Let go of the subject and of the faults."""
        session, self._session = self._session, None
        try:
            if session is not None and not self._worker.lost:
                self._worker.run(session.close)
            elif isinstance(session, CommandSession):
                session.kill()
                session.close()
        finally:
            self._worker.end()
            self._clear_faults()

    # -- steps ------------------------------------------------------------------------------------------------------

    def _create(self, name: str, type: int, status: int) -> None:
        self._made += 1
        body = {
            "identifier": f"M{self._made}",
            "name": name,
            "site": {"name": "Main"},
            "types": [{"id": self._types[type % len(self._types)]["id"]}],
            "status": {"id": self._statuses[status % len(self._statuses)]["id"]},
        }
        self._learn(self._done(self._wire.post(COMPANIES, body), 201).record())

    def _rename(self, which: int, name: str) -> None:
        self._change(which, "name", name)

    def _restatus(self, which: int, status: int) -> None:
        self._change(which, "status", {"id": self._statuses[status % len(self._statuses)]["id"]})

    def _change(self, which: int, path: str, value: Any) -> None:
        identity = self._place(which)
        if identity is not None:
            change = {"op": "replace", "path": path, "value": value}
            self._learn(self._done(self._wire.patch(f"{COMPANIES}/{identity}", change), 200).record())

    def _retype(self, which: int, type: int) -> None:
        identity = self._place(which)
        if identity is None:
            return
        path, wanted = f"{COMPANIES}/{identity}/typeAssociations", self._types[type % len(self._types)]["id"]
        held_types = {one["type"]["id"]: one["id"] for one in self._wire.get(path).rows()}
        if wanted not in held_types:
            self._done(self._wire.post(path, {"type": {"id": wanted}}), 201)
        for kind, association in held_types.items():
            if kind != wanted:
                self._done(self._wire.delete(f"{path}/{association}"), 204)
        self._learn(self._wire.get(f"{COMPANIES}/{identity}", {"fields": LEARNT}).record())

    def _delete(self, which: int) -> None:
        identity = self._place(which)
        if identity is not None:
            self._done(self._wire.delete(f"{COMPANIES}/{identity}"), 204)
            self._truth.companies[identity].deleted = True

    def _filter(self, types: list[int], excluded: list[int]) -> None:
        self._truth.filters = Filters(
            frozenset(str(self._types[place % len(self._types)]["name"]) for place in types),
            frozenset(str(self._statuses[place % len(self._statuses)]["name"]) for place in excluded),
        )
        self._asked("configure", lambda session: session.configure(**self._truth.filters.as_options()))

    def _clock(self, hours: int) -> None:
        self._done(self._wire.control("PUT", "clock", {"advance": f"PT{hours}H"}), 200)

    def _fault(self, name: str) -> None:
        if name not in FAULTS:
            raise WrongUse(f"there is no fault {name!r}")
        self._done(self._wire.control("POST", "faults", FAULTS[name]), 200, 201)
        self._faulty = True

    def _revoke(self) -> None:
        rows = self._wire.get("/system/members", {"pageSize": 1000}).rows()
        roles = [row["securityRole"]["id"] for row in rows if str(row["identifier"]).lower() == self._member]
        if not roles:
            raise CannotTell(f"no member is called {self._member}")
        told = [{**ROW, "inquireLevel": "None"}]
        self._done(self._wire.control("PUT", f"roles/{roles[0]}/settings", told), 200)
        self._revoked = self._finished = True

    def _crash(self, after_pages: int | None = None) -> None:
        crash = getattr(self._session, "crash", None)
        if crash is not None:
            self._asked("crash", lambda session: crash(after_pages))
            self._faulty = self._faulty or after_pages is not None

    def _sync(self, compare: bool = True) -> None:
        if self._revoked:
            self._sync_and_be_refused()
        elif not compare:
            self._finished = True
            self._sync_once()
        else:
            self._sync_and_compare()
        self._clear_faults()

    def _inspect_requests(self) -> None:
        entries = self._wire.control("GET", "requests").json()
        mine = [one for one in entries if str(one.get("member")).lower() == self._member]
        if not mine:
            raise CannotTell("the journal holds no request of the subject")
        written = sorted({f"{one['method']} {one['path']}" for one in mine if one["method"] != "GET"})
        if written:
            raise Unmet(f"the subject sent {', '.join(written[:5])}")
        for entry in mine[-20:]:
            headers = self._wire.control("GET", f"requests/{entry['id']}").json()["request"]["headers"]
            if "clientid" not in {str(name).lower() for name in headers}:
                raise Unmet(f"{entry['method']} {entry['path']} was sent without a client ID")

    # -- what the steps share ------------------------------------------------------------------------------------------

    def _place(self, which: int) -> int | None:
        alive = self._truth.alive()
        return alive[-1 - which % len(alive)] if alive else None

    def _done(self, reply: Any, *due: int) -> Any:
        if reply.status not in due:
            raise CannotTell(f"{reply.request} answered {reply.status} {reply.text[:200]!r} to the machine")
        return reply

    def _clear_faults(self) -> None:
        if self._faulty:
            self._wire.control("DELETE", "faults")
            self._faulty = False

    def _asked(self, operation: str, act: Callable[[Session], Any]) -> Any:
        session = self._session
        if session is None:
            raise HarnessFault("the subject was not started")
        try:
            return self._worker.run(lambda: act(session))
        except Exception as problem:
            raise SubjectError(f"{operation} failed: {type(problem).__name__}: {problem}") from problem

    def _sync_once(self) -> str | None:
        """Sync; answers why it did not succeed, in the subject's words, or None when it did."""
        try:
            told = self._asked("sync", lambda session: session.sync())
        except SubjectError as refusal:
            return str(refusal)
        outcome = told.get("outcome", "done") if isinstance(told, Mapping) else "done"
        return None if outcome == "done" else f"{outcome}: {told.get('error')}"

    def _difference(self) -> str | None:
        state = self._asked("state", lambda session: session.state())
        try:
            seen = held(state)
        except (ValueError, TypeError) as problem:
            raise Unmet(f"the state of the subject cannot be read: {problem}") from problem
        return difference(self._truth.due(), seen)

    def _sync_and_compare(self) -> None:
        refusal = self._sync_once()
        if refusal is not None and not self._faulty:
            raise Unmet(f"a sync failed though nothing was in its way: {refusal}")
        if refusal is None:
            wrong = self._difference()
            if wrong:
                raise Unmet(f"after a sync that says it succeeded, {wrong}")

    def _sync_and_be_refused(self) -> None:
        before = self._asked("state", lambda session: session.state())
        refusal = self._sync_once()
        if refusal is None:
            raise Unmet("a sync whose role lacks Company Maintenance says that it succeeded")
        if self._asked("state", lambda session: session.state()) != before:
            raise Unmet("a refused sync changed the mirror")


STEPS: dict[str, Callable[..., None]] = {
    "create": World._create,
    "rename": World._rename,
    "restatus": World._restatus,
    "retype": World._retype,
    "delete": World._delete,
    "filter": World._filter,
    "clock": World._clock,
    "fault": World._fault,
    "revoke": World._revoke,
    "crash": World._crash,
    "sync": World._sync,
    "inspect-requests": World._inspect_requests,
}
"""What each step of a program does."""
