"""A story on stage: the emulator takes its state, others act while the client works, and the client is watched.

Acts for other members past log-in and faults, which are the client's; their writes obey roles and rules like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import orjson

from mockcw.delivery import Disorder
from mockcw.demo.members import DEMO_MEMBERS
from mockcw.engine.writer import Author
from mockcw.errors import ApiError, MockcwError
from mockcw.permissions.records import MEMBERS
from mockcw.pipeline import World, states
from mockcw.pipeline.faultform import FaultBody
from mockcw.pipeline.journal import Exchange
from mockcw.pipeline.passing import advance
from mockcw.placeholders import MISSING, NotKept, at, filled_in
from mockcw.scenario.acting import act_as
from mockcw.scenario.checks import Seen, Verdict, alike, check
from mockcw.scenario.file import Later, Step, Story
from mockcw.settings import Settings

NOBODY = Author("Scenario", None)
API = "/apis/3.0"
PREPARED = "scenario"  # the kept state that a client begins with


class Stage:
    """A prepared story and what has happened since."""

    def __init__(self, world: World, story: Story) -> None:
        self.story = story
        self._world = world
        self._seen = Seen({}, Counter(), {})
        self._pending: list[Later] = []
        self._met: Counter[int] = Counter()
        self._happened: list[str] = []
        self._troubles: list[str] = []

    @property
    def given(self) -> dict[str, Any]:
        """What the client is told: ids and names it works with."""
        told = filled_in(self.story.given, self._seen.kept)
        return {} if told is MISSING else dict(told)

    def prepare(self) -> None:
        """Make the state of the story out of the seeded one. Raises MockcwError naming the step that does not work."""
        world, story = self._world, self.story
        self._seen.kept.clear()
        self.forget()
        world.clock.set(story.clock.now, frozen=True)
        for place, step in enumerate(story.state, 1):
            try:
                self._do(step)
            except MockcwError as error:
                raise MockcwError(f"{story.id}: state {place}: {error}") from None
        for fault in story.fault:
            told = filled_in(fault.model_dump(exclude_unset=True), self._seen.kept)
            world.faults.add(FaultBody.model_validate(told).rule())
        states.only(world).postman.disorder = Disorder(**story.disorder.model_dump())
        world.journal.entries.clear()
        if not story.clock.frozen:
            world.clock.set(frozen=False)
        self.verdict()
        states.keep(world, PREPARED)

    def forget(self) -> None:
        """Begin to watch anew: nothing was asked, answered or said, and what happens meanwhile is still to come."""
        self._seen.replies.clear()
        self._seen.answers.clear()
        self._met.clear()
        self._happened.clear()
        self._troubles.clear()
        self._pending = list(self.story.later)

    # -- while the client works ------------------------------------------------------------------------------------

    def arriving(self) -> None:
        """A request is about to be answered: what the clock has reached happens first."""
        for event in [one for one in self._pending if one.at is not None and one.at <= self._world.clock.now()]:
            self._happen(event)

    def note(self, exchange: Exchange) -> None:
        """A request was answered: it is counted, and what follows it happens."""
        request = exchange.request
        path = request.path.partition(API)[2]
        self._seen.replies[request.method, path, exchange.reply.status if exchange.reply else 0] += 1
        for event in list(self._pending):
            try:
                wanted = filled_in(event.after, self._seen.kept)
            except NotKept:  # it waits for what another event brings
                continue
            if wanted is None or not alike(request.method, path, wanted):
                continue
            self._met[id(event)] += 1
            if self._met[id(event)] >= event.nth:
                self._happen(event)

    def _happen(self, event: Later) -> None:
        self._pending = [one for one in self._pending if one is not event]
        try:
            self._happened.append(self._do(event))
        except MockcwError as error:
            self._troubles.append(str(error))

    def _do(self, step: Step) -> str:
        """Do one step; a sentence of what was done comes back. Raises MockcwError."""
        kept, world = self._seen.kept, self._world
        try:
            if step.request is not None:
                return self._send(step, *str(filled_in(step.request, kept)).split(" ", 1))
            if step.record is not None:
                return self._put(str(filled_in(step.record, kept)), filled_in(step.set, kept))
            if step.advance is not None:
                return self._wait(step, step.advance)
        except NotKept as missing:
            raise MockcwError(f"{{{missing}}} was never kept") from None
        except (ApiError, LookupError, ValueError) as error:
            raise MockcwError(f"{step.request or step.record or step.advance}: {error}") from None
        if step.codebase is not None:
            world.move_to(world.release.moved(step.codebase, world.clock.now()))
            return f"the cloud moved to {step.codebase}"
        world.faults.clear()
        return "the faults were lifted"

    def _send(self, step: Step, method: str, path: str) -> str:
        query, body = (filled_in(one, self._seen.kept) for one in (step.query, step.body))
        given = None if body is MISSING else body
        reply = act_as(self._world, step.by, method, path, {} if query is MISSING else query, given)
        if reply.status >= 300:
            raise MockcwError(f"{method} {path} by {step.by} was answered {reply.status}: {said(reply.body)}")
        document = orjson.loads(reply.body) if reply.body else None
        for name, place in step.keep.items():
            value = at(document, place)
            if value is None:
                raise MockcwError(f"keep.{name}: the answer of {method} {path} has nothing at {place}")
            self._seen.kept[name] = value
        return f"{step.by}: {method} {path}"

    def _put(self, path: str, values: Mapping[str, Any]) -> str:
        found = self._world.catalogue.match("GET", path)
        record_id = int(found.ids[len(found.operation.parents)])
        states.only(self._world).engine.set(found.operation.collection, record_id, values, NOBODY)
        return f"{path} holds {', '.join(values)} as they stand"

    def _wait(self, step: Step, span: timedelta) -> str:
        if isinstance(step, Later):
            advance(self._world, span)
        else:  # nobody is waiting for callbacks yet, and this may be outside a request
            self._world.clock.advance(span)
        return f"the clock went to {self._world.clock.text()}"

    # -- afterwards ------------------------------------------------------------------------------------------------

    def say(self, answers: Mapping[str, Any]) -> None:
        """What the client says of itself, for checks that ask for an answer."""
        self._seen.answers.update(answers)

    def verdict(self) -> Verdict:
        """How things stand at this moment. Raises MockcwError for a check that cannot be measured."""
        world, seen, story = self._world, self._seen, self.story
        states.only(world).engine.new_day()
        traps = tuple(check(world, seen, one, unsaid=True) for one in story.trap)
        duties = tuple(check(world, seen, one, unsaid=False) for one in story.duty)
        return Verdict(story.id, story.title, traps, duties, tuple(self._happened), tuple(self._troubles))

    def as_json(self) -> dict[str, Any]:
        """The verdict with what the client was asked, as the control API tells it."""
        return {**self.verdict().as_json(), **self.told()}

    def told(self) -> dict[str, Any]:
        """What the client is asked, as whom, and with what."""
        story = self.story
        return {"scenario": story.id, "asks": story.asks, "member": story.member, "given": self.given}


def said(body: bytes) -> str:
    """The messages of a refusal."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace")
    return "; ".join([str(told.get("message")), *(str(one["message"]) for one in told.get("errors") or [])])


def put_on(world: World, story: Story) -> Stage:
    """Put a story on stage in place of another: everything back to the seeded state, then the story's own.

    Raises MockcwError where the emulator runs with other settings than the story needs, or has no such member.
    """
    usual, wanted = asdict(Settings()), asdict(Settings.named(story.settings))
    now = asdict(world.settings)
    other = [f"{name}={value}" for name, value in wanted.items() if value != usual[name] and now[name] != value]
    other = [one for one in other if not one.startswith("profile=")]
    if other:
        raise MockcwError(f"{story.id} needs an emulator with {', '.join(f'--set {one}' for one in other)}")
    identifiers = {one.name: one.identifier for one in DEMO_MEMBERS}
    if not states.only(world).engine.look.find(MEMBERS, identifier=identifiers.get(story.member, "")):
        raise MockcwError(f"{story.id}: member: there is no demo member {story.member!r}")
    world.stage = None
    world.reset()
    stage = Stage(world, story)
    try:
        stage.prepare()
    except MockcwError:
        world.reset()
        raise
    world.stage = stage
    return stage
