"""One SQLite database a tenant: tables of JSON records by collection. Knows no query language and no API."""

from mockcw.store.difference import Difference, DocumentChange
from mockcw.store.states import StateError, named
from mockcw.store.store import Store, StoreError
from mockcw.store.where import EVERYTHING, Where, both

__all__ = ["EVERYTHING", "Difference", "DocumentChange", "StateError", "Store", "StoreError", "Where", "both", "named"]
