"""Kept states of a database, by name: in memory, or as files of a folder, where later processes find them too.

Knows SQLite's backup and file names; does not know what a record is. A state carries one text of its keeper's.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from mockcw.errors import MockcwError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
HIDDEN = "~"  # states whose names begin with it are the emulator's own: in memory always, and in no list
SUFFIX = ".db"
Edition = tuple[int, ...]  # what tells a state from another one of the same name


class StateError(MockcwError):
    """A state cannot be kept, found or read; the text says what to do."""


class States:
    """The kept states of one database. Not safe for several threads: its owner locks.

    Several processes may share a folder: what is read of a file is read again once the file is another one.
    """

    def __init__(self) -> None:
        self.folder: Path | None = None
        self._open: dict[str, sqlite3.Connection] = {}
        self._editions: dict[str, Edition] = {}
        self._kept = 0

    def names(self) -> list[str]:
        """The names of the kept states, but the emulator's own."""
        if self.folder is None:
            return sorted(name for name in self._open if not name.startswith(HIDDEN))
        found = self.folder.glob(f"*{SUFFIX}") if self.folder.is_dir() else ()
        return sorted(path.stem for path in found if NAME.fullmatch(path.stem))

    def __contains__(self, name: str) -> bool:
        return name in self.names() or (name.startswith(HIDDEN) and name in self._open)

    def keep(self, name: str, db: sqlite3.Connection, beside: str = "") -> None:
        """Keep what a database holds under a name, in place of what that name stood for.

        Raises StateError, also where a file of that name is something else: that is never overwritten.
        """
        place = self._place(name)
        self._kept += 1
        if place is None:
            self._close(name)
            kept = sqlite3.connect(":memory:", check_same_thread=False)
            write(kept, db, beside)
            self._open[name], self._editions[name] = kept, (self._kept,)
            return
        if name in self:
            self.state(name)
            self._close(name)
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with TemporaryDirectory(prefix=".new-", dir=place.parent, ignore_cleanup_errors=True) as aside:
                fresh = Path(aside) / place.name
                with closing(sqlite3.connect(fresh)) as kept:
                    write(kept, db, beside)
                    kept.execute("PRAGMA journal_mode=DELETE")  # one file, that can be handed on
                fresh.chmod(0o600)
                fresh.replace(place)
        except (OSError, sqlite3.Error) as error:
            raise StateError(f"{place} cannot be written ({error}): free the place, or name another folder") from None

    def bring(self, name: str, into: sqlite3.Connection) -> None:
        """Put a kept state in the place of what a database holds.

        Raises KeyError for an unknown name, StateError for a file that is none and where there is no room for it; then
        the database holds what it held. By SQLite's backup: `deserialize` under a connection with prepared statements
        crashes SQLite 3.40.
        """
        kept = self.state(name)
        try:
            kept.backup(into)
            into.execute("DROP TABLE IF EXISTS beside")
        except sqlite3.Error as error:
            raise StateError(f"{name} cannot be brought back ({error}): free the place of the database") from None

    def beside(self, name: str) -> str:
        """The text beside a state. Raises KeyError and StateError as `bring` does."""
        text = self.state(name).execute("SELECT text FROM beside").fetchone()[0]
        return str(text.decode() if isinstance(text, bytes) else text)

    def edition(self, name: str) -> Edition | None:
        """Differs whenever a name stands for another state than before; None for a name that stands for none."""
        place = self._place(name)
        return self._editions.get(name) if place is None else edition_of(place)

    def state(self, name: str) -> sqlite3.Connection:
        """A kept state as a database that nobody may write to. Raises KeyError and StateError as `bring` does."""
        place = self._place(name)
        edition = self.edition(name)
        if name in self._open and self._editions.get(name) == edition:
            return self._open[name]
        self._close(name)
        if place is None or edition is None:
            raise KeyError(name)
        kept = sqlite3.connect(f"{place.absolute().as_uri()}?mode=ro", uri=True, timeout=1, check_same_thread=False)
        try:
            kept.execute("SELECT text FROM beside").fetchone()
        except sqlite3.Error as error:
            kept.close()
            raise StateError(f"{place} is no kept state ({error}): choose another name, or remove it") from None
        self._open[name], self._editions[name] = kept, edition
        return kept

    def drop(self, name: str) -> None:
        """Let go of a state. Raises KeyError and StateError as `bring` does."""
        self.state(name)
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
        self._editions.pop(name, None)
        kept = self._open.pop(name, None)
        if kept is not None:
            kept.close()

    def _place(self, name: str) -> Path | None:
        if name.startswith(HIDDEN):
            return None
        return None if self.folder is None else self.folder / f"{named(name)}{SUFFIX}"


def write(kept: sqlite3.Connection, db: sqlite3.Connection, beside: str) -> None:
    """Let an empty database be a kept state."""
    db.backup(kept)
    kept.execute("DROP TABLE IF EXISTS beside")
    kept.execute("CREATE TABLE beside (text TEXT)")
    kept.execute("INSERT INTO beside VALUES (?)", (beside,))
    kept.commit()


def edition_of(place: Path) -> Edition | None:
    """Which file it is; None where there is none."""
    try:
        found = place.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def named(name: str) -> str:
    """A name that somebody chose. Raises StateError for one that cannot be a file's, or is the emulator's own."""
    if not NAME.fullmatch(name):
        raise StateError(f"{name!r} is no name: letters, digits, dot, dash and underscore, at most 64")
    return name
