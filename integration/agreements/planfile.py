"""A plan as JSON and back.

Knows the form of a plan file, which has a schema of its own, and refuses a file whose hash is not that of its content.
Amounts and days are texts; the bodies hold numbers, as they would be sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import jsonschema

from integration.agreements.figures import Unreadable, exact, wire_number
from integration.agreements.plan import Plan, PlanLine, Problem
from integration.errors import WrongUse

FORMAT: Final = "agreement-migration-plan/1"
_LARGEST: Final = 256 * 1024 * 1024
_DAY: Final = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_AMOUNT: Final = {"type": "string", "pattern": r"^-?\d{1,20}\.\d{2}$"}
_TEXT: Final = {"type": "string"}
_ID: Final = {"type": "integer", "minimum": 0}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


SCHEMA: Final = _object(
    {
        "format": {"const": FORMAT},
        "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "source": _TEXT,
        "today": _DAY,
        "cancelled_day_bills": {"type": "boolean"},
        "totals": _object({"lines": _ID, "problems": _ID, "before": _AMOUNT, "after": _AMOUNT}),
        "lines": {
            "type": "array",
            "items": _object(
                {
                    "agreement_id": _ID,
                    "agreement": _TEXT,
                    "company": _TEXT,
                    "old_id": _ID,
                    "old_product": _TEXT,
                    "new_product": _TEXT,
                    "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    "restore": {"anyOf": [_DAY, {"type": "null"}]},
                    "cancel": _DAY,
                    "begins": _DAY,
                    "marker": _TEXT,
                    "body": {"type": "object", "required": ["product", "quantity", "unitPrice", "serialNumber"]},
                    "before": _AMOUNT,
                    "after": _AMOUNT,
                }
            ),
        },
        "problems": {
            "type": "array",
            "items": _object(
                {
                    "agreement_id": _ID,
                    "old_id": _ID,
                    "company": _TEXT,
                    "product": _TEXT,
                    "code": _TEXT,
                    "text": _TEXT,
                }
            ),
        },
    }
)
_LINE: Final = tuple(SCHEMA["properties"]["lines"]["items"]["properties"])
_PROBLEM: Final = tuple(SCHEMA["properties"]["problems"]["items"]["properties"])


def plan_json(plan: Plan) -> dict[str, Any]:
    """Write a plan as a JSON value."""
    return {
        "format": FORMAT,
        "hash": plan.hash,
        "source": plan.source,
        "today": plan.today.isoformat(),
        "cancelled_day_bills": plan.cancelled_day_bills,
        "totals": {
            "lines": len(plan.lines),
            "problems": len(plan.problems),
            "before": str(plan.before),
            "after": str(plan.after),
        },
        "lines": [{name: _written(getattr(line, name)) for name in _LINE} for line in plan.lines],
        "problems": [{name: getattr(one, name) for name in _PROBLEM} for one in plan.problems],
    }


def _written(value: Any) -> Any:
    if isinstance(value, Mapping):
        return body_json(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def body_json(body: Mapping[str, Any]) -> dict[str, Any]:
    """Write a body as it would be sent."""
    return {name: wire_number(value) if isinstance(value, Decimal) else value for name, value in body.items()}


def save_plan(plan: Plan, file: Path) -> None:
    """Write a plan file; raises WrongUse when it cannot be written."""
    try:
        file.write_text(json.dumps(plan_json(plan), indent=2, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise WrongUse(f"{file} cannot be written: {error.strerror}") from None


def load_plan(file: Path) -> Plan:
    """Read a plan file; raises WrongUse for one that is no plan, or was changed after it was made."""
    try:
        if file.stat().st_size > _LARGEST:
            raise WrongUse(f"{file} is larger than {_LARGEST} bytes")
        content = file.read_bytes()
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}") from None
    return parse_plan(content, str(file))


def parse_plan(content: bytes, origin: str) -> Plan:
    """Read the bytes of a plan file; raises WrongUse."""
    try:
        sent = json.loads(content, parse_float=Decimal)
        found = next(jsonschema.Draft202012Validator(SCHEMA).iter_errors(sent), None)
        if found is not None:
            place = "/".join(map(str, found.absolute_path)) or "the file"
            raise WrongUse(f"{origin} is no plan: {place} is not as a plan has it; make one with migrate plan --out")
        plan = _plan(sent)
    except (ValueError, RecursionError) as error:
        raise WrongUse(f"{origin} is no plan: {error}; make one with migrate plan --out") from None
    if plan.hash != sent["hash"]:
        raise WrongUse(f"{origin} was changed after it was made: its hash is not that of its content; plan again")
    return plan


def _plan(sent: Mapping[str, Any]) -> Plan:
    return Plan(
        source=sent["source"],
        today=date.fromisoformat(sent["today"]),
        cancelled_day_bills=sent["cancelled_day_bills"],
        lines=tuple(_line(one) for one in sent["lines"]),
        problems=tuple(Problem(**one) for one in sent["problems"]),
    )


def _line(sent: Mapping[str, Any]) -> PlanLine:
    days = {name: date.fromisoformat(sent[name]) for name in ("cancel", "begins")}
    restore = None if sent["restore"] is None else date.fromisoformat(sent["restore"])
    amounts = {name: Decimal(sent[name]) for name in ("before", "after")}
    body = {name: _figure(value, name) for name, value in sent["body"].items()}
    return PlanLine(**{**sent, **days, **amounts, "restore": restore, "body": body})


def _figure(value: Any, name: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    number = exact(value, name)
    if number is None:
        raise Unreadable(f"{name} is no number")
    return number
