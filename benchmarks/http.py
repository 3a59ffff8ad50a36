"""GET one, page of 25, equality filter, POST: the emulator against a bare Flask route, and against its own size."""

from __future__ import annotations

import base64
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from benchmarks.load import Result, request, run

API = "/v4_6_release/apis/3.0/company/companies"
AIM = {"GET one": 0.6, "page of 25": 0.5, "equality filter": 0.5, "POST": 0.3}
ROUNDS = 5
SECONDS = 0.8


@dataclass(slots=True)
class Target:
    """A running server, its credentials, and how many companies it holds."""

    port: int
    headers: dict[str, str]
    companies: int
    posted: int = 0


@contextmanager
def server(kind: str, companies: int) -> Iterator[Target]:
    """A server in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server", kind, str(companies)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        told = json.loads(process.stdout.readline())
        basic = base64.b64encode(f"training+{told['public']}:{told['private']}".encode()).decode()
        yield Target(told["port"], {"Authorization": f"Basic {basic}", "clientId": told["client"]}, companies)
    finally:
        process.stdin.close()
        process.wait(20)


def requests_of(target: Target) -> dict[str, Callable[[int], bytes]]:
    """What is sent for each operation, by running number."""
    account = quote('accountNumber="A000001"')
    pages = target.companies // 25

    def post(number: int) -> bytes:
        target.posted += 1
        body = {"identifier": f"N{target.posted}", "name": f"New {number}", "city": "Tampa", "status": {"id": 1}}
        return request("POST", API, target.headers, json.dumps(body).encode())

    return {
        "GET one": lambda number: request("GET", f"{API}/{number * 7919 % target.companies + 1}", target.headers),
        "page of 25": lambda number: request("GET", f"{API}?pageSize=25&page={number % pages + 1}", target.headers),
        "equality filter": lambda number: request("GET", f"{API}?conditions={account}", target.headers),
        "POST": post,
    }


def compare(one: Target, other: Target, operation: str) -> tuple[float, float]:
    """The medians of interleaved rounds: answers a second of both."""
    rates: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for target, kept in zip((one, other), rates, strict=True):
            result: Result = run(target.port, requests_of(target)[operation], SECONDS)
            if result.bad:
                raise SystemExit(f"{operation}: {result.bad} of {result.answers} answers were no success")
            kept.append(result.rate)
    return statistics.median(rates[0]), statistics.median(rates[1])


def against_flask() -> dict[str, dict[str, float]]:
    """The emulator's rate as a share of the bare route's, at 100 companies."""
    with server("emulator", 100) as ours, server("bare", 100) as bare:
        found = {}
        for operation, aim in AIM.items():
            mine, theirs = compare(ours, bare, operation)
            found[operation] = {"ratio": mine / theirs, "aim": aim, "rate": mine, "reference": theirs}
        return found


def against_itself() -> dict[str, dict[str, float]]:
    """The emulator's rate at 10,000 companies as a share of its rate at 100."""
    with server("emulator", 10_000) as large, server("emulator", 100) as small:
        found = {}
        for operation in AIM:
            many, few = compare(large, small, operation)
            found[operation] = {"ratio": many / few, "aim": 0.9, "rate": many, "reference": few}
        return found
