"""The finished small set of the default seed, shipped with the package: the very first start need not make it.

Written by `.ci/build_demo.py`; used only while its key says that it was made of the demo data and catalogue at hand,
otherwise the set is made anew.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from mockcw.demo.cache import digest_of, files_in
from mockcw.demo.plan import SMALL, Plan
from mockcw.store import Store, StoreError

FILE = Path(__file__).with_name("data") / "small.db.xz"
SEED = 1
SHAPES = ("models", "references", "collections", "areas")  # the catalogue's tables that records follow from
MADE_OF = ("demo", *(f"catalogue/data/{name}.tsv" for name in SHAPES))


def load(store: Store, plan: Plan, seed: int) -> bool:
    """Put the shipped set in the store's place; False when it is another set that is wanted, or not up to date."""
    if (plan, seed) != (SMALL, SEED):
        return False
    with suppress(ImportError, OSError, StoreError, EOFError, ValueError):
        import lzma

        made_of, _, packed = FILE.read_bytes().partition(b"\n")
        if made_of.decode() == key():
            with suppress(lzma.LZMAError):
                unpacked(store, lzma.decompress(packed))
                return True
    return False


def unpacked(store: Store, raw: bytes) -> None:
    """Load the bytes of a database, by way of a file. Raises OSError, StoreError."""
    handle, name = tempfile.mkstemp(suffix=".db", prefix="mockcw-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        store.load(Path(name))
    finally:
        Path(name).unlink(missing_ok=True)


def pack(store: Store) -> bytes:
    """The file that ships a store's state."""
    import lzma

    with tempfile.TemporaryDirectory(prefix="mockcw-") as folder:
        path = Path(folder) / "small.db"
        store.save(path)
        packed = lzma.compress(path.read_bytes(), preset=9 | lzma.PRESET_EXTREME)
    return f"{key()}\n".encode() + packed


def key() -> str:
    """A digest of what the shipped set is made of; what else it depends on is for the tests to see."""
    return digest_of(files_in(*MADE_OF))
