"""An emulator on a port with TLS, as clients nobody here wrote expect their server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockcw import Emulator, Live


@pytest.fixture(scope="session")
def secure() -> Iterator[Live]:
    """One server a process."""
    with Emulator() as emulator, emulator.serve(tls=True) as live:
        yield live


@pytest.fixture(autouse=True)
def _trust(secure: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """These clients have no setting for an authority; requests and Node read one from the environment."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(secure.ca_file))
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(secure.ca_file))
    secure.emulator.reset()
