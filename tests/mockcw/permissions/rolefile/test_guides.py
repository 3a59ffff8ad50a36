"""The roles that 76 public guides ask for are taken without loss; what cannot be taken is listed with its reason."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from mockcw.permissions import Levels
from mockcw.permissions.rolefile import Kind, RoleFile

ROLES = Path(__file__).resolve().parents[4] / "fixtures" / "roles"
GUIDES = [line.split("\t") for line in (ROLES / "guides.tsv").read_text("utf-8").splitlines() if line[0] != "#"]
FILES = [guide[0] for guide in GUIDES if guide[0]]
Read = Callable[..., RoleFile]


def refused() -> dict[str, Counter[tuple[int, str]]]:
    listed: dict[str, Counter[tuple[int, str]]] = {name: Counter() for name in FILES}
    for line in (ROLES / "refused.tsv").read_text("utf-8").splitlines():
        if line[0] != "#":
            name, number, kind, reason = line.split("\t")
            assert reason
            listed[name][int(number), kind] += 1
    return listed


REFUSED = refused()


def printed(name: str) -> list[dict[str, str]]:
    with (ROLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_guides_are_there_and_those_without_rows_say_why() -> None:
    assert len(GUIDES) == 76
    assert sum(len(printed(name)) for name in FILES) == 664
    for file, guide, rows, captured, why in GUIDES:
        assert bool(file) != bool(why), guide
        assert captured in ("whole", "partly")
        assert int(rows) == (len(printed(file)) if file else 0)
    assert sorted(FILES) == sorted(path.stem for path in ROLES.glob("*.csv"))


@pytest.mark.parametrize("name", FILES)
def test_a_guide_has_exactly_the_errors_that_are_listed(name: str, read: Read) -> None:
    found = read((ROLES / f"{name}.csv").read_bytes())
    assert Counter((one.place.number if one.place else 0, one.kind.value) for one in found.errors) == REFUSED[name]
    assert found.refused == bool(REFUSED[name])


@pytest.mark.parametrize("name", FILES)
def test_no_level_that_a_guide_prints_is_lost(name: str, read: Read) -> None:
    found = read((ROLES / f"{name}.csv").read_bytes(), lenient=True)
    other_names = {"User Scenarios": "UserCentric", "Expense Reimbursement": "Expense Reimbursements"}
    assert len(found.rows) == 86
    lines = {number for number, _ in REFUSED[name]}
    doubtful = {(row["Module"], row["Area"]) for number, row in enumerate(printed(name), 2) if number in lines}
    given: set[tuple[str, str]] = set()
    for row in printed(name):
        if row["Area"] == "(all rows)":
            continue
        key = row["Module"], other_names.get(row["Area"], row["Area"])
        given.add(key)
        for action in ("Add", "Edit", "Delete", "Inquire"):
            wanted = {"": "None", "N/A": "None"}.get(row[action], row[action].partition(" (")[0])
            if key in doubtful:
                assert found.rows[key].of(action) in (wanted, "None"), "what cannot be taken fails closed"
            else:
                assert found.rows[key].of(action) == wanted, action
    if not any(row["Area"] == "(all rows)" for row in printed(name)):
        assert {key for key, levels in found.rows.items() if levels != Levels()} <= given


def test_a_whole_module_is_every_row_of_it(read: Read) -> None:
    found = read((ROLES / "cognition360.csv").read_bytes())
    finance = {area: levels for (module, area), levels in found.rows.items() if module == "Finance"}
    assert len(finance) == 13
    assert set(finance.values()) == {Levels(inquire="All")}
    assert found.rows["Sales", "Closed Opportunity"] == Levels(), "the row has no Inquire"
    assert found.rows["Marketing", "Marketing Groups"] == Levels()


def test_an_older_name_is_read_and_said(read: Read) -> None:
    found = read((ROLES / "barracuda-intronis-backup-echoplatform.csv").read_bytes(), lenient=True)
    assert [str(note) for note in found.notes if note.kind is Kind.ALIAS] == [
        "line 16: 'User Scenarios' is read as UserCentric (documented)"
    ]


PAGES = {
    "table-with-reasons.md": {
        ("Companies", "Company Maintenance"): Levels(edit="All", inquire="All"),
        ("Finance", "Agreements"): Levels("All", "All", "All", "All"),
        ("Sales", "Opportunity"): Levels("All", "All", "None", "All"),
        ("Time & Expense", "Time Entry"): Levels("All", "All", "All", "All"),
        ("System", "Table Setup"): Levels(inquire="All"),
    },
    "words-under-modules.txt": {
        ("Companies", "Company Maintenance"): Levels("All", "All", "None", "All"),
        ("Companies", "Configuration - Display Passwords"): Levels(inquire="All"),
        ("Service Desk", "Service Tickets"): Levels(inquire="All"),
    },
    "paths.txt": {
        ("Companies", "Company Maintenance"): Levels(inquire="All"),
        ("Finance", "Agreements"): Levels(add="All", inquire="All"),
        ("System", "Table Setup"): Levels(inquire="All"),
    },
    "tabs-under-modules.txt": {
        ("Companies", "Company Maintenance"): Levels("All", "All", "None", "All"),
        ("Companies", "Contacts"): Levels(inquire="My"),
        ("Service Desk", "Service Tickets"): Levels("My", "My", "None", "All"),
    },
    "ticks.md": {
        ("Companies", "Contacts"): Levels("All", "All", "None", "All"),
        ("Companies", "Notes"): Levels(inquire="All"),
        ("Sales", "Opportunity"): Levels(inquire="All"),
    },
}


@pytest.mark.parametrize("page", PAGES)
def test_a_whole_page_of_a_guide_can_be_pasted(page: str, read: Read) -> None:
    found = read((ROLES / "pages" / page).read_bytes())
    assert found.errors == ()
    assert {name: levels for name, levels in found.rows.items() if levels != Levels()} == PAGES[page]


def test_every_page_of_the_fixtures_is_read() -> None:
    assert {path.name for path in (ROLES / "pages").iterdir()} == set(PAGES)
