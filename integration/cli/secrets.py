"""Where secrets come from: standard input, the environment or a prompt; never an argument.

Knows the names of the variables; keeps nothing.
"""

from __future__ import annotations

import os
import sys
from typing import Final

import click
import orjson

from integration.errors import WrongUse

VARIABLES: Final = {"public_key": "CW_PUBLIC_KEY", "private_key": "CW_PRIVATE_KEY", "client_id": "CW_CLIENT_ID"}
_TITLES: Final = {"public_key": "Public key", "private_key": "Private key", "client_id": "Client ID"}


def read_secrets(*, from_stdin: bool) -> dict[str, str]:
    """Read the two keys and the client id.

    From standard input they are a JSON object, or three lines in that order. Raises WrongUse when one is missing and
    there is no terminal to ask at.
    """
    if from_stdin:
        return _from_text(sys.stdin.read(65536))
    found = {name: os.environ[variable] for name, variable in VARIABLES.items() if os.environ.get(variable)}
    for name in VARIABLES:
        if name in found:
            continue
        if not sys.stdin.isatty():
            raise WrongUse(
                f"the {_TITLES[name].lower()} is missing",
                f"set {', '.join(VARIABLES.values())}, or give --secrets - and write them to standard input",
            )
        found[name] = click.prompt(_TITLES[name], hide_input=True, err=True)
    return found


def _from_text(text: str) -> dict[str, str]:
    if text.lstrip().startswith("{"):
        try:
            given = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise WrongUse("standard input holds no JSON object of secrets") from None
        missing = [name for name in VARIABLES if not isinstance(given.get(name), str)]
        if missing:
            raise WrongUse(f"standard input lacks {', '.join(missing)}")
        return {name: given[name] for name in VARIABLES}
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) != len(VARIABLES):
        raise WrongUse("standard input must hold three lines: public key, private key, client id; or a JSON object")
    return dict(zip(VARIABLES, lines, strict=True))
