"""The control API under /_mockcw/: what a test or a person may do to the emulator beside the emulated API."""

from __future__ import annotations

import hmac
import platform
from collections.abc import Callable
from datetime import timedelta
from functools import cache, wraps
from typing import Annotated, Any, Literal

import orjson
from flask import Flask, Response, request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from mockcw.catalogue import openapi
from mockcw.clock import from_text, to_text
from mockcw.errors import ApiError
from mockcw.pipeline import World
from mockcw.pipeline.faults import FaultEffect, FaultMatch, FaultRule
from mockcw.pipeline.passing import advance, deliver
from mockcw.settings import VERSION
from mockcw.web import identity
from mockcw.web.advice import advice, explained, kept
from mockcw.web.answers import answer
from mockcw.web.deliveries import deliveries
from mockcw.web.identity import KeyRequest, LevelRow, MemberChange, MemberRequest
from mockcw.web.release import release


class ClockChange(BaseModel):
    """What PUT clock takes: a moment, frozen or not, or a span to advance by."""

    model_config = ConfigDict(extra="forbid")

    now: str | None = None
    frozen: bool | None = None
    advance: timedelta | None = None


LARGEST_COUNT = 2**53  # as JSON readers of any kind keep it exact
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
HeaderValue = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]*$")]


Count = Annotated[int, Field(ge=1, le=LARGEST_COUNT)]


def writable(body: Any) -> Any:
    """A body that can be written as JSON again. Raises ValueError."""
    try:
        orjson.dumps(body)
    except TypeError as error:
        raise ValueError(str(error)) from None
    return body


class MatchBody(BaseModel):
    """Which requests a fault hits; what is left out matches everything."""

    model_config = ConfigDict(extra="forbid")

    method: str | None = None
    path: str | None = Field(default=None, description="a path under the API root, `*` for any run of characters")
    member: str | None = Field(default=None, description="identifier of the member who asks")
    nth: Count = Field(default=1, description="the first matching request that is hit")
    times: Count | None = Field(default=None, description="how many are hit from then on; left out: all")


class EffectBody(BaseModel):
    """What a fault does."""

    model_config = ConfigDict(extra="forbid")

    status: int | None = Field(default=None, ge=200, le=599)
    body: Annotated[Any, AfterValidator(writable)] = None
    headers: dict[HeaderName, HeaderValue] = {}
    latency_ms: int = Field(default=0, ge=0, le=600_000)
    drop: Literal["before", "after"] | None = None
    truncate_bytes: int | None = Field(default=None, ge=0, le=LARGEST_COUNT)


class FaultBody(BaseModel):
    """A fault as POST faults takes it."""

    model_config = ConfigDict(extra="forbid")

    match: MatchBody = Field(default_factory=MatchBody)
    do: EffectBody

    def rule(self) -> FaultRule:
        """The fault in the pipeline's terms."""
        return FaultRule(FaultMatch(**self.match.model_dump()), FaultEffect(**self.do.model_dump()))


def guarded(world: World, view: Callable[..., Response]) -> Callable[..., Response]:
    """Ask for the control token where there is one, and turn bad input into a 400 that says what is wrong."""

    @wraps(view)
    def guard(**values: Any) -> Response:
        token = world.control_token
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        if token and not hmac.compare_digest(given, f"Bearer {token}".encode()):
            return answer({"error": "send the control_token of the ready file as a bearer token"}, 401)
        try:
            return view(**values)
        except ValidationError as error:
            problems = [{"at": ".".join(map(str, one["loc"])), "problem": one["msg"]} for one in error.errors()]
            return answer({"error": "the body is not what this call takes", "problems": problems}, 400)
        except ValueError as error:
            return answer({"error": str(error)}, 400)
        except ApiError as error:
            return answer({"error": error.message}, error.status)

    return guard


def control_app(world: World) -> Flask:
    """The control API over a world."""
    app = Flask("mockcw", static_folder=None)

    def route(path: str, *methods: str) -> Callable[[Callable[..., Response]], None]:
        def bind(view: Callable[..., Response]) -> None:
            app.add_url_rule(f"/_mockcw{path}", view.__name__, guarded(world, view), methods=methods)

        return bind

    @app.after_request
    def say_whether_roles_count(reply: Response) -> Response:
        """Every answer of this process says whether roles refuse, this API's own too."""
        reply.headers["x-mockcw-permissions"] = world.settings.permissions
        return reply

    about(world, route)
    journal(world, route)
    faults(world, route)
    people(world, route)
    advice(world, route)
    deliveries(world, route)
    release(world, route)
    return app


Route = Callable[..., Callable[[Callable[..., Response]], None]]


def about(world: World, route: Route) -> None:
    """Health, the emulated surface, reset and clock."""

    @route("/health", "GET")
    def health() -> Response:
        return answer(
            {
                "version": VERSION,
                "python": platform.python_version(),
                "uptime_seconds": round(world.clock.monotonic() - world.started, 3),
                "permissions": world.settings.permissions,
                "permissions_inferred": world.settings.permissions_inferred,
                "tenants": [
                    {"company_id": tenant.company_id, "storage": str(tenant.store.path or "memory")}
                    for tenant in world.tenants.values()
                ],
            }
        )

    @cache
    def surface(codebase: str) -> bytes:
        release = codebase.removeprefix("v").replace("_", ".")
        statuses = {action.operation: action.status for action in world.rulebook.actions}
        return orjson.dumps(openapi.document(world.catalogue, release, statuses))

    @route("/psa-openapi.json", "GET")
    def psa_openapi() -> Response:
        return Response(surface(world.release.codebase), content_type="application/json")

    @route("/reset", "POST")
    def reset() -> Response:
        world.reset()
        return answer({"reset": True})

    def clock_state() -> Response:
        return answer({"now": to_text(world.clock.now()), "frozen": world.clock.frozen})

    @route("/clock", "GET")
    def read_clock() -> Response:
        return clock_state()

    @route("/clock", "PUT")
    def set_clock() -> Response:
        change = ClockChange.model_validate_json(request.get_data() or b"{}")
        if change.now is not None or change.frozen is not None:
            world.clock.set(from_text(change.now) if change.now else None, frozen=change.frozen)
        if change.advance is not None:
            advance(world, change.advance)
        deliver(world)
        return clock_state()


def journal(world: World, route: Route) -> None:
    """The exchanges kept."""

    @route("/requests", "GET")
    def list_requests() -> Response:
        entries = list(world.journal.entries)
        if request.args.get("format") == "har":
            log = {"version": "1.2", "creator": {"name": "mockcw", "version": VERSION}}
            return answer({"log": {**log, "entries": [entry.as_har() for entry in entries]}})
        return answer([entry.as_json(bodies=False) for entry in entries])

    @route("/requests/<request_id>", "GET")
    def one_request(request_id: str) -> Response:
        return answer(explained(world, kept(world, request_id)))

    @route("/requests", "DELETE")
    def clear_requests() -> Response:
        world.journal.entries.clear()
        return answer({"cleared": True})


def faults(world: World, route: Route) -> None:
    """Faults in force."""

    @route("/faults", "GET")
    def list_faults() -> Response:
        return answer([fault.as_json() for fault in world.faults.rules])

    @route("/faults", "POST")
    def add_fault() -> Response:
        rule = FaultBody.model_validate_json(request.get_data()).rule()
        return answer(world.faults.add(rule).as_json(), 201)

    @route("/faults", "DELETE")
    def clear_faults() -> Response:
        world.faults.clear()
        return answer({"cleared": True})


def people(world: World, route: Route) -> None:
    """Roles and members."""

    @route("/roles", "GET")
    def list_roles() -> Response:
        return answer(identity.list_roles(identity.only_tenant(world)))

    @route("/roles/<int:role_id>/settings", "GET")
    def read_levels(role_id: int) -> Response:
        return answer(identity.read_levels(identity.only_tenant(world), role_id))

    @route("/roles/<int:role_id>/settings", "PUT")
    def write_levels(role_id: int) -> Response:
        rows = TypeAdapter(list[LevelRow]).validate_json(request.get_data())
        return answer(identity.write_levels(identity.only_tenant(world), role_id, rows))

    @route("/members", "POST")
    def add_member() -> Response:
        body = MemberRequest.model_validate_json(request.get_data())
        return answer(identity.add_member(identity.only_tenant(world), body), 201)

    @route("/members/<identifier>/keys", "POST")
    def add_key(identifier: str) -> Response:
        body = KeyRequest.model_validate_json(request.get_data() or b"{}")
        return answer(identity.add_key(identity.only_tenant(world), identifier, body), 201)

    @route("/members/<identifier>", "PATCH")
    def change_member(identifier: str) -> Response:
        body = MemberChange.model_validate_json(request.get_data())
        return answer(identity.change_member(identity.only_tenant(world), identifier, body))
