"""Kept states of a database, by name: in memory, or as files of a folder, where later processes find them too.

Knows SQLite's backup and file names; does not know what a record is. A state carries one text of its keeper's.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress
from pathlib import Path

from mockcw.errors import MockcwError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
HIDDEN = "~"  # states whose names begin with it are the emulator's own: in memory always, and in no list
SUFFIX = ".db"


class StateError(MockcwError):
    """A state cannot be kept, found or read; the text says what to do."""


class States:
    """The kept states of one database. Not safe for several threads: its owner locks."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self._open: dict[str, sqlite3.Connection] = {}

    def names(self) -> list[str]:
        """The names of the kept states, but the emulator's own."""
        found = {name for name in self._open if not name.startswith(HIDDEN)}
        if self.folder is not None and self.folder.is_dir():
            found |= {path.stem for path in self.folder.glob(f"*{SUFFIX}") if NAME.fullmatch(path.stem)}
        return sorted(found)

    def __contains__(self, name: str) -> bool:
        return name in self._open or name in self.names()

    def keep(self, name: str, db: sqlite3.Connection, beside: str = "") -> None:
        """Keep what a database holds under a name, in place of what that name stood for. Raises StateError."""
        place = self._place(name)
        self._close(name)
        if place is None:
            self._write(sqlite3.connect(":memory:", check_same_thread=False), name, db, beside)
            return
        fresh = place.with_suffix(".new")
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
            self._write(sqlite3.connect(fresh, check_same_thread=False), name, db, beside)
            self._close(name)
            fresh.chmod(0o600)
            fresh.replace(place)
        except (OSError, sqlite3.Error) as error:
            self._close(name)
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise StateError(f"{place} cannot be written ({error}): free the place, or name another folder") from None

    def _write(self, kept: sqlite3.Connection, name: str, db: sqlite3.Connection, beside: str) -> None:
        self._open[name] = kept
        db.backup(kept)
        kept.execute("DROP TABLE IF EXISTS beside")
        kept.execute("CREATE TABLE beside (text TEXT)")
        kept.execute("INSERT INTO beside VALUES (?)", (beside,))
        kept.commit()

    def bring(self, name: str, into: sqlite3.Connection) -> None:
        """Put a kept state in the place of what a database holds.

        Raises KeyError for an unknown name, StateError for a file that is none. By SQLite's backup: `deserialize` under
        a connection with prepared statements crashes SQLite 3.40.
        """
        kept = self.state(name)
        kept.backup(into)
        into.execute("DROP TABLE IF EXISTS beside")

    def beside(self, name: str) -> str:
        """The text beside a state. Raises KeyError and StateError as `bring` does."""
        text = self.state(name).execute("SELECT text FROM beside").fetchone()[0]
        return str(text.decode() if isinstance(text, bytes) else text)

    def state(self, name: str) -> sqlite3.Connection:
        """A kept state as a database that nobody may write to. Raises KeyError and StateError as `bring` does."""
        if name in self._open:
            return self._open[name]
        if name not in self.names():
            raise KeyError(name)
        place = self._place(name)
        try:
            kept = sqlite3.connect(str(place), check_same_thread=False)
            kept.execute("SELECT text FROM beside").fetchone()
        except sqlite3.Error as error:
            raise StateError(f"{place} is no kept state ({error}): remove it") from None
        self._open[name] = kept
        return kept

    def drop(self, name: str) -> None:
        """Let go of a state. Raises KeyError for an unknown name."""
        if name not in self:
            raise KeyError(name)
        self._close(name)
        place = self._place(name)
        if place is not None:
            place.unlink(missing_ok=True)

    def index(self, collection: str, made: str) -> None:
        """The states in memory get an index, too, so that going back to one does not lose it."""
        for name, kept in self._open.items():
            if (
                self._place(name) is None
                and kept.execute("SELECT 1 FROM sqlite_master WHERE name=?", (collection,)).fetchone()
            ):
                kept.execute(made)

    def adopt(self, name: str, others: States, known_as: str) -> None:
        """Keep a state of somebody else's under a name. Raises as `bring` and `keep` do."""
        self.keep(known_as, others.state(name), others.beside(name))

    def close(self) -> None:
        """Let go of what is open; files stay."""
        for name in list(self._open):
            self._close(name)

    def _close(self, name: str) -> None:
        kept = self._open.pop(name, None)
        if kept is not None:
            kept.close()

    def _place(self, name: str) -> Path | None:
        if name.startswith(HIDDEN):
            return None
        return None if self.folder is None else self.folder / f"{named(name)}{SUFFIX}"


def named(name: str) -> str:
    """A name that somebody chose. Raises StateError for one that cannot be a file's, or is the emulator's own."""
    if not NAME.fullmatch(name):
        raise StateError(f"{name!r} is no name: letters, digits, dot, dash and underscore, at most 64")
    return name
