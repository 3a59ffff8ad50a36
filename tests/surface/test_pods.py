"""Custom fields of every pod: defined, carried by the records of its models, set, searched, gone with a definition."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw.catalogue.pods import Pod
from tests.surface.ground import CATALOGUE, CREATABLE, Ground
from tests.surface.minimal import fill

DEFINITIONS = "/system/userDefinedFields"
VALUES = "customFields"
HOLDERS = [
    (pod, row.key)
    for pod in CATALOGUE.pods
    for row in CATALOGUE.rows()
    if row.model in pod.models and row.key in CREATABLE
]


def named(one: Any) -> str:
    return one.text if isinstance(one, Pod) else str(one)


def mine(record: Any) -> list[tuple[Any, str]]:
    """Value and pod of the field that the test defines; the demo data may have its own."""
    return [(one["value"], one["podId"]) for one in record.get(VALUES, ()) if one["caption"] == "Sweep"]


@pytest.mark.parametrize(("pod", "key"), HOLDERS, ids=named)
def test_records_of_every_pod_carry_its_fields(ground: Ground, pod: Pod, key: str) -> None:
    http, line = ground.http, ground.maker.line(key)
    old = ground.maker.row(key)
    body = {"podId": pod.number, "caption": "Sweep", "sequenceNumber": 1, "fieldTypeIdentifier": "Text"}
    definition = http.post(DEFINITIONS, body).json()
    try:
        given = {**ground.maker.body(key, line), VALUES: [{"id": definition["id"], "value": "abc"}]}
        made = http.post(fill(key, line), given)
        assert made.status_code == 201, made.text
        record = ground.valid(CATALOGUE.row(key).model, made.json())
        assert mine(record) == [("abc", pod.text)]
        assert mine(http.get(old.path).json()) == [(None, pod.text)]
        found = ground.ok(fill(key, line), customFieldConditions='caption = "Sweep" and value = "abc"')
        assert [one["id"] for one in found] == [record["id"]]
        path = f"{fill(key, line)}/{record['id']}"
        if "patch" in CATALOGUE.collection(key).operations:
            changed = http.patch(path, ("replace", VALUES, [{"id": definition["id"], "value": None}]))
            assert changed.status_code == 200, changed.text
            assert mine(changed.json()) == [(None, pod.text)]
    finally:
        assert http.delete(f"{DEFINITIONS}/{definition['id']}").status_code == 204
    assert mine(http.get(path).json()) == []


def test_every_model_with_custom_fields_has_a_pod_or_shows_the_records_of_one_that_has() -> None:
    models = {
        row.model for row in CATALOGUE.rows() if VALUES in CATALOGUE.model(row.model).fields and row.view_of is None
    }
    assert models == {model for pod in CATALOGUE.pods for model in pod.models} & models
    assert (
        len({pod.number for pod in CATALOGUE.pods}) == len({pod.text for pod in CATALOGUE.pods}) == len(CATALOGUE.pods)
    )
