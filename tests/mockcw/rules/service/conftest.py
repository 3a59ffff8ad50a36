"""The help desk that this family's tests work at."""

from tests.mockcw.rules.desk import built_desk, desk

__all__ = ["built_desk", "desk"]
