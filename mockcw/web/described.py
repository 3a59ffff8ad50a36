"""What the control API takes and answers, as an OpenAPI 3.1 document: one table of its calls, with the bodies of each.

Knows every call and no world; a test holds the table against the routes there are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from mockcw.pipeline.faultform import FaultBody
from mockcw.web.advice import FixRequest, ShadowRequest
from mockcw.web.clock import ClockChange
from mockcw.web.customize import CustomizeItem
from mockcw.web.deliveries import DisorderBody
from mockcw.web.identity import KeyRequest, LevelRow, MemberChange, MemberRequest, RoleRequest
from mockcw.web.release import CodebaseBody
from mockcw.web.scenario import AnswersBody, StoryBody

PARAMETER = re.compile(r"\{(\w+)\}")
NUMBERS = frozenset({"role_id", "delivery_id"})
REFERENCE = "#/components/schemas/{model}"
LIST, OBJECT = "array", "object"


class Call(NamedTuple):
    """One call: what it does, the body it takes (`many`: a list of them), its query, its status and sort of answer.

    `or_status` is another status that the same answer may have.
    """

    method: str
    path: str
    says: str
    answers: str = OBJECT
    body: type[BaseModel] | None = None
    many: bool = False
    query: tuple[str, ...] = ()
    status: int = 200
    or_status: int | None = None


CALLS = (
    Call("GET", "/health", "Version, uptime, tenants and where they are stored, and whether permissions count."),
    Call("GET", "/openapi.json", "This document."),
    Call("GET", "/psa-openapi.json", "The emulated surface as an OpenAPI 3.0 document."),
    Call("POST", "/reset", "Records, ids, clock, faults and journal back to the seeded state."),
    Call("GET", "/clock", "The emulated time, and whether it stands still."),
    Call("PUT", "/clock", "Sets, freezes or advances the emulated time.", body=ClockChange),
    Call("GET", "/requests", "The journal, oldest first, without bodies.", LIST, query=("format",)),
    Call("GET", "/requests/{request_id}", "One exchange with all that is known of it."),
    Call("DELETE", "/requests", "Empties the journal."),
    Call("GET", "/unread", "What of the requests of the journal nobody read, and how often.", LIST),
    Call("POST", "/fix", "The smallest change that mends refused requests.", body=FixRequest),
    Call("GET", "/shadow", "The role that rides along."),
    Call("PUT", "/shadow", "Lets a role ride along with a member's requests.", body=ShadowRequest),
    Call("DELETE", "/shadow", "Lets none ride along."),
    Call("GET", "/shadow/differences", "The operations that the shadow role would have changed.", LIST),
    Call("GET", "/faults", "The faults in force.", LIST),
    Call("POST", "/faults", "Puts a fault into force.", body=FaultBody, status=201),
    Call("DELETE", "/faults", "Takes all faults away."),
    Call(
        "GET",
        "/deliveries",
        "Callbacks sent and waiting, oldest first.",
        LIST,
        query=("state", "callback", "record", "limit"),
    ),
    Call("POST", "/deliveries", "Sends what is due, and answers when it was."),
    Call("GET", "/deliveries/{delivery_id}", "One delivery with url, headers and body."),
    Call("POST", "/deliveries/{delivery_id}/redeliver", "Sends a delivery again.", status=202),
    Call("GET", "/deliveries/disorder", "The shares of deliveries that something happens to."),
    Call("PUT", "/deliveries/disorder", "Sets these shares.", body=DisorderBody),
    Call("GET", "/codebase", "The release that the emulated cloud runs."),
    Call("PUT", "/codebase", "Moves the emulated cloud to another release.", body=CodebaseBody),
    Call("GET", "/scenarios", "The stories that come with the emulator.", LIST),
    Call("GET", "/scenario", "The story on stage, and how its client fares at this moment."),
    Call("PUT", "/scenario", "Puts a story on stage, with the records it needs.", body=StoryBody),
    Call("DELETE", "/scenario", "Takes the story off; the records stay."),
    Call("PUT", "/scenario/answers", "What the client tells of itself.", body=AnswersBody),
    Call("GET", "/snapshots", "The kept states.", LIST),
    Call("PUT", "/snapshots/{name}", "Keeps the present state under a name.", status=201, or_status=200),
    Call("DELETE", "/snapshots/{name}", "Lets go of a kept state."),
    Call("POST", "/snapshots/{name}/restore", "Is in a kept state again."),
    Call(
        "GET",
        "/snapshots/{name}/differences",
        "What differs from another state, or the present.",
        query=("to", "limit"),
    ),
    Call("GET", "/roles", "Number and name of each role.", LIST),
    Call("POST", "/roles", "Makes a role.", body=RoleRequest, status=201),
    Call("GET", "/roles/{role_id}/settings", "The matrix of a role.", LIST),
    Call("PUT", "/roles/{role_id}/settings", "Sets levels of a role.", LIST, body=LevelRow, many=True),
    Call("GET", "/roles/{role_id}/customize", "The items of a role's Customize lists.", LIST),
    Call("PUT", "/roles/{role_id}/customize", "Allows and disallows items.", LIST, body=CustomizeItem, many=True),
    Call("POST", "/members", "Makes an API member.", body=MemberRequest, status=201),
    Call("POST", "/members/{identifier}/keys", "A key pair, the private key shown once.", body=KeyRequest, status=201),
    Call("PATCH", "/members/{identifier}", "Changes an API member.", body=MemberChange),
)


def document(version: str, calls: Sequence[Call] = CALLS) -> dict[str, Any]:
    """The OpenAPI document of the control API."""
    bodies = list(dict.fromkeys(one.body for one in calls if one.body is not None))
    _, found = models_json_schema([(one, "validation") for one in bodies], ref_template=REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    for one in calls:
        paths.setdefault(one.path, {})[one.method.lower()] = operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "mockcw control API", "version": version},
        "servers": [{"url": "/_mockcw"}],
        "security": [{}, {"control_token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"control_token": {"type": "http", "scheme": "bearer"}},
            "schemas": {**found.get("$defs", {}), "Refusal": refusal()},
        },
    }


def refusal() -> dict[str, Any]:
    """What a call that cannot be done answers."""
    problem = {"type": "object", "properties": {"at": {"type": "string"}, "problem": {"type": "string"}}}
    properties = {"error": {"type": "string"}, "problems": {"type": "array", "items": problem}}
    return {"type": "object", "required": ["error"], "properties": properties}


def operation(call: Call) -> dict[str, Any]:
    """One call as an operation of the document."""
    wanted = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer" if name in NUMBERS else "string"},
        }
        for name in PARAMETER.findall(call.path)
    ]
    wanted += [{"name": name, "in": "query", "schema": {"type": "string"}} for name in call.query]
    refused = {"description": "What is wrong.", "content": json_of({"$ref": REFERENCE.format(model="Refusal")})}
    done = {"description": call.says, "content": json_of({"type": call.answers})}
    told: dict[str, Any] = {
        "summary": call.says,
        "operationId": name_of(call),
        "responses": {str(one): done for one in (call.status, call.or_status) if one} | {"default": refused},
    }
    if wanted:
        told["parameters"] = wanted
    if call.body is not None:
        one = {"$ref": REFERENCE.format(model=call.body.__name__)}
        told["requestBody"] = {"content": json_of({"type": "array", "items": one} if call.many else one)}
    return told


def json_of(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema as the content of a JSON message."""
    return {"application/json": {"schema": schema}}


def name_of(call: Call) -> str:
    """A name of its own for each call, after its method and path."""
    words = re.findall(r"\w+", call.path.replace("_", " ").replace(".", " "))
    return call.method.lower() + "".join(word.capitalize() for word in " ".join(words).split())
