"""What the tests of the surface stand on: a server with demo data, a maker of records, schemas of answers.

Knows the catalogue and the wire; knows no single collection.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockcw.catalogue import load
from tests.surface.door import Straight
from tests.surface.minimal import Maker
from tests.surface.shapes import Shapes

CATALOGUE = load()
CREATABLE = [one.key for one in CATALOGUE.collections() if "create" in one.operations]


class Ground:
    """A server with demo data, and what the tests learn about it as they go.

    No dataclass: Hypothesis would print all of it with every example.
    """

    def __init__(self, http: Straight) -> None:
        self.http = http
        self.catalogue = CATALOGUE
        self.maker = Maker(http, CATALOGUE)
        self.shapes = Shapes(CATALOGUE)
        self.followed: set[str] = set()

    def ok(self, path: str, status: int = 200, **query: Any) -> Any:
        """GET that must succeed."""
        answer = self.http.get(path, **query)
        assert answer.status_code == status, f"{path} {query}: {answer.status_code} {answer.text}"
        return answer.json()

    def valid(self, model: str, record: Any) -> Any:
        """The record, which must fit its model."""
        faults = self.shapes.faults(model, record)
        assert not faults, f"{faults} in {record}"
        return record

    def follow(self, record: Any) -> None:
        """Every href in a record leads to something."""
        for href in hrefs(record):
            assert href.startswith("http://"), href
            if href not in self.followed:
                answer = self.http.get(href)
                assert answer.status_code == 200, f"{href}: {answer.status_code} {answer.text}"
                self.followed.add(href)


def hrefs(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from hrefs(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name.endswith("_href"):
                yield one
            else:
                yield from hrefs(one)
