"""The help desk that the tests of rules work at, built once for all of them."""

from tests.mockcw.rules.desk import built_desk, desk

__all__ = ["built_desk", "desk"]
