"""What a check holds in its hand: requests to a target, replies, what is expected of them, and tidying up.

Knows HTTP, the envelope of the API and the history; knows no requirement and no verdict. Expectations are collected,
so one check can name several things that are not as required; `Unmet` ends a check that cannot go on.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from conformance.clock import Clock
from conformance.errors import CannotTell, NoReply, NotRunnable, Unmet, Unsupported
from conformance.history import History
from conformance.target import Credentials, Target
from conformance.verdicts import Finding

NOT_YET_HONEST = 501
THROTTLED = 429
PATIENCE = 3
"""How often a request is sent again to a real server that says it is asked too often."""
LONGEST_WAIT_S = 60.0
TIMEOUT_S = 30.0
COMPANIES = "/company/companies"

Query = str | Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a target answered: status, headers by any letter case, body as bytes, and the number of the exchange."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    exchange: int
    request: str

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON data; raises Unmet when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Unmet(
                f"{self.request} answered {self.status} with a body that is no JSON: {self.text[:120]!r}"
            ) from None

    def rows(self) -> list[dict[str, Any]]:
        """The records of a list; raises Unmet when this is not a 200 with a JSON array of objects."""
        data = self.json() if self.status == 200 else None
        if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
            raise Unmet(f"{self.request} answered {self.status} {self.text[:120]!r} where a list of records is due")
        return data

    def record(self) -> dict[str, Any]:
        """The record of a 200 or 201; raises Unmet when this is something else."""
        data = self.json() if self.status in (200, 201) else None
        if not isinstance(data, dict):
            raise Unmet(f"{self.request} answered {self.status} {self.text[:160]!r} where a record is due")
        return data

    def error(self) -> dict[str, Any]:
        """The error envelope; raises Unmet when the body is no JSON object."""
        data = self.json()
        if not isinstance(data, dict):
            raise Unmet(f"{self.request} answered {self.status} with {self.text[:120]!r} where an error object is due")
        return data

    def items(self) -> list[dict[str, Any]]:
        """The `errors` of the envelope; an absent list is empty."""
        listed = self.error().get("errors") or []
        return [item for item in listed if isinstance(item, dict)]

    def links(self) -> dict[str, str]:
        """The URLs of the Link header by their `rel`."""
        pairs = re.findall(r'<([^>]*)>;\s*rel="([^"]*)"', self.headers.get("Link", ""))
        return {rel: url for url, rel in pairs}


class Wire:
    """Requests of one check to one target.

    Args:
        target: what is judged.
        history: where each exchange is kept.
        scope: the id of the requirement under judgement.
        clock: measures how long a reply takes.
    """

    def __init__(self, target: Target, history: History, scope: str, clock: Clock | None = None):
        self.target = target
        self.scope = scope
        self.findings: list[Finding] = []
        self.last: Reply | None = None
        self._history = history
        self._clock = clock or Clock()
        self._session = target.session()
        self._made: list[str] = []
        self._names = 0

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Query = None,
        body: Any = None,
        data: bytes | None = None,
        member: str | None = "admin",
        keys: Credentials | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Reply:
        """Send one request and keep the exchange.

        Args:
            path: below the API root; a whole URL is taken as it is.
            query: a mapping is encoded (blank as %20), a string is sent as it is.
            body: JSON data; `data` sends bytes as they are.
            member: whose credentials are sent; None sends none. `keys` are sent instead when given.
            headers: added to the usual ones; a value of None takes a header away.

        A real server that throttles is waited for; an emulator does so only where a check wants it.

        Raises:
            NoReply: the connection gave no reply.
            NotRunnable: the target has no such member.
            Unsupported: the target says that it does not answer this operation yet.
        """
        url = self._url(path, query)
        sent = self._headers(member if keys is None else None, keys, body, data)
        for name, value in (headers or {}).items():
            sent.pop(name, None)
            if value is not None:
                sent[name] = value
        content = json.dumps(body).encode() if body is not None else data
        reply = self._send(method, url, sent, content, member)
        for _ in range(PATIENCE):
            if reply.status != THROTTLED or self.target.control_url:
                break
            self._clock.wait(_seconds(reply.headers.get("Retry-After")))
            reply = self._send(method, url, sent, content, member)
        if reply.status == NOT_YET_HONEST:
            raise Unsupported(f"{reply.request} answers {NOT_YET_HONEST}: {reply.text[:160]}")
        return reply

    def get(self, path: str, query: Query = None, **more: Any) -> Reply:
        """GET; see `request`."""
        return self.request("GET", path, query=query, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Reply:
        """POST; see `request`."""
        return self.request("POST", path, body=body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Reply:
        """PUT; see `request`."""
        return self.request("PUT", path, body=body, **more)

    def patch(self, path: str, *operations: Mapping[str, Any], **more: Any) -> Reply:
        """PATCH with a list of operations; see `request`."""
        return self.request("PATCH", path, body=list(operations), **more)

    def delete(self, path: str, **more: Any) -> Reply:
        """DELETE; see `request`."""
        return self.request("DELETE", path, **more)

    def control(self, method: str, path: str, body: Any = None) -> Reply:
        """A call of the emulator's control API; raises NotRunnable where there is none."""
        if not self.target.control_url:
            raise NotRunnable("the target has no control API")
        token = self.target.control_token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.request(method, f"{self.target.control_url}/{path}", body=body, member=None, headers=headers)

    def reset(self) -> Reply:
        """Bring the emulator back to its beginning, with its clock where this run stopped it."""
        reply = self.control("POST", "reset")
        if self.target.frozen_at:
            self.control("PUT", "clock", {"now": self.target.frozen_at, "frozen": True})
        return reply

    def _url(self, path: str, query: Query) -> str:
        if isinstance(query, Mapping):
            query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in query.items())
        base = path if path.startswith("http") else f"{self.target.api_url}{path}"
        return f"{base}?{query}" if query is not None else base

    def _headers(self, member: str | None, keys: Credentials | None, body: Any, data: bytes | None) -> dict[str, str]:
        sent = {"Accept": "application/json"}
        if body is not None or data is not None:
            sent["Content-Type"] = "application/json"
        if member is not None and keys is None:
            keys = self.keys(member)
        if keys is not None:
            sent["Authorization"] = keys.basic
            if keys.client_id:
                sent["clientId"] = keys.client_id
        return sent

    def keys(self, member: str = "admin") -> Credentials:
        """The credentials of a member; raises NotRunnable when the target has no such member."""
        if member not in self.target.members:
            raise NotRunnable(f"the target has no member {member!r}")
        return self.target.members[member]

    def _send(self, method: str, url: str, headers: dict[str, str], content: bytes | None, member: str | None) -> Reply:
        shown = f"{method} {url.removeprefix(self.target.api_url).removeprefix(self.target.site_url)[:200]}"
        told: dict[str, Any] = {
            "scope": self.scope,
            "member": member,
            "method": method,
            "url": url,
            "request_headers": tuple(headers.items()),
            "request_body": content,
        }
        begun = self._clock.elapsed()
        try:
            answer = self._session.request(
                method, url, headers=headers, data=content, allow_redirects=False, timeout=TIMEOUT_S
            )
        except requests.RequestException as failure:
            spent = (self._clock.elapsed() - begun) * 1000
            self._history.record(**told, elapsed_ms=spent, error=f"{type(failure).__name__}: {failure}")
            raise NoReply(f"{shown} got no reply: {type(failure).__name__}") from failure
        kept = self._history.record(
            **told,
            elapsed_ms=(self._clock.elapsed() - begun) * 1000,
            status=answer.status_code,
            reply_headers=tuple(answer.headers.items()),
            reply_body=answer.content,
        )
        self.last = Reply(answer.status_code, answer.headers, answer.content, kept.number, shown)
        return self.last

    def expect(self, condition: object, text: str, reply: Reply | None = None) -> bool:
        """Note a finding unless `condition` holds; `reply` (the last one by default) is the evidence."""
        if not condition:
            evidence = reply or self.last
            self.findings.append(Finding(text, evidence.exchange if evidence else None))
        return bool(condition)

    def expect_status(self, reply: Reply, *due: int) -> bool:
        """Note a finding unless the status is one of `due`."""
        wanted = " or ".join(map(str, due))
        return self.expect(reply.status in due, f"{reply.request} answered {reply.status}, due is {wanted}", reply)

    def expect_refused(self, reply: Reply) -> bool:
        """Note a finding unless the reply is a refusal (400 to 499) and no failure of the server."""
        return self.expect(
            400 <= reply.status < 500, f"{reply.request} answered {reply.status}, due is a refusal", reply
        )

    def expect_error(self, reply: Reply, status: int, code: str, message: str | None = None) -> bool:
        """Note a finding unless the reply is the error that is due; `message` of None is not compared."""
        if not self.expect_status(reply, status):
            return False
        error = reply.error()
        right = error.get("code") == code and (message is None or error.get("message") == message)
        due = f"code {code!r}" + (f" and message {message!r}" if message is not None else "")
        return self.expect(right, f"{reply.request} answered {reply.text[:300]!r}, due is {due}", reply)

    def expect_alive(self) -> None:
        """Note a finding unless the target still answers an ordinary request."""
        self.expect_status(self.get("/system/info"), 200)

    def name(self, kind: str = "Conformance") -> str:
        """A name no other record has; the same at each run of one check on a fresh emulator."""
        self._names += 1
        return f"{kind} {self.mark}{self._names}"

    @property
    def mark(self) -> str:
        """Letters and digits that only the records of this check carry, at most 13."""
        return f"Q{self.target.token}{zlib.crc32(self.scope.encode()) & 0xFFFFFF:06X}"

    def company_body(self, **more: Any) -> dict[str, Any]:
        """What creates a company: identifier, name and site, and whatever else is given."""
        self._names += 1
        mark = f"{self.mark}{self._names}"
        return {"identifier": mark, "name": f"Conformance {mark}", "site": {"name": "Main"}, **more}

    def company(self, **more: Any) -> dict[str, Any]:
        """A company made for this check, removed when it is over; raises CannotTell when it cannot be made."""
        return self.create(COMPANIES, self.company_body(**more))

    def companies(self, *variants: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One company for each variant, in order."""
        return [self.company(**variant) for variant in variants]

    def create(self, path: str, body: Mapping[str, Any], *, doomed: bool = True) -> dict[str, Any]:
        """A record made for this check, removed when it is over unless it is not `doomed`.

        Raises:
            CannotTell: the target did not make it.
        """
        reply = self.post(path, dict(body))
        if reply.status != 201:
            raise CannotTell(f"a record for this check could not be made: {reply.status} {reply.text[:300]!r}")
        record = reply.record()
        if doomed:
            self._made.append(f"{path}/{record.get('id')}")
        return record

    def remember(self, path: str) -> None:
        """Have the record at `path` removed when the check is over."""
        self._made.append(path)

    def some(self, path: str) -> dict[str, Any]:
        """Any record that the target already has; raises CannotTell when it has none."""
        rows = self.get(path, {"pageSize": 1}).rows()
        if not rows:
            raise CannotTell(f"{path} holds no record on this target")
        return rows[0]

    def at_least(self, path: str, count: int) -> int:
        """See to it that a collection (companies, types, statuses) holds `count` records; answers how many it has."""
        held = int(self.get(f"{path}/count").record().get("count", 0))
        for _ in range(held, count):
            self.create(path, self.company_body() if path == COMPANIES else {"name": self.name("T")})
        return max(held, count)

    def matching(self, conditions: str, among: Sequence[Mapping[str, Any]], **query: Any) -> list[int]:
        """Which of the records `among` (by their place, from 0) a condition selects from the companies."""
        ids = [int(record["id"]) for record in among]
        narrowed = f"({conditions}) and id >= {min(ids)} and id <= {max(ids)}"
        reply = self.get(COMPANIES, {"conditions": narrowed, "pageSize": 1000, **query})
        found = {row.get("id") for row in reply.rows()}
        return [place for place, identity in enumerate(ids) if identity in found]

    def tidy_up(self) -> tuple[str, ...]:
        """Remove what the check made, newest first; answers the paths that could not be removed."""
        left: list[str] = []
        for path in reversed(self._made):
            try:
                gone = self.delete(path).status in (204, 404)
            except (CannotTell, Unsupported):
                gone = False
            if not gone:
                left.append(path)
        self._made.clear()
        return tuple(left)

    def close(self) -> None:
        """Close the session."""
        self._session.close()


def _seconds(retry_after: str | None) -> float:
    """How long to wait, in seconds; 30 when the server does not say it in digits."""
    wanted = float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else 30.0
    return min(wanted, LONGEST_WAIT_S)


def ids(rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """The ids of records, in their order."""
    return [int(row["id"]) if isinstance(row.get("id"), int) else -1 for row in rows]
