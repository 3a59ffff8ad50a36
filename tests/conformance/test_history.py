"""Secrets never reach the history, and the history keeps everything else."""

from __future__ import annotations

import base64
import json

from hypothesis import given
from hypothesis import strategies as st

from conformance.events import EventLog
from conformance.history import BODY_LIMIT, MASK, History, Redactor

secrets = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=24).filter(
    lambda text: MASK not in text
)


@given(secrets, st.text(), st.text())
def test_a_known_secret_is_masked_wherever_it_stands(secret: str, before: str, after: str) -> None:
    assert secret not in Redactor([secret]).text(before + secret + after).replace(MASK, "\0")


@given(secrets)
def test_a_known_secret_is_masked_in_its_encoding_too(secret: str) -> None:
    encoded = base64.b64encode(secret.encode()).decode()
    assert encoded not in Redactor([secret]).text(f"Basic {encoded}")


def test_secret_headers_are_masked_and_the_scheme_stays() -> None:
    told = Redactor().headers((("Authorization", "Basic abc"), ("clientId", "x"), ("Cookie", "a=b"), ("Accept", "*/*")))
    assert told == (("Authorization", f"Basic {MASK}"), ("clientId", MASK), ("Cookie", MASK), ("Accept", "*/*"))


def test_keys_in_json_are_masked_by_the_name_of_their_member() -> None:
    body = json.dumps({"publicKey": "abc", "private_key": 'd"e', "name": "kept"})
    told = json.loads(Redactor().text(body))
    assert told == {"publicKey": MASK, "private_key": MASK, "name": "kept"}


def record(history: History, body: bytes) -> None:
    history.record(
        scope="a.one",
        member="admin",
        method="POST",
        url="http://x/y",
        request_headers=(("Authorization", "Basic c2VjcmV0LXNlY3JldA=="),),
        request_body=body,
        elapsed_ms=1.0,
        status=200,
        reply_headers=(("Link", ""),),
        reply_body=b"secret-secret",
    )


def test_an_exchange_is_written_to_the_log_at_once_and_without_secrets() -> None:
    log = EventLog()
    history = History(log, Redactor(["secret-secret"]))
    record(history, b"{}")
    assert history.count == 1
    assert log.events[0]["reply"] == {"status": 200, "headers": [["Link", ""]], "body": MASK}
    assert "secret-secret" not in json.dumps(log.events)
    assert "c2VjcmV0" not in json.dumps(log.events)


def test_a_large_body_is_kept_by_its_beginning_and_its_length() -> None:
    log = EventLog()
    record(History(log, Redactor()), b"x" * 5_000_000)
    kept = log.events[0]["request"]["body"]
    assert len(kept) < BODY_LIMIT + 100
    assert kept.endswith("(5000000 bytes in all)")
