"""The pure rules of a sync: names, queries, plans, rows, organizations."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integration.clock import wire_time
from integration.connect.reply import Reply, without_nul
from integration.errors import ProtocolFault, WrongUse
from integration.store.connections import Filters
from integration.store.runs import DONE, FULL, INCREMENTAL, Run
from integration.sync.companies import mirror_rows, sorted_side
from integration.sync.names import folded
from integration.sync.organizations import organizations_of, read_organizations
from integration.sync.plan import next_watermark, plan_run
from integration.sync.query import change_parameters, filter_parameters, is_wanted, quoted
from integration.vendors.sonicsaas import PROFILE

STREAM = PROFILE.stream("companies")
MOMENTS = st.datetimes(datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2027-01-01"))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@given(st.text(max_size=30))
@example("ǰ")
@example("İstanbul")
@example("ß")
def test_folding_is_stable_and_knows_no_case_and_no_blanks(name: str) -> None:
    once = folded(name)
    assert folded(once) == once
    assert folded(f" \t{name}\u00a0") == once
    assert folded(unicodedata.normalize("NFD", name)) == folded(unicodedata.normalize("NFC", name))


@given(st.text(st.characters(codec="ascii"), max_size=30))
def test_the_short_way_for_ascii_names_ends_where_the_long_one_does(name: str) -> None:
    assert folded(name) == folded(name + " é").removesuffix("é").strip()


def test_punctuation_counts() -> None:
    assert folded("Acme, Inc.") != folded("Acme Inc")
    assert folded("  ACME,   inc. ") == folded("Acme, Inc.")
    assert folded("Ａｃｍｅ") == "acme"


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20))
def test_no_name_breaks_out_of_its_quotes(name: str) -> None:
    literal = quoted(name)
    inner = literal[1:-1].replace("\\\\", "").replace('\\"', "")
    assert literal[0] == literal[-1] == '"'
    assert '"' not in inner
    assert "\\" not in inner


@pytest.mark.parametrize("name", ["a\nb", "a\x00", "\u202e"])
def test_no_control_character_is_sent_in_a_name(name: str) -> None:
    with pytest.raises(WrongUse):
        filter_parameters(STREAM, Filters(types=(name,)))


def test_a_full_run_asks_for_types_and_statuses() -> None:
    asked = filter_parameters(STREAM, Filters(("Client", "Prospect"), ("Inactive", 'So "called"')))
    assert asked == {
        "conditions": 'deletedFlag=false and status/name!="Inactive" and status/name!="So \\"called\\""',
        "childConditions": 'types/name="Client" or types/name="Prospect"',
    }
    assert filter_parameters(STREAM, Filters()) == {"conditions": "deletedFlag=false"}


def test_an_incremental_run_asks_for_everything_that_changed() -> None:
    assert change_parameters(NOON) == {"conditions": "lastUpdated>[2026-03-01T12:00:00Z]"}


def test_filters_are_told_apart_by_what_they_mean() -> None:
    assert Filters(("a", "B"), ()).signature == Filters(("b", "A", "a"), ()).signature
    assert Filters(("a",), ()).signature != Filters((), ("a",)).signature


def test_a_company_is_wanted_by_any_of_its_types_and_none_of_the_statuses() -> None:
    filters = Filters(("Client",), ("Inactive",))
    assert is_wanted(filters, "Active", ["vendor", "CLIENT"])
    assert not is_wanted(filters, "inactive", ["Client"])
    assert not is_wanted(filters, "Active", ["Vendor"])
    assert not is_wanted(filters, "Active", [])
    assert is_wanted(Filters(), "", [])


def done(**more: Any) -> Run:
    numbers = dict.fromkeys(("id", "connection_id", "attempt", "pages", "received", "vanished", "held"), 0)
    texts = dict.fromkeys(("reason", "mark", "newest", "since", "finished_at"), "")
    run = {
        **numbers,
        **texts,
        "state": DONE,
        "mode": FULL,
        "filters": "f",
        "pages_ended": True,
        "server_time": wire_time(NOON),
        "watermark": wire_time(NOON - timedelta(hours=1)),
        "started_at": wire_time(NOON),
        **more,
    }
    return Run(**run)


def planned(last: Run | None, server_time: datetime | None = NOON, *, filters: str = "f", asked: bool = False) -> Any:
    return plan_run(last, last, filters, server_time, overlap=300, full_every=86400, full_asked=asked)


def test_an_incremental_run_asks_from_the_watermark_less_the_overlap() -> None:
    plan = planned(done(), NOON + timedelta(minutes=1))
    assert (plan.mode, plan.since) == (INCREMENTAL, NOON - timedelta(hours=1, minutes=5))


@pytest.mark.parametrize(
    ("last", "more", "reason"),
    [
        (None, {}, "first sync"),
        (done(), {"asked": True}, "asked for"),
        (done(), {"filters": "other"}, "the filters changed"),
        (done(held=3), {}, "the last sync held companies back"),
        (done(watermark=""), {}, "the server does not tell its time"),
        (done(), {"server_time": None}, "the server does not tell its time"),
        (done(), {"server_time": NOON - timedelta(hours=1)}, "the server's clock went back"),
        (done(), {"server_time": NOON + timedelta(days=2)}, "the last full sync is too old"),
    ],
)
def test_a_run_is_full_when_changes_alone_could_mislead(last: Run | None, more: dict[str, Any], reason: str) -> None:
    plan = planned(last, **more)
    assert (plan.mode, plan.reason, plan.since) == (FULL, reason, None)


@given(
    MOMENTS,
    st.none() | MOMENTS,
    st.none() | MOMENTS,
    st.sampled_from([FULL, INCREMENTAL]),
)
def test_a_watermark_is_never_later_than_the_servers_clock_when_the_run_began(
    began: datetime, newest: datetime | None, previous: datetime | None, mode: str
) -> None:
    run = done(mode=mode, server_time=_wire(began), newest=_wire(newest))
    watermark = next_watermark(run, _wire(previous))
    assert watermark <= _wire(began)
    if mode == FULL and newest is not None:
        assert watermark <= _wire(newest)


def _wire(moment: datetime | None) -> str:
    return "" if moment is None else wire_time(moment.replace(tzinfo=UTC))


def test_an_incremental_run_that_saw_nothing_keeps_the_watermark() -> None:
    before = wire_time(NOON - timedelta(hours=3))
    assert next_watermark(done(mode=INCREMENTAL, newest=""), before) == before
    assert next_watermark(done(server_time=""), before) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["name", "identifier", "status", "types", "deletedFlag", "_info"]), JSON))
def test_a_company_with_odd_members_becomes_a_row_or_a_fault(company: dict[str, Any]) -> None:
    if not isinstance(company.get("types"), list | None):
        company.pop("types")
    (row,) = mirror_rows([{"id": 1, **company}], 7, 9)
    assert (row.connection_id, row.id, row.seen_run) == (7, 1, 9)
    assert isinstance(json.loads(row.types), list)
    assert sorted_side(row, Filters()) in ("present", "deleted")


@pytest.mark.parametrize("listed", [[1], ["x"], [None], [{}], [{"id": "1"}], [{"id": True}], [{"id": None}]])
def test_what_is_no_list_of_companies_is_a_fault(listed: list[Any]) -> None:
    with pytest.raises(ProtocolFault):
        mirror_rows(listed, 1, 1)


@given(st.lists(st.sampled_from(["\x00", "\\", "a", '"', "u0000"]), max_size=12).map("".join))
def test_nul_is_taken_out_of_an_answer_and_nothing_else(text: str) -> None:
    reply = Reply(200, {}, json.dumps([text]).encode())
    assert without_nul(reply).json() == [text.replace("\x00", "")]


def write(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.csv", "id,name\no1,Acme\no2,Bolt\n", [("o1", "Acme"), ("o2", "Bolt")]),
        ("a.csv", '\ufeffName, Other\r\n"Acme, Inc.",x\r\n', [("1", "Acme, Inc.")]),
        ("a.csv", "NAME\nAcme\nAcme\n", [("1", "Acme"), ("2", "Acme")]),
        ("a.json", '["Acme", {"id": 7, "name": "Bolt"}]', [("1", "Acme"), ("7", "Bolt")]),
        ("a.json", "[]", []),
    ],
)
def test_organizations_are_read(tmp_path: Path, name: str, content: str, found: list[tuple[str, str]]) -> None:
    assert [(one.id, one.name) for one in read_organizations(write(tmp_path, name, content))] == found


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", "", "no column 'name'"),
        ("a.csv", "id,title\n1,x\n", "no column 'name'"),
        ("a.csv", "id,name\n1,Acme\n1,Bolt\n", "row 2"),
        ("a.csv", "id,name\n1,Acme\n2,\n", "row 2"),
        ("a.csv", b"name\n\xff\xfe\n", "UTF-8"),
        ("a.csv", 'name\n"open\n', "line"),
        ("a.json", "{", "no JSON"),
        ("a.json", '{"name": "x"}', "list"),
        ("a.json", "[1]", "row 1"),
        ("a.json", '[{"id": 1}]', "row 1"),
    ],
)
def test_a_file_that_holds_no_organizations_says_where(tmp_path: Path, name: str, content: Any, says: str) -> None:
    with pytest.raises(WrongUse, match=says):
        read_organizations(write(tmp_path, name, content))


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be read"):
        read_organizations(tmp_path / "none.csv")


def test_the_rows_of_the_profile_exist() -> None:
    for operation in (PROFILE.connection_test, STREAM.operation, STREAM.count_operation):
        rows = PROFILE.rows_for(operation)
        assert rows
        assert all(getattr(row, operation.right) == "All" for row in rows)
    assert len({row.name for row in PROFILE.role}) == 13
    assert replace(PROFILE) == PROFILE


def test_an_organization_without_a_comparable_name_is_refused() -> None:
    with pytest.raises(WrongUse):
        organizations_of([(1, "", "\x00 ")], "here")
