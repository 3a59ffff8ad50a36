"""The part of the control API about callbacks on their way: what was sent, again, now, and disorder on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, get_args

from flask import Response, request
from pydantic import BaseModel, ConfigDict, Field

from mockcw.delivery import Disorder, Postman
from mockcw.delivery.postman import State
from mockcw.errors import NotFound
from mockcw.pipeline import World
from mockcw.pipeline.faultform import LARGEST_COUNT
from mockcw.pipeline.passing import deliver
from mockcw.web.answers import answer
from mockcw.web.identity import only_tenant

Route = Callable[..., Callable[[Callable[..., Response]], None]]
MOST = 1000  # deliveries in one answer, unless asked otherwise
SHOWN = (
    "id",
    "messageId",
    "callbackId",
    "type",
    "recordId",
    "action",
    "memberId",
    "requestId",
    "state",
    "attempts",
    "made",
    "due",
    "tried",
    "status",
    "error",
)


class DisorderBody(BaseModel):
    """What PUT deliveries/disorder takes: shares of the deliveries that something happens to."""

    model_config = ConfigDict(extra="forbid")

    twice: float = Field(default=0.0, ge=0, le=1)
    late: float = Field(default=0.0, ge=0, le=1)
    late_seconds: int = Field(default=2, ge=0, le=86_400)
    never: float = Field(default=0.0, ge=0, le=1)


def deliveries(world: World, route: Route) -> None:
    """Callbacks sent and waiting."""

    def postman() -> Postman:
        return only_tenant(world).postman

    @route("/deliveries", "GET")
    def list_deliveries() -> Response:
        state, limit = request.args.get("state"), request.args.get("limit", str(MOST))
        callback, record = (request.args.get(name) for name in ("callback", "record"))
        if not limit.isdecimal() or int(limit) < 1:
            raise ValueError(f"limit is a whole number from 1, not {limit!r}")
        if state is not None and state not in get_args(State):
            raise ValueError(f"state is one of {', '.join(get_args(State))}, not {state!r}")

        def asked(row: dict[str, Any]) -> bool:
            return (
                state in (None, row["state"])
                and callback in (None, str(row["callbackId"]))
                and record in (None, str(row["recordId"]))
            )

        found = postman().deliveries(asked, int(limit))
        return answer([{name: row.get(name) for name in SHOWN} for row in found])

    @route("/deliveries", "POST")
    def deliver_now() -> Response:
        return answer({"tries": deliver(world)})

    @route("/deliveries/<int:delivery_id>", "GET")
    def one_delivery(delivery_id: int) -> Response:
        row = postman().delivery(number(delivery_id))
        if row is None:
            raise NotFound(f"no delivery {delivery_id} is kept")
        return answer({name: row.get(name) for name in (*SHOWN, "url", "headers", "body")})

    @route("/deliveries/<int:delivery_id>/redeliver", "POST")
    def redeliver(delivery_id: int) -> Response:
        row = postman().redeliver(number(delivery_id))
        if row is None:
            raise NotFound(f"no delivery {delivery_id} is kept")
        return answer({name: row.get(name) for name in SHOWN}, 202)

    @route("/deliveries/disorder", "GET")
    def read_disorder() -> Response:
        return answer(asdict(postman().disorder))

    @route("/deliveries/disorder", "PUT")
    def set_disorder() -> Response:
        body = DisorderBody.model_validate_json(request.get_data() or b"{}")
        postman().disorder = Disorder(**body.model_dump())
        return answer(asdict(postman().disorder))


def number(delivery_id: int) -> int:
    """The number of a delivery that may be kept. Raises NotFound for one that no database could hold."""
    if delivery_id > LARGEST_COUNT:
        raise NotFound(f"no delivery {delivery_id} is kept")
    return delivery_id
