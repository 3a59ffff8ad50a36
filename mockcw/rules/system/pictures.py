"""Small pictures made of one colour: for records that have a colour and no file. Knows no records."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

Colour = tuple[int, int, int, int]  # red, green, blue, opacity
COLOURS: Mapping[str, Colour] = {
    "Black": (0, 0, 0, 255),
    "Blue": (0, 0, 255, 255),
    "Cyan": (0, 255, 255, 255),
    "Gray": (128, 128, 128, 255),
    "Green": (0, 128, 0, 255),
    "Lime": (0, 255, 0, 255),
    "Orange": (255, 165, 0, 255),
    "Pink": (255, 192, 203, 255),
    "Purple": (128, 0, 128, 255),
    "Red": (255, 0, 0, 255),
    "White": (255, 255, 255, 255),
    "Yellow": (255, 255, 0, 255),
}
CLEAR: Colour = (0, 0, 0, 0)


def png(colour: Colour, size: int = 16) -> bytes:
    """A square of one colour as a PNG file."""
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    rows = (b"\x00" + bytes(colour) * size) * size
    chunks = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
