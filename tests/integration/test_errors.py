"""The tree of errors: every one has an exit code, survives being stored, and the tree drawn is the tree there is."""

from __future__ import annotations

import pickle

import pytest

from integration import errors

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_survives_being_stored_with_a_workflow(kind: type[errors.IntegrationError]) -> None:
    error = kind("what", "do this", retry_after=2.5)
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert (copy.message, copy.advice, copy.retry_after, str(copy)) == ("what", "do this", 2.5, "what")


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_stands_in_the_drawing_of_the_tree(kind: type[Exception]) -> None:
    assert errors.__doc__ is not None
    assert f" {kind.__name__} " in errors.__doc__.replace("\n", " ")


@pytest.mark.parametrize("status", range(100, 600))
def test_every_status_calls_for_something(status: int) -> None:
    reaction = errors.reaction_to(status)
    assert (reaction is None) == (200 <= status < 300)
    if reaction is not None:
        assert issubclass(reaction, errors.ServerFault) == (status >= 500)


def test_a_write_is_certainly_undone_only_when_the_server_cannot_have_worked_on_it() -> None:
    unsure = {kind for kind in KINDS if not kind.definite and not kind.__subclasses__()}
    assert unsure == {errors.NoReply, errors.ServerFault}
