from __future__ import annotations

import pytest

from mockcw.catalogue import Catalogue, load


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load()
