"""What `mockcw coverage` counts: every operation once, in the kind of code that answers it, with what tests it."""

from __future__ import annotations

import pytest

from mockcw import Emulator
from mockcw.catalogue import Operation
from mockcw.coverage import OUTSIDE, SWEEP, Coverage, by_collection, totals, unserved
from mockcw.engine.rulebook import Rulebook
from mockcw.pipeline.bundle import BUNDLES


@pytest.fixture(scope="module")
def rows(built: Emulator) -> dict[str, Coverage]:
    return {row.collection: row for row in by_collection(built.world)}


def operations_of(emulator: Emulator, key: str) -> list[Operation]:
    return [one for one in emulator.world.catalogue.operations if (one.collection or OUTSIDE) == key]


def test_every_published_operation_is_served(built: Emulator) -> None:
    assert [f"{one.name}: {why}" for one, why in unserved(built.world)] == []
    counted = totals(by_collection(built.world))
    assert (counted["operations"], counted["served"], counted["unserved"]) == (3053, 3053, 0)


def test_each_operation_counts_once_in_its_collection(built: Emulator, rows: dict[str, Coverage]) -> None:
    assert set(rows) == {one.collection or OUTSIDE for one in built.world.catalogue.operations}
    for key, row in rows.items():
        assert row.served + row.unserved == len(operations_of(built, key))


def test_a_ruled_collection_names_its_rules_and_the_sweep(rows: dict[str, Coverage]) -> None:
    row = rows["/company/companies/{parentId}/sites"]
    assert row.kind == "ruled"
    assert {"site.address", "site.one-of-each", "site.primary-stays", SWEEP} <= row.requirements


def test_an_action_is_named_by_its_operation(rows: dict[str, Coverage]) -> None:
    assert "getSystemInfo" in rows[OUTSIDE].requirements


def test_a_collection_that_the_generic_verbs_answer_alone_is_generic(
    built: Emulator, rows: dict[str, Coverage]
) -> None:
    book = built.world.rulebook
    plain = {
        key
        for key in rows
        if key not in {rule.collection for rule in book.rules}
        and book.view(key) is None
        and not any(book.action(one.name) for one in operations_of(built, key))
    }
    assert len(plain) > 50
    for key in plain:
        assert rows[key].kind == ("generic" if rows[key].served else "unserved"), key


def test_every_id_is_of_a_rule_an_action_or_the_sweep(built: Emulator, rows: dict[str, Coverage]) -> None:
    book = built.world.rulebook
    known = {rule.id for rule in book.rules} | {action.operation for action in book.actions} | {SWEEP, *BUNDLES}
    for row in rows.values():
        assert row.requirements <= known
        assert row.requirements or not row.served, f"{row.collection} is tested by nothing"


def test_the_permission_letters_are_those_of_its_operations(built: Emulator, rows: dict[str, Coverage]) -> None:
    for key, row in rows.items():
        assert set(row.letters) == {one.permission.confidence for one in operations_of(built, key)}
        assert set(row.letters) <= set("ABCU")


def test_what_nothing_answers_is_unserved_with_a_reason(built: Emulator) -> None:
    whole = built.world.rulebook
    without = Rulebook(
        whole.rules, tuple(one for one in whole.actions if one.operation != "getSystemInfo"), whole.views
    )
    try:
        built.world.rulebook = without
        missing = {one.name: why for one, why in unserved(built.world)}
        row = {row.collection: row for row in by_collection(built.world)}[OUTSIDE]
    finally:
        built.world.rulebook = whole
    assert "no action answers it" in missing["getSystemInfo"]
    assert row.unserved >= 1
    assert "getSystemInfo" not in row.requirements


def test_the_sums_are_the_sums_of_the_lines(rows: dict[str, Coverage]) -> None:
    counted = totals(list(rows.values()))
    assert counted["served"] == sum(row.served for row in rows.values())
    unserved_lines = sum(row.kind == "unserved" for row in rows.values())
    assert counted["generic"] + counted["ruled"] + counted["action"] + unserved_lines == counted["collections"]
