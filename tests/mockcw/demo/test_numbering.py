"""Collections of one numbering share no number, in any demo set."""

from __future__ import annotations

from mockcw import Emulator
from mockcw.store import EVERYTHING


def test_no_two_tickets_have_one_number(built: Emulator) -> None:
    store = built.world.tenants[built.company_id].store
    service, project = (
        {number for number, _ in store.rows(collection, EVERYTHING)}
        for collection in built.world.catalogue.numbered_with("/service/tickets")
    )
    assert service
    assert project
    assert not service & project
