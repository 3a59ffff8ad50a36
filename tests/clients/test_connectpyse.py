"""connectpyse, unmodified, through every controller it has: list to the end, count, read, create, patch, delete.

The walk follows the client's own classes and their methods; the catalogue says which collection each of them wraps.
"""

from __future__ import annotations

import base64
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import connectpyse
import pytest
from connectpyse.cw_controller import CWController
from connectpyse.restapi import ApiError
from connectpyse.service.ticket import Ticket
from connectpyse.system.document_api import DocumentAPI
from connectpyse.system.document_download_api import DocumentDownloadAPI
from connectpyse.system.info_api import InfoAPI

from mockcw import Live
from tests.clients.ground import Ground

NOT_COLLECTIONS = {"DocumentAPI", "DocumentDownloadAPI", "InfoAPI"}  # each has a test of its own below
BROKEN = {"connectpyse.company.company_management_summary_reports_api": "it imports a package named ConnectPyse"}
NO_RECORDS = {
    "/sales/opportunities/{parentId}/forecast": "what is posted is the whole forecast, the ids are of its items"
}


def controllers() -> Iterator[type[CWController]]:
    """Every controller class of the client."""
    for found in pkgutil.walk_packages(connectpyse.__path__, "connectpyse."):
        if not found.name.endswith("_api") or found.name in BROKEN:
            continue
        module = importlib.import_module(found.name)
        for _, one in inspect.getmembers(module, inspect.isclass):
            if issubclass(one, CWController) and one is not CWController and one.__module__ == found.name:
                yield one


WRAPPED = sorted(controllers(), key=lambda one: one.__name__)


@pytest.fixture
def access(secure: Live) -> dict[str, Any]:
    who = secure.members["admin"]
    pair = base64.b64encode(f"{secure.company_id}+{who.public_key}:{who.private_key}".encode()).decode()
    return {"url": secure.api_url, "auth": {"Authorization": f"Basic {pair}", "clientId": who.client_id}}


@pytest.fixture
def ground(secure: Live) -> Ground:
    return Ground.of(secure)


def within(controller: type[CWController]) -> list[str]:
    """The names of the enclosing ids that a controller is made with."""
    return [
        name
        for name, one in inspect.signature(controller.__init__).parameters.items()
        if name != "self" and one.kind is not inspect.Parameter.VAR_KEYWORD
    ]


def method(
    api: CWController, first: str, last: str = "", *, without: str = "\n", takes: int | None = None
) -> Callable[..., Any] | None:
    """The controller's own method of this kind, the one with the shortest name; None where it has none."""
    fitting = [
        (name, one)
        for name, one in inspect.getmembers(api, inspect.ismethod)
        if name in type(api).__dict__ and name.startswith(first) and name.endswith(last) and without not in name
        if takes in (None, len(inspect.signature(one).parameters))
    ]
    return min(fitting, key=lambda pair: len(pair[0]))[1] if fitting else None


def test_it_wraps_about_forty_collections() -> None:
    assert len(WRAPPED) >= 40
    assert {one.__name__ for one in WRAPPED} >= NOT_COLLECTIONS
    for name in BROKEN:
        with pytest.raises(ModuleNotFoundError, match="ConnectPyse"):
            importlib.import_module(name)


@pytest.mark.parametrize(
    "controller", [one for one in WRAPPED if one.__name__ not in NOT_COLLECTIONS], ids=lambda one: one.__name__
)
def test_a_controller_does_all_it_can(controller: type[CWController], access: dict[str, Any], ground: Ground) -> None:
    probe = controller(*("1" for _ in within(controller)), **access)
    operation = ground.catalogue.match("GET", f"/{probe.module_url}/{probe.module}").operation
    key = operation.collection
    line = ground.line(key)
    assert line is not None, ground.barren
    api = controller(*line[: len(within(controller))], **access)
    listed_to_the_end(api)
    collection = ground.catalogue.collection(key)
    if operation.verb == "list" and "create" in collection.operations and key not in NO_RECORDS:
        made = lived(api, ground, key, line)
        assert made.id


def listed_to_the_end(api: CWController) -> None:
    """Page after page until an empty one; together they are what the count says."""
    listing = method(api, "get_", without="count", takes=0)
    assert listing is not None
    api.pageSize = 1000
    whole = [one.id for one in listing()]
    api.pageSize = max(1, (len(whole) + 1) // 2)
    seen: list[int] = []
    for page in range(1, 5):
        api.page = page
        rows = [one.id for one in listing()]
        seen += rows
        if not rows:
            break
    api.page = api.pageSize = ""
    assert seen == whole
    count = method(api, "get_", "_count") or method(api, "get_count")
    if count is not None:
        assert count() == len(whole)


def lived(api: CWController, ground: Ground, key: str, line: tuple[int, ...]) -> Any:
    """One record from its creation to its end, by the methods the controller has."""
    create = method(api, "create_", without="configurations")
    read, remove = method(api, "get_", "_by_id"), method(api, "delete_", "_by_id")
    change, several = method(api, "update_", without="multiple"), method(api, "update_", "_multiple_keys")
    body = ground.body(key, line)
    if create is None or body is None:
        return SimpleNamespace(id=True)
    made = create(api._class(body))
    patch = ground.change(ground.catalogue.collection(key))
    if change is not None:
        assert change(made.id, patch["path"], patch["value"]).id == made.id
    if several is not None:
        assert several(made.id, {patch["path"]: patch["value"]}).id == made.id
    if read is not None:
        assert read(made.id).id == made.id
    if remove is not None and "delete" in ground.catalogue.collection(key).operations:
        remove(made.id)
    return made


def test_it_reads_the_system_info(access: dict[str, Any]) -> None:
    assert InfoAPI(**access).get_info().version.startswith("v")


def test_it_uploads_lists_downloads_and_deletes_a_document(
    access: dict[str, Any], ground: Ground, tmp_path: Path
) -> None:
    ticket = Ticket({"id": ground.maker.row("/service/tickets").line[-1]})
    documents = DocumentAPI(**access)
    made = documents.create_document(ticket, "A note", "note.txt", BytesIO(b"plain words"))
    assert (made.title, made.fileName) == ("A note", "note.txt")
    assert made.id in [one.id for one in documents.get_documents(ticket)]
    assert documents.get_document_by_id(made.id).title == "A note"
    kept = tmp_path / "note.txt"
    assert DocumentDownloadAPI(made.id, **access).save_to_file(str(kept))
    assert kept.read_bytes() == b"plain words"
    documents.delete_document_by_id(made.id)
    with pytest.raises(ApiError, match="404"):
        documents.get_document_by_id(made.id)
