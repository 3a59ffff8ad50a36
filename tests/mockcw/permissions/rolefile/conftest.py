"""The rows of the catalogue, and a reader of bytes or text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from mockcw.catalogue import Area, load
from mockcw.permissions.rolefile import RoleFile, read_role

Read = Callable[..., RoleFile]


@pytest.fixture(scope="session")
def areas() -> Sequence[Area]:
    return load().areas


@pytest.fixture(scope="session")
def read(areas: Sequence[Area]) -> Read:
    def reader(data: bytes | str, *, lenient: bool = False) -> RoleFile:
        return read_role(data.encode() if isinstance(data, str) else data, areas, lenient=lenient)

    return reader
