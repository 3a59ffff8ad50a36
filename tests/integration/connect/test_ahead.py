"""A call begun ahead: taken once, by its key, with its errors; dropped without a trace."""

from __future__ import annotations

import threading

import pytest

from integration.connect.ahead import Ahead


def test_an_answer_is_taken_once_and_by_its_key() -> None:
    ahead: Ahead[str] = Ahead(lambda answer: None, 1)
    assert ahead.take("a") is None
    ahead.begin("a", lambda: "answer")
    assert ahead.take("b") is None
    assert ahead.take("a") == "answer"
    assert ahead.take("a") is None


def test_an_error_is_raised_where_the_answer_is_taken() -> None:
    ahead: Ahead[str] = Ahead(lambda answer: None, 1)

    def fail() -> str:
        raise RuntimeError("far away")

    ahead.begin("a", fail)
    with pytest.raises(RuntimeError, match="far away"):
        ahead.take("a")
    assert ahead.take("a") is None


def test_what_is_not_taken_is_discarded() -> None:
    dropped: list[str] = []
    ahead = Ahead(dropped.append, 1)
    ahead.begin("a", lambda: "first")
    ahead.begin("b", lambda: "second")
    ahead.drop()
    ahead.drop()
    assert dropped == ["first", "second"]


def test_dropping_does_not_wait_for_ever() -> None:
    ahead: Ahead[str] = Ahead(lambda answer: None, 0.01)
    end = threading.Event()
    ahead.begin("a", lambda: str(end.wait(10)))
    ahead.drop()
    assert not end.is_set()
    assert ahead.take("a") is None
    end.set()
