"""The journal: the last exchanges with actor, decision and reason. Credentials never enter it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from mockcw.catalogue import Operation
from mockcw.permissions import Actor, Decision
from mockcw.pipeline.faults import FaultEffect, set_fields
from mockcw.pipeline.request import Reply, Request
from mockcw.pipeline.shadow import STOPPING, Ridden

SECRET_NAME = re.compile(rb"password|secret|private_?key|token", re.IGNORECASE)
SECRET_PAIR = re.compile(r"((?:^|&)[^=&]*(?:password|secret|private_?key|token)[^=&]*=)[^&]*", re.IGNORECASE)
USER_OF_ADDRESS = re.compile(rb"://[^/@\s\"\\]+:[^/@\s\"\\]*@")
MINTING = "token"  # in the names of the operations whose reply holds a key
WITHHELD = b"(withheld)"
REFUSED = (401, 403)
SECRET = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(slots=True)
class Exchange:
    """One request on its way through the pipeline; each step leaves here what it found out."""

    id: str
    at: str
    request: Request
    started: float
    tenant: str | None = None
    actor: Actor | None = None
    version: str | None = None
    operation: Operation | None = None
    decision: Decision | None = None
    reason: str | None = None
    cause: str | None = None
    asked: list[Decision] = field(default_factory=list)
    rules: set[str] = field(default_factory=set)  # ids of the rules that had a say, and the operation of an action
    consulted: frozenset[str] = frozenset()  # the query parameters that an action looked at, in small letters
    shadow: Ridden | None = None
    fault: FaultEffect | None = None
    reply: Reply | None = None
    seconds: float = 0.0

    @property
    def stopped(self) -> bool:
        """Whether the request was turned away, or some record kept from it as if it were not there."""
        return self.cause in STOPPING or (self.reply is not None and self._turned_away(self.reply.status))

    def _turned_away(self, status: int) -> bool:
        """Whether a status refuses: one of its own, or the 404 that a failed log-in may get."""
        return status in REFUSED or (status == 404 and self.actor is None and self.cause is not None)

    def verdict(self, status: int) -> dict[str, Any]:
        """What was decided, with what else refused or narrowed the request, as the explain header tells it."""
        told: dict[str, Any] = self.decision.as_json() if self.decision else {"allowed": None}
        if self._turned_away(status) or self.cause in STOPPING:
            told["allowed"] = False
        told["reason"] = self.reason or told.get("reason")
        return {**told, "cause": self.cause, "asked": [one.as_json() for one in self.asked if not one.allowed]}

    def as_json(self, *, bodies: bool) -> dict[str, Any]:
        """The entry as data; `bodies` adds headers and bodies."""
        request, reply, decision = self.request, self.reply, self.decision
        entry: dict[str, Any] = {
            "id": self.id,
            "at": self.at,
            "method": request.method,
            "path": request.path,
            "query": request.raw_query,
            "company": self.tenant,
            "member": self.actor.identifier if self.actor else None,
            "version": self.version,
            "operation": self.operation.name if self.operation else None,
            "status": reply.status if reply else None,
            "reason": self.reason or (decision.reason if decision else None),
            "cause": self.cause,
            "decision": decision.as_json() if decision else None,
            "asked": [one.as_json() for one in self.asked],
            "rules": sorted(self.rules),
            "shadow": self.shadow.as_json(decision, self.cause) if self.shadow else None,
            "fault": set_fields(self.fault) if self.fault else None,
            "dropped": bool(reply and reply.drop),
            "milliseconds": round(self.seconds * 1000, 3),
        }
        if bodies:
            entry["request"] = {"headers": safe(request.headers), "body": text_of(request.body)}
            entry["reply"] = {"headers": dict(reply.headers), "body": text_of(reply.body)} if reply else None
        return entry

    def as_har(self) -> dict[str, Any]:
        """The entry in the HTTP Archive 1.2 form."""
        request, reply = self.request, self.reply or Reply(0)
        url = f"{request.site}{request.path}" + (f"?{request.raw_query}" if request.raw_query else "")
        return {
            "startedDateTime": self.at,
            "time": round(self.seconds * 1000, 3),
            "request": {
                "method": request.method,
                "url": url,
                "httpVersion": "HTTP/1.1",
                "headers": har_pairs(safe(request.headers)),
                "queryString": [{"name": name, "value": value} for name, value in request.pairs()],
                "cookies": [],
                "headersSize": -1,
                "bodySize": len(request.body),
                **(
                    {"postData": {"mimeType": "application/json", "text": text_of(request.body)}}
                    if request.body
                    else {}
                ),
            },
            "response": {
                "status": reply.status,
                "statusText": "",
                "httpVersion": "HTTP/1.1",
                "headers": har_pairs(dict(reply.headers)),
                "cookies": [],
                "content": {"size": len(reply.body), "mimeType": reply.content_type, "text": text_of(reply.body)},
                "redirectURL": "",
                "headersSize": -1,
                "bodySize": len(reply.body),
            },
            "cache": {},
            "timings": {"send": 0, "wait": round(self.seconds * 1000, 3), "receive": 0},
            "_decision": self.decision.as_json() if self.decision else None,
            "_reason": self.reason,
        }


@dataclass(slots=True)
class Journal:
    """A ring of exchanges; the oldest fall out."""

    size: int
    body_bytes: int
    entries: deque[Exchange] = field(init=False)

    def __post_init__(self) -> None:
        self.entries = deque(maxlen=self.size)

    def end(self, exchange: Exchange, reply: Reply, now: float) -> None:
        """Keep an exchange that is over; `now` is by the clock that it `started` by."""
        exchange.seconds = now - exchange.started
        exchange.reply = self.kept(reply, exchange.operation)
        exchange.request = self.kept_request(exchange.request, reply.secret)
        self.add(exchange)

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange."""
        self.entries.append(exchange)

    def kept(self, reply: Reply, operation: Operation | None) -> Reply:
        """The reply as it is kept: a long body is cut, a secret one and a minted key are left out."""
        body = WITHHELD if reply.secret else reply.body
        if operation is not None and MINTING in operation.name.lower():
            body = without_secrets(body)
        body = without_passwords(body)[: self.body_bytes]
        return reply if body == reply.body else replace(reply, body=body)

    def kept_request(self, request: Request, secret: bool = False) -> Request:
        """The request as it is kept: a long body is cut; one that is no JSON is cut before it is searched."""
        body = WITHHELD if secret else request.body
        if "json" not in request.headers.get("content-type", "json"):
            body = body[: self.body_bytes]
        body = without_passwords(without_secrets(body))[: self.body_bytes]
        query = SECRET_PAIR.sub(r"\1(withheld)", request.raw_query)
        if body == request.body and query == request.raw_query:
            return request
        return replace(request, body=body, raw_query=query)

    def find(self, request_id: str) -> Exchange | None:
        """The exchange with this request id, while it is still kept."""
        return next((entry for entry in self.entries if entry.id == request_id), None)


def without_passwords(body: bytes) -> bytes:
    """A body without the user and password that an address in it may carry."""
    return USER_OF_ADDRESS.sub(rb"://(withheld)@", body) if b"@" in body and b"://" in body else body


def without_secrets(body: bytes) -> bytes:
    """A JSON body without the values of secret members; one that names a secret and is no JSON is not kept."""
    if not SECRET_NAME.search(body):
        return body
    try:
        return orjson.dumps(withheld(orjson.loads(body)))
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return b"(withheld: it names a secret and is no JSON)"


def withheld(value: Any) -> Any:
    """A JSON value with secrets replaced, in objects and in PATCH operations."""
    if isinstance(value, list):
        return [withheld(one) for one in value]
    if not isinstance(value, dict):
        return value
    named = SECRET_NAME.search(str(value.get("path", "")).encode("utf-8", "replace"))
    return {
        name: "(withheld)"
        if SECRET_NAME.search(name.encode("utf-8", "replace")) or (named and name.lower() == "value")
        else withheld(one)
        for name, one in value.items()
    }


def safe(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers without the ones that carry secrets."""
    return {name: "(withheld)" if name in SECRET else value for name, value in headers.items()}


def text_of(body: bytes) -> str:
    """A body as text, for people."""
    return body.decode("utf-8", "replace")


def har_pairs(headers: Mapping[str, str]) -> list[dict[str, str]]:
    """Headers as HAR writes them."""
    return [{"name": name, "value": value} for name, value in headers.items()]
