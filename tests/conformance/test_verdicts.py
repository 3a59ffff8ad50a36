"""Verdicts add up, and lead to the promised exit codes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conformance.verdicts import Exit, Outcome, Verdict, exit_code, tally

outcomes = st.lists(
    st.builds(
        Outcome,
        requirement=st.sampled_from(["a.one", "a.two", "b.one"]),
        verdict=st.sampled_from(list(Verdict)),
        fault=st.booleans(),
    )
)


@given(outcomes)
def test_the_tally_adds_up_to_the_plan(found: list[Outcome]) -> None:
    counts = tally(found)
    assert sum(counts.values()) == len(found)
    assert set(counts) == {"pass", "fail", "unknown", "unsupported", "not run"}


@given(outcomes, st.sets(st.sampled_from(["a.one", "b.one"])))
def test_zero_means_that_nothing_failed_and_nothing_is_unknown(found: list[Outcome], baseline: set[str]) -> None:
    if exit_code(found, baseline) == Exit.CONFORMS:
        assert not any(one.fault or one.verdict is Verdict.UNKNOWN for one in found)
        assert all(one.requirement in baseline for one in found if one.verdict is Verdict.FAIL)


def one(verdict: Verdict, *, fault: bool = False) -> list[Outcome]:
    return [Outcome("a.one", verdict, fault=fault), Outcome("a.two", Verdict.PASS)]


def test_each_exit_code_has_its_cause() -> None:
    assert exit_code(one(Verdict.PASS)) == 0
    assert exit_code(one(Verdict.FAIL)) == 1
    assert exit_code(one(Verdict.UNKNOWN)) == 2
    assert exit_code(one(Verdict.PASS), {"a.one"}) == 3
    assert exit_code(one(Verdict.UNKNOWN, fault=True)) == 70
    assert exit_code(one(Verdict.NOT_RUN)) == 0
    assert exit_code(one(Verdict.UNSUPPORTED)) == 0


def test_a_known_failure_does_not_count_and_a_new_one_does() -> None:
    assert exit_code(one(Verdict.FAIL), {"a.one"}) == 0
    assert exit_code(one(Verdict.FAIL), {"a.two"}) == 1
