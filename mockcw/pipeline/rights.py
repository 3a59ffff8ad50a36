"""What a request is asked beside the row of its operation, and what its answer leaves out for want of a right.

Every question leaves its decision in the exchange. Knows the pipeline's values; decides nothing itself.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from mockcw.errors import FieldError, SecurityRefusal
from mockcw.permissions import Actor, Decision, decide_right, masks_of, rights
from mockcw.permissions.rights import Right
from mockcw.pipeline.journal import Exchange
from mockcw.settings import Settings

ADDITIONS = "/finance/agreements/{parentId}/additions"
E_ACCESS = "E_ACCESS"
PASSWORD, ANSWERS = "Password", "questions.answer"  # answers are covered where the question asks for a password
TEXTS_KEPT = 256


def refusal(settings: Settings, decision: Decision, collection: str) -> SecurityRefusal:
    """The 403 of a decision; for additions it carries the label that a vendor's customers report (documented)."""
    text = settings.security_message
    errors: tuple[FieldError, ...] = ()
    if collection == ADDITIONS and decision.needed != "Inquire" and settings.permissions_e_access == "on":
        errors = (FieldError(E_ACCESS, text, "addition", ""),)
    return SecurityRefusal(text, errors, reason=decision.reason, cause=decision.cause)


def ask(settings: Settings, exchange: Exchange, right: Right, item: str | None = None) -> None:
    """Ask for a right. Raises SecurityRefusal."""
    assert exchange.actor is not None
    decision = decide_right(exchange.actor, right, settings, item)
    exchange.asked.append(decision)
    if not decision.allowed:
        raise refusal(settings, decision, "")


class Asker:
    """Asks for the rights that a write turns out to need, as `Author.ask`."""

    __slots__ = ("_exchange", "_settings")

    def __init__(self, settings: Settings, exchange: Exchange) -> None:
        self._settings = settings
        self._exchange = exchange

    def __call__(self, right: str, item: str | None = None) -> None:
        ask(self._settings, self._exchange, rights()[right], item)


class Keeper:
    """Puts back what the member was not shown, as `Author.unseen`."""

    __slots__ = ("_exchange", "_settings")

    def __init__(self, settings: Settings, exchange: Exchange) -> None:
        self._settings = settings
        self._exchange = exchange

    def __call__(self, model: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        hidden = cover(self._settings, self._exchange, model)
        if hidden is not None:
            hidden.put_back(before, after)


class Cover:
    """The fields of a model that one member is not shown; `LIST.FIELD` is a field of each record in a list."""

    __slots__ = ("_known", "_lists", "_plain", "fields", "mask", "passwords")

    def __init__(self, fields: frozenset[str], passwords: bool, mask: str) -> None:
        self.fields = fields
        self._plain = frozenset(one for one in fields if "." not in one)
        self._lists: dict[str, set[str]] = {}
        for name, _, inner in (one.partition(".") for one in fields - self._plain - {ANSWERS}):
            self._lists.setdefault(name, set()).add(inner)
        self.passwords = passwords
        self.mask = mask
        self._known: dict[bytes, bytes] = {}

    def over_text(self, doc: bytes) -> bytes:
        """The JSON text of a record without the covered fields; the last ones are remembered."""
        known = self._known.get(doc)
        if known is None:
            if len(self._known) >= TEXTS_KEPT:
                self._known.clear()
            known = self._known[doc] = orjson.dumps(self.over(orjson.loads(doc)))
        return known

    def over(self, record: dict[str, Any]) -> dict[str, Any]:
        """The record without the covered fields."""
        shown = {name: value for name, value in record.items() if name not in self._plain}
        for name, inner in self._lists.items():
            if shown.get(name):
                shown[name] = [{key: value for key, value in one.items() if key not in inner} for one in shown[name]]
        if self.passwords and shown.get("questions"):
            shown["questions"] = [self._question(one) for one in shown["questions"]]
        return shown

    def over_list(self, doc: bytes) -> bytes:
        """The JSON text of a list of records, each without the covered fields."""
        found = orjson.loads(doc)
        return orjson.dumps([self.over(one) for one in found]) if isinstance(found, list) else doc

    def put_back(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        """What the member was not shown stays as it was, unless the member gave it a value of its own (assumed)."""
        after.update({name: before[name] for name in self._plain if name in before and name not in after})
        for name, inner in self._lists.items():
            was = {one.get("id"): one for one in before.get(name) or []}
            for one in filter(None, after.get(name) or []):
                old = was.get(one.get("id"), {})
                one.update({key: old[key] for key in inner if key in old and key not in one})
        if self.passwords and after.get("questions"):
            kept = {one.get("questionId"): one for one in before.get("questions") or []}
            after["questions"] = [self._answered(one, kept.get(one.get("questionId"))) for one in after["questions"]]

    def _answered(self, question: dict[str, Any], before: dict[str, Any] | None) -> dict[str, Any]:
        if before is None or before.get("fieldType") != PASSWORD or question.get("answer") not in (None, self.mask):
            return question
        return {**question, "answer": before.get("answer")}

    def _question(self, question: dict[str, Any]) -> dict[str, Any]:
        if question.get("fieldType") != PASSWORD or question.get("answer") in (None, ""):
            return question
        bare = {name: value for name, value in question.items() if name != "answer"}
        return {**question, "answer": self.mask} if self.mask else bare


class Covering(NamedTuple):
    """What was decided on the masks of a model, and what is covered."""

    decisions: list[Decision]
    cover: Cover | None


def cover(settings: Settings, exchange: Exchange, model: str) -> Cover | None:
    """What the member is not shown of a model's records; None: nothing. Remembered with the actor."""
    masks = masks_of(model)
    if not masks:
        return None
    actor = exchange.actor
    assert actor is not None
    known = actor.decisions.get(f"cover {model}")
    if not isinstance(known, Covering):
        known = actor.decisions[f"cover {model}"] = worked_out(settings, actor, masks)
    exchange.asked += known.decisions
    return known.cover


def worked_out(settings: Settings, actor: Actor, masks: tuple[Right, ...]) -> Covering:
    """The decisions on a model's masks, and what they cover."""
    decisions = [decide_right(actor, one, settings) for one in masks]
    fields = {name for one, said in zip(masks, decisions, strict=True) if not said.allowed for name in one.fields}
    passwords = ANSWERS in fields
    found = Cover(frozenset(fields), passwords, settings.password_mask) if fields else None
    return Covering(decisions, found)
