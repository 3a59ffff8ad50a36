"""The flows of the five guides: they name what the guides' tables name, and all of them pass with the guide's role."""

from __future__ import annotations

import pytest

from mockcw.advice.flow import profile_names, profile_of, read_profile
from mockcw.advice.running import PASSED, Bench
from mockcw.advice.situation import Situation, levels_below
from mockcw.catalogue import load
from mockcw.errors import MockcwError
from tests.mockcw.advice.guides import Expectation, expectations, matrix, needs, offered, situation

PROFILES = ("channel-program", "harmony-sase", "it-glue", "managed-backup", "sonicsaas")


def test_there_is_a_profile_for_each_guide() -> None:
    assert profile_names() == PROFILES


@pytest.mark.parametrize("name", PROFILES)
def test_flows_and_the_guide_s_table_name_the_same_operations_and_places(name: str) -> None:
    profile = profile_of(name)
    told = [(one.step, one.operation, one.citation) for one in needs(name)]
    steps = [(one.key, f"{one.operation.method} {one.operation.path}", one.citation) for one in profile.steps]
    assert steps == told


@pytest.mark.parametrize("name", PROFILES)
def test_every_step_cites_its_guide_and_says_what_the_user_sees(name: str) -> None:
    profile = profile_of(name)
    assert len({one.key for one in profile.steps}) == len(profile.steps)
    for step in profile.steps:
        assert step.citation.startswith(f"{profile.guide}, ")
        assert step.words.endswith(".")


@pytest.mark.parametrize("name", PROFILES)
def test_every_step_passes_with_the_guide_s_role_and_asks_the_row_the_table_names(bench: Bench, name: str) -> None:
    profile = profile_of(name)
    given = Situation({}, admin=True) if profile.role == "Admin" else Situation(matrix(profile.role))
    outcomes = bench.run(profile.steps, given)
    assert [(one.step.key, one.seen, one.detail) for one in outcomes if one.seen != PASSED] == []
    for outcome, need in zip(outcomes, needs(name), strict=True):
        first, *beside = outcome.decisions
        row = None if first.row.module is None else (first.row.module, first.row.area, first.row.action)
        assert row == need.row, need.step
        asked = {f"{one.row.module} > {one.row.area}, {one.row.action}" for one in beside}
        assert need.beside is None or need.beside in asked, need.step


@pytest.mark.parametrize("name", PROFILES)
def test_every_cell_of_the_guide_s_matrix_has_its_expectations(name: str) -> None:
    """Each cell above None is lowered to every level below it that the API's cell offers, once."""
    cells = situation(name, profile_of(name).role).cells()
    wanted = [(cell, lower) for cell, level in cells for lower in levels_below(offered(), cell, level)]
    told = [(one.cell, one.to) for one in expectations() if one.profile == name]
    assert sorted(told) == sorted(wanted)


@pytest.mark.parametrize("expected", expectations(), ids=lambda one: one.name)
def test_lowering_one_cell_breaks_exactly_what_the_table_lists(bench: Bench, expected: Expectation) -> None:
    profile = profile_of(expected.profile)
    lowered = situation(profile.name, profile.role).with_level(expected.cell, expected.to)
    outcomes = bench.run(profile.steps, lowered)
    assert {(one.step.key, one.seen) for one in outcomes if one.failed} == expected.failures
    assert sum(not one.failed and one.seen != PASSED for one in outcomes) == expected.not_reached


def test_what_nothing_depends_on_is_explained() -> None:
    for one in expectations():
        assert one.why
        if not one.failures:
            assert any(word in one.why for word in ("enough", "no flow of the guide uses it", "My counts as"))


def test_a_run_leaves_nothing_for_the_next(bench: Bench) -> None:
    profile = profile_of("sonicsaas")
    given = Situation(matrix(profile.role))
    first = bench.run(profile.steps, given)
    bench.run(profile.steps, Situation({}, active=False))
    assert [(one.seen, one.detail) for one in bench.run(profile.steps, given)] == [
        (one.seen, one.detail) for one in first
    ]


def test_admin_passes_whatever_its_rows_say(bench: Bench) -> None:
    """The Channel Program guide only asks for Admin: its flag stands for every row (assumed)."""
    steps = profile_of("channel-program").steps
    assert all(one.seen == PASSED for one in bench.run(steps, Situation({}, admin=True)))


def test_a_level_below_the_top_hides_companies_and_shows_no_error(bench: Bench) -> None:
    profile = profile_of("sonicsaas")
    narrow = Situation(matrix(profile.role), structure_level="Location", location="Branch")
    seen = {one.step.key: one.seen for one in bench.run(profile.steps, narrow) if one.failed}
    assert seen["company sync: import companies"] == "fewer-rows"
    assert not {"401", "403"} & set(seen.values())


def test_an_inactive_member_meets_401_everywhere(bench: Bench) -> None:
    profile = profile_of("harmony-sase")
    outcomes = bench.run(profile.steps, Situation(matrix(profile.role), active=False))
    assert {one.seen for one in outcomes} <= {"401", "not-reached"}


def test_a_client_id_off_the_allow_list_is_refused(bench: Bench) -> None:
    profile = profile_of("harmony-sase")
    kept_off = Situation(matrix(profile.role), allowed_clients=("99999999-2222-4333-8444-555555555555",))
    first = bench.run(profile.steps, kept_off)[0]
    assert first.failed
    assert "allow-list" in (first.reason or "")


def test_a_table_on_the_disallow_side_is_refused(bench: Bench) -> None:
    profile = profile_of("managed-backup")
    given = Situation(matrix(profile.role), refused={"SystemTableSetup": frozenset({"Service / Service Board"})})
    seen = {one.step.key: one.seen for one in bench.run(profile.steps, given) if one.failed}
    assert seen == {"ticket settings: service boards": "403"}


# -- the vocabulary ----------------------------------------------------------------------------------------------------


def test_an_unknown_profile_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(MockcwError, match="there are channel-program, harmony-sase"):
        profile_of("datto")


def test_a_request_that_is_not_published_is_refused() -> None:
    text = """
profile = "x"
title = "X"
guide = "X guide"
role = "X"
[[flow]]
name = "f"
[[flow.step]]
name = "s"
request = "GET /no/such/thing"
sees = "Nothing."
cite = "X guide, step 1"
"""
    with pytest.raises(MockcwError, match="GET /no/such/thing is no published operation"):
        read_profile(text, load())
