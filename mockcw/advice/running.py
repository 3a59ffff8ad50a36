"""Runs flows on an emulator in process, as a member with a given role, and says what came of each step.

Knows identities and requests; not where steps come from nor what a better role would be.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlencode

import orjson

from mockcw.advice.flow import Step
from mockcw.advice.situation import CORPORATE, MAIN_OFFICE, Situation
from mockcw.emulator import SITE, Emulator
from mockcw.permissions import Decision
from mockcw.permissions.records import KEYS, LEVEL_ROWS, ROLES, key_record
from mockcw.permissions.roles import NOTHING
from mockcw.pipeline import Request, handle
from mockcw.pipeline.throttle import RateLimit
from mockcw.placeholders import MISSING, NotKept, at, filled_in
from mockcw.web import identity
from mockcw.web.customize import CustomizeItem, write_customize

JSON = "application/json"
API = "/v4_6_release/apis/3.0"
ROLE = "Role on trial"
MEMBER = "OnTrial"
PUBLIC, PRIVATE = "on-trial-public", "on-trial-private"  # keys of an emulator that no socket reaches
TRIAL = "role on trial"
AT = datetime(2026, 2, 2, 12, tzinfo=UTC)  # the demo records end in January 2026
KEPT = 10  # exchanges of the journal; a trial reads the last one
CELLS = ("addLevel", "editLevel", "deleteLevel", "inquireLevel")

PASSED, NOT_REACHED = "passed", "not-reached"
EMPTY, FEWER, BLANK, MASKED, WRONG = "empty-list", "fewer-rows", "blank-field", "masked-field", "wrong-value"
E_ACCESS = "E_ACCESS"  # a 403 that carries this code
VOID: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one step: `seen` is `passed`, `not-reached`, a status, `E_ACCESS`, or what was wrong with a success.

    `detail` names the field, the numbers of rows or the value that was missing; `reason` is the emulator's own.
    """

    step: Step
    seen: str
    detail: str = ""
    reason: str | None = None
    decisions: tuple[Decision, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the step itself went wrong; one that was not reached did not."""
        return self.seen not in (PASSED, NOT_REACHED)

    @property
    def words(self) -> str:
        """What the user of the integration sees."""
        return self.step.words if self.failed else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as the vendor sees it, and what the journal knows of it."""

    status: int
    document: Any
    reason: str | None
    decisions: tuple[Decision, ...]


class Bench:
    """An emulator with a member on trial; a context manager. Each run starts from the same records."""

    def __init__(self, settings: Mapping[str, Any] | None = None) -> None:
        self.emulator = Emulator("small", settings={**(settings or {}), "journal_size": KEPT})
        self._tenant = identity.only_tenant(self.emulator.world)
        self._chance = self.emulator.world.ids.mark()
        engine = self._tenant.engine
        role = engine.add(ROLES, (), {"name": ROLE}, identity.AUTHOR)
        self._role: dict[str, Any] = orjson.loads(role)
        rows = engine.look.find(LEVEL_ROWS, parent=self._role["id"])
        self._rows = {(row["moduleName"], row["moduleFunctionName"]): row for row in rows}
        wanted = identity.MemberRequest(identifier=MEMBER, role=ROLE)
        self._member = identity.add_member(self._tenant, wanted)["id"]
        self._tenant.store.snapshot(TRIAL)
        self._headers: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.emulator.close()

    def run(self, steps: Sequence[Step], situation: Situation, stop: bool = False) -> list[Outcome]:
        """Every step in its order, each with what the ones before brought; `stop` ends with the first that fails."""
        self.prepare(situation)
        kept: dict[str, Any] = {}
        outcomes: list[Outcome] = []
        for step in steps:
            outcomes.append(self._try(step, kept))
            if stop and outcomes[-1].seen != PASSED:
                break
        return outcomes

    def prepare(self, situation: Situation) -> None:
        """The records as they were, and the member on trial in a situation.

        Raises KeyError for an unknown row, NotFound for a place, board or Customize item that is not there.
        """
        world, store = self.emulator.world, self._tenant.store
        store.restore(TRIAL)
        world.ids.back_to(self._chance)
        world.clock.set(AT, frozen=True)
        self._tenant.rate = RateLimit()
        world.journal.entries.clear()
        self._tenant.logins.clear()
        clients = [one.lower() for one in situation.allowed_clients]
        with store.transaction():
            for name, levels in situation.rows.items():
                if levels != NOTHING:
                    record = self._rows[name] | dict(zip(CELLS, levels, strict=True))
                    store.update(LEVEL_ROWS, record["id"], orjson.dumps(record))
            if situation.admin:
                store.update(ROLES, self._role["id"], orjson.dumps(self._role | {"adminFlag": True}))
            key_id = store.next_id(KEYS)
            store.insert(KEYS, key_id, key_record(key_id, PUBLIC, PRIVATE, self._member, TRIAL, clients))
        if situation.refused:
            items = [
                CustomizeItem(identifier=name, item=item) for name, found in situation.refused.items() for item in found
            ]
            write_customize(self._tenant, world.catalogue, self._role["id"], items)
        place = (situation.structure_level, situation.location)
        if not situation.active or place != (CORPORATE, MAIN_OFFICE) or situation.excluded_boards:
            change = identity.MemberChange(
                active=situation.active,
                structure_level=situation.structure_level,
                location=situation.location,
                excluded_boards=list(situation.excluded_boards),
            )
            identity.change_member(self._tenant, MEMBER, change)
        user = f"{self.emulator.company_id}+{PUBLIC}:{PRIVATE}"
        self._headers = {
            "authorization": f"Basic {base64.b64encode(user.encode()).decode()}",
            "clientid": situation.client_id,
            "content-type": JSON,
        }

    def send(self, method: str, path: str, query: str = "", body: bytes = b"", media: str = JSON) -> Answer:
        """One request under the API root as the member on trial; `media` is the content type of the body."""
        world = self.emulator.world
        headers = self._headers if media == JSON else {**self._headers, "content-type": media}
        request = Request(method, f"{API}{path}", query, headers, body, SITE)
        reply = handle(world, request)
        exchange = world.journal.entries[-1]
        decisions = (exchange.decision, *exchange.asked) if exchange.decision else ()
        return Answer(reply.status, document_of_text(reply.body), exchange.reason, decisions)

    def _try(self, step: Step, kept: dict[str, Any]) -> Outcome:
        try:
            path, query, body, equals = (
                filled_in(one, kept) for one in (step.path, step.query, step.body, step.equals)
            )
        except NotKept as missing:
            return Outcome(step, NOT_REACHED, f"an earlier step did not bring {missing}")
        sent = b"" if body is None or body is MISSING else orjson.dumps(body)
        answer = self.send(step.operation.method, path, urlencode(query), sent)
        seen, detail = verdict(step, answer, equals)
        for name, place in step.keep.items():
            value = at(answer.document, place) if answer.status == step.status else None
            if value is not None:
                kept[name] = value
        return Outcome(step, seen, detail, answer.reason, answer.decisions)


def document_of_text(text: str | bytes | None) -> Any:
    """The JSON of a text; None where it has none."""
    try:
        return orjson.loads(text or b"")
    except orjson.JSONDecodeError:
        return None


def verdict(step: Step, answer: Answer, equals: Mapping[str, Any]) -> tuple[str, str]:
    """What was seen of a step, and the detail that belongs to it."""
    document = answer.document
    if answer.status != step.status:
        return spoken(answer)
    got = rows_of(document)
    if got < step.rows:
        return (FEWER if got else EMPTY), f"{got} of {step.rows}"
    for place in step.filled:
        if at(document, place) in VOID:
            return BLANK, place
    for place, wanted in equals.items():
        found = at(document, place)
        if found != wanted:
            kind = BLANK if found in VOID else MASKED if hidden(found) else WRONG
            return kind, place if kind != WRONG else f"{place} is {found!r}, not {wanted!r}"
    return PASSED, ""


def spoken(answer: Answer) -> tuple[str, str]:
    """What an unwanted status is called, and the message that came with it."""
    errors = at(answer.document, "errors") or ()
    labelled = answer.status == 403 and any(at(one, "code") == E_ACCESS for one in errors)
    return E_ACCESS if labelled else str(answer.status), str(at(answer.document, "message") or "")


def hidden(value: Any) -> bool:
    """Whether a text is a mask in the place of a value."""
    return isinstance(value, str) and set(value) == {"*"}


def rows_of(document: Any) -> int:
    """How many records an answer holds, or counts."""
    if isinstance(document, list):
        return len(document)
    return int(document["count"]) if isinstance(document, dict) and set(document) == {"count"} else 0
