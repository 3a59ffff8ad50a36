"""A load generator on raw sockets: keep-alive connections, one request in flight on each, loopback only."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

CONNECTIONS = 8


@dataclass(slots=True)
class Line:
    """One connection and the answer it is reading."""

    socket: socket.socket
    buffer: bytearray = field(default_factory=bytearray)
    expected: int = -1


@dataclass(frozen=True, slots=True)
class Result:
    """What a round of load brought: answers a second, and how many were not 2xx."""

    rate: float
    answers: int
    bad: int


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """The bytes of one HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def run(port: int, make: Callable[[int], bytes], seconds: float, first: int = 0) -> Result:
    """Send what `make` gives for a running number over all connections for so many seconds."""
    selector = selectors.DefaultSelector()
    lines = []
    number, answers, bad = first, 0, 0
    for _ in range(CONNECTIONS):
        line = Line(socket.create_connection(("127.0.0.1", port)))
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(line.socket, selectors.EVENT_READ, line)
        lines.append(line)
        line.socket.sendall(make(number))
        number += 1
    started = time.perf_counter()
    until = started + seconds
    while (now := time.perf_counter()) < until:
        for key, _ in selector.select(timeout=1):
            line = key.data
            part = line.socket.recv(1 << 18)
            if not part:
                raise ConnectionError("the server closed a connection under load")
            line.buffer += part
            if complete(line):
                answers += 1
                bad += line.buffer[9:10] != b"2"
                line.buffer.clear()
                line.expected = -1
                line.socket.sendall(make(number))
                number += 1
    for line in lines:
        line.socket.close()
    return Result(answers / (now - started), answers, bad)


def complete(line: Line) -> bool:
    """Whether the whole answer has arrived."""
    if line.expected < 0:
        end = line.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(line.buffer[:end]).lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        line.expected = end + 4 + length
    return len(line.buffer) >= line.expected
