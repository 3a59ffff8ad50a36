"""Writes the finished small demo set that ships with the package; run it when demo data, catalogue or rules change."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from mockcw import Emulator
from mockcw.demo.kept import FILE, pack
from mockcw.store import Store

with Emulator() as emulator:
    store = Store()
    emulator.build_demo(store)
    FILE.write_bytes(pack(store))
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")
