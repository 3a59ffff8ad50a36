"""The one tree of errors of this house, and the one table from an HTTP status to the reaction it calls for.

Knows exit codes and advice to people; knows no HTTP library, so nothing secret can travel inside an error.

    IntegrationError
    ├── Retriable            the same call may succeed later
    │   ├── Unreachable      no connection was made                                   definite, exit 5
    │   ├── NoReply          the connection was lost or timed out after sending       not definite, exit 5
    │   ├── Throttled        429, with the wait the server asked for                  definite, exit 5
    │   └── ServerFault      5xx                                                      not definite, exit 5
    ├── Skippable            this record cannot be served, others may                 definite, exit 1
    │   ├── RecordMissing    404 with the code NotFound
    │   ├── RecordRefused    400 or 422: the record breaks a rule of the server
    │   └── RecordConflict   409: in use, or changed meanwhile
    └── Fatal                nothing of this kind will succeed until a person acts    definite
        ├── WrongUse         input that cannot be used                                exit 2
        │   └── HostRefused  an address that must not be called                       exit 2
        ├── NotReady         nothing connected yet, or the state is held by another   exit 2
        ├── VaultLocked      the key is missing, too open, or another one             exit 2
        ├── CredentialsRefused   401, or a company the server does not know           exit 3
        ├── PermissionRefused    403                                                  exit 4
        ├── CertificateRefused   the TLS certificate does not prove the host          exit 5
        ├── ProtocolFault    an answer that is none of this API                       exit 5
        ├── WriteRefused     a write over a read-only transport                       exit 5
        ├── AuditBroken      the log does not prove itself                            exit 5
        └── Stopped          ended on request before its end; names what is left      exit 7

`definite` answers one question: is it certain that the call changed nothing on the server?
"""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar, Final


class IntegrationError(Exception):
    """Anything this house raises on purpose: a message, and advice that says what to do about it.

    All state is in `args`, so an error survives being stored with a durable workflow.
    """

    exit_code: ClassVar[int] = 5
    definite: ClassVar[bool] = False

    def __init__(self, message: str, advice: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message, advice, retry_after)
        self.message = message
        self.advice = advice
        self.retry_after = retry_after

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return _rebuild, (type(self), self.message, self.advice, self.retry_after)


def _rebuild(kind: type[IntegrationError], message: str, advice: str, retry_after: float | None) -> IntegrationError:
    return kind(message, advice, retry_after=retry_after)


class Retriable(IntegrationError):
    """The same call may succeed later."""


class Unreachable(Retriable):
    """No connection was made, so nothing was sent."""

    definite = True


class NoReply(Retriable):
    """The connection was lost, or timed out, after the call may have been sent."""


class Throttled(Retriable):
    """The server asks for fewer calls; `retry_after` is its wait in seconds when it named one."""

    definite = True


class ServerFault(Retriable):
    """The server failed while it worked on the call."""


class Skippable(IntegrationError):
    """This record cannot be served; others may."""

    exit_code = 1
    definite = True


class RecordMissing(Skippable):
    """No such record, or no such path."""


class RecordRefused(Skippable):
    """The record, or the query, breaks a rule of the server."""


class RecordConflict(Skippable):
    """The record is in use, or was changed meanwhile."""


class Fatal(IntegrationError):
    """Nothing of this kind will succeed until a person acts."""

    definite = True


class WrongUse(Fatal):
    """Input that cannot be used; the message says what to do."""

    exit_code = 2


class HostRefused(WrongUse):
    """An address that must not be called: private, internal, or not one exact address allowed by name."""


class NotReady(Fatal):
    """A connection is missing, or another process holds the state."""

    exit_code = 2


class VaultLocked(Fatal):
    """The key of the vault is missing, readable by others, or not the one the data was sealed with."""

    exit_code = 2


class CredentialsRefused(Fatal):
    """The server does not accept these credentials, or does not know the company."""

    exit_code = 3


class PermissionRefused(Fatal):
    """The credentials are good and the role does not allow the call."""

    exit_code = 4


class CertificateRefused(Fatal):
    """The TLS certificate does not prove the host."""


class ProtocolFault(Fatal):
    """An answer that is none of this API: not JSON, no page marker, a redirect."""


class WriteRefused(Fatal):
    """A write over a transport that only reads."""


class AuditBroken(Fatal):
    """The audit log does not prove itself: an entry was changed, removed or put in."""


class Stopped(Fatal):
    """Ended on request before its end; the message names what is left."""

    exit_code = 7


REACTIONS: Final = MappingProxyType(
    {
        400: RecordRefused,
        401: CredentialsRefused,
        403: PermissionRefused,
        404: RecordMissing,
        405: ProtocolFault,
        406: ProtocolFault,
        409: RecordConflict,
        415: ProtocolFault,
        422: RecordRefused,
        429: Throttled,
    }
)
"""Status -> reaction, for every status that has its own; the statuses are *documented* in the developer guide."""


def reaction_to(status: int) -> type[IntegrationError] | None:
    """Name the error that an HTTP `status` calls for, or None for a success."""
    if 200 <= status < 300:
        return None
    if status in REACTIONS:
        return REACTIONS[status]
    return ServerFault if status >= 500 else ProtocolFault
