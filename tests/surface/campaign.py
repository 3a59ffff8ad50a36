"""One campaign of Schemathesis over a part of the emitted OpenAPI document, and what it found.

Knows Schemathesis and the document; knows no inner room of the emulator.
"""

from __future__ import annotations

import base64
import copy
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.checks import CheckContext
from schemathesis.config import HealthCheck, SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.engine import events, from_schema
from schemathesis.generation.case import Case

from mockcw import Emulator

Node = dict[str, Any]
SLOWEST = 2.0  # seconds of processor time a request may take on the small demo data: a shared machine is given slack
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "answer_fits_its_model",
]


@dataclass(slots=True)
class Found:
    """What a campaign found: each kind of failure once, and how many answers had each status."""

    failures: dict[tuple[str, str, str], str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    asked: set[str] = field(default_factory=set)

    def note(self, check: str, operation: str, text: str, sample: str = "") -> None:
        """Keep the first of its kind."""
        self.failures.setdefault((check, operation, text.split("\n", 1)[0]), f"{text[:600]}\n{sample}")

    def report(self) -> str:
        """The failures, with a request that shows each."""
        return "\n\n".join(f"{check}: {operation}: {text}" for (check, operation, _), text in self.failures.items())


@dataclass(slots=True)
class Looser:
    """The document without required members, for answers that `fields` has cut; set for the campaign at hand."""

    schema: Any = None


LOOSER = Looser()


@schemathesis.check
def answer_fits_its_model(ctx: CheckContext, response: Response, case: Case) -> bool | None:
    """Every answer is of its model; one that the caller cut with `fields` may lack members, and has no others."""
    names = {str(name).lower() for name in case.query or {}}
    if "fields" in names and response.status_code < 300:
        cut = LOOSER.schema[case.operation.path][case.operation.method]
        return bool(cut.validate_response(response, case=case))
    return case.operation.validate_response(response, case=case)


def part_of(document: Node, chosen: Callable[[str, str, Node], bool]) -> Node:
    """The document with the chosen operations only; links that lead out of it are cut."""
    paths: dict[str, Node] = {}
    for path, item in document["paths"].items():
        kept = {method: copy.deepcopy(one) for method, one in item.items() if chosen(path, method, one)}
        if kept:
            paths[path] = kept
    names = {one["operationId"] for item in paths.values() for one in item.values()}
    for item in paths.values():
        for one in item.values():
            for reply in one["responses"].values():
                links = {name: link for name, link in reply.get("links", {}).items() if link["operationId"] in names}
                reply.pop("links", None)
                if links:
                    reply["links"] = links
    return {**document, "paths": paths}


def without_required(document: Node) -> Node:
    """The same document whose models require no member."""
    models = {name: {**model, "required": []} for name, model in document["components"]["schemas"].items()}
    for model in models.values():
        model.pop("required")
    return {**document, "components": {**document["components"], "schemas": models}}


@dataclass(slots=True)
class Door:
    """The emulator's application, begun anew whenever the campaign has taken the caller's own rights away."""

    emulator: Emulator
    headers: Mapping[str, str]
    slow: dict[str, float] = field(default_factory=dict)  # requests over SLOWEST, and the seconds each took

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request in process."""
        refused = False

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal refused
            refused = status.startswith(("401", "403"))
            return start_response(status, headers, *rest)

        before = time.thread_time()
        body = list(self.emulator.wsgi_app(environ, started))
        spent = time.thread_time() - before
        if spent > SLOWEST:
            self.slow[f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ['QUERY_STRING']}"] = spent
        if refused:
            self.emulator.reset()
        return body


def door(emulator: Emulator) -> Door:
    """The application for the member who may everything."""
    who = emulator.member("admin")
    pair = f"{emulator.company_id}+{who.public_key}:{who.private_key}"
    return Door(
        emulator, {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}", "clientId": who.client_id}
    )


def run(door: Door, document: Node, *, phases: list[str], examples: int, seed: int) -> Found:
    """Run the phases over the document."""
    LOOSER.schema = loaded(door, without_required(document), seed)
    schema = loaded(door, document, seed)
    config = schema.config
    config.update(headers=dict(door.headers), continue_on_failure=True)
    config.checks.update(included_check_names=CHECKS)
    config.phases.update(phases=phases)
    config.generation.update(max_examples=examples, database="none", no_shrink=True, with_security_parameters=False)
    config.suppress_health_check = [HealthCheck.all]
    found = Found()
    for event in from_schema(schema).execute():
        take(found, event)
    for request, seconds in door.slow.items():
        found.note("slow", request, f"{seconds:.1f} s of processor time")
    return found


def loaded(door: Door, document: Node, seed: int) -> Any:
    """The document as Schemathesis reads it, with the application behind it and nothing kept on the disk."""
    config = SchemathesisConfig(seed=seed)
    config.cache.enabled = False
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.app = door
    return schema


def take(found: Found, event: object) -> None:
    """Keep what an event of the engine tells."""
    if isinstance(event, events.FatalError):
        raise event.exception
    if isinstance(event, events.NonFatalError):
        found.note("error", event.label, f"{event.info.title}: {event.info.message}")
    if isinstance(event, events.ScenarioFinished):
        for interaction in event.recorder.interactions.values():
            if interaction.response is not None:
                found.statuses[interaction.response.status_code] += 1
        for case in event.recorder.cases.values():
            found.asked.add(f"{case.value.operation.method.upper()} {case.value.operation.path}")
        for check, failure, sample in failures(event):
            found.note(check, str(failure.operation), str(failure.message) or failure.title, sample)


def failures(event: events.ScenarioFinished) -> Iterator[tuple[str, Any, str]]:
    """Each failed check with the request that shows it."""
    for checks in event.recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                yield check.name, check.failure_info.failure, check.failure_info.code_sample
