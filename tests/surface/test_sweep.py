"""Every collection of the catalogue, one after the other: what can be created lives a whole life, what cannot is read.

A life: made minimal, read, listed by a condition on each type of field, counted, ordered, cut, patched, replaced,
deleted; every body is checked against a schema made here from the catalogue's fields, every href is followed.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from mockcw.catalogue import Collection, Field
from tests.surface.conditions import Probe, ascii_folded, probes, writable_text
from tests.surface.ground import CATALOGUE, CREATABLE, Ground
from tests.surface.minimal import Made, Unmakeable, fill

OTHERS = [key for key in CATALOGUE.collection_keys() if key not in CREATABLE]

EXCEPTIONS = {
    ("/company/companies", "deleted"): "a deleted company stays, marked as deleted",
    ("/sales/opportunities/{parentId}/forecast", "deleted"): "its ids name the items of the one forecast there is",
}
"""Steps of a life that a collection does not take, with the reason; ten at most."""

GOES_WITH = {  # the schema's text: a limit only where both flags are set
    "emailConnectorReopenDaysLimit": ("emailConnectorAllowReopenClosedFlag", "emailConnectorNeverReopenByDaysFlag"),
}

UPLOADED = "documents come by upload"
UNTAXED = "no tax code of the demo data taxes it"
EMPTY = {
    "/company/m365contact": "no Microsoft 365 tenant is connected",
    "/company/m365contactsync/property/excluded": "asked for by a company's id; no Microsoft 365 tenant is connected",
    "/company/m365contactsync/property/included": "asked for by a company's id; no Microsoft 365 tenant is connected",
    "/company/management/{id}/logs": "a synchronisation writes them, and none has run",
    "/finance/accounting/unpostedexpenses/{parentId}/taxableLevels": UNTAXED,
    "/finance/accounting/unpostedprocurement/{parentId}/taxableLevels": UNTAXED,
    "/procurement/onhandserialnumbers": "nothing with a serial number is in stock",
    "/project/tickets/{parentId}/documents": UPLOADED,
    "/service/tickets/{parentId}/documents": UPLOADED,
    "/system/documents": UPLOADED,
    "/system/members/calendarsync": "no member's calendar is synchronised",
    "/system/members/withSso": "no member signs in by single sign-on",
    "/system/workflows/userdefinedfields/events/actions": "no workflow sets a custom field",
}
"""Collections that cannot be created and hold nothing in the small demo data, with the reason."""

SHOWN = {
    "/marketing/campaigns/{id}/activities": ("/sales/activities", "campaign"),
    "/marketing/campaigns/{id}/opportunities": ("/sales/opportunities", "campaign"),
    "/project/tickets/{parentId}/activities": ("/sales/activities", "ticket"),
    "/service/tickets/{parentId}/activities": ("/sales/activities", "ticket"),
}
"""Collections that show the records of another one which refer to the enclosing record: one is made first."""


def holds(record: dict[str, Any], given: dict[str, Any], fields: dict[str, Field]) -> list[str]:
    """The names of given values that an answer does not show."""
    missing = []
    for name, value in given.items():
        if not fields[name].answered or fields[name].read_only:
            continue
        shown = record.get(name)
        if isinstance(value, dict) and isinstance(shown, dict):
            if any(shown.get(key) != inner for key, inner in value.items()):
                missing.append(name)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            if len(shown or []) != len(value):
                missing.append(name)
        elif shown != value:
            missing.append(name)
    return missing


@dataclass(slots=True)
class Life:
    """One record from its creation to its end."""

    ground: Ground
    collection: Collection
    given: dict[str, Any]
    made: Made

    @property
    def folder(self) -> str:
        return fill(self.collection.key, self.made.line[:-1])

    @property
    def record_id(self) -> int:
        return self.made.line[-1]

    @property
    def fields(self) -> dict[str, Field]:
        return dict(self.ground.catalogue.model(self.collection.model).fields)

    def has(self, verb: str) -> bool:
        return verb in self.collection.operations

    def read(self) -> dict[str, Any]:
        """The record as it is now, by id where that is published, else from the list."""
        if self.has("get"):
            found = self.ground.ok(self.made.path)
        else:
            rows = self.ground.ok(self.folder, conditions=f"id = {self.record_id}")
            assert len(rows) == 1
            found = rows[0]
        return dict(self.ground.valid(self.collection.model, found))

    def listed(self, condition: str, verb: str = "") -> list[int]:
        """The ids a condition finds, by the list or by its twin."""
        rows = self.ground.ok(self.folder + verb, conditions=condition, pageSize=1000)
        return [row["id"] for row in rows]


@pytest.mark.parametrize("key", CREATABLE)
def test_a_record_lives_a_whole_life(ground: Ground, key: str) -> None:
    life = born(ground, key)
    for step in STEPS:
        if (key, step.__name__) not in EXCEPTIONS:
            step(life)


@pytest.mark.parametrize(("key", "name"), EXCEPTIONS)
def test_an_excepted_step_is_not_taken(ground: Ground, key: str, name: str) -> None:
    life = born(ground, key)
    for step in STEPS:
        if step.__name__ == name:
            with pytest.raises(AssertionError):
                step(life)
            return
        step(life)
    raise ValueError(f"no step is called {name}")


def born(ground: Ground, key: str) -> Life:
    """POST a minimal record; it answers what was given, and reads back as it was answered."""
    collection = ground.catalogue.collection(key)
    with suppress(Unmakeable):
        ground.maker.row(key)  # what others refer to is not the record that is about to be deleted
    line = ground.maker.line(key)
    given = ground.maker.body(key, line)
    answer = ground.http.post(fill(key, line), given)
    assert answer.status_code == 201, f"{given}: {answer.status_code} {answer.text}"
    record = ground.valid(collection.model, answer.json())
    life = Life(ground, collection, given, Made(key, (*line, record["id"]), record))
    assert not holds(record, given, life.fields), (given, record)
    flags = {name for name, one in life.fields.items() if one.type == "boolean" and one.answered}
    assert flags <= set(record), f"no answer lacks a flag: {sorted(flags - set(record))}"
    assert life.read() == record
    return life


def enriched(life: Life) -> None:
    """Give the record a value of each type its model has, where it may be patched."""
    if not life.has("patch"):
        return
    record = life.made.record
    for probe in probes(life.fields, record):
        if probe.name in record or not probe.settable:
            continue
        try:
            value = life.ground.maker.value(life.fields[probe.name])
        except Unmakeable:
            continue
        flags = [("replace", flag, True) for flag in GOES_WITH.get(probe.name, ())]
        answer = life.ground.http.patch(life.made.path, *flags, ("replace", probe.name, value))
        assert answer.status_code == 200, f"{probe.name} = {value}: {answer.status_code} {answer.text}"
        record = life.ground.valid(life.collection.model, answer.json())
        assert not holds(record, {probe.name: value}, life.fields), (probe.name, value, record)


def conditions_find_it(life: Life) -> None:
    """Conditions on each type of field find the record, and their opposites do not; the count agrees."""
    record = life.read()
    for probe in probes(life.fields, record):
        met, unmet = zip(*probe.conditions(record), strict=True)
        every, any_of_them = " and ".join(met), " or ".join(unmet)
        assert life.listed(f"id = {life.record_id} and {every}") == [life.record_id], every
        assert life.listed(f"id = {life.record_id} and ({any_of_them})") == [], any_of_them
        agreed(life, probe, every)


def agreed(life: Life, probe: Probe, condition: str) -> None:
    """List and count agree on a condition, and the record is among what they mean."""
    found = life.listed(condition)
    assert len(found) == 1000 or life.record_id in found, condition
    if life.has("count"):
        total = life.ground.ok(f"{life.folder}/count", conditions=condition)
        assert total == {"count": len(found)} or len(found) == 1000, (probe, condition)


def cut_and_ordered(life: Life) -> None:
    """`fields=` leaves what was asked for; `orderBy` a field of each type puts rows in its order."""
    record = life.read()
    for probe in probes(life.fields, record):
        name = f"{probe.name}/{probe.inner}" if probe.inner else probe.name
        [cut] = life.ground.ok(life.folder, conditions=f"id = {life.record_id}", fields=f"id,{name}")
        assert set(cut) == {"id", *([probe.name] if probe.of(record) is not None else [])}
        if probe.inner and probe.name in cut:
            assert cut[probe.name] == {probe.inner: record[probe.name][probe.inner]}
        rows = life.ground.ok(life.folder, orderBy=f"{name} desc", pageSize=50)
        values = [value for value in (probe.of(row) for row in rows) if value is not None]
        folded = [ascii_folded(value) if isinstance(value, str) else value for value in values]
        assert folded == sorted(folded, reverse=True), name


def twins_show_it(life: Life) -> None:
    """The lighter twins show the same record, cut to their own model."""
    ground, operations = life.ground, life.collection.operations
    mine, outer = f"id = {life.record_id}", life.made.line[:-1]
    if "info_list" in operations:
        [row] = ground.ok(fill(operations["info_list"].path, outer), conditions=mine)
        ground.valid(ground.catalogue.row(life.collection.key).info_model or "", row)
        if "info_get" in operations:
            assert ground.ok(fill(operations["info_get"].path, life.made.line)) == row
    if "info_count" in operations:
        assert ground.ok(fill(operations["info_count"].path, outer), conditions=mine) == {"count": 1}


def patched(life: Life) -> None:
    """A PATCH of one text changes that text; nothing else but what the server keeps itself."""
    if not life.has("patch"):
        return
    name = writable_text(life.fields)
    if name is None:
        assert life.ground.http.patch(life.made.path, ("replace", "id", 1)).status_code == 200
        return
    value = life.ground.maker.text(life.fields[name])
    before = life.read()
    answer = life.ground.http.patch(life.made.path, ("replace", name, value))
    assert answer.status_code == 200, f"{name} = {value}: {answer.status_code} {answer.text}"
    record = life.ground.valid(life.collection.model, answer.json())
    assert record[name] == value
    assert record == life.read()
    assert {one for one in before if one != "_info"} <= set(record), "a PATCH of one field lost another"
    field = life.fields[name]
    if not field.required and not field.required_on_update and name not in life.given:
        cleared = life.ground.http.patch(life.made.path, ("remove", name, None))
        assert cleared.status_code == 200, f"{name}: {cleared.status_code} {cleared.text}"
        assert life.ground.valid(life.collection.model, cleared.json()).get(name) != value
        again = life.ground.http.patch(life.made.path, ("add", f"/{name}", value))
        assert again.json().get(name) == value, again.text


def replaced(life: Life) -> None:
    """A PUT shows what it gives, and what it leaves out is gone or back at its default."""
    if not life.has("replace"):
        return
    ground = life.ground
    before = life.read()
    given = ground.maker.body(life.collection.key, life.made.line[:-1], updating=True)
    answer = ground.http.put(life.made.path, given)
    assert answer.status_code == 200, f"{given}: {answer.status_code} {answer.text}"
    record = ground.valid(life.collection.model, answer.json())
    assert record["id"] == life.record_id
    assert not holds(record, given, life.fields), (given, record)
    assert record == life.read()
    kept = {one: before[one] for one in ("mobileGuid", "connectWiseID") if one in before}
    assert {one: record.get(one) for one in kept} == kept, "what only the server sets outlives a PUT"
    name = writable_text(life.fields)
    if name is not None and name not in given:
        assert record.get(name) != before.get(name), f"{name} outlived a PUT that leaves it out"


def deleted(life: Life) -> None:
    """A DELETE answers nothing, or the record where that is published, and then there is no such record."""
    if not life.has("delete"):
        return
    ground, caption = life.ground, life.collection.caption
    before = ground.ok(f"{life.folder}/count")["count"] if life.has("count") else None
    shown = life.collection.operations["delete"].returns
    answer = ground.http.delete(life.made.path)
    assert answer.status_code == (200 if shown else 204), answer.text
    assert ground.valid(shown, answer.json())["id"] == life.record_id if shown else answer.content == b""
    assert life.listed(f"id = {life.record_id}") == []
    if before is not None:
        assert ground.ok(f"{life.folder}/count") == {"count": before - 1}
    if life.has("get"):
        gone = ground.ok(life.made.path, status=404)
        assert gone == {"code": "NotFound", "message": f"{caption} {life.record_id} not found"}


def followed(life: Life) -> None:
    """Every href in the record leads to something."""
    life.ground.follow(life.read())


STEPS = (enriched, conditions_find_it, cut_and_ordered, twins_show_it, followed, patched, replaced, deleted)


@pytest.mark.parametrize("key", OTHERS)
def test_a_collection_that_cannot_be_created_answers_valid_rows(ground: Ground, key: str) -> None:
    collection = ground.catalogue.collection(key)
    rows, path = some_rows(ground, collection)
    for row in rows:
        ground.valid(collection.model, row)
    if not rows:
        assert key in EMPTY, f"{path} holds no row, and no reason is given"
        return
    assert key not in EMPTY, f"{path} holds rows now"
    row = rows[0]
    ground.follow(row)
    if "count" in collection.operations:
        assert ground.ok(f"{path}/count", **QUERIES.get(key, {}))["count"] >= len(rows)
    if "get" in collection.operations and "id" in row:
        ids = [part for part in path.split("/") if part.isdigit()]
        assert ground.ok(fill(collection.operations["get"].path, (*map(int, ids), row["id"]))) == row
    if "patch" in collection.operations:
        name = writable_text(dict(ground.catalogue.model(collection.model).fields))
        if name is not None:
            value = ground.maker.text(ground.catalogue.model(collection.model).fields[name])
            answer = ground.http.patch(f"{path}/{row['id']}", ("replace", name, value))
            assert answer.status_code == 200, answer.text
            assert ground.valid(collection.model, answer.json())[name] == value


def some_rows(ground: Ground, collection: Collection) -> tuple[list[Any], str]:
    """The first page of the first enclosing record that has one, and where that is."""
    parents = ground.catalogue.row(collection.key).parents
    if not parents:
        return ground.ok(collection.key, **QUERIES.get(collection.key, {})), collection.key
    outer = ground.maker.row(parents[-1])
    if collection.key in SHOWN:
        source, reference = SHOWN[collection.key]
        body = {**ground.maker.body(source), reference: {"id": outer.line[-1]}}
        assert ground.http.post(source, body).status_code == 201
    lines = [outer.line]
    folder = fill(parents[-1], outer.line[:-1])
    lines += [(*outer.line[:-1], row["id"]) for row in ground.ok(folder, pageSize=30)]
    path = collection.key
    for line in lines:
        path = fill(collection.key, line)
        rows = ground.ok(path)
        if rows:
            return rows, path
    return [], path


QUERIES: dict[str, dict[str, str]] = {
    "/system/audittrail": {"type": "Company", "id": "1"},
    "/system/documents": {"recordType": "Company", "recordId": "1"},
}
"""What a list needs to be asked with."""


def test_at_most_ten_steps_are_excepted() -> None:
    assert len(EXCEPTIONS) <= 10
    assert all(EXCEPTIONS.values())
