"""Case files: what they may say, and the one line that a bad one gets, with line and key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.cli import invoke
from conformance.errors import WrongUse
from conformance.reproduce import read_case
from conformance.reproduce.steps import STEPS

STEP = '[[step]]\nrun = "connection-test"\n'
CASES = Path(__file__).parents[3] / "fixtures" / "cases"

Write = Callable[..., Path]


def test_a_case_says_nothing_but_its_steps_when_all_is_as_the_guide_asks(case_of: Write) -> None:
    case = read_case(case_of(STEP))
    assert (case.profile, case.role_text, case.member.active) == ("sonicsaas", None, True)
    assert [step.name for step in case.steps] == ["connection-test"]


@pytest.mark.parametrize("path", sorted(CASES.rglob("*.toml")), ids=lambda path: path.stem)
def test_every_case_that_ships_can_be_read_and_says_what_it_shows(path: Path) -> None:
    case = read_case(path)
    assert case.title
    assert path.read_text("utf-8").startswith("# SonicSaaS guide, ")


def test_the_case_of_the_published_form_can_be_read(case_of: Write) -> None:
    text = (
        'profile = "sonicsaas"\nrole = "customer-role.csv"\n[member]\nactive = true\nstructure_level = "Corporate"\n'
        '[[step]]\nrun = "company-sync"\n'
    )
    beside = {"customer-role": "Module,Area,Add,Edit,Delete,Inquire\nCompanies,Contacts,None,None,None,All\n"}
    assert read_case(case_of(text, **beside)).role_text == beside["customer-role"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_role_file_is_read_as_spreadsheets_save_it(case_of: Write, encoding: str) -> None:
    path = case_of(f'role = "r.csv"\n{STEP}')
    path.with_name("r.csv").write_bytes("Module,Aréa\n".encode(encoding))
    assert read_case(path).role_text == "Module,Aréa\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"profil = 'sonicsaas'\n{STEP}", ":1: profil: no such key; did you mean profile?"),
        (f"\nprofile = 'sonic'\n{STEP}", ":2: profile: must be one of "),
        (f"profile = 3\n{STEP}", ":1: profile: must be a text, not 3"),
        (f"[member]\nactive = 'yes'\n{STEP}", ":2: member.active: must be true or false, not 'yes'"),
        (f"[member]\nactive = true\nstructure = 'x'\n{STEP}", ":3: member.structure: no such key; did you mean"),
        (f"[membre]\nactive = true\n{STEP}", ":1: membre: no such key; did you mean member?"),
        (f"[member]\nclient_ids = [1]\n{STEP}", ":2: member.client_ids: must be a list of texts, not [1]"),
        (f"member = 3\n{STEP}", ":1: member: must be a table, not 3"),
        (f"[login]\nkeys = 'lost'\n{STEP}", ":2: login.keys: must be one of right, swapped, "),
        (f"[server]\nurl = ''\n{STEP}", ":2: server.url: must be a text, not ''"),
        (f"{STEP}[[step]]\nrun = 'company-snyc'\n", ":4: step.run: must be one of "),
        (f"{STEP}[[step]]\ntypes = ['Client']\n", ":3: step: run must be one of "),
        (f"{STEP}[[step]]\nrun = 'company-sync'\ntypes = 'Client'\n", ":5: step.types: must be a list of texts"),
        (f"{STEP}types = ['Client']\n", ":3: step.types: no such key; there is none here"),
        (f"[[refused]]\nitem = 'Service / Source'\n{STEP}", ":1: refused: identifier is missing"),
        ("profile = 'sonicsaas'\n", ": step: a case runs at least one step"),
        ("step = []\n", ": step: a case runs at least one step"),
        ("step = 3\n", ":1: step: must be tables, not 3"),
        (f"role = 'nowhere.csv'\n{STEP}", ":1: role: nowhere.csv cannot be read: No such file or directory"),
        ("profile = \n", " is no TOML: Invalid value (at line 1, column 11)"),
        ("a = " + "[" * 5000, " is no TOML: it is nested too deeply"),
    ],
)
def test_a_bad_case_is_one_line_that_names_line_and_key_and_ends_with_64(
    case_of: Write, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = case_of(text)
    assert invoke(["reproduce", str(path)]) == 64
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.strip().splitlines()) == 1
    assert captured.err.startswith(f"cw-conformance: {path}{told}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('role = "bad.csv"\n', "role: bad.csv: the role file gives no role; line 2: "),
        ('[member]\nstructure_level = "Planet"\n', "member: no 'Planet'"),
        ('[member]\nlocation = "Moon"\n', "member: no 'Moon'"),
        ('[[refused]]\nidentifier = "SystemTableSetup"\nitem = "Service / Bord"\n', "refused: "),
    ],
)
def test_what_only_the_emulator_knows_to_be_wrong_is_wrong_use_as_well(
    case_of: Write, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = case_of(text + STEP, bad="Module,Area,Add,Edit,Delete,Inquire\nCompanies,Contats,None,None,None,All\n")
    assert invoke(["reproduce", str(path)]) == 64
    err = capsys.readouterr().err
    assert len(err.strip().splitlines()) == 1
    assert err.startswith(f"cw-conformance: {path}: {told}")


def test_a_role_file_with_thousands_of_errors_tells_the_first_ten(
    case_of: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"Companies,Nothing {number},None,None,None,All\n" for number in range(10_000))
    path = case_of(f'role = "bad.csv"\n{STEP}', bad=f"Module,Area,Add,Edit,Delete,Inquire\n{rows}")
    assert invoke(["reproduce", str(path)]) == 64
    err = capsys.readouterr().err
    assert "line 11: " in err
    assert "line 12: " not in err
    assert "and 9990 more" in err


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"\x00", b""])
def test_bytes_that_are_no_case_are_wrong_use(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "case.toml"
    path.write_bytes(raw)
    with pytest.raises(WrongUse):
        read_case(path)
    with pytest.raises(WrongUse):
        read_case(tmp_path)


WORDS = ("profile", "role", "title", "member", "login", "server", "refused", "step", "run", "active", "keys", "x")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.sampled_from((*STEPS, "sonicsaas")),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=6,
)


@given(told=st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=4))
def test_whatever_a_case_says_it_is_read_or_refused_with_its_name(
    tmp_path_factory: pytest.TempPathFactory, told: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("case") / "case.toml"
    path.write_text("".join(f"{name} = {toml(value)}\n" for name, value in told.items()), encoding="utf-8")
    assert outcome(path).startswith(str(path))


def outcome(path: Path) -> str:
    try:
        return str(read_case(path).path)
    except WrongUse as refusal:
        return str(refusal)


def toml(value: object) -> str:
    if value is None:
        return '""'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {toml(one)}" for name, one in value.items()) + "}"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08X}" for letter in value if not 0xD800 <= ord(letter) <= 0xDFFF) + '"'
    return str(value)
