"""The mirror: pages over pages, and matching against a plain reading of its rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from integration.store import mirror
from integration.store.connections import Organization, replace_organizations
from integration.store.mirror import CompanyRow
from integration.store.tables import database_url, metadata, open_database
from tests.campaign import examples


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    opened = open_database(database_url(str(tmp_path_factory.mktemp("mirror")), "mirror.db"))
    yield opened
    opened.dispose()


@pytest.fixture
def empty(engine: sa.Engine) -> sa.Engine:
    clear(engine)
    return engine


def clear(engine: sa.Engine) -> None:
    with engine.begin() as transaction:
        for name in ("companies", "organizations"):
            transaction.execute(metadata.tables[name].delete())


def row(
    key: int, name: str, *, presence: str = mirror.PRESENT, run: int = 1, connection: int = 1, **more: Any
) -> CompanyRow:
    given = {"identifier": f"C{key}", "status": "Active", "types": "[]", "last_updated": "", **more}
    return CompanyRow(connection, key, name=name, name_key=name, presence=presence, seen_run=run, **given)


def save(engine: sa.Engine, *rows: CompanyRow) -> None:
    with engine.begin() as transaction:
        mirror.save_companies(transaction, rows)


def test_a_company_seen_again_is_refreshed_and_keeps_its_outcome(empty: sa.Engine) -> None:
    save(empty, row(1, "old"))
    with empty.begin() as transaction:
        replace_organizations(transaction, 1, [Organization("o", "old", "old")])
        mirror.match_by_name(transaction, 1)
    save(empty, row(1, "new", run=2, status="Gone"))
    (found,) = mirror.read_companies(empty, 1)
    assert (found["name"], found["status"], found["outcome"], found["organization_id"]) == (
        "new",
        "Gone",
        "matched",
        "o",
    )


def test_connections_do_not_see_one_anothers_companies(empty: sa.Engine) -> None:
    save(empty, row(1, "a"), row(1, "b", connection=2))
    assert [found["name"] for found in mirror.read_companies(empty, 2)] == ["b"]
    with empty.begin() as transaction:
        assert mirror.mark_unseen_vanished(transaction, 1, 9) == 1
        assert mirror.count_presence(transaction, 2) == {"present": 1}


def test_what_a_run_did_not_see_vanishes_and_no_row_is_deleted(empty: sa.Engine) -> None:
    save(empty, row(1, "a"), row(2, "b"), row(3, "c", presence=mirror.DELETED))
    save(empty, row(2, "b", run=2))
    with empty.begin() as transaction:
        assert mirror.count_unseen(transaction, 1, 2) == 1
        assert mirror.mark_unseen_vanished(transaction, 1, 2) == 1
        assert mirror.count_presence(transaction, 1) == {"present": 1, "vanished": 1, "deleted": 1}


def test_changed_filters_sort_what_is_there(empty: sa.Engine) -> None:
    save(empty, row(1, "a", types='["Client"]'), row(2, "b", types='["Vendor"]'), row(3, "c", presence=mirror.DELETED))
    with empty.begin() as transaction:
        mirror.sort_again(transaction, 1, lambda status, types: "Vendor" in types)
        assert mirror.count_presence(transaction, 1) == {"filtered": 1, "present": 1, "deleted": 1}
        mirror.sort_again(transaction, 1, lambda status, types: True)
        assert mirror.count_presence(transaction, 1) == {"present": 2, "deleted": 1}


NAMES = st.sampled_from(["acme", "bolt", "cog", "dyn", ""])
PRESENCES = st.sampled_from([mirror.PRESENT, mirror.PRESENT, mirror.FILTERED, mirror.DELETED, mirror.VANISHED])
COMPANIES = st.lists(st.tuples(NAMES, PRESENCES), max_size=8)
ORGANIZATIONS = st.lists(NAMES.filter(bool), max_size=5)


def read_by_the_rule(companies: list[tuple[str, str]], organizations: list[str]) -> dict[int, tuple[str, str | None]]:
    """Match as the rule reads, one company at a time."""
    present = Counter(name for name, presence in companies if presence == mirror.PRESENT)
    outcome: dict[int, tuple[str, str | None]] = {}
    for key, (name, presence) in enumerate(companies, start=1):
        owners = [str(number) for number, own in enumerate(organizations) if own == name]
        if presence != mirror.PRESENT:
            outcome[key] = ("", None)
        elif not owners:
            outcome[key] = (mirror.UNMATCHED, None)
        elif len(owners) == 1 and present[name] == 1:
            outcome[key] = (mirror.MATCHED, owners[0])
        else:
            outcome[key] = (mirror.AMBIGUOUS, None)
    return outcome


@given(COMPANIES, ORGANIZATIONS, COMPANIES, ORGANIZATIONS)
@settings(max_examples=examples(60), deadline=None)
def test_matching_follows_its_rule_whatever_it_found_before(
    engine: sa.Engine,
    first: list[tuple[str, str]],
    own_first: list[str],
    second: list[tuple[str, str]],
    own_second: list[str],
) -> None:
    clear(engine)
    after = second + first[len(second) :]
    for run, (companies, own) in enumerate(((first, own_first), (after, own_second)), start=1):
        save(engine, *(row(key, name, presence=p, run=run) for key, (name, p) in enumerate(companies, start=1)))
        with engine.begin() as transaction:
            replace_organizations(transaction, 1, [Organization(str(n), name, name) for n, name in enumerate(own)])
            mirror.match_by_name(transaction, 1)
            table = metadata.tables["companies"]
            chosen = transaction.execute(sa.select(table.c.id, table.c.outcome, table.c.organization_id))
            found = {one.id: (one.outcome, one.organization_id) for one in chosen}
        assert found == read_by_the_rule(companies, own)


def test_matching_takes_time_in_proportion_to_the_companies(empty: sa.Engine) -> None:
    """Once a plan of the database took the square of their number: 20,000 companies took minutes."""
    save(empty, *(row(key, f"company {key}") for key in range(20_000)))
    with empty.begin() as transaction:
        replace_organizations(transaction, 1, [Organization(str(n), "x", f"company {n}") for n in range(0, 20_000, 10)])
        steps: list[int] = []
        raw: Any = transaction.connection.dbapi_connection
        raw.set_progress_handler(lambda: steps.append(1) and None, 1_000_000)
        mirror.match_by_name(transaction, 1)
        raw.set_progress_handler(None, 0)
    assert mirror.count_outcomes(empty, 1) == {"matched": 2000, "unmatched": 18_000, "ambiguous": 0}
    assert len(steps) < 20
