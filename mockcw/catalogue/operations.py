"""One operation of the published surface, and the line of text that holds it.

Knows the shape of an operation, of its collection and of the role row that gates it; not how paths are matched, nor
what answering means.

A line of `data/operations.tsv` has the columns method, path, tag, verb, query, body, returns, permission, collection
and name. `[X]` is a list of X, `list` the eight names every reading operation takes, an empty column means none.
Collection and name are written only where `collection_of` and `name_of` would say something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

PARAMETER = re.compile(r"\{\w+\}")
LIST_QUERY = (
    "childConditions",
    "conditions",
    "customFieldConditions",
    "fields",
    "orderBy",
    "page",
    "pageId",
    "pageSize",
)

ACTIONS = {"I": "Inquire", "A": "Add", "E": "Edit", "D": "Delete"}

# How many segments at the end of a path are not part of the key of its collection.
TAIL = {
    "list": 0,
    "count": 1,
    "get": 1,
    "create": 0,
    "replace": 1,
    "patch": 1,
    "delete": 1,
    "default": 1,
    "info_list": 1,
    "info_count": 2,
    "info_get": 2,
    "usages": 2,
    "usages_list": 3,
    "search": 1,
    "bulk_create": 1,
    "bulk_replace": 1,
    "bulk_delete": 1,
}

VERBS = frozenset({*TAIL, "action"})


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """The role row that gates an operation, and how well that is known (A and B sourced, C inferred, U unknown).

    `area` in parentheses names no row of the role screen; `module` is None where no module is involved.
    """

    module: str | None
    area: str
    action: str
    setup_table: str | None
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path.

    `collection` is the key of the collection the operation addresses ("" for an action outside every collection),
    `parents` are the keys of the collections that its enclosing ids belong to, outermost first. `body` and `returns`
    name a model, or a bare type of the published list such as `os.File` or `int32`; None means no body.
    """

    name: str
    method: str
    path: str
    tag: str
    verb: str
    collection: str
    parents: tuple[str, ...]
    body: str | None
    body_list: bool
    returns: str | None
    returns_list: bool
    query: tuple[str, ...]
    form: tuple[str, ...]
    permission: PermissionRow


@dataclass(frozen=True, slots=True)
class Collection:
    """Records of one model under one path, with the operations that address them by verb ("action" is not among them).

    `caption` is the name of a record in error texts; `actions` are the operations of the collection that need code.
    `view_of` is None where the collection holds records of its own, the key of the collection whose records it shows,
    or "-" where what it shows is worked out (assumed).
    """

    key: str
    model: str
    info_model: str | None
    view_of: str | None
    parents: tuple[str, ...]
    caption: str
    operations: Mapping[str, Operation]
    actions: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """What `data/collections.tsv` says of a collection: all of it but the operations."""

    key: str
    model: str
    info_model: str | None
    view_of: str | None
    parents: tuple[str, ...]

    @classmethod
    def parse(cls, line: str) -> CollectionRow:
        """Read one line: key, model, model of the info twin, what it is a view of, parents."""
        key, model, info, view, parents = line.split("\t")
        return cls(key, model, info or None, view or None, tuple(parents.split()))


def name_of(method: str, path: str) -> str:
    """The operation name the published list gives a method on a path: `getCompanyCompaniesByIdInfo`."""
    words = [method.lower()]
    for segment in path.strip("/").split("/"):
        parameter = segment.startswith("{")
        word = segment.strip("{}")
        words.append(("By" if parameter else "") + word[:1].upper() + word[1:])
    return "".join(words)


def collection_of(verb: str, path: str) -> str:
    """The key of the collection that a path with a regular verb addresses; an action's is never derived."""
    if verb == "action":
        return ""
    tail = TAIL[verb]
    return path.rsplit("/", tail)[0] if tail else path


def parse_query(text: str) -> tuple[str, ...]:
    """Query names of a column: `list` stands for LIST_QUERY and may be followed by more names; sorted."""
    names = text.split()
    if names[:1] == ["list"]:
        return tuple(sorted((*LIST_QUERY, *names[1:])))
    return tuple(names)


def parse_type(text: str) -> tuple[str | None, bool]:
    """Model and whether it is a list of a body or returns column."""
    if text.startswith("["):
        return text[1:-1], True
    return text or None, False


def parse_permission(line: str) -> tuple[str, PermissionRow]:
    """Read one line of `data/permissions.tsv`; the action in the row is still to be filled in."""
    key, module, area, setup_table, confidence, note = line.split("\t")
    return key, PermissionRow(module or None, area, "", setup_table or None, confidence, note)


def parse_operation(
    line: str, rows: Mapping[str, CollectionRow], permissions: Mapping[str, PermissionRow]
) -> Operation:
    """Read one line of `data/operations.tsv`."""
    method, path, tag, verb, query, body, returns, permission, collection, name = line.split("\t")
    key = collection or collection_of(verb, path)
    row = permissions[permission[:-1]]
    form: tuple[str, ...] = ()
    if body.startswith("form "):
        form, body = tuple(body.split()[1:]), ""
    body_model, body_list = parse_type(body)
    returns_model, returns_list = parse_type(returns)
    return Operation(
        name=name or name_of(method, path),
        method=method,
        path=path,
        tag=tag,
        verb=verb,
        collection=key,
        parents=rows[key].parents if key else (),
        body=body_model,
        body_list=body_list,
        returns=returns_model,
        returns_list=returns_list,
        query=parse_query(query),
        form=form,
        permission=PermissionRow(
            row.module, row.area, ACTIONS[permission[-1]], row.setup_table, row.confidence, row.note
        ),
    )
