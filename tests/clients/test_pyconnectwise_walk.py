"""pyconnectwise, unmodified, through every module it wraps: each list read to its end, each count, each record by id,
each twin and usage; each collection that can be created: made, patched, replaced, deleted.

The walk follows the client's own tree of endpoints; the catalogue says only which of them are lists and records.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pyconnectwise import ConnectWiseManageAPIClient
from pyconnectwise.endpoints.base.connectwise_endpoint import ConnectWiseEndpoint

from mockcw import Live
from mockcw.catalogue import Catalogue, MethodNotSupported, Operation, RouteNotFound, load
from tests.clients.ground import Ground
from tests.clients.test_pyconnectwise import connected
from tests.surface.minimal import fill

pytestmark = pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince20")

MODULES = (
    "company", "configurations", "expense", "finance", "marketing", "procurement", "project", "sales", "schedule",
    "service", "system", "time",
)  # fmt: skip
READ = ("count", "get", "info_list", "info_count", "info_get", "usages", "usages_list", "default")
GONE = {
    "GET /company/billingSetups/info/count",
    "PUT /company/companyFinance/1",
    "DELETE /procurement/purchaseorders/1/lineitems/1",
}
"""What this client wraps and the emulated release does not publish."""

PUBLISHED_DEFECTS = {
    "GET /sales/opportunities/1/notes/count": "it reads a count as a list of notes, as once published",
    "GET /schedule/calendars/count": "it reads a count as a calendar, as once published",
    "GET /company/companies/default": "it demands required fields of what a new record starts with",
    "GET /procurement/rmaTags/default": "it demands required fields of what a new record starts with",
    "GET /sales/opportunities/default": "it demands required fields of what a new record starts with",
    "GET /system/apiMembers/default": "it demands required fields of what a new record starts with",
    "GET /service/surveys/1/results": "it takes a value of any type for a dictionary",
    "GET /service/surveys/1/results/1": "it takes a value of any type for a dictionary",
    "GET /configurations/types/1/questions/1/values/1/info": "the published twin has a text where the record refers",
    "GET /system/office365/emailSetups": "it demands a field that is not required any more",
    "GET /system/office365/emailSetups/1": "it demands a field that is not required any more",
    "/system/office365/emailSetups": "it demands a field that is not required any more",
    "/sales/orders/statuses": "it reads the status that was made as a list, as once published",
    "/sales/opportunities/{parentId}/forecast": "what is posted is the whole forecast, the ids are of its items",
}
"""Where this client follows a defect of the published list that the catalogue has mended, or asks for more than it."""


def beside(problems: list[str]) -> list[str]:
    """The problems that are not this client's own."""
    return [
        one
        for one in problems
        if not one.startswith(tuple(f"{start} as " for start in PUBLISHED_DEFECTS))
        and one.split(": ")[0] not in PUBLISHED_DEFECTS
    ]


def tree(endpoint: ConnectWiseEndpoint, path: str) -> Iterator[tuple[str, ConnectWiseEndpoint]]:
    """Every endpoint below one, with its path; 1 stands for any id."""
    yield path, endpoint
    for child in endpoint._child_endpoints:
        yield from tree(child, f"{path}/{child.endpoint_base.strip('/')}")
    if hasattr(endpoint, "id"):
        yield from tree(endpoint.id(1), f"{path}/1")


def wrapped(
    client: ConnectWiseManageAPIClient, module: str, catalogue: Catalogue
) -> Iterator[tuple[str, Operation | None]]:
    """Each call the client has in a module, and the published operation it means."""
    for path, endpoint in tree(getattr(client, module), f"/{module}"):
        for method in ("get", "post", "patch", "put", "delete"):
            if hasattr(endpoint, method):
                call = f"{method.upper()} {path}"
                try:
                    yield call, catalogue.match(method.upper(), path).operation
                except (RouteNotFound, MethodNotSupported):
                    yield call, None


def at(client: ConnectWiseManageAPIClient, path: str) -> Any:
    """The client's endpoint of a path, reached as its users reach it."""
    first, *rest = path.strip("/").split("/")
    endpoint = getattr(client, first)
    for segment in rest:
        children = {child.endpoint_base.strip("/"): child for child in endpoint._child_endpoints}
        lowered = {name.lower(): child for name, child in children.items()}
        endpoint = lowered[segment.lower()] if segment.lower() in lowered else endpoint.id(int(segment))
    return endpoint


@pytest.fixture
def ground(secure: Live) -> Ground:
    return Ground.of(secure)


def test_nearly_all_it_wraps_is_published(secure: Live) -> None:
    client, catalogue = connected(secure), load()
    calls = [one for module in MODULES for one in wrapped(client, module, catalogue)]
    assert {call for call, operation in calls if operation is None} == GONE
    assert len({operation.name for _, operation in calls if operation is not None}) > 2500


@pytest.mark.parametrize("module", MODULES)
def test_it_lists_every_collection_to_the_end_and_reads_every_record(secure: Live, ground: Ground, module: str) -> None:
    client = connected(secure)
    problems = []
    for call, operation in wrapped(client, module, ground.catalogue):
        if operation is None or not call.startswith("GET") or operation.verb not in ("list", *READ):
            continue
        path = ground.place(operation)
        if path is None:
            continue
        try:
            endpoint = at(client, path)
            if operation.verb == "list":
                listed_to_the_end(endpoint, QUERIES.get(operation.path, {}))
            else:
                endpoint.get(params=QUERIES.get(operation.path.removesuffix("/count"), {}))
        except Exception as error:
            problems.append(f"{call} as {path}: {told(error)}")
    assert not beside(problems), "\n".join(beside(problems))


QUERIES = {
    "/system/documents": {"recordType": "Company", "recordId": "1"},
    "/system/audittrail": {"type": "Company", "id": "1"},
}
"""What a list needs to be asked with."""


def listed_to_the_end(endpoint: Any, query: dict[str, str]) -> None:
    """The pages together are what one large page is, each record once."""
    whole = endpoint.get(params={"pageSize": 1000, **query})
    size = max(1, (len(whole) + 1) // 2)
    pages = list(endpoint.paginated(1, size, dict(query)).all())
    assert pages == whole, f"{len(pages)} records in pages of {size}, {len(whole)} in one"


@pytest.mark.parametrize("module", MODULES)
def test_it_makes_patches_replaces_and_deletes_in_every_collection(secure: Live, ground: Ground, module: str) -> None:
    client = connected(secure)
    problems = []
    calls = [operation for _, operation in wrapped(client, module, ground.catalogue) if operation is not None]
    verbs: dict[str, set[str]] = {}
    for operation in calls:
        verbs.setdefault(operation.collection, set()).add(operation.verb)
    for key, known in verbs.items():
        line = ground.line(key) if key and "create" in known else None
        if line is None:
            continue
        try:
            lived(client, ground, key, line, known)
        except Exception as error:
            problems.append(f"{key}: {told(error)}")
    assert not beside(problems), "\n".join(beside(problems))


def told(error: Exception) -> str:
    """What went wrong, with what the server said."""
    response = getattr(error, "response", None)
    said = " ".join(response.text.split()) if response is not None else str(error)
    return f"{type(error).__name__}: {said}"[:400]


def lived(client: ConnectWiseManageAPIClient, ground: Ground, key: str, line: tuple[int, ...], known: set[str]) -> None:
    """One record of a collection from its creation to its end."""
    folder, body = at(client, fill(key, line)), ground.body(key, line)
    if body is None:
        return
    made = folder.post(data=body)
    assert made.id
    if not known & {"get", "patch", "replace", "delete"}:
        return
    record = folder.id(made.id)
    if "patch" in known:
        assert record.patch(data=[ground.change(ground.catalogue.collection(key))]).id == made.id
    if "replace" in known:
        assert record.put(data=ground.body(key, line, updating=True)).id == made.id
    if "get" in known:
        assert record.get().id == made.id
    if "delete" in known:
        record.delete()
