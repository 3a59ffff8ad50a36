"""The lowest step: bytes over TLS, to the very address that was checked.

Knows sockets and certificates through httpcore; does not know credentials or the API. Proxies of the environment are
not used, redirects are not followed: both would lead past the guard.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from typing import Any, cast

import certifi
import httpcore
import httpx

from integration.connect.address import AddressGuard, Server
from integration.errors import CertificateRefused, NoReply, ProtocolFault, Unreachable, WriteRefused, WrongUse


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to an address that the guard has just checked, so that a second answer of the DNS changes nothing."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first checked address of `host` that answers; TLS still names and proves `host`."""
        failure: Exception | None = None
        for address in self._guard.addresses(Server(host, port)):
            try:
                return self._sockets.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError("no address")


class CheckedTransport(httpx.BaseTransport):
    """An httpx transport that speaks HTTPS only and reports failures in this house's errors."""

    def __init__(self, guard: AddressGuard, certificates: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=certificates, network_backend=CheckedBackend(guard), max_connections=4, keepalive_expiry=30.0
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises Unreachable, NoReply, CertificateRefused, HostRefused or ProtocolFault."""
        if request.url.scheme != "https":
            raise WrongUse("only HTTPS is spoken")
        inner = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            reply = self._pool.handle_request(inner)
        except _FAILURES as error:
            raise _named(error, request.url.host) from None
        stream = _Reading(cast("Iterable[bytes]", reply.stream), request.url.host)
        return httpx.Response(reply.status, headers=reply.headers, stream=stream, extensions=reply.extensions)

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class ReadOnlyTransport(httpx.BaseTransport):
    """A transport that refuses every call that is no GET: what runs over it cannot write, whatever it asks."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a GET on; raises WriteRefused for anything else."""
        if request.method != "GET":
            raise WriteRefused(f"{request.method} {request.url.path} was not sent: this run only reads")
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close the transport inside."""
        self._inner.close()


class _Reading(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes], host: str) -> None:
        self._stream = stream
        self._host = host

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._stream
        except _FAILURES as error:
            raise _named(error, self._host) from None

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


_FAILURES: tuple[type[Exception], ...] = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)


def _named(error: Exception, host: str) -> Exception:
    """Turn a failure of httpcore into one of this house; nothing of the request goes along."""
    tls = _cause(error, ssl.SSLError)
    if isinstance(tls, ssl.SSLCertVerificationError):
        return CertificateRefused(
            f"the certificate of {host} does not prove it: {tls.verify_message}",
            "check the server's name; a server with a private authority needs its CA file: connect --ca-file FILE",
        )
    if tls is not None and isinstance(error, httpcore.ConnectError):
        return CertificateRefused(f"{host} does not speak TLS on this port", "check the server's name and port")
    if isinstance(error, httpcore.ConnectTimeout | httpcore.ConnectError | httpcore.PoolTimeout):
        return Unreachable(f"{host} cannot be reached", "check the server's name, the port and the network")
    if isinstance(error, httpcore.TimeoutException):
        return NoReply(f"{host} did not answer in time", "try again later")
    if isinstance(error, httpcore.LocalProtocolError | httpcore.UnsupportedProtocol):
        return ProtocolFault(f"the call to {host} cannot be written as HTTP", "check the values given")
    return NoReply(f"the connection to {host} was lost before the answer ended", "try again later")


def _cause(error: BaseException | None, kind: type[ssl.SSLError]) -> Any:
    while error is not None:
        if isinstance(error, kind):
            return error
        error = error.__cause__ or error.__context__
    return None


def trusted_certificates(ca_pem: str | None = None) -> ssl.SSLContext:
    """Build the TLS settings: TLS 1.2 or newer, host names checked; with `ca_pem`, that authority and no other.

    Raises WrongUse when `ca_pem` holds no certificate.
    """
    if ca_pem is None:
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        return context
    try:
        return ssl.create_default_context(cadata=ca_pem)
    except (ssl.SSLError, ValueError):
        raise WrongUse("the CA file holds no certificate; give a PEM file") from None
