"""Records that the API offers no way to make, put where a set-up instance has them."""

from __future__ import annotations

from typing import Any

from mockcw import Emulator
from mockcw.engine.writer import Author

SETUP = Author("Setup", None)


def plant(emulator: Emulator, collection: str, record: dict[str, Any], *parents: int) -> int:
    """Add a record past the API; its id comes back."""
    engine = emulator.world.tenants[emulator.company_id].engine
    number = engine.store.next_id(collection)
    engine.add(collection, parents, record, SETUP)
    return number


def settle(emulator: Emulator, collection: str, number: int, **values: Any) -> None:
    """Set fields of a record past its rules."""
    emulator.world.tenants[emulator.company_id].engine.set(collection, number, values, SETUP)
