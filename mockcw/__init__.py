"""A stateful emulator of the ConnectWise PSA REST API."""

from mockcw.emulator import Emulator, Live
from mockcw.errors import MockcwError
from mockcw.settings import Settings
from mockcw.web.app import create_app

__all__ = ["Emulator", "Live", "MockcwError", "Settings", "create_app"]
