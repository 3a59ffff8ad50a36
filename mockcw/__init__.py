"""A stateful emulator of the ConnectWise PSA REST API.

The names below are imported when they are first used: loading the pytest plugin must not load the emulator.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mockcw.errors import MockcwError
from mockcw.settings import Settings

if TYPE_CHECKING:
    from mockcw.emulator import Emulator, Live
    from mockcw.web.app import create_app

__all__ = ["Emulator", "Live", "MockcwError", "Settings", "create_app"]

LATER = {"Emulator": "mockcw.emulator", "Live": "mockcw.emulator", "create_app": "mockcw.web.app"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in LATER:
        raise AttributeError(f"module 'mockcw' has no attribute {name!r}")
    return getattr(import_module(LATER[name]), name)
