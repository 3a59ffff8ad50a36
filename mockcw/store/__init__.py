"""One SQLite database a tenant: tables of JSON records by collection. Knows no query language and no API."""

from mockcw.store.store import Store, StoreError
from mockcw.store.where import Where

__all__ = ["Store", "StoreError", "Where"]
