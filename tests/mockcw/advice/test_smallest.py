"""The smallest role and the smallest change: they pass, and lowering any one cell of them breaks something."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcw.advice.flow import profile_of
from mockcw.advice.running import PASSED, Bench
from mockcw.advice.situation import Situation, levels_below
from mockcw.advice.smallest import Advice, Search, all_work, change_for, changed_by
from mockcw.catalogue import Operation, load
from mockcw.permissions.remedy import Cell, Item, Raise
from mockcw.permissions.roles import LEVELS, Levels
from mockcw.settings import Settings
from tests.mockcw.advice.guides import NO_MATRIX, matrix, offered

pytestmark = pytest.mark.xdist_group("smallest roles")  # they are searched for once a process
PROFILES = ("channel-program", "harmony-sase", "it-glue", "managed-backup", "sonicsaas")
NONE_YET = Situation({})
HARMONY = profile_of("harmony-sase")


def search(bench: Bench, name: str) -> Search:
    steps = profile_of(name).steps
    operations = [one.operation for one in steps]
    return Search(partial(bench.run, steps), operations, offered(), bench.emulator.settings)


@cache
def smallest(bench: Bench, name: str) -> Advice:
    return search(bench, name).change(NONE_YET)


def passes(bench: Bench, name: str, situation: Situation) -> bool:
    return all(one.seen == PASSED for one in bench.run(profile_of(name).steps, situation, True))


# -- the smallest role -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROFILES)
def test_the_smallest_role_passes_and_lowering_any_one_cell_breaks_something(bench: Bench, name: str) -> None:
    advice = smallest(bench, name)
    assert advice.passes
    assert passes(bench, name, advice.situation)
    for cell, level in advice.situation.cells():
        for lower in levels_below(offered(), cell, level):
            assert not passes(bench, name, advice.situation.with_level(cell, lower)), (cell, lower)


@pytest.mark.parametrize("name", PROFILES)
def test_a_guide_asks_for_no_less_than_the_smallest_role(bench: Bench, name: str) -> None:
    """Else its flows would not pass with its own matrix; Channel Program's line is what the fixtures start from."""
    told = NO_MATRIX.get(name) or matrix(profile_of(name).role)
    for cell, level in smallest(bench, name).situation.cells():
        assert LEVELS.index(level) <= LEVELS.index(told[cell[:2]].of(cell.action)), cell


def test_the_smallest_role_for_channel_program_reads_three_rows(bench: Bench) -> None:
    found = {name: levels for name, levels in smallest(bench, "channel-program").situation.rows.items() if any(levels)}
    assert {name: levels for name, levels in found.items() if levels != Levels()} == NO_MATRIX["channel-program"]


def test_my_is_found_enough_where_an_integration_handles_only_its_own(bench: Bench) -> None:
    rows = smallest(bench, "sonicsaas").situation.rows
    assert rows["Service Desk", "Service Tickets"] == Levels("My", "My", "None", "My")
    assert rows["Time & Expense", "Time Entry"] == Levels("My", "All", "All", "All")


# -- the smallest change -----------------------------------------------------------------------------------------------


def test_the_guide_s_role_needs_no_change(bench: Bench) -> None:
    advice = search(bench, "harmony-sase").change(Situation(matrix("Harmony SASE")))
    assert advice.remedy.empty
    assert advice.passes


def test_one_missing_row_is_the_whole_change(bench: Bench) -> None:
    """E_ACCESS of the SonicSaaS guide: Agreements without Delete."""
    cell = Cell("Finance", "Agreements", "Delete")
    given = Situation(matrix("SonicSaaS Integration")).with_level(cell, "None")
    advice = search(bench, "sonicsaas").change(given)
    assert [one.seen for one in advice.before if one.failed] == ["E_ACCESS"]
    assert advice.remedy.rows == (Raise(cell, "None", "All"),)
    assert advice.passes


def test_of_several_switches_only_the_ones_that_matter_are_changed(bench: Bench) -> None:
    """Inactive and off the allow-list; that System Tables disallow a table nobody reads does not matter."""
    given = Situation(
        matrix("Harmony SASE"),
        refused={"SystemTableSetup": frozenset({"Products / Product Type", "Service / Service Board"})},
        active=False,
        allowed_clients=("99999999-2222-4333-8444-555555555555",),
    )
    remedy = search(bench, "harmony-sase").change(given).remedy
    assert remedy.rows == ()
    assert remedy.customize == (Item("SystemTableSetup", "Products / Product Type"),)
    assert set(remedy.member) == {"active", "client_ids"}
    assert given.client_id in remedy.member["client_ids"]


def test_a_level_too_low_in_the_structure_is_raised_to_the_top(bench: Bench) -> None:
    given = Situation(matrix("Harmony SASE"), structure_level="Location", location="Branch")
    advice = search(bench, "harmony-sase").change(given)
    assert advice.remedy.member == {"structure_level": "Corporate"}
    assert advice.remedy.rows == ()
    assert advice.passes


def test_a_board_the_member_is_kept_off_is_opened_when_the_flows_need_it(bench: Bench) -> None:
    """Alerts is board 2; nobody misses board 4."""
    given = Situation(matrix("Managed Backup"), excluded_boards=(2, 4))
    advice = search(bench, "managed-backup").change(given)
    assert advice.remedy.member == {"excluded_boards": []}
    assert advice.passes
    assert search(bench, "managed-backup").change(replace(given, excluded_boards=(4,))).remedy.empty


def test_what_no_role_can_mend_is_said(bench: Bench) -> None:
    impossible = replace(HARMONY.steps[-4], rows=10_000)
    found = Search(partial(bench.run, [impossible]), [], offered(), Settings()).change(NONE_YET)
    assert not found.passes
    assert found.remedy.rows == ()
    assert "mapping: choose the customer ends with fewer-rows" in found.remedy.words


CELLS = [Cell(*name, action) for name in NO_MATRIX["channel-program"] for action in ("Edit", "Inquire")]


@settings(max_examples=8)
@given(levels=st.lists(st.sampled_from(LEVELS), min_size=len(CELLS), max_size=len(CELLS)), active=st.booleans())
def test_whatever_the_role_the_change_makes_it_pass_and_each_part_of_it_is_needed(
    bench: Bench, levels: list[str], active: bool
) -> None:
    start = Situation({}, active=active)
    for cell, level in zip(CELLS, levels, strict=True):
        start = start.with_level(cell, level if level in offered()[cell] else "None")
    advice = search(bench, "channel-program").change(start)
    assert advice.passes
    for one in advice.remedy.rows:
        assert LEVELS.index(one.was) < LEVELS.index(one.becomes)
        for lower in levels_below(offered(), one.cell, one.becomes):
            if LEVELS.index(lower) >= LEVELS.index(one.was):
                assert not passes(bench, "channel-program", advice.situation.with_level(one.cell, lower))
    assert ("active" in advice.remedy.member) == (not active)


# -- from operations alone ---------------------------------------------------------------------------------------------


def operation(text: str) -> Operation:
    method, path = text.split()
    return load().match(method, path).operation


def test_my_is_enough_to_create_by_the_gates() -> None:
    remedy = change_for(NONE_YET, [operation("POST /service/tickets")], offered(), Settings())
    assert remedy.rows == (Raise(Cell("Service Desk", "Service Tickets", "Add"), "None", "My"),)


def test_a_project_s_team_asks_two_rows() -> None:
    wanted = [operation("GET /project/projects/1/teamMembers")]
    rows = change_for(NONE_YET, wanted, offered(), Settings()).rows
    assert {one.cell.area for one in rows} == {"Project Headers", "Project Teams"}


def test_a_row_that_settings_only_log_is_not_asked_for() -> None:
    inferred = next(one for one in load().operations if one.permission.confidence == "C" and one.permission.module)
    assert change_for(NONE_YET, [inferred], offered(), Settings()).rows
    assert not change_for(NONE_YET, [inferred], offered(), Settings(permissions_inferred="log")).rows


@given(
    wanted=st.lists(st.sampled_from(load().operations), min_size=1, max_size=5),
    have=st.dictionaries(
        st.sampled_from([(one.module, one.area) for one in load().areas]),
        st.builds(Levels, *[st.sampled_from(LEVELS)] * 4),
        max_size=8,
    ),
)
def test_for_any_operations_and_role_the_change_works_and_each_cell_of_it_is_needed(
    wanted: list[Operation], have: dict[tuple[str, str], Levels]
) -> None:
    start = Situation(have)
    remedy = change_for(start, wanted, offered(), Settings())
    after = changed_by(start, remedy)
    assert all_work(after, wanted, Settings())
    for one in remedy.rows:
        below = [
            low for low in levels_below(offered(), one.cell, one.becomes) if LEVELS.index(low) >= LEVELS.index(one.was)
        ]
        for lower in below:
            assert not all_work(after.with_level(one.cell, lower), wanted, Settings())
