"""Every answer a caller gets is held against the model that its operation promises."""

from __future__ import annotations

from functools import partial

import httpx

from mockcw.catalogue import Catalogue
from tests.mockcw.caller import Caller
from tests.surface.shapes import Shapes

PLAIN = {"int32": int}  # answers that are no model


def fitted(caller: Caller, known: Catalogue, shapes: Shapes) -> Caller:
    """The same caller, whose every success from now on must fit its model."""
    caller.http.event_hooks = {"response": [partial(check, known, shapes)]}
    return caller


def check(known: Catalogue, shapes: Shapes, answer: httpx.Response) -> None:
    """Fail for a JSON answer of success that is off its model."""
    answer.read()
    if not answer.is_success or "json" not in answer.headers.get("content-type", ""):
        return
    path = answer.request.url.path.split("/apis/3.0", 1)[1]
    operation = known.match(answer.request.method, path).operation
    model, body = operation.returns, answer.json()
    if model in PLAIN:
        assert isinstance(body, PLAIN[model])
    elif model in known.model_names():
        assert isinstance(body, list) == operation.returns_list, operation.name
        for one in body if isinstance(body, list) else [body]:
            assert shapes.faults(model, one) == [], operation.name
