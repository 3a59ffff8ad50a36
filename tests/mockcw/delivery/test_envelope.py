"""The signature as described, and bodies that a receiver may read and write anew without breaking it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.delivery.carrier import Carrier, is_loopback
from mockcw.delivery.envelope import body_of, signature, url_of
from mockcw.settings import Settings
from tests.mockcw.delivery.receiver import Received

CHOICES = Settings()
ROW = {
    "messageId": "m",
    "memberId": "Admin",
    "action": "updated",
    "type": "contact",
    "recordId": 7,
    "callbackId": 3,
    "entity": '{"id":7,"_info":{"notes_href":"~root~/company/contacts/7/notes"}}',
}
TEXTS = st.text(st.characters(exclude_categories=("Cs",)))


def compact(text: str) -> str:
    """A JSON text read and written anew, as JSON.stringify does it."""
    return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))


@given(key=TEXTS, member=TEXTS, entity=st.none() | st.dictionaries(TEXTS, TEXTS | st.integers()))
def test_the_signature_holds_for_the_body_as_sent_and_as_written_anew(
    key: str, member: str, entity: dict[str, str | int] | None
) -> None:
    text = None if entity is None else json.dumps(entity, ensure_ascii=False)
    body = body_of({**ROW, "memberId": member, "entity": text}, "~root~", "http://127.0.0.1:1", "k", CHOICES)
    again = compact(body.decode()).encode()
    for sent in (body, again):
        one = Received("/", sent, {"x-content-signature": signature(key, body)}, json.loads(sent))
        assert one.is_signed_with(key)
    other = Received("/", body + b" ", {"x-content-signature": signature(key, body)}, {})
    assert not other.is_signed_with(key)


def test_the_body_has_the_captured_names_and_addresses() -> None:
    said = json.loads(body_of(ROW, "~root~", "https://cw.test:8420", "the-id", CHOICES))
    assert set(said) == {
        *("MessageId", "FromUrl", "CompanyId", "MemberId", "Action", "Type", "ID"),
        *("ProductInstanceId", "PartnerId", "Entity", "Metadata", "CallbackObjectRecId"),
    }
    assert said["FromUrl"] == "cw.test:8420"
    key_url = "https://cw.test:8420/v2025_1//system/callbackkey/index.rails?companyName=training&id=the-id"
    assert said["Metadata"] == {"key_url": key_url}
    notes = "https://cw.test:8420/v2025_1//apis/3.0/company/contacts/7/notes"
    assert json.loads(said["Entity"])["_info"]["notes_href"] == notes


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://x.test/hook?recordId=", "https://x.test/hook?recordId=7&action=updated"),
        ("https://x.test/hook?a=b&recordId=", "https://x.test/hook?a=b&recordId=7&action=updated"),
        ("https://x.test/hook", "https://x.test/hook7&action=updated"),
    ],
)
def test_the_number_stands_raw_at_the_end_of_the_url(url: str, sent: str) -> None:
    assert url_of(url, ROW, CHOICES) == sent


def test_what_is_appended_is_a_setting() -> None:
    assert url_of("http://x/", ROW, Settings(callback_appended="{action}/{id}")) == "http://x/updated/7"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LocalHost"])
def test_this_machine_is_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "0.0.0.0", "10.0.0.1", "169.254.169.254", "2130706433", "localhost.evil.test", "127.0.0.1.evil.test"]
)
def test_nothing_else_is(host: str) -> None:
    assert not is_loopback(host)
    assert "callback_hosts" in str(Carrier(CHOICES).barred("http", host, 80, "http://127.0.0.1:8420"))


def test_a_setting_allows_other_hosts_and_none_lets_the_emulator_call_itself() -> None:
    named, every = Carrier(Settings(callback_hosts="a.test, B.test")), Carrier(Settings(callback_hosts="*"))
    site = "http://127.0.0.1:8420"
    assert named.barred("https", "b.test", None, site) is None
    assert "c.test" in str(named.barred("https", "c.test", None, site))
    assert every.barred("https", "c.test", None, site) is None
    for carrier in (named, every):
        assert carrier.barred("http", "localhost", 8420, site) == "the emulator does not call itself"
        assert carrier.barred("http", "localhost", 8421, site) is None


@pytest.mark.parametrize("site", ["http://0.0.0.0:8420", "http://[::]:8420"])
def test_who_listens_on_all_addresses_does_not_call_itself_on_loopback(site: str) -> None:
    carrier = Carrier(CHOICES)
    for host in ("127.0.0.1", "localhost", "::1"):
        assert carrier.barred("http", host, 8420, site) == "the emulator does not call itself"
        assert carrier.barred("http", host, 8421, site) is None
