"""Finished demo sets, kept as database files in the user's cache folder: made once, copied at every later start.

Nothing here may break a start: a file that is damaged or cannot be written counts as missing. A file's name says what
it was made of (code, data, size, seed) and what its bytes add up to; keys of members are never in it. The environment
variable MOCKCW_CACHE names another folder, or is `off`.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from mockcw.demo.plan import Plan
from mockcw.store import Store, StoreError

HOUSE = Path(__file__).parent.parent
MADE_OF = (
    "catalogue",
    "demo",
    "engine",
    "permissions",
    "query",
    "rules",
    "store",
    "clock.py",
    "settings",
    "errors.py",
)
VARIABLE = "MOCKCW_CACHE"
MOST_KEPT = 12  # files in the folder; the oldest go
LARGEST = 20_000  # tickets of a set worth keeping
BLOCK = 1 << 20
DAY = 86_400  # seconds
SUFFIXES = (".py", ".tsv", ".toml", ".json")


class Place:
    """Where the set of a plan and seed is kept, if it is: not when the cache is off, nor when the set is too large."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self._home = folder() if plan.tickets <= LARGEST else None
        self._stem = stem(plan, seed) if self._home else ""

    def load(self, store: Store) -> bool:
        """Put the kept set in the store's place; False when there is none that can be used."""
        for path in sorted(self._home.glob(f"{self._stem}-*.db")) if self._home else ():
            with suppress(OSError, StoreError):
                if path.name.endswith(f"-{checksum(path)}.db"):
                    store.load(path)
                    return True
        return False

    def save(self, store: Store) -> None:
        """Keep the store's state for later starts, complete or not at all."""
        if self._home is None:
            return
        with suppress(OSError, StoreError):
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(suffix=".new", dir=self._home)
            os.close(handle)
            temporary = Path(name)
            try:
                store.save(temporary)
                temporary.replace(self._home / f"{self._stem}-{checksum(temporary)}.db")
            finally:
                temporary.unlink(missing_ok=True)
            tidy(self._home)


def tidy(home: Path) -> None:
    """Remove the oldest files beyond MOST_KEPT, and what a start that was killed left a day before the newest file."""
    found = sorted(home.glob("*.db"), key=lambda path: path.stat().st_mtime, reverse=True)
    late = found[0].stat().st_mtime - DAY if found else 0.0
    for path in (*found[MOST_KEPT:], *(one for one in home.glob("*.new") if one.stat().st_mtime < late)):
        path.unlink(missing_ok=True)


def folder() -> Path | None:
    """Where the sets are kept; None when they are not."""
    named = os.environ.get(VARIABLE, "")
    if named.lower() in ("off", "0", "no", "false"):
        return None
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME", "")
    with suppress(RuntimeError):  # no home folder
        return (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "mockcw"
    return None


def stem(plan: Plan, seed: int) -> str:
    """What a kept set is called: its size and a digest of everything that its bytes follow from."""
    names = find_spec("faker")
    fakers = [Path(names.origin)] if names and names.origin else []  # tells Faker's version
    return f"{plan.name}-{marks_of([*files_in(*MADE_OF), *fakers], f'{plan} {seed}')}"


def marks_of(files: Iterable[Path], first: str = "") -> str:
    """A digest of names, sizes and times of change: reading every file would cost a start more than loading a set."""
    digest = hashlib.blake2b(first.encode(), digest_size=12)
    for path in files:
        told = path.stat()
        digest.update(f"{path}\0{told.st_size}\0{told.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def digest_of(files: Iterable[Path], first: str = "") -> str:
    """A digest of names and contents."""
    digest = hashlib.blake2b(first.encode(), digest_size=12)
    for path in files:
        digest.update(path.name.encode() + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()


def files_in(*rooms: str) -> list[Path]:
    """The source and data files of rooms of this house, shipped sets not counted."""
    found: list[Path] = []
    for name in rooms:
        place = HOUSE / name
        if place.is_file():
            found.append(place)
        for folder, inner, names in os.walk(place):
            inner[:] = sorted(one for one in inner if one != "__pycache__")
            found += [Path(folder, one) for one in sorted(names) if one.endswith(SUFFIXES)]
    return found


def checksum(path: Path) -> str:
    """A checksum of a file's bytes."""
    total = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            total = zlib.crc32(block, total)
    return f"{total:08x}"
