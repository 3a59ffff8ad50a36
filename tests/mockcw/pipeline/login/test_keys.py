"""Key pairs: each way to get them wrong has its own words in the journal, and the same answer on the wire."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockcw import Emulator
from mockcw.demo import Credentials
from tests.mockcw.caller import Caller, Control
from tests.mockcw.doors import by_basic, integrator, person, with_keys

Spoil = Callable[[Credentials, Credentials], tuple[str, str, str]]
COMPANY = "training"

# What was done to the credentials of the first member, the code of the cause, and what its sentence must say. The
# second member's are there to be mixed up with them.
WRONG: dict[str, tuple[Spoil, str, str]] = {
    "swapped": (lambda a, _: (COMPANY, a.private_key, a.public_key), "swapped-keys", "are swapped"),
    "swapped with blanks": (
        lambda a, _: (COMPANY, a.private_key + " ", " " + a.public_key),
        "swapped-keys",
        "although one vendor's guide prints them the other way round",
    ),
    "blank before the private key": (
        lambda a, _: (COMPANY, a.public_key, " " + a.private_key),
        "blank-around-key",
        "private key of the key pair of member Admin has a blank around it; without the blank it is right",
    ),
    "line end after the private key": (
        lambda a, _: (COMPANY, a.public_key, a.private_key + "\r\n"),
        "blank-around-key",
        "without the blank it is right",
    ),
    "invisible sign before the private key": (
        lambda a, _: (COMPANY, a.public_key, "\ufeff\u200b" + a.private_key),
        "blank-around-key",
        "without the blank it is right",
    ),
    "blank after the public key": (
        lambda a, _: (COMPANY, a.public_key + "\t", a.private_key),
        "blank-around-key",
        "public key of member Admin has a blank around it; without the blank it is right",
    ),
    "blank before the public key, and a wrong private key": (
        lambda a, _: (COMPANY, " " + a.public_key, "x"),
        "blank-around-key",
        "the private key is wrong too",
    ),
    "wrong private key with a blank": (
        lambda a, _: (COMPANY, a.public_key, " x"),
        "wrong-private-key",
        "and it has a blank around it",
    ),
    "private key of another pair": (
        lambda a, b: (COMPANY, a.public_key, b.private_key),
        "wrong-private-key",
        "belongs to another pair",
    ),
    "public key twice": (
        lambda a, _: (COMPANY, a.public_key, a.public_key),
        "wrong-private-key",
        "the public key is given in its place",
    ),
    "no private key": (lambda a, _: (COMPANY, a.public_key, ""), "wrong-private-key", "the password is empty"),
    "another private key": (lambda a, _: (COMPANY, a.public_key, "x"), "wrong-private-key", "wrong private key"),
    "no public key": (lambda a, _: (COMPANY, "", a.private_key), "unknown-public-key", "the public key is missing"),
    "public key in another case": (
        lambda a, _: (COMPANY, a.public_key.swapcase(), a.private_key),
        "unknown-public-key",
        "differs in letter case",
    ),
    "private keys on both sides": (
        lambda a, _: (COMPANY, a.private_key, a.private_key),
        "unknown-public-key",
        "the user name holds a private key",
    ),
    "the password is somebody's public key": (
        lambda a, b: (COMPANY, a.private_key[:-1], b.public_key),
        "unknown-public-key",
        "the password is the public key of member SonicSaaS",
    ),
    "unknown key": (lambda a, _: (COMPANY, "x", a.private_key), "unknown-public-key", "unknown public key"),
    "company in another case": (
        lambda a, _: ("Training", a.public_key, a.private_key),
        "company-case",
        "it is written 'training', and letter case counts",
    ),
    "another company": (
        lambda a, _: ("trainig", a.public_key, a.private_key),
        "unknown-company",
        "no company 'trainig'; there is 'training'",
    ),
    "blank after the company": (
        lambda a, _: ("training ", a.public_key, a.private_key),
        "unknown-company",
        "it has a blank around it",
    ),
    "key in the company's place": (
        lambda a, _: (a.private_key, COMPANY, a.private_key),
        "unknown-company",
        "a key stands where the company id belongs",
    ),
}


def ask(emulator: Emulator, company: str, user: str, secret: str) -> httpx.Response:
    with httpx.Client(transport=emulator.transport(), base_url=emulator.api_url) as http:
        return http.get("/system/info", auth=(f"{company}+{user}", secret), headers={"clientId": "x"})


def wire(answer: httpx.Response) -> tuple[int, bytes, list[str]]:
    """What the client can tell answers apart by."""
    return answer.status_code, answer.content, sorted(answer.headers)


@pytest.mark.parametrize("case", WRONG)
def test_the_journal_says_what_is_wrong_with_a_key_pair_and_the_answer_never_does(
    emulator: Emulator, control: Control, case: str
) -> None:
    spoil, cause, words = WRONG[case]
    admin, sonic = emulator.member("admin"), emulator.member("sonicsaas")
    answer = ask(emulator, *spoil(admin, sonic))
    entry = control.get("/requests")[-1]
    assert (entry["cause"], entry["status"]) == (cause, 401)
    assert words in entry["reason"], entry["reason"]
    assert wire(answer) == wire(ask(emulator, COMPANY, "nobody", "nothing"))
    whole = repr(control.get(f"/requests/{entry['id']}"))
    assert not any(one.private_key in whole for one in (admin, sonic))


@given(
    place=st.integers(0, 200),
    sign=st.characters(codec="utf-8", exclude_characters=":"),
    how=st.sampled_from(["insert", "replace", "remove"]),
)
@example(0, " ", "insert")
@example(9, "+", "replace")
def test_credentials_with_any_sign_changed_are_refused_alike(built: Emulator, place: int, sign: str, how: str) -> None:
    who = built.member("admin")
    good = f"{COMPANY}+{who.public_key}:{who.private_key}"
    place %= len(good)
    bad = good[:place] + ("" if how == "remove" else sign) + good[place + (how != "insert") :]
    user, colon, secret = bad.partition(":")
    if bad == good or not colon:
        return
    with httpx.Client(transport=built.transport(), base_url=built.api_url) as http:
        answer = http.get("/system/info", auth=(user.encode(), secret.encode()), headers={"clientId": "x"})
    assert wire(answer) == wire(ask(built, COMPANY, "nobody", "nothing"))
    entry = Control(built).get("/requests")[-2]
    assert entry["cause"], entry
    assert who.private_key not in entry["reason"]


def test_keys_of_a_person_have_that_persons_role(emulator: Emulator, admin: Caller, control: Control) -> None:
    role = admin.post("/system/securityroles", {"name": "Readers"}).json()["id"]
    rows = [{"moduleName": "Companies", "moduleFunctionName": "Company Maintenance", "inquireLevel": "All"}]
    control.put(f"/roles/{role}/settings", rows)
    person(admin, "Ada", securityRole={"id": role})
    ada = with_keys(emulator, "Ada")
    assert ada.get("/company/companies").status_code == 200
    assert ada.get("/company/contacts").status_code == 403
    assert control.get("/requests")[-1]["decision"]["role"] == "Readers"
    assert ada.get("/system/myMembers").json()["licenseClass"] == "F"


def test_a_member_made_inactive_between_two_calls_is_locked_out_and_let_in_again(
    emulator: Emulator, control: Control, sonic: Caller
) -> None:
    assert sonic.get("/system/info").status_code == 200
    control.patch("/members/SonicSaaS", {"active": False})
    answer = sonic.get("/system/info")
    entry = control.get("/requests")[-1]
    assert wire(answer) == wire(ask(emulator, COMPANY, "nobody", "nothing"))
    assert (entry["cause"], "member SonicSaaS is inactive" in entry["reason"]) == ("inactive-member", True)
    control.patch("/members/SonicSaaS", {"active": True})
    assert sonic.get("/system/info").status_code == 200


def test_a_member_deactivated_through_the_api_is_locked_out_with_all_its_keys(
    emulator: Emulator, admin: Caller, control: Control
) -> None:
    number = person(admin)
    first, second = with_keys(emulator, "Ada"), with_keys(emulator, "Ada")
    assert (first.get("/system/info").status_code, second.get("/system/info").status_code) == (200, 200)
    assert admin.post(f"/system/members/{number}/deactivate", {}).status_code == 200
    assert (first.get("/system/info").status_code, second.get("/system/info").status_code) == (401, 401)
    assert control.get("/requests")[-1]["cause"] == "inactive-member"


def test_another_role_counts_from_the_next_call_on(admin: Caller, control: Control, sonic: Caller) -> None:
    assert sonic.get("/company/companies").status_code == 200
    control.patch("/members/SonicSaaS", {"role": "No Access"})
    assert sonic.get("/company/companies").status_code == 403


def test_the_inactive_demo_member_is_refused_like_a_stranger(emulator: Emulator, control: Control) -> None:
    answer = Caller(emulator, "inactive").get("/system/info")
    assert wire(answer) == wire(ask(emulator, COMPANY, "nobody", "nothing"))
    assert control.get("/requests")[0]["cause"] == "inactive-member"


def test_the_name_of_an_integrator_login_without_its_header_is_told(
    emulator: Emulator, admin: Caller, control: Control
) -> None:
    integrator(admin, "vendor", companyApiFlag=True)
    assert by_basic(emulator, "vendor", "x").get("/system/info").status_code == 401
    entry = control.get("/requests")[-1]
    assert entry["cause"] == "unknown-public-key"
    assert "needs the header x-cw-usertype: integrator" in entry["reason"]


def test_another_code_base_is_plain_text_of_the_gateway(emulator: Emulator, control: Control) -> None:
    with httpx.Client(transport=emulator.transport(), base_url=emulator.site_url) as http:
        answer = http.get("/v2011_1/apis/3.0/system/info", auth=emulator.auth("admin"))
    assert (answer.status_code, answer.text) == (400, "Cannot route. Codebase/company is invalid")
    assert answer.headers["content-type"].startswith("text/plain")
    assert control.get("/requests")[-1]["cause"] == "wrong-codebase"


@pytest.mark.parametrize(
    ("header", "cause"),
    [(None, "no-credentials"), ("Bearer x", "not-basic"), ("Basic !", "not-base64"), ("Basic eDp5", "malformed-user")],
)
def test_what_is_no_key_pair_at_all_has_a_code_too(
    emulator: Emulator, control: Control, header: str | None, cause: str
) -> None:
    headers = {"clientId": "x"} if header is None else {"clientId": "x", "Authorization": header}
    with httpx.Client(transport=emulator.transport(), base_url=emulator.api_url) as http:
        assert http.get("/system/info", headers=headers).status_code == 401
    assert control.get("/requests")[-1]["cause"] == cause


def test_a_world_shows_no_credentials_in_its_repr(emulator: Emulator, sonic: Caller) -> None:
    assert sonic.get("/system/info").status_code == 200
    shown = repr(emulator.world)
    header = sonic.http.auth._auth_header if isinstance(sonic.http.auth, httpx.BasicAuth) else ""
    assert header.startswith("Basic ")
    assert header not in shown
    assert emulator.member("sonicsaas").private_key not in shown
