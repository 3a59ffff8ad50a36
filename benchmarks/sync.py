"""A sync of 100,000 companies against the time of fetching the same pages with no processing, and its memory.

Knows the public names of the two houses it brings together, and the wire of forward-only paging;
does not know how a sync is made. The pages come from `mockcw serve --tls`. Fetching and syncing run by turns, each in a
fresh process, with the same client; the sync's time holds all that a user waits for after the imports of the command.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

# One company in twenty of the demo data is deleted, and a sync does not ask for those: 100,000 are left.
COMPANIES = 105_300
PAGE = 1000
ROUNDS = 2
RATIO_BAR = 2.0
MEMORY_BAR_MB = 200.0


def run(companies: int = COMPANIES, rounds: int = ROUNDS) -> dict[str, Any]:
    """Measure; returns seconds (the best of `rounds`), their ratio, peak memory, and whether both bars are met."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder, "ready.json")
        command = [sys.executable, "-m", "mockcw", "serve", "--tls", "--port", "0", "--demo", str(companies)]
        server = subprocess.Popen([*command, "--ready-file", str(ready)], stdout=subprocess.DEVNULL)
        try:
            while not ready.exists():
                if server.poll() is not None:
                    raise RuntimeError("the emulator did not start")
                time.sleep(0.2)
            pairs = [(_measured("fetch", folder, n), _measured("sync", folder, n)) for n in range(rounds)]
        finally:
            server.terminate()
            server.wait()
    fetch = min(fetched["seconds"] for fetched, _ in pairs)
    sync = min(synced["seconds"] for _, synced in pairs)
    memory = max(synced["memory_mb"] for _, synced in pairs)
    return {
        "companies": int(pairs[0][1]["companies"]),
        "fetch_seconds": fetch,
        "sync_seconds": sync,
        "ratio": round(sync / fetch, 2),
        "ratio_bar": RATIO_BAR,
        "memory_mb": memory,
        "fetch_memory_mb": max(fetched["memory_mb"] for fetched, _ in pairs),
        "memory_bar_mb": MEMORY_BAR_MB,
        "met": sync / fetch <= RATIO_BAR and memory < MEMORY_BAR_MB,
    }


def _measured(what: str, folder: str, number: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.sync", what, folder, str(number)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _peak_megabytes() -> float:
    """Read this process's own peak; getrusage would count what it inherited from the process that started it."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:
        found = None
    if found is not None:
        return round(int(found[1]) / 1024, 1)
    import resource

    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)


def _access(folder: str) -> Any:
    from integration.assemble import Access
    from integration.connect.address import Server
    from integration.connect.credentials import Credentials

    facts = json.loads(Path(folder, "ready.json").read_text())
    member = facts["members"]["sonicsaas"]
    keys = (member["public_key"], member["private_key"], member["client_id"])
    server = Server.parse(facts["url"])
    ca_pem = Path(facts["ca_file"]).read_text()
    return Access(server, Credentials.of(facts["company_id"], *keys), server.exact, ca_pem)


def _fetch(folder: str) -> dict[str, float]:
    from integration.assemble import profile_named
    from integration.clock import SystemClock
    from integration.connect.address import AddressGuard
    from integration.connect.client import Client
    from integration.connect.paging import FORWARD_ONLY, mark_parameters, next_mark
    from integration.connect.transport import CheckedTransport, ReadOnlyTransport, trusted_certificates
    from integration.settings import Settings
    from integration.store.connections import Filters
    from integration.sync.query import filter_parameters, page_parameters

    access = _access(folder)
    stream = profile_named("sonicsaas").stream("companies")
    began = time.perf_counter()
    guard = AddressGuard([access.allowed_host])
    transport = ReadOnlyTransport(CheckedTransport(guard, trusted_certificates(access.ca_pem)))
    with Client(access.server, access.credentials, transport, SystemClock(), Settings()) as client:
        mark: str | None = ""
        while mark is not None:
            asked = {**page_parameters(stream, PAGE, mark_parameters(mark)), **filter_parameters(stream, Filters())}
            reply = client.get(stream.operation.path, asked, FORWARD_ONLY)
            mark = next_mark(reply, mark)
    return {"seconds": round(time.perf_counter() - began, 3), "memory_mb": _peak_megabytes()}


def _sync(folder: str, number: int) -> dict[str, float]:
    from integration.assemble import Integration, profile_named
    from integration.sync.organizations import organizations_of

    integration = Integration(str(Path(folder, f"state-{number}")), environment={})
    integration.connect("bench", profile_named("sonicsaas"), _access(folder))
    names = ((n, str(n), f"Organization {n}") for n in range(1, 2001))
    integration.configure(None, organizations=organizations_of(names, "bench"))
    began = time.perf_counter()
    report = integration.sync()
    seconds = round(time.perf_counter() - began, 3)
    assert report["mode"] == "full"
    assert report["companies"] == report["received"] > 0
    return {"seconds": seconds, "memory_mb": _peak_megabytes(), "companies": report["companies"]}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        what, folder, number = sys.argv[1:]
        print(json.dumps(_fetch(folder) if what == "fetch" else _sync(folder, int(number))))
    else:
        print(json.dumps(run(), indent=2))
