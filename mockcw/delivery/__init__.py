"""Callbacks on their way: what changed is matched, put into an outbox, signed and sent.

Knows the store, the clock and the documented form of a delivery; knows no rule, no request of the emulated API, and not
which member may see what: that comes as a function.
"""

from mockcw.delivery.disorder import Disorder
from mockcw.delivery.outbox import Outbox
from mockcw.delivery.postman import Postman
from mockcw.delivery.subjects import LEVELS

__all__ = ["LEVELS", "Disorder", "Outbox", "Postman"]
