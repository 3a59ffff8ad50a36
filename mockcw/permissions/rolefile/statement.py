"""What one line or entry of a role file states, before anything is looked up."""

from __future__ import annotations

from typing import NamedTuple

from mockcw.permissions.rolefile.result import Place


class Statement(NamedTuple):
    """A row's name and its four cells as they are written; None for a cell that is blank or not there.

    `partial` marks a form that states a cell or two at a time, so that several statements about one row are expected;
    `identifier` is the API's own name of the row, where the file has it.
    """

    place: Place
    module: str | None
    area: str
    cells: tuple[str | None, str | None, str | None, str | None]
    partial: bool = False
    identifier: str | None = None
