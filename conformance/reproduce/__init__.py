"""Support cases: a customer's situation rebuilt on the emulator, run as the vendor's integration would, and explained.

Knows the case file, what a vendor's integration does in each step, and the emulator's control API; talks HTTP only,
so it knows neither the inside of the emulator nor the integration of this project.
"""

from conformance.reproduce.case import SupportCase, read_case
from conformance.reproduce.run import Report, reproduce
from conformance.reproduce.telling import as_json, tell

__all__ = ["Report", "SupportCase", "as_json", "read_case", "reproduce", "tell"]
