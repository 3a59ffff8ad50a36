"""The rows of a security role: which exist and which levels each of their cells offers.

Knows the screen's rows as data; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = {"N": "None", "M": "My", "A": "All"}


@dataclass(frozen=True, slots=True)
class Area:
    """One row of the role screen.

    `key` stands in for the real function identifier, which no public source shows (assumed). The four tuples are the
    levels a cell offers, () where the row has no such cell; `levels_mark` says whether that is documented or assumed.
    `confidence` is how sure the row's own existence is: high or medium.
    """

    key: str
    module: str
    area: str
    add: tuple[str, ...]
    edit: tuple[str, ...]
    delete: tuple[str, ...]
    inquire: tuple[str, ...]
    levels_mark: str
    customize: str | None
    confidence: str


def parse_area(line: str) -> Area:
    """Read one line of `data/areas.tsv`."""
    key, module, area, add, edit, delete, inquire, mark, customize, confidence = line.split("\t")
    add_levels, edit_levels, delete_levels, inquire_levels = (
        tuple(LEVELS[letter] for letter in cell) for cell in (add, edit, delete, inquire)
    )
    return Area(
        key,
        module,
        area,
        add_levels,
        edit_levels,
        delete_levels,
        inquire_levels,
        mark,
        customize or None,
        confidence,
    )
