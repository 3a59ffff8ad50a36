"""Reads the data files of this room and answers questions about them.

Knows where the files are and parses no more of them than is asked for; does not know what any resource does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple, overload

from mockcw.catalogue.areas import Area, parse_area
from mockcw.catalogue.models import Model, parse_model
from mockcw.catalogue.operations import (
    PARAMETER,
    Collection,
    CollectionRow,
    Operation,
    collection_of,
    parse_operation,
    parse_permission,
)
from mockcw.catalogue.pods import Pod, parse_pod
from mockcw.catalogue.trie import Trie

DATA = Path(__file__).with_name("data")


class Match(NamedTuple):
    """The operation of a request, and the ids in its path from left to right."""

    operation: Operation
    ids: tuple[int | str, ...]


def read_lines(name: str) -> list[str]:
    """The lines of a data file that are neither empty nor comments."""
    text = (DATA / name).read_text("utf-8")
    return [line for line in text.split("\n") if line and line[0] != "#"]


class Operations(Sequence[Operation]):
    """All operations in the order of the published list, each parsed when it is first asked for."""

    def __init__(self, lines: Sequence[str], rows: Mapping[str, CollectionRow]):
        self._lines = lines
        self._rows = rows
        self._permissions = dict(map(parse_permission, read_lines("permissions.tsv")))
        self._parsed: list[Operation | None] = [None] * len(lines)

    def __len__(self) -> int:
        return len(self._lines)

    def at(self, place: int) -> Operation:
        """The operation at a place."""
        operation = self._parsed[place]
        if operation is None:
            operation = self._parsed[place] = parse_operation(self._lines[place], self._rows, self._permissions)
        return operation

    @overload
    def __getitem__(self, place: int) -> Operation: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Operation]: ...
    def __getitem__(self, place: int | slice) -> Operation | Sequence[Operation]:
        places = range(len(self))[place]
        return self.at(places) if isinstance(places, int) else [self.at(one) for one in places]

    def __iter__(self) -> Iterator[Operation]:
        return map(self.at, range(len(self)))

    def places_by_collection(self) -> Mapping[str, Sequence[int]]:
        """Where the operations of each collection are."""
        places: dict[str, list[int]] = {}
        for place, line in enumerate(self._lines):
            columns = line.split("\t", 9)
            places.setdefault(columns[8] or collection_of(columns[3], columns[1]), []).append(place)
        return places


class Catalogue:
    """The published surface: operations by path, models, collections, references and role rows."""

    def __init__(self) -> None:
        self._rows = {row.key: row for row in map(CollectionRow.parse, read_lines("collections.tsv"))}
        lines = read_lines("operations.tsv")
        self._operations = Operations(lines, self._rows)
        self._trie = Trie()
        for place, line in enumerate(lines):
            method, path, _ = line.split("\t", 2)
            self._trie.add(method, path, place)
        self._models: dict[str, Model] = {}
        self._collections: dict[str, Collection] = {}
        self._readable: dict[str, bool] = {}

    @property
    def operations(self) -> Sequence[Operation]:
        """Every operation, in the order of the published list."""
        return self._operations

    def match(self, method: str, path: str) -> Match:
        """The operation that `method` on `path` (relative to the API root) means.

        Raises RouteNotFound and MethodNotSupported.
        """
        place, ids = self._trie.find(method, path)
        return Match(self._operations.at(place), ids)

    def model_names(self) -> Sequence[str]:
        """The names of all models."""
        return list(self._model_lines)

    def has_model(self, name: str | None) -> bool:
        """Whether there is a model of this name: a body or reply may be of a bare type."""
        return name in self._model_lines

    def model(self, name: str) -> Model:
        """The model of this name; KeyError where there is none."""
        model = self._models.get(name)
        if model is None:
            model = self._models[name] = parse_model(self._model_lines[name], self._names)
        return model

    def collection_keys(self) -> Sequence[str]:
        """The keys of all collections."""
        return list(self._rows)

    def collection(self, key: str) -> Collection:
        """The collection of this key, in its canonical spelling; KeyError where there is none."""
        collection = self._collections.get(key)
        if collection is None:
            row = self._rows[key]
            operations = [self._operations.at(place) for place in self._places[key]]
            collection = self._collections[key] = Collection(
                key=key,
                model=row.model,
                info_model=row.info_model,
                view_of=row.view_of,
                parents=row.parents,
                caption=self.model(row.model).caption,
                operations={one.verb: one for one in reversed(operations) if one.verb != "action"},
                actions=tuple(one for one in operations if one.verb == "action"),
            )
        return collection

    def row(self, key: str) -> CollectionRow:
        """Model and parents of a collection, without its operations; KeyError where there is no such collection."""
        return self._rows[key]

    def has_get(self, key: str) -> bool:
        """Whether a record of a collection can be read by its id."""
        known = self._readable.get(key)
        if known is None:
            try:
                found = self.match("GET", PARAMETER.sub("1", key) + "/1").operation
                known = (found.verb, found.collection) == ("get", key)
            except LookupError:
                known = False
            self._readable[key] = known
        return known

    def rows(self) -> Iterable[CollectionRow]:
        """The rows of all collections."""
        return self._rows.values()

    def collections(self) -> Iterator[Collection]:
        """Every collection."""
        return map(self.collection, self._rows)

    def collection_of_reference(self, reference_model: str) -> str | None:
        """Where the records live that a reference model points at; None where the surface has no such collection.

        Raises KeyError for a name that is no reference model.
        """
        return self._references[reference_model][0]

    def sources_of_reference(self, reference_model: str) -> Mapping[str, str]:
        """What fields of a reference are taken from, where the record has no field of that name: `name` of
        `firstName+lastName` (joined by a blank) or of `dateStart~dateEnd` (a span).

        Raises KeyError for a name that is no reference model.
        """
        return self._references[reference_model][1]

    def numbered_with(self, collection: str) -> tuple[str, ...]:
        """The collections that share one sequence of ids with this one, itself among them."""
        return self._numbering.get(collection, (collection,))

    @cached_property
    def _numbering(self) -> Mapping[str, tuple[str, ...]]:
        groups = [tuple(line.split("\t")[0].split()) for line in read_lines("numbering.tsv")]
        return {collection: group for group in groups for collection in group}

    @cached_property
    def areas(self) -> Sequence[Area]:
        """The rows of a security role, in the order of the role screen's modules."""
        return tuple(map(parse_area, read_lines("areas.tsv")))

    @cached_property
    def pods(self) -> Sequence[Pod]:
        """The parts of screens that custom fields are defined for."""
        return tuple(map(parse_pod, read_lines("pods.tsv")))

    @cached_property
    def _model_lines(self) -> Mapping[str, str]:
        return {line[: line.index("\t")]: line for line in read_lines("models.tsv")}

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        return self._operations.places_by_collection()

    @cached_property
    def _names(self) -> Mapping[str, tuple[str, str]]:
        rows = (line.split("\t") for line in read_lines("names.tsv"))
        return {model: (caption, resource) for model, caption, resource, *_ in rows}

    @cached_property
    def _references(self) -> Mapping[str, tuple[str | None, Mapping[str, str]]]:
        found: dict[str, tuple[str | None, Mapping[str, str]]] = {}
        for line in read_lines("references.tsv"):
            model, key, _, *shown = line.split("\t")
            pairs = (pair.partition("=")[::2] for pair in shown[0].split(",")) if shown else ()
            found[model] = (None if key == "-" else key, dict(pairs))
        return found


@cache
def load() -> Catalogue:
    """The catalogue, read once a process: it never changes, and only learns what it has parsed."""
    return Catalogue()
