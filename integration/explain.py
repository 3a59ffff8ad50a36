"""Refusals, told in the words of the vendor's guide: which row of the role is missing, what to check after a 401.

Knows a profile's operations and advice; changes no error's kind, so exit codes stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from integration.errors import CredentialsRefused, PermissionRefused
from integration.profile import Operation, Profile


@contextmanager
def explained(profile: Profile, operation: Operation) -> Iterator[None]:
    """Add the guide's advice to a refusal of `operation` inside the block."""
    try:
        yield
    except CredentialsRefused as error:
        raise CredentialsRefused(
            f"{operation.title}: {error.message}", f"{profile.advice.credentials}; {profile.advice.client_id}"
        ) from None
    except PermissionRefused as error:
        rows = missing_rows(profile, operation)
        raise PermissionRefused(
            f"{operation.title} (GET {operation.path}) needs {rows}: {error.message}",
            profile.advice.permission.format(rows=rows),
        ) from None


def missing_rows(profile: Profile, operation: Operation) -> str:
    """Name the rows of the role that open `operation`, with the level that the guide asks for."""
    level = {row.name: getattr(row, operation.right) for row in profile.rows_for(operation)}
    return " or ".join(f"{name}: {operation.right.capitalize()} {wanted}" for name, wanted in level.items())
