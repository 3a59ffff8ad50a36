"""The vendor's own organizations, read from a file that a person gives.

Knows CSV and JSON files of ids and names; does not know where the rows go.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import orjson

from integration.errors import WrongUse
from integration.store.connections import Organization
from integration.sync.names import folded

_LARGEST: Final = 256 * 1024 * 1024


def read_organizations(file: Path) -> list[Organization]:
    """Read `file`: a CSV with the column `name` and perhaps `id`; or a JSON list of names or of such objects.

    A row without an id takes the number of its row. Raises WrongUse, naming the row, for anything else.
    """
    try:
        if file.stat().st_size > _LARGEST:
            raise WrongUse(f"{file} is larger than {_LARGEST} bytes")
        content = file.read_bytes()
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}") from None
    rows = _json_rows(file, content) if file.suffix.lower() == ".json" else _csv_rows(file, content)
    return organizations_of(rows, str(file))


def organizations_of(rows: Iterable[tuple[int, str, str]], origin: str) -> list[Organization]:
    """Build organizations from (row number, id, name).

    Raises WrongUse for a row without a name and for an id that comes twice.
    """
    found: dict[str, Organization] = {}
    for number, key, name in rows:
        if not folded(name):
            raise WrongUse(f"{origin}, row {number}: the name is empty; give one or take the row out")
        key = key.strip() or str(number)
        if key in found:
            raise WrongUse(f"{origin}, row {number}: the id {key} came before; ids must differ")
        found[key] = Organization(key, name.strip(), folded(name))
    return list(found.values())


def _csv_rows(file: Path, content: bytes) -> Iterator[tuple[int, str, str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUse(f"{file} is not UTF-8; save it as UTF-8") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
        if "name" not in columns:
            raise WrongUse(f"{file} has no column 'name'; its first row must name the columns")
        for number, row in enumerate(reader, start=1):
            yield number, row.get(columns.get("id", "")) or "", row.get(columns["name"]) or ""
    except csv.Error as error:
        raise WrongUse(f"{file}, line {reader.line_num}: {error}") from None


def _json_rows(file: Path, content: bytes) -> Iterator[tuple[int, str, str]]:
    try:
        rows = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise WrongUse(f"{file} is no JSON: {error}") from None
    if not isinstance(rows, list):
        raise WrongUse(f"{file} must hold a list of names, or of objects with a name")
    for number, row in enumerate(rows, start=1):
        if isinstance(row, str):
            yield number, "", row
        elif isinstance(row, dict) and isinstance(row.get("name"), str):
            yield number, "" if row.get("id") is None else str(row["id"]), row["name"]
        else:
            raise WrongUse(f"{file}, row {number}: give a name, or an object with a name")
