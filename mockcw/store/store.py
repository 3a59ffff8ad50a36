"""The store: records as JSON text, one table a collection, made when first written to.

A record is `id`, `parent` (the id of the enclosing record, 0 at top level) and `doc`. Ids grow and are never reused
(captured for the real API). Conditions arrive compiled, as `Where`; the expressions they compare with `=` get an index
when the table is large enough for one to pay. Knows no query language, no model, no permission.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from mockcw.errors import MockcwError
from mockcw.store.difference import Difference, difference
from mockcw.store.remembered import Remembered
from mockcw.store.states import States
from mockcw.store.where import Where

ROWS_A_STATEMENT = 200
INDEX_FROM = 32  # rows below which a scan is as fast as an index
REMEMBERED = 32 * 1024 * 1024  # bytes of answers kept
PARENTS_KEPT = 100_000
INDEXES_KEPT = 16  # expressions of one collection that get an index; clients choose them, and writes pay


class StoreError(MockcwError):
    """The database cannot be opened or read; the text says what to do."""


class Store:
    """A tenant's records. All methods are safe to call from several threads."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.version = 0  # grows with every write; what is derived from the store keys its freshness on it
        self.begun = 0  # transactions so far: what belongs to one of them is told by its number
        self.replaced = 0  # how often all records made way for those of another state
        self._lock = threading.RLock()
        self._depth = 0
        self.states = States()
        self._state: tuple[object, ...] | None = None  # the kept state the records are still in, and their version then
        try:
            self._db = self._open()
            self._learn()
        except sqlite3.DatabaseError as error:
            locked = "locked" in str(error)
            what = "stop the other mockcw, or name another file" if locked else "name another file or remove it"
            raise StoreError(f"{path} cannot be used as a database ({error}): {what}") from None

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self.path or ":memory:", check_same_thread=False, isolation_level=None, cached_statements=512, timeout=1
        )
        db.text_factory = bytes
        if self.path:
            db.execute("PRAGMA locking_mode=EXCLUSIVE")  # one process a file: this one remembers what it read
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
        return db

    def _learn(self) -> None:
        """See what the database holds, and forget what was read of it before: at the start, and after a way back."""
        db = self._db
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        if names and b"meta" not in names:
            raise sqlite3.DatabaseError("it is another program's")
        db.execute("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT)")
        db.execute("INSERT OR IGNORE INTO meta VALUES ('root', ?)", (f"~{secrets.token_hex(8)}~",))
        self.root = db.execute("SELECT value FROM meta WHERE name='root'").fetchone()[0].decode()
        listing = db.execute("SELECT type, name FROM sqlite_master").fetchall()
        self._tables = {name.decode() for kind, name in listing if kind == b"table" and name[:1] in b"/~"}
        self._indexes = {name.decode() for kind, name in listing if kind == b"index"}
        self._indexed: dict[str, int] = {}
        self._remembered = Remembered(REMEMBERED)
        self._parents: dict[tuple[str, int], int] = {}
        self._last: dict[str, int] = {}
        self._changed: dict[str, int] = {}
        self.version += 1
        self._epoch = self.version

    # -- reading -----------------------------------------------------------------------------------------------

    def get(
        self, collection: str, record_id: int, parent: int | None = None, where: Where | None = None
    ) -> bytes | None:
        """The record's JSON text, or None; `parent` and `where` narrow what may be seen."""
        key = ("get", collection, record_id, parent, where)
        with self._lock:
            if collection not in self._tables:
                return None
            changed = self._stamp(collection, where)
            known: bytes | None = self._remembered.get(key, changed)
            if known is not None:
                return known or None
            sql = f'SELECT doc FROM "{collection}" WHERE id=?'
            params: tuple[object, ...] = (record_id,)
            if parent is not None:
                sql, params = sql + " AND parent=?", (*params, parent)
            if where is not None:
                sql, params = f"{sql} AND ({where.sql})", params + where.params
            row = self._db.execute(sql, params).fetchone()
            doc: bytes = b"" if row is None else row[0]  # what is not there is remembered, too
            self._remembered.put(key, changed, doc, len(doc))
        return doc or None

    def parent_of(self, collection: str, record_id: int) -> int | None:
        """The id of the record that encloses this one; None when there is no such record."""
        with self._lock:
            known = self._parents.get((collection, record_id))
            if known is not None or collection not in self._tables:
                return known
            row = self._db.execute(f'SELECT parent FROM "{collection}" WHERE id=?', (record_id,)).fetchone()
            if row is None:
                return None
            return self._know_parent(collection, record_id, int(row[0]))

    def _know_parent(self, collection: str, record_id: int, parent: int) -> int:
        """Remember where a record lives: it never moves, and its id is never used again."""
        if len(self._parents) >= PARENTS_KEPT:
            self._parents.clear()
        self._parents[collection, record_id] = parent
        return parent

    def rows(
        self,
        collection: str,
        where: Where,
        *,
        parent: int | None = None,
        order: str = "id",
        limit: int = -1,
        offset: int = 0,
    ) -> list[tuple[int, bytes]]:
        """Ids and JSON texts of the records that `where` admits, in `order`."""
        clause, params = self._clause(where, parent, over_all=limit < 0 or order != "id")
        key = ("rows", collection, clause, params, order, limit, offset)
        with self._lock:
            if collection not in self._tables:
                return []
            changed = self._stamp(collection, where)
            known: list[tuple[int, bytes]] | None = self._remembered.get(key, changed)
            if known is not None:
                return known
            self._index(collection, where.paths)
            rows = self._page(collection, clause, params, order, limit, offset, changed)
            self._remembered.put(key, changed, rows, sum(len(doc) for _, doc in rows))
            if rows and order == "id":
                mark = ("mark", collection, clause, params, offset + len(rows))
                self._remembered.put(mark, changed, rows[-1][0])
        return rows

    def _page(
        self,
        collection: str,
        clause: str,
        params: tuple[object, ...],
        order: str,
        limit: int,
        offset: int,
        changed: int,
    ) -> list[tuple[int, bytes]]:
        """Read a page; one that follows a page served before starts where that ended, however deep it lies."""
        table = f'"{collection}"'
        if not offset:
            sql = f"SELECT id, doc FROM {table}{clause} ORDER BY {order} LIMIT ?"
            return self._db.execute(sql, (*params, limit)).fetchall()
        last = self._remembered.get(("mark", collection, clause, params, offset), changed)
        if order == "id" and last is not None:
            after = f"{clause} AND id > ?" if clause else " WHERE id > ?"
            sql = f"SELECT id, doc FROM {table}{after} ORDER BY id LIMIT ?"
            return self._db.execute(sql, (*params, last, limit)).fetchall()
        # count past the skipped rows in an index, not through their texts
        inner = f"SELECT id FROM {table}{clause} ORDER BY {order} LIMIT ? OFFSET ?"
        sql = f"SELECT id, doc FROM {table} WHERE id IN ({inner}) ORDER BY {order}"
        return self._db.execute(sql, (*params, limit, offset)).fetchall()

    def count(self, collection: str, where: Where, *, parent: int | None = None) -> int:
        """How many records `where` admits."""
        clause, params = self._clause(where, parent, over_all=True)
        key = ("count", collection, clause, params)
        with self._lock:
            if collection not in self._tables:
                return 0
            changed = self._stamp(collection, where)
            known: int | None = self._remembered.get(key, changed)
            if known is not None:
                return known
            self._index(collection, where.paths)
            total = int(self._db.execute(f'SELECT count(*) FROM "{collection}"{clause}', params).fetchone()[0])
            self._remembered.put(key, changed, total)
        return total

    def fact(self, name: str) -> str | None:
        """A remembered fact about the database itself."""
        with self._lock:
            row = self._db.execute("SELECT value FROM meta WHERE name=?", (name,)).fetchone()
        return row[0].decode() if row else None

    def remember(self, name: str, value: str) -> None:
        """Remember a fact about the database itself."""
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (name, value))

    def changed(self, collection: str) -> int:
        """A number that differs after every write to the collection."""
        return self._changed.get(collection, self._epoch)

    def _stamp(self, collection: str, where: Where | None) -> int:
        """Differs after every write to what a condition on the collection reads: its numbers only ever grow."""
        changed = self.changed(collection)
        if where is not None and where.sources:
            for source in where.sources:
                self._table(source)  # a source that never held a record has no table yet
                changed += self.changed(source)
        return changed

    def collections(self) -> list[str]:
        """The collections that hold, or have held, a record."""
        return sorted(self._tables)

    @staticmethod
    def _clause(where: Where, parent: int | None, *, over_all: bool) -> tuple[str, tuple[object, ...]]:
        parts, params = [], where.params
        text = where.over_all if over_all else where.sql
        if parent is not None:
            parts.append("parent=?")
            params = (parent, *params)
        if text not in ("1", ""):
            parts.append(f"({text})")
        return (" WHERE " + " AND ".join(parts) if parts else ""), params

    # -- writing -----------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside happen together or not at all; nesting joins the outer transaction."""
        with self._lock:
            outer = self._depth == 0
            if outer:
                self._db.execute("BEGIN IMMEDIATE")
                self.begun += 1
            self._depth += 1
            try:
                yield
            except BaseException:
                if outer:
                    self._db.execute("ROLLBACK")
                    self._learn()
                raise
            else:
                if outer:
                    self._db.execute("COMMIT")
            finally:
                self._depth -= 1

    def next_id(self, collection: str) -> int:
        """The id the next record gets; call it inside the transaction that inserts the record."""
        with self._lock:
            self._table(collection)
            last = self._last.get(collection)
            if last is None:
                row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name=?", (collection,)).fetchone()
                last = self._last[collection] = int(row[0]) if row else 0
            return last + 1

    def insert(self, collection: str, record_id: int, doc: bytes, parent: int = 0) -> None:
        """Add a record under an id from `next_id`, or one of the caller's."""
        with self._lock:
            self._table(collection)
            self._db.execute(f'INSERT INTO "{collection}" VALUES (?,?,?)', (record_id, parent, doc.decode()))
            if record_id > self._last.get(collection, record_id):
                self._last[collection] = record_id
            self._know_parent(collection, record_id, parent)
            self._touch(collection)

    def insert_many(self, collection: str, records: Iterable[tuple[int, int, bytes]]) -> None:
        """Add many records of (id, parent, JSON text) in one go.

        Many rows a statement: for each statement SQLite looks through the last ids of all collections.
        """
        with self._lock:
            self._table(collection)
            rows = iter(records)
            while chunk := list(islice(rows, ROWS_A_STATEMENT)):
                values = ",".join(["(?,?,?)"] * len(chunk))
                params = [one for i, p, d in chunk for one in (i, p, d.decode())]
                self._db.execute(f'INSERT INTO "{collection}" VALUES {values}', params)
            self._last.pop(collection, None)
            self._touch(collection)

    def refill(self, collection: str, records: list[tuple[int, int, bytes]]) -> None:
        """Replace all records of a collection, in one go."""
        with self.transaction():
            if collection in self._tables:
                self._db.execute(f'DELETE FROM "{collection}"')
                self._parents = {key: parent for key, parent in self._parents.items() if key[0] != collection}
            self.insert_many(collection, records)

    def update(self, collection: str, record_id: int, doc: bytes) -> None:
        """Replace a record's JSON text."""
        with self._lock:
            self._db.execute(f'UPDATE "{collection}" SET doc=? WHERE id=?', (doc.decode(), record_id))
            self._touch(collection)

    def delete(self, collection: str, record_id: int) -> None:
        """Remove a record."""
        with self._lock:
            self._db.execute(f'DELETE FROM "{collection}" WHERE id=?', (record_id,))
            self._parents.pop((collection, record_id), None)
            self._touch(collection)

    def _touch(self, collection: str) -> None:
        self.version += 1
        self._changed[collection] = self.version

    def _table(self, collection: str) -> None:
        if collection in self._tables:
            return
        if '"' in collection:
            raise ValueError(f"not a collection: {collection}")
        with self._lock:
            self._db.execute(
                f'CREATE TABLE IF NOT EXISTS "{collection}" '
                "(id INTEGER PRIMARY KEY AUTOINCREMENT, parent INTEGER NOT NULL, doc TEXT NOT NULL)"
            )
            self._db.execute(f'CREATE INDEX IF NOT EXISTS "{collection} parent" ON "{collection}" (parent)')
            self._tables.add(collection)

    def _index(self, collection: str, expressions: tuple[str, ...]) -> None:
        for expression in expressions:
            name = f"{collection} {expression}".replace('"', "")
            if name in self._indexes or self._indexed.get(collection, 0) >= INDEXES_KEPT:
                continue
            with self._lock:
                last = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name=?", (collection,)).fetchone()
                if last and last[0] >= INDEX_FROM:
                    made = f'CREATE INDEX IF NOT EXISTS "{name}" ON "{collection}" ({expression})'
                    self._db.execute(made)
                    self.states.index(collection, made)
                    self._indexes.add(name)
                    self._indexed[collection] = self._indexed.get(collection, 0) + 1

    def clear(self) -> None:
        """Remove all records of all collections, and start their ids anew."""
        with self._lock:
            for table in self._tables:
                self._db.execute(f'DROP TABLE "{table}"')
            self._learn()
            self.replaced += 1

    # -- named states ------------------------------------------------------------------------------------------

    def snapshot(self, name: str, beside: str = "") -> None:
        """Keep the present state under `name`, with a text of the caller's beside it. Raises StateError."""
        with self._lock:
            self.states.keep(name, self._db, beside)
            self._state = self._in(name)

    def restore(self, name: str) -> None:
        """Go back to the state kept under `name`. Raises KeyError for an unknown name, StateError for a bad file."""
        with self._lock:
            if name in self.states and self._state == self._in(name):
                return
            self.states.bring(name, self._db)
            self._learn()
            self.replaced += 1
            self._state = self._in(name)

    def _in(self, name: str) -> tuple[object, ...]:
        """What `_state` is while the records are those kept under a name."""
        return name, self.states.edition(name), self.version

    def drop(self, name: str) -> None:
        """Let go of the state kept under `name`. Raises KeyError for an unknown name."""
        with self._lock:
            self.states.drop(name)

    def differences(self, since: str, to: str | Store | None = None) -> Difference:
        """What differs between a kept state and another one, another store, or the present. Raises as `restore`."""
        other = to if isinstance(to, Store) else self
        with self._lock, other._lock:
            return difference(self.states.state(since), self.states.state(to) if isinstance(to, str) else other._db)

    def save(self, path: Path) -> None:
        """Write the present state into a database file. Raises StoreError."""
        try:
            with self._lock, closing(sqlite3.connect(path)) as kept:
                self._db.backup(kept)
        except sqlite3.Error as error:
            raise StoreError(f"{path} cannot be written ({error}): name another file") from None

    def load(self, path: Path) -> None:
        """Put the state of a database file, which nobody else changes, in the place of the present one.

        Raises StoreError.
        """
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            with self._lock, closing(sqlite3.connect(address, uri=True)) as kept:
                kept.backup(self._db)
                self._learn()
                self.replaced += 1
        except sqlite3.Error as error:
            raise StoreError(f"{path} cannot be used as a database ({error}): name another file or remove it") from None

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            self._db.close()
            self.states.close()
