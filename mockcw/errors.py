"""The one tree of errors of this house: what went wrong, the status and the code the API answers with.

Knows no HTTP framework and renders nothing: `pipeline.render` is the one place where an error becomes bytes.

    ApiError
    ├── BadRequest (400)
    │   ├── ApiFindCondition      a condition that cannot be understood            captured
    │   ├── InvalidObject         a body that breaks the rules of its model        captured
    │   ├── TimeEntryRefused      time that is not taken, or not changed           captured code, one text
    │   ├── UnsupportedFormat     a date in a form that is not taken               captured
    │   ├── ContactRefused        a contact that is there already                  captured code, text assumed
    │   ├── InvalidPatch          a PATCH operation that cannot be applied         captured (one form)
    │   └── MalformedRequest      JSON that is no JSON, unknown member             captured (member), assumed (rest)
    ├── Unauthorized (401)        no usable credentials                            code captured, text assumed
    ├── SecurityRefusal (403)     the role does not allow it                       captured
    ├── NotFound (404)            no such record                                   captured
    ├── EndpointMissing (404)     no such path                                     captured
    ├── MethodRefused (405)       the path exists, the verb does not               status documented, body assumed
    ├── Conflict (409)            the record is in use                             status documented, body assumed
    ├── TooLarge (413)            a body over the limit                            assumed
    ├── WrongMediaType (415)      a body of another type                           status documented, body assumed
    ├── TooManyRequests (429)     throttled                                        captured
    └── ServerFault (500)         a fault the real server shows as 500             captured forms
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class MockcwError(Exception):
    """Anything this house raises on purpose outside a request: wrong options, unreadable databases."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One item of the `errors` list: its code, text, the camelCase name of the model and the field."""

    code: str
    message: str
    resource: str
    field: str


class ApiError(Exception):
    """An answer other than success; `status` and mostly `code` are the class's, the text is the instance's."""

    status: ClassVar[int] = 500
    code: str = "ConnectWiseApi"

    def __init__(
        self,
        message: str,
        errors: tuple[FieldError, ...] = (),
        *,
        headers: tuple[tuple[str, str], ...] = (),
        reason: str | None = None,
        cause: str | None = None,
    ):
        super().__init__(message)
        self.message = message
        self.errors = errors
        self.headers = headers
        self.reason = reason  # what the journal says; never sent
        self.cause = cause  # the same as a short code, for what proposes a remedy; never sent


class BadRequest(ApiError):
    """A 400 with the general code."""

    status = 400


class ApiFindCondition(BadRequest):
    """A condition, order or page that cannot be understood."""

    code = "ApiFindCondition"


class InvalidObject(BadRequest):
    """A body that breaks the rules of its model: `<resource> object is invalid` and the list of why."""

    code = "InvalidObject"

    @classmethod
    def of(cls, resource: str, *errors: FieldError) -> InvalidObject:
        """Build the captured form of the message for `resource`."""
        return cls(f"{resource} object is invalid", errors)


class TimeEntryRefused(BadRequest):
    """Time that is not taken, or that cannot be changed any more."""

    code = "TimeEntryApi"


class UnsupportedFormat(BadRequest):
    """A date in a form that the field does not take."""

    code = "UnsupportedFormat"


class ContactRefused(BadRequest):
    """A contact that is there already."""

    code = "ContactApi"


class InvalidPatch(BadRequest):
    """A PATCH operation that cannot be applied."""

    code = "InvalidPatch"


class MalformedRequest(BadRequest):
    """A body that is not the JSON the operation takes."""


class Unauthorized(ApiError):
    """No usable credentials: wrong keys, wrong company, inactive member."""

    status = 401
    code = "Unauthorized"


class SecurityRefusal(ApiError):
    """The role, or a restriction of the key, does not allow the operation."""

    status = 403
    code = "Security"


class NotFound(ApiError):
    """No such record."""

    status = 404
    code = "NotFound"


class EndpointMissing(ApiError):
    """No such path."""

    status = 404


class MethodRefused(ApiError):
    """The path exists, the verb does not."""

    status = 405


class Conflict(ApiError):
    """The record is in use, or another conflict; nobody has shown its code, so it can be told another."""

    status = 409
    code = "ObjectInUse"

    def __init__(self, message: str, code: str = code) -> None:
        super().__init__(message)
        self.code = code


class TooLarge(ApiError):
    """A body over the limit."""

    status = 413


class WrongMediaType(ApiError):
    """A body of another media type than the operation takes."""

    status = 415


class TooManyRequests(ApiError):
    """Throttled; the captured body has the key `error` where others have `code`."""

    status = 429
    code = "ConnectWiseAPI"


class ServerFault(ApiError):
    """A fault that the real server shows as a 500."""
