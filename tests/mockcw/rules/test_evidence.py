"""The table of evidence: a line for every rule, a test for every line, a setting for every weak one, and the switch."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from mockcw import Emulator
from mockcw.cli import main
from mockcw.errors import MockcwError
from mockcw.rules import rulebook
from mockcw.rules.evidence import ENGINE, RULE, SWITCH, TABLE, Evidence, evidence, marked_tests, table
from mockcw.settings import Settings
from tests.mockcw.caller import Caller
from tests.mockcw.rules.desk import Desk
from tests.mockcw.rules.finance.shop import Shop

TESTS = Path(__file__).parents[2]
BOOK = rulebook()
WEAK = sorted({one.id for one in evidence(BOOK) if one.letter == "L" and one.keeper == RULE})


def test_every_rule_of_the_rulebook_has_one_line_and_every_line_a_keeper() -> None:
    ids = [line[0] for line in table()]
    assert ids == sorted(set(ids))
    rules = {rule.id for rule in BOOK.rules}
    assert {line[0] for line in table() if line[3] == RULE} == rules
    operations = {action.operation for action in BOOK.actions}
    assert {line[3] for line in table()} <= operations | {RULE, ENGINE}


def test_every_line_has_a_letter_that_its_mark_bears_words_and_settings_there_are() -> None:
    marks = {rule.id: rule.mark for rule in BOOK.rules}
    settings = {one.name for one in fields(Settings)}
    for one in evidence(BOOK):
        assert one.letter in ("H", "M", "L"), one
        assert one.says, one
        assert set(one.settings) <= settings, one
        assert one.letter != "L" or marks.get(one.id, "assumed") == "assumed", one


def test_no_rule_is_without_a_test_and_no_weak_one_without_a_setting() -> None:
    assert [f"{one.id}: {one.lacks()}" for one in evidence(BOOK, TESTS) if one.lacks()] == []


def test_tests_are_marked_with_rules_there_are() -> None:
    assert set(marked_tests(TESTS)) <= {line[0] for line in table()}


def test_marks_are_found_without_running_anything(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        "import nothing_there\n"
        '@pytest.mark.rule("a.rule")\n'
        '@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.rule("b.rule"))])\n'
        "def test_it(): ...\n"
        '@pytest.mark.rule("c.rule")\n'
        "def helper(): ...\n"
    )
    assert marked_tests(tmp_path) == {"b.rule": ["test_one.py::test_it"], "a.rule": ["test_one.py::test_it"]}


@pytest.mark.parametrize(
    ("line", "lacks"),
    [
        (Evidence("x", "H", (), ENGINE, "x", ("t",)), None),
        (Evidence("x", "H", (), ENGINE, "x"), "no test shows it"),
        (
            Evidence("x", "L", ("in_use_message",), ENGINE, "x", ("t",)),
            "no setting chooses it, and it is only weakly known",
        ),
        (Evidence("x", "L", (SWITCH,), RULE, "x", ("t",)), None),
    ],
)
def test_a_line_says_what_it_lacks(line: Evidence, lacks: str | None) -> None:
    assert line.lacks() == lacks


def test_the_command_lists_the_rules_and_fails_where_one_lacks_something(tmp_path: Path) -> None:
    runner = CliRunner()
    whole = runner.invoke(main, ["coverage", "--rules", "--tests", str(TESTS), "--strict", "--json"])
    assert whole.exit_code == 0, whole.output
    told = json.loads(whole.output)
    assert told["totals"]["rules"] == len(table()) == sum(told["totals"][letter] for letter in "HML")
    [closing] = [one for one in told["rules"] if one["id"] == "ticket.closing"]
    assert (closing["evidence"], closing["settings"], bool(closing["tests"])) == ("L", ["reopened", SWITCH], True)
    empty = runner.invoke(main, ["coverage", "--rules", "--tests", str(tmp_path), "--strict"])
    assert empty.exit_code == 1
    assert "ticket.closing: no test shows it" in empty.output


# -- the switch --------------------------------------------------------------------------------------------------------


def test_an_id_that_no_rule_has_is_refused() -> None:
    with pytest.raises(MockcwError, match=r"rules_off names no rule: ticket\.opening"):
        Emulator("empty", settings={"rules_off": "ticket.closing, ticket.opening"})


@pytest.mark.parametrize("rule", WEAK)
def test_each_weak_rule_can_be_left_out(rule: str) -> None:
    left = BOOK.without([rule])
    assert {one.id for one in BOOK.rules} - {one.id for one in left.rules} == {rule}


def test_a_rule_left_out_does_nothing() -> None:
    with Emulator("empty", settings={"rules_off": "ticket.closing,company.recycle-bin"}) as emulator:
        desk = Desk(emulator)
        assert desk.ticket(status={"name": "Done"})["closedFlag"] is False
        company = Shop(Caller(emulator)).company()["id"]
        assert desk.admin.delete(f"/company/companies/{company}").status_code == 204
        assert desk.admin.get(f"/company/companies/{company}").status_code == 404


def test_records_can_be_made_with_all_weak_rules_left_out() -> None:
    with Emulator("empty", settings={"rules_off": ",".join(WEAK)}) as emulator:
        desk, shop = Desk(emulator), Shop(Caller(emulator))
        ticket = desk.ticket(status={"name": "Done"})
        entry = desk.time(chargeToId=ticket["id"], chargeToType="ServiceTicket")
        assert desk.admin.patch(f"/time/entries/{entry['id']}", ("replace", "notes", "x")).status_code == 200
        agreement = shop.agreement()
        shop.made(
            f"/finance/agreements/{agreement['id']}/additions", product=shop.ref(shop.item()), billCustomer="Billable"
        )
        assert shop.invoice()["id"]
        assert shop.order()["id"]
        assert shop.expense()["id"]


def test_the_table_ships_with_the_package() -> None:
    text = (Path(__file__).parents[3] / "pyproject.toml").read_text()
    assert f'"rules/{TABLE.split("/")[0]}/*"' in text
