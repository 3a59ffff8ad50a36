"""The control API under /_mockcw/: what a test or a person may do to the emulator beside the emulated API."""

from __future__ import annotations

import hmac
import platform
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import orjson
from flask import Flask, Response, request
from pydantic import TypeAdapter, ValidationError
from werkzeug.exceptions import HTTPException

from mockcw.catalogue import openapi
from mockcw.errors import ApiError
from mockcw.pipeline import World
from mockcw.settings import VERSION
from mockcw.store import StateError
from mockcw.web import identity
from mockcw.web.advice import advice
from mockcw.web.answers import answer
from mockcw.web.clock import clock
from mockcw.web.deliveries import deliveries
from mockcw.web.described import document
from mockcw.web.faults import faults
from mockcw.web.identity import KeyRequest, LevelRow, MemberChange, MemberRequest
from mockcw.web.journal import journal
from mockcw.web.release import release
from mockcw.web.scenario import scenario
from mockcw.web.snapshots import snapshots


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
        except (ValueError, StateError) as error:
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

    def unmatched(error: HTTPException) -> Response:
        said = f"the control API has no {request.method} {request.path}: /_mockcw/openapi.json lists its calls"
        return guarded(world, lambda: answer({"error": said}, error.code or 404))()

    for status in (404, 405):
        app.register_error_handler(status, unmatched)
    about(world, route)
    journal(world, route)
    clock(world, route)
    faults(world, route)
    people(world, route)
    advice(world, route)
    deliveries(world, route)
    scenario(world, route)
    release(world, route)
    snapshots(world, route)
    return app


Route = Callable[..., Callable[[Callable[..., Response]], None]]


def about(world: World, route: Route) -> None:
    """Health, what is emulated and what this API is, reset."""

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

    @route("/openapi.json", "GET")
    def own_openapi() -> Response:
        return answer(document(VERSION))

    @route("/reset", "POST")
    def reset() -> Response:
        world.reset()
        return answer({"reset": True})


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
