"""What every command does that serves an emulator: the ready file, the summary, the wait, and refusals in one line.

Knows the command line and a served emulator; does not know what a command serves it for.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from mockcw.emulator import Live
from mockcw.errors import MockcwError
from mockcw.settings import Settings
from mockcw.store import StoreError


def refuse(message: str) -> NoReturn:
    """One line that says what to do, exit code 2."""
    click.echo(f"mockcw: {message}", err=True)
    raise SystemExit(2)


@contextmanager
def wrong_use() -> Iterator[None]:
    """Turn what a person can mend into one line and exit code 2."""
    try:
        yield
    except (MockcwError, StoreError) as error:
        refuse(str(error))
    except BrokenPipeError:
        raise SystemExit(0) from None  # whoever read the summary has gone
    except OSError as error:
        refuse(f"{error.filename or ''}: {error.strerror}; name another file or change its permissions".lstrip(": "))


def write_ready(path: Path, ready: dict[str, Any]) -> None:
    """Write the ready file, readable by its owner only, complete or not at all."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(ready, file, indent=2)
    temporary.replace(path)


def summary(live: Live) -> None:
    """What a person needs to make the first request."""
    ready = live.ready()
    click.echo(f"mockcw {ready['version']} serves {ready['url']} (company {ready['company_id']})")
    click.echo(f"  API       {ready['url']}/v4_6_release/apis/3.0")
    click.echo(f"  control   {ready['control_url']}/health")
    click.echo(f"  roles     {said_of(live.emulator.settings)}")
    if ready["control_token"]:
        click.echo("  the control API wants the control_token of the ready file as a bearer token")
    if ready["ca_file"]:
        click.echo(f"  CA file   {ready['ca_file']}")
    if live.emulator.secret_keys:
        click.echo("  keys are random on this host: they are in the ready file only")
    elif "admin" in ready["members"]:
        admin, ca = ready["members"]["admin"], f" --cacert {ready['ca_file']}" if ready["ca_file"] else ""
        click.echo("  try it:")
        click.echo(
            f"    curl{ca} -u '{ready['company_id']}+{admin['public_key']}:{admin['private_key']}' "
            f"-H 'clientId: {admin['client_id']}' '{ready['url']}/v4_6_release/apis/3.0/company/companies?pageSize=1'"
        )
        click.echo(f"  members   {', '.join(ready['members'])}")
    click.echo("  stop with Ctrl-C")
    sys.stdout.flush()


def said_of(settings: Settings) -> str:
    """Whether roles refuse, so that nobody has to find out."""
    if settings.permissions == "enforce":
        inferred = "refuse, too" if settings.permissions_inferred == "enforce" else "are only logged"
        return f"permissions are enforced; rows that are only inferred {inferred} (x-mockcw-permissions: enforce)"
    told = "logged, nothing is refused" if settings.permissions == "log" else "off, everybody may everything"
    return f"PERMISSIONS ARE {told} (x-mockcw-permissions: {settings.permissions})"


def wait_for_signal(seconds: float | None = None) -> None:
    """Wait for Ctrl-C or a termination signal, or so many seconds."""
    stop = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: stop.set())
    stop.wait(seconds)
