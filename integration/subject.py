"""The face that a judge drives: connect, configure, sync, die, tell the state.

Knows `assemble` and plain data; does not know who judges, nor by which rules. In Python it is `SUBJECT`; in any other
language it is `python -m integration.subject`, which reads one JSON object a line on standard input and writes one
answer a line on standard output:

    {"do": "start", "target": {"url": ..., "company_id": ..., "public_key": ..., "private_key": ..., "client_id": ...,
                               "ca_file": ...}, "options": {...}}
    {"do": "configure", "types": [...], "excluded_statuses": [...], "organizations": [{"id": ..., "name": ...}]}
    {"do": "sync", "full": false} · {"do": "state"} · {"do": "crash", "after_pages": 1} · {"do": "close"}

Each answer is `{"ok": true, "result": ...}` or `{"ok": false, "error": {"kind", "message", "exit"}}`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, Protocol

import orjson

from integration.assemble import Access, Integration, profile_named
from integration.connect.address import Server
from integration.connect.credentials import Credentials
from integration.errors import IntegrationError, WrongUse
from integration.settings import Settings
from integration.store import mirror
from integration.sync.engine import Progress
from integration.sync.organizations import organizations_of

_GONE: Final = (mirror.FILTERED, mirror.DELETED, mirror.VANISHED)


class Target(Protocol):
    """A server to work against, with one member's credentials."""

    url: str | None
    company_id: str | None
    public_key: str | None
    private_key: str | None
    client_id: str | None
    ca_file: str | None


class Died(BaseException):
    """The death of the process, played in process: no handler of ordinary errors sees it."""


class Session:
    """One integration with a state of its own, from `start` to `close`."""

    def __init__(self, profile: str, target: Target, options: Mapping[str, Any]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="cw-subject-")
        self._settings = Settings(**options.get("settings", {}))
        self._pages_to_live: int | None = None
        self._integration = self._open()
        try:
            server = Server.parse(target.url or "")
            access = Access(
                server,
                Credentials.of(
                    target.company_id or "", target.public_key or "", target.private_key or "", target.client_id or ""
                ),
                server.exact,
                Path(target.ca_file).read_text(encoding="ascii") if target.ca_file else None,
            )
            self._integration.connect(profile, profile_named(profile), access)
            self.configure(**{name: options[name] for name in _CONFIGURABLE if name in options})
        except BaseException:
            self.close()
            raise

    def _open(self) -> Integration:
        return Integration(self._folder.name, actor="judge", settings=self._settings, environment={})

    def configure(
        self,
        types: Sequence[str] | None = None,
        excluded_statuses: Sequence[str] | None = None,
        organizations: Sequence[Mapping[str, str]] | None = None,
    ) -> dict[str, Any]:
        """Set filters and organizations; what is None stays as it is."""
        rows = None
        if organizations is not None:
            named = enumerate(organizations, start=1)
            rows = organizations_of(((n, str(one.get("id", "")), one["name"]) for n, one in named), "organizations")
        return self._integration.configure(None, types=types, excluded_statuses=excluded_statuses, organizations=rows)

    def sync(self, full: bool = False) -> dict[str, Any]:
        """Sync once; `outcome` is done, refused (`error` says why) or died."""
        try:
            report = self._integration.sync(None, full=full, observe=self._live_or_die)
        except IntegrationError as error:
            return {"outcome": "refused", "error": _told(error)}
        except Died:
            self._reopen()
            return {"outcome": "died"}
        finally:
            self._pages_to_live = None
        return {"outcome": "done", **report}

    def _live_or_die(self, progress: Progress) -> None:
        if self._pages_to_live is not None:
            self._pages_to_live -= 1
            if self._pages_to_live <= 0:
                raise Died

    def state(self) -> dict[str, Any]:
        """Tell all that a judge may compare: the companies in scope, the outcomes, and the ids that left, by reason."""
        companies: dict[str, Any] = {}
        sides: dict[str, list[Any]] = {outcome: [] for outcome in mirror.OUTCOMES}
        for row in self._integration.companies():
            companies[str(row["id"])] = {name: row[name] for name in ("identifier", "name", "status", "types")}
            matched = row["outcome"] == mirror.MATCHED
            entry = {"company": row["id"], "organization": row["organization_id"]} if matched else row["id"]
            sides[row["outcome"]].append(entry)
        gone = {why: [row["id"] for row in self._integration.companies(presence=why)] for why in _GONE}
        return {"companies": companies, **sides, "gone": gone}

    def crash(self, after_pages: int | None = None) -> None:
        """Die now, losing all that is only in memory; or, with a number, in the next sync after that many pages."""
        if after_pages is None:
            self._reopen()
        else:
            self._pages_to_live = after_pages

    def _reopen(self) -> None:
        self._integration.close()
        self._integration = self._open()

    def close(self) -> None:
        """End the session and delete its state."""
        self._integration.close()
        self._folder.cleanup()


_CONFIGURABLE: Final = ("types", "excluded_statuses", "organizations")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: this integration with one vendor's profile."""

    name: str
    profile: str

    def start(self, target: Target, options: Mapping[str, Any] | None = None) -> Session:
        """Connect to `target`.

        `options` may hold the lists `types`, `excluded_statuses` and `organizations`, and `settings` (fields of
        Settings). The one address of `target` is allowed by name, private or not. Raises IntegrationError when it does
        not connect.
        """
        return Session(self.profile, target, options or {})


SUBJECT: Final = Subject("cw-integration", "sonicsaas")


def _told(error: IntegrationError) -> dict[str, Any]:
    return {"kind": type(error).__name__, "message": error.message, "advice": error.advice, "exit": error.exit_code}


def _answer(session: Session | None, request: Mapping[str, Any]) -> tuple[Session | None, Any]:
    """Do what one line asks; returns the session that now stands and the result."""
    rest = {name: value for name, value in request.items() if name != "do"}
    verb = request.get("do")
    if verb == "start":
        if session is not None:
            session.close()
        names = ("url", "company_id", "public_key", "private_key", "client_id", "ca_file")
        given = {name: rest.get("target", {}).get(name) for name in names}
        return SUBJECT.start(SimpleNamespace(**given), rest.get("options")), SUBJECT.name
    if session is None:
        raise WrongUse("start first")
    if verb == "close":
        session.close()
        return None, None
    if verb not in ("configure", "sync", "state", "crash"):
        raise WrongUse(f"there is no {verb!r} to do")
    return session, getattr(session, str(verb))(**rest)


def serve_lines() -> None:
    """Answer requests until standard input ends."""
    session: Session | None = None
    for line in sys.stdin.buffer:
        try:
            request = orjson.loads(line)
            if not isinstance(request, dict):
                raise WrongUse("a request is a JSON object")
            session, result = _answer(session, request)
            reply: dict[str, Any] = {"ok": True, "result": result}
        except IntegrationError as error:
            reply = {"ok": False, "error": _told(error)}
        except (orjson.JSONDecodeError, TypeError, KeyError, OSError) as error:
            reply = {
                "ok": False,
                "error": {"kind": type(error).__name__, "message": str(error), "advice": "", "exit": 2},
            }
        sys.stdout.buffer.write(orjson.dumps(reply) + b"\n")
        sys.stdout.buffer.flush()
    if session is not None:
        session.close()


if __name__ == "__main__":
    serve_lines()
