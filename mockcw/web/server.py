"""Granian in this process: the server runs in a thread, so that what it serves can be built before it starts.

Granian's own server forks a worker and imports the application there; the emulator's state lives in this process, and
a start must stay under a second, so its thread worker is used instead (part of the same package, made for
builds of Python without the global lock; it works with it just as well).
"""

from __future__ import annotations

import errno
import gc
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from granian.constants import Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.mt import MTServer

from mockcw.clock import Clock
from mockcw.errors import MockcwError

HEADER_BYTES = 65_536
THREADS = 4
LAST_REQUESTS = 10.0  # seconds given to running requests when the server stops
HAND_OVER = 0.02
REQUEST_VARIABLES = ("HTTP_", "CONTENT_")


class ThreadServer(MTServer):
    """Granian's thread server without its signal handlers and without its demand for a free-threaded Python."""

    def _check_gil(self) -> None:
        return

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """Open the socket and start the worker."""
        self._init_shared_socket()
        self._spawn_workers(spawn_target, target_loader)


class Busy:
    """The application, counting the requests it is at: a server must not be left while they run.

    Granian's threads are not Python's: the interpreter does not wait for them when it ends, and one that is still
    inside a request then takes the whole process down.

    It also takes out what Granian adds to every request from the process's environment under names of headers: a
    proxy's password would become a header of every request.
    """

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app
        self._inherited = {name: value for name, value in os.environ.items() if name.startswith(REQUEST_VARIABLES)}
        self._running = 0
        self._idle = threading.Condition()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer one WSGI request."""
        for name, value in self._inherited.items():
            if environ.get(name) == value:
                del environ[name]
        with self._idle:
            self._running += 1
        try:
            return self._app(environ, start_response)
        finally:
            with self._idle:
                self._running -= 1
                if not self._running:
                    self._idle.notify_all()

    def wait(self) -> None:
        """Wait until no request is running, and a moment for the threads to hand over their answers."""
        with self._idle:
            self._idle.wait_for(lambda: not self._running, timeout=LAST_REQUESTS)
        Clock.sleep(HAND_OVER)


class Server:
    """A WSGI application on a port, in a thread."""

    def __init__(
        self, app: Callable[..., Any], host: str, port: int, certificate: Path | None = None, key: Path | None = None
    ) -> None:
        self.host = host
        self.port = free_port(host, port)
        self._server = ThreadServer(
            "mockcw",
            address=host,
            port=self.port,
            interface=Interfaces.WSGI,
            blocking_threads=THREADS,
            log_enabled=False,
            http1_settings=HTTP1Settings(max_buffer_size=HEADER_BYTES),
            ssl_cert=certificate,
            ssl_key=key,
            ssl_protocol_min=SSLProtocols.tls12,
        )
        self._busy = Busy(app)
        self._thread = threading.Thread(
            target=self._server.serve,
            kwargs={"target_loader": lambda *_: self._busy, "wrap_loader": False},
            name="mockcw-server",
            daemon=True,
        )

    def start(self) -> None:
        """Start serving; returns when connections are accepted. Raises MockcwError."""
        self._thread.start()
        for _ in range(2000):
            try:
                socket.create_connection((self.host, self.port), timeout=1).close()
                return
            except OSError:
                Clock.sleep(0.002)
        raise MockcwError(f"the server on {self.host}:{self.port} does not accept connections")

    def stop(self) -> None:
        """Stop serving and wait for the worker to end."""
        self._server.signal_handler_interrupt()
        self._thread.join(10)
        self._busy.wait()


def settle() -> None:
    """For a process that does nothing but serve: what is built by now stays, so it need not be searched for garbage."""
    gc.collect()
    gc.freeze()


def free_port(host: str, port: int) -> int:
    """The port, or a free one for 0. Raises MockcwError when it is taken.

    Granian binds with SO_REUSEPORT, so two servers would silently share a port: hence the look beforehand.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise MockcwError(f"port {port} is taken: stop what uses it, or pass --port 0 for a free one") from None
            raise MockcwError(
                f"cannot listen on {host}:{port} ({error.strerror}): name another --host or --port"
            ) from None
        return int(probe.getsockname()[1])
