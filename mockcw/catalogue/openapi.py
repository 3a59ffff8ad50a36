"""The published surface as an OpenAPI 3.0 document, for tools and people who read such documents.

Knows operations and models and how that language says them; not what any operation does. The status of an action
is in no list, so it is handed in.

Paths keep their published text, so two pairs differ in nothing but the name of their parameter; a number and a word
keep them apart on the wire.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockcw.catalogue.load import Catalogue
from mockcw.catalogue.models import Field, Model
from mockcw.catalogue.operations import LIST_QUERY, Operation
from mockcw.catalogue.trie import TEXT_PARAMETERS

Node = dict[str, Any]

API_ROOT = "/v4_6_release/apis/3.0"
PARAMETER = re.compile(r"\{(\w+)\}")
ERROR = "ErrorResponseMessage"
START = ".Default"  # ends the name of a model of which nothing is required: what a new record starts with
THROTTLED = "ThrottledMessage"  # the captured body of a 429 is not an ErrorResponseMessage
DELETED = "BulkDelete"  # the published list has no body for a bulk delete; one client's source shows it
REFUSALS = {
    400: "The query or the body cannot be understood, or breaks a rule of the record.",
    401: "No usable credentials.",
    403: "The member's role does not allow it.",
    404: "No such record or path.",
    409: "The record is in use, or another conflict.",
    413: "The body is over the limit.",
    415: "A body of another media type than the operation takes.",
}
LIST_VALUES: Mapping[str, Node] = {
    "page": {"type": "integer", "format": "int32", "minimum": 1, "description": "The first page is 1."},
    "pageSize": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 1000, "default": 25},
    "pageId": {"type": "integer", "format": "int32", "minimum": 0, "description": "Records with a greater id."},
    "conditions": {"type": "string", "example": "id > 0"},
    "childConditions": {"type": "string"},
    "customFieldConditions": {"type": "string"},
    "orderBy": {"type": "string", "example": "id desc"},
    "fields": {"type": "string", "example": "id,_info"},
}
NUMBERS = ("id", "recordId", "xrefRecId")
FORM_FLAGS = ("privateFlag", "readOnlyFlay", "isAvatar")
FILES: Mapping[str, tuple[str, str]] = {  # operations without a published reply that answer a file; media types assumed
    "image": ("image/*", "A picture."),
    "download": ("*/*", "A file."),
    "uploadsample": ("text/html", "A form to try an upload with (documented)."),
    "pdf": ("application/pdf", "A printed page."),
    "thumbnail": ("image/*", "A picture."),
}
SCALARS: Mapping[str, Node] = {
    "string": {"type": "string"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer", "format": "int32"},
    "number": {"type": "number", "format": "double"},
    "object": {},  # any value: a custom field's is a scalar (captured)
    "any": {},
    "array": {"type": "array", "items": {}},
}


def document(catalogue: Catalogue, release: str, statuses: Mapping[str, int]) -> dict[str, Any]:
    """The whole surface as an OpenAPI 3.0 document.

    `release` is the version shown, `statuses` the success status of operations that are no plain verb, by name.
    """
    paths: dict[str, Node] = {}
    writer = OperationWriter(catalogue, statuses)
    for operation in catalogue.operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = writer.operation(operation)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "mockcw: an emulator of the ConnectWise PSA REST API",
            "version": release,
            "description": "Null fields are left out of answers. Errors are printed with CRLF line ends.",
        },
        "servers": [{"url": API_ROOT}],
        "security": [{"basic": [], "clientId": []}],
        "tags": [{"name": tag} for tag in sorted({one.tag for one in catalogue.operations})],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic", "description": "company+publicKey : privateKey"},
                "clientId": {"type": "apiKey", "in": "header", "name": "clientId"},
            },
            "parameters": {name: {"name": name, "in": "query", "schema": LIST_VALUES[name]} for name in LIST_QUERY},
            "responses": {**{f"E{status}": _refusal(text) for status, text in REFUSALS.items()}, "E429": _throttled()},
            "schemas": {**schemas(catalogue), **_own_schemas()},
        },
    }


def schemas(catalogue: Catalogue) -> dict[str, Node]:
    """All models. A record's own id is the server's, unless another model or the body of an action names it by that."""
    rows = {row.model for row in catalogue.rows()}
    models = [catalogue.model(name) for name in catalogue.model_names()]
    within = {field.ref for model in models for field in model.fields.values()}
    within |= {one.body for one in catalogue.operations if one.verb == "action"}
    found = {model.name: _schema(model, model.name in rows, model.name in within) for model in models}
    for name in {one.returns for one in catalogue.operations if one.verb == "default" and one.returns}:
        found[f"{name}{START}"] = {key: value for key, value in found[name].items() if key != "required"}
    return found


def _schema(model: Model, stored: bool, within: bool) -> Node:
    properties: dict[str, Node] = {name: property_of(field) for name, field in model.fields.items()}
    if stored:
        properties.setdefault("_info", {"type": "object", "additionalProperties": SCALARS["string"]})
    for name, field in model.fields.items():
        if not field.answered:
            properties[name] = _marked(properties[name], "writeOnly")
        elif name == "_info" or (stored and (field.read_only or (name == "id" and not within))):
            properties[name] = _marked(properties[name], "readOnly")
    node: Node = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [name for name, field in model.fields.items() if field.required]
    later = [name for name, field in model.fields.items() if field.required_on_update]
    return {
        **node,
        **({"required": required} if required else {}),
        **({"x-required-on-update": later} if later else {}),
    }


def _marked(node: Node, mark: str) -> Node:
    """A field that goes one way only; beside a reference nothing else may stand."""
    return {"allOf": [node], mark: True} if "$ref" in node else {**node, mark: True}


def property_of(field: Field) -> Node:
    """One field as a schema."""
    node: Node
    if field.type == "array":
        inner = {"type": "object", "additionalProperties": _pointer(field.ref)} if field.additional else None
        node = {
            "type": "array",
            "items": inner or (_pointer(field.ref) if field.ref else SCALARS[field.items or "any"]),
        }
    elif field.type == "object" and field.additional:
        values = _pointer(field.ref) if field.ref else SCALARS[field.additional]
        node = {"type": "object", "additionalProperties": values}
    elif field.ref:
        return _pointer(field.ref)
    else:
        node = dict(SCALARS[field.type])
    if field.format:
        node["format"] = field.format
    if field.max_length is not None:
        node["maxLength"] = field.max_length
    if field.enum is not None:
        node["enum"] = list(field.enum)
    if field.nullable and "type" in node:
        node["nullable"] = True
    return node


def _pointer(model: str | None) -> Node:
    return {"$ref": f"#/components/schemas/{model}"}


def _own_schemas() -> dict[str, Node]:
    numbers = {"type": "array", "items": dict(SCALARS["integer"])}
    texts = {name: {"type": "string"} for name in ("error", "message")}
    return {
        DELETED: {"type": "object", "properties": {"ids": numbers}, "required": ["ids"], "additionalProperties": False},
        THROTTLED: {"type": "object", "properties": texts, "required": list(texts)},
    }


def _json(schema: Node) -> Node:
    return {"application/json": {"schema": schema}}


def _refusal(text: str) -> Node:
    return {"description": text, "content": _json(_pointer(ERROR))}


def _throttled() -> Node:
    seconds = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
    return {
        "description": "Too many requests.",
        "headers": {"Retry-After": seconds},
        "content": _json(_pointer(THROTTLED)),
    }


class OperationWriter:
    """Operations of one catalogue as OpenAPI says them."""

    def __init__(self, catalogue: Catalogue, statuses: Mapping[str, int]) -> None:
        self._catalogue = catalogue
        self._statuses = statuses
        self._models = frozenset(catalogue.model_names())

    def operation(self, operation: Operation) -> Node:
        """One operation: parameters, body, replies."""
        node: Node = {"operationId": operation.name, "tags": [operation.tag], "parameters": parameters(operation)}
        body = self._body(operation)
        if body is not None:
            node["requestBody"] = {"required": True, "content": body}
        status = self.status(operation)
        replies = {str(status): self._reply(operation, status)}
        replies |= {str(code): {"$ref": f"#/components/responses/E{code}"} for code in (*REFUSALS, 429)}
        node["responses"] = replies
        return node

    def status(self, operation: Operation) -> int:
        """The status of success: 201 for a record made, 204 where nothing comes back, 207 for bulk, else 200."""
        if operation.verb.startswith("bulk"):
            return 207
        if operation.returns is None and operation.method != "GET":
            return 204
        return self._statuses.get(operation.name, 201 if operation.verb == "create" else 200)

    def _body(self, operation: Operation) -> Node | None:
        if operation.form:
            return {"multipart/form-data": {"schema": _form(operation)}}
        if operation.verb == "bulk_delete":
            return _json(_pointer(DELETED))
        return _json(self.named(operation.body, operation.body_list)) if operation.body else None

    def _reply(self, operation: Operation, status: int) -> Node:
        if status == 204:
            return {"description": "Done."}
        last = operation.path.rsplit("/", 1)[-1]
        if operation.returns in (None, "os.File"):
            media, text = FILES[last]
            return {"description": text, "content": {media: {"schema": {"type": "string", "format": "binary"}}}}
        if status == 207:
            content = _json(_pointer("BulkResult"))
        elif operation.verb == "default":
            content = _json(_pointer(f"{operation.returns}{START}"))
        else:
            content = _json(self.named(operation.returns, operation.returns_list))
        reply: Node = {"description": operation.returns or "", "content": content}
        if operation.returns_list and operation.method == "GET":
            text = "The pages around this one, each as an absolute address with its relation."
            reply["headers"] = {"Link": {"description": text, "schema": {"type": "string"}}}
        if operation.verb == "create":
            links = self._links(operation)
            if links:
                reply["links"] = links
        return reply

    def _links(self, operation: Operation) -> dict[str, Node]:
        """How the record just made is read, changed and removed."""
        siblings = self._catalogue.collection(operation.collection).operations
        links = {}
        for verb in ("get", "patch", "replace", "delete"):
            other = siblings.get(verb)
            if (
                other is None
                or other.path.rsplit("/", 1)[0] != operation.path
                or "id" not in PARAMETER.findall(other.path)
            ):
                continue
            values = {name: f"$request.path.{name}" for name in PARAMETER.findall(operation.path)}
            values["id"] = "$response.body#/id"
            links[verb] = {"operationId": other.name, "parameters": values}
        return links

    def named(self, name: str | None, many: bool) -> Node:
        """The schema of a body or reply: a model, or a bare type of the published list."""
        if name in self._models:
            schema = _pointer(name)
        elif name == "int32":
            schema = dict(SCALARS["integer"])
        elif name and name.startswith("map[string]"):
            schema = {"type": "object", "additionalProperties": self.named(name.removeprefix("map[string]"), False)}
        else:
            schema = {}
        return {"type": "array", "items": schema} if many else schema


def parameters(operation: Operation) -> list[Node]:
    """The parameters of an operation, those of the path first."""
    found: list[Node] = []
    for name in PARAMETER.findall(operation.path):
        schema = {"type": "string", "minLength": 1}
        if name not in TEXT_PARAMETERS:
            schema = {"type": "integer", "format": "int32", "minimum": 1}
        found.append({"name": name, "in": "path", "required": True, "schema": schema})
    for name in operation.query:
        if name in LIST_QUERY:
            found.append({"$ref": f"#/components/parameters/{name}"})
        else:
            number = name in NUMBERS
            found.append({"name": name, "in": "query", "schema": dict(SCALARS["integer" if number else "string"])})
    if operation.verb in ("list", "info_list"):
        forward: Node = {"type": "string", "enum": ["forward-only"]}
        found.append({"name": "pagination-type", "in": "header", "schema": forward})
    return found


def _form(operation: Operation) -> Node:
    properties: dict[str, Node] = {}
    for name in operation.form:
        kind = "integer" if name in NUMBERS else "boolean" if name in FORM_FLAGS else "string"
        properties[name] = dict(SCALARS[kind])
    properties["file"] = {"type": "string", "format": "binary"}
    return {"type": "object", "properties": properties}
