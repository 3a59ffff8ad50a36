"""Many records written at once, in the form the engine would have stored them; no rule is asked.

Knows how a record is kept (field order, `_info`, expanded references) and nothing of what the records mean. A reference
is given as the id of its target, or as its name, identifier or description where rows are few; what is missing is an
error of the demo data, raised as ValueError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import orjson

from mockcw.catalogue import Catalogue, Field, Model
from mockcw.engine.forms import Forms
from mockcw.engine.references import fill, singular
from mockcw.engine.verbs import Engine
from mockcw.engine.writer import PARAMETER, TOP
from mockcw.store import EVERYTHING

Record = dict[str, Any]
LABELS = ("name", "identifier", "description", "currencyIdentifier", "username")
ORDERS = ("addAll", "removeAll", "setAll", "copy")  # flags that tell the server to do something; no record keeps them
FORMS_KEPT = 50_000
WRITTEN_AT = 2000  # rows of one collection that wait in memory at most


@dataclass(frozen=True, slots=True)
class Layout:
    """How records with the same fields are written: the order of the fields, and which of them refer to records.

    With each reference comes the dictionary of the forms made so far for its model.
    """

    order: tuple[str, ...]
    values: Callable[[Record], tuple[Any, ...]]
    references: tuple[tuple[str, Field, dict[int, orjson.Fragment]], ...]
    nested: tuple[tuple[str, Model], ...]


@dataclass(slots=True)
class Sheet:
    """One collection on its way into the store."""

    key: str
    model: Model
    references: Mapping[str, Field]
    ties: tuple[tuple[str, int], ...]
    flags: Mapping[str, bool]
    links: tuple[tuple[str, str, int], ...]
    depth: int
    sisters: tuple[str, ...]  # collections of the same numbering
    next: int
    layouts: dict[tuple[str, ...], Layout] = field(default_factory=dict)
    waiting: dict[int, tuple[int, bytes, Record | None]] = field(default_factory=dict)  # parent, text, what it shows
    labels: dict[tuple[int, str], int] = field(default_factory=dict)


class Ledger:
    """Gathers records and writes them in bulk; use it inside a transaction of the store, and `flush` it at the end."""

    def __init__(self, engine: Engine) -> None:
        self.store = engine.store
        self.now = engine.now()
        self._catalogue = engine.catalogue
        self._shapes = Forms(engine.catalogue)
        self._inside = inside(engine.catalogue)
        self._sheets: dict[str, Sheet] = {}
        self._forms: dict[str, dict[int, orjson.Fragment]] = {}
        self._targets: dict[str, Mapping[str, Field]] = {}

    # -- writing -----------------------------------------------------------------------------------------------

    def put(
        self,
        collection: str,
        record: Mapping[str, Any],
        *,
        parent: int = TOP,
        entered: str = "",
        updated: str = "",
        by: str = "System",
        whole: bool = False,
    ) -> int:
        """Add a record; its id comes back. `entered` and `updated` are moments as the API writes them.

        `whole` fills flags left out with false, as setup rows show them.
        """
        sheet = self.sheet(collection)
        record_id = self.reserve(sheet)
        values: Record = {**sheet.flags, **record} if whole else dict(record)
        first = entered or self.now
        info = {"lastUpdated": updated or first, "updatedBy": by, "dateEntered": first, "enteredBy": by}
        line = self._line(sheet, parent) if sheet.depth else ()
        for name, level in sheet.ties:
            values[name] = line[level]
        for name, template, depth in sheet.links:
            info[name] = self.store.root + template % (*line, record_id)[-depth:]
        values["id"], values["_info"] = record_id, info
        self.keep(sheet, record_id, parent, self._text(sheet, values, parent), values)
        return record_id

    def reserve(self, sheet: Sheet) -> int:
        """The id of a record about to be kept."""
        record_id = sheet.next
        sheet.next += 1
        for sister in sheet.sisters:
            if sister in self._sheets:
                self._sheets[sister].next = sheet.next
        return record_id

    def keep(self, sheet: Sheet, record_id: int, parent: int, text: bytes, shown: Record | None) -> None:
        """Let a finished text wait to be written; `shown` are its values for those who refer to it."""
        sheet.waiting[record_id] = parent, text, shown
        if len(sheet.waiting) >= WRITTEN_AT:
            self._write(sheet)

    def blueprint(
        self, sheet: Sheet, record: Record, gap: Callable[[str], str], blank: Callable[[str], orjson.Fragment]
    ) -> bytes:
        """The text of a record that is not known yet, at top level or one level below.

        `gap` and `blank` make what stands for parts of texts and for values to come: id, parent, tie (the reference
        to the record it lives in), entered, updated and by.
        """
        values = {**record, **{name: blank("tie") for name, _ in sheet.ties}, "id": blank("id")}
        info = {"lastUpdated": gap("updated"), "updatedBy": gap("by"), "dateEntered": gap("entered")}
        info["enteredBy"] = gap("by")
        for name, template, depth in sheet.links:
            info[name] = self.store.root + template.replace("%d", "%s") % (gap("parent"), gap("id"))[-depth:]
        return self._text(sheet, {**values, "_info": info}, TOP)

    def tie(self, sheet: Sheet, parent: int) -> str:
        """The JSON text of a nested record's reference to the record it lives in, null where its model has none."""
        one = sheet.references[sheet.ties[0][0]] if sheet.ties else None
        return orjson.dumps(self._form(one, parent) if one else None).decode()

    def texts(self, collection: str, record: Record) -> dict[str, str]:
        """The JSON texts of single fields, references expanded."""
        sheet = self.sheet(collection)
        fields = sheet.references
        return {
            name: orjson.dumps(
                self._expanded(sheet, fields[name], value, record, TOP) if name in fields else value
            ).decode()
            for name, value in record.items()
        }

    def amend(self, collection: str, record_id: int, values: Mapping[str, Any]) -> None:
        """Set fields of a record that is there already."""
        sheet = self.sheet(collection)
        parent, doc = self._found(sheet, record_id)
        new = {**orjson.loads(doc), **values}
        text = self._text(sheet, new, parent)
        if record_id in sheet.waiting:
            sheet.waiting[record_id] = parent, text, new
        else:
            self.store.update(collection, record_id, text)

    def flush(self) -> None:
        """Write everything that waits."""
        for sheet in self._sheets.values():
            self._write(sheet)

    def _write(self, sheet: Sheet) -> None:
        if sheet.waiting:
            rows = ((number, parent, text) for number, (parent, text, _) in sheet.waiting.items())
            self.store.insert_many(sheet.key, rows)
            sheet.waiting.clear()

    # -- reading -----------------------------------------------------------------------------------------------

    def record(self, collection: str, record_id: int) -> Record:
        """A record as it is stored. Raises ValueError."""
        record: Record = orjson.loads(self._found(self.sheet(collection), record_id)[1])
        return record

    def records(self, collection: str, parent: int | None = None) -> list[Record]:
        """The records of a collection as they are stored."""
        self._write(self.sheet(collection))
        return [orjson.loads(doc) for _, doc in self.store.rows(collection, EVERYTHING, parent=parent)]

    def find(self, collection: str, label: str, parent: int = TOP) -> int:
        """The id of the record with this name, identifier or description. Raises ValueError."""
        sheet = self.sheet(collection)
        found = sheet.labels.get((parent, label))
        if found is None:
            for record_id, record_parent, doc in self._rows(sheet):
                record = orjson.loads(doc)
                for name in LABELS:
                    if name in record:
                        sheet.labels.setdefault((record_parent, str(record[name])), record_id)
                        sheet.labels.setdefault((TOP, str(record[name])), record_id)
            found = sheet.labels.get((parent, label))
        if found is None:
            raise ValueError(f"{collection} has no {label!r}")
        return found

    def _rows(self, sheet: Sheet) -> Iterator[tuple[int, int, bytes]]:
        """Id, parent and text of all records of a collection, written or not."""
        for record_id, doc in self.store.rows(sheet.key, EVERYTHING):
            yield record_id, self.store.parent_of(sheet.key, record_id) or TOP, doc
        for record_id, (parent, doc, _) in sheet.waiting.items():
            yield record_id, parent, doc

    def _found(self, sheet: Sheet, record_id: int) -> tuple[int, bytes]:
        """Parent and text of a record. Raises ValueError."""
        waiting = sheet.waiting.get(record_id)
        if waiting is not None:
            return waiting[0], waiting[1]
        doc = self.store.get(sheet.key, record_id)
        if doc is None:
            raise ValueError(f"{sheet.key} has no record {record_id}")
        return self.store.parent_of(sheet.key, record_id) or TOP, doc

    def child(self, collection: str, name: str) -> str:
        """The key of the collection called `name` inside a record of `collection`; a whole key stays as it is."""
        if "{" in name:
            return name
        start = collection.split("{")[0]
        for key in self._inside.get(collection, ()):
            if key.endswith(name) and key.startswith(start):
                return key
        raise ValueError(f"no collection {name} inside {collection}")

    def label(self, collection: str) -> str:
        """The field that a record of the collection is known by."""
        fields = self.sheet(collection).model.fields
        return next((name for name in (*LABELS, "value") if name in fields), "id")

    # -- form --------------------------------------------------------------------------------------------------

    def sheet(self, collection: str) -> Sheet:
        """What is known of a collection."""
        sheet = self._sheets.get(collection)
        if sheet is None:
            row = self._catalogue.row(collection)
            model = self._catalogue.model(row.model)
            references = self._references(model)
            flags = [
                name for name, one in model.fields.items() if one.type == "boolean" and not name.startswith(ORDERS)
            ]
            links = ((key, PARAMETER.sub("%d", key)) for key in self._inside.get(collection, ()))
            sheet = self._sheets[collection] = Sheet(
                key=collection,
                model=model,
                references=references,
                ties=tuple(self._ties(references, row.parents)),
                flags=dict.fromkeys(flags, False),
                links=tuple((f"{key.rsplit('/', 1)[-1]}_href", path, path.count("%d")) for key, path in links),
                depth=len(row.parents),
                sisters=tuple(one for one in self._catalogue.numbered_with(collection) if one != collection),
                next=self._next(collection),
            )
        return sheet

    def _next(self, collection: str) -> int:
        """The first free number of a collection and those it shares its numbering with."""
        group = self._catalogue.numbered_with(collection)
        begun = (self._sheets[one].next for one in group if one in self._sheets)
        return max(*map(self.store.next_id, group), *begun, 1)

    def _references(self, model: Model) -> Mapping[str, Field]:
        """The fields of a model that refer to records."""
        known = self._targets.get(model.name)
        if known is None:
            known = self._targets[model.name] = {
                name: one for name, one in model.fields.items() if one.ref and self._target(one)
            }
        return known

    def _target(self, one: Field) -> str | None:
        if one.ref is None or not one.ref.endswith("Reference"):
            return None
        return self._catalogue.collection_of_reference(one.ref)

    def _ties(self, references: Mapping[str, Field], parents: tuple[str, ...]) -> Iterator[tuple[str, int]]:
        """The fields by which a nested record refers to the records it lives in, with their level from outside."""
        for level, outer in enumerate(parents):
            found = [one.name for one in references.values() if one.type == "ref" and self._target(one) == outer]
            yield from ((name, level) for name in found[:1])

    def _line(self, sheet: Sheet, parent: int) -> tuple[int, ...]:
        """The ids of the records that enclose one whose innermost parent is `parent`, outermost first."""
        if sheet.depth == 1:
            return (parent,)
        outer = self.sheet(self._catalogue.row(sheet.key).parents[-1])
        return (*self._line(outer, self._found(outer, parent)[0]), parent)

    def _layout(self, sheet: Sheet, names: tuple[str, ...]) -> Layout:
        layout = sheet.layouts.get(names)
        if layout is None:
            fields = sheet.model.fields
            unknown = [name for name in names if name not in fields and name not in ("id", "_info")]
            if unknown:
                raise ValueError(f"{sheet.key} has no field {', '.join(unknown)}")
            kept = [name for name, one in fields.items() if one.answered and name in names]
            order = tuple(kept if "_info" in kept else [*kept, "_info"])
            references = [(name, sheet.references[name]) for name in names if name in sheet.references]
            layout = sheet.layouts[names] = Layout(
                order=order,
                values=itemgetter(*order),
                references=tuple((name, one, self._forms.setdefault(one.ref or "", {})) for name, one in references),
                nested=tuple(self._nested(fields, names)),
            )
        return layout

    def _nested(self, fields: Mapping[str, Field], names: tuple[str, ...]) -> Iterator[tuple[str, Model]]:
        """The fields whose values are lists of records of another model, such as a contact's communication items."""
        for name in names:
            one = fields.get(name)
            if one and one.ref and one.type == "array" and not one.ref.endswith("Reference"):
                yield name, self._catalogue.model(one.ref)

    def _text(self, sheet: Sheet, values: Record, parent: int) -> bytes:
        """A record as it is kept: references expanded, fields in the model's order, no nulls, no secrets."""
        if None in values.values():
            values = {name: value for name, value in values.items() if value is not None}
        layout, full = self._layout(sheet, tuple(values)), dict(values)
        for name, one, known in layout.references:
            value = values[name]
            form = known.get(value) if type(value) is int else None
            full[name] = form if form is not None else self._expanded(sheet, one, value, values, parent)
        for name, model in layout.nested:
            if isinstance(values[name], list):
                full[name] = [self._inner(model, item) for item in values[name]]
        return orjson.dumps(dict(zip(layout.order, layout.values(full), strict=True)))

    def _expanded(self, sheet: Sheet, one: Field, value: Any, given: Record, parent: int) -> Any:
        """The stored form of a reference, or of a list of them, however it was given."""
        if isinstance(value, list):
            return [self._form(one, item) for item in value]
        return self._form(one, self._named(sheet, one, value, given, parent) if isinstance(value, str) else value)

    def _inner(self, model: Model, item: Any) -> Any:
        if isinstance(item, orjson.Fragment):
            return item
        targets = self._references(model)
        return {name: self._form(targets[name], one) if name in targets else one for name, one in item.items()}

    def _named(self, sheet: Sheet, one: Field, label: str, given: Record, parent: int) -> int:
        """The id behind a name; for a target inside another record, within the one that this record refers to."""
        target = self._target(one) or ""
        outer = self._catalogue.row(target).parents
        if not outer:
            return self.find(target, label)
        for name, other in sheet.references.items():
            value = given.get(name)
            if value is not None and self._target(other) == outer[-1]:
                return self.find(target, label, value if isinstance(value, int) else self.find(outer[-1], value))
        return self.find(target, label, parent if sheet.key.startswith(outer[-1]) else TOP)

    def _form(self, one: Field, value: Any) -> Any:
        if not isinstance(value, int):
            return value  # a form already
        known = self._forms.setdefault(one.ref or "", {}).get(value)
        return known if known is not None else self._new_form(one.ref or "", self._target(one) or "", value)

    def _new_form(self, reference: str, target: str, number: int) -> orjson.Fragment:
        target = self._place(target, number)
        sheet = self.sheet(target)
        parent, record = self._shown_record(sheet, reference, number)
        path = fill(target, self._line(sheet, parent)) if sheet.depth else target
        form: Record = {"id": number, **self._shapes.shown(reference, record)}
        if self._catalogue.has_get(target):
            form["_info"] = {f"{singular(target)}_href": f"{self.store.root}{path}/{number}"}
        known = self._forms[reference]
        if len(known) >= FORMS_KEPT:
            known.clear()
        fragment = known[number] = orjson.Fragment(orjson.dumps(form))
        return fragment

    def _place(self, target: str, number: int) -> str:
        """Of the collections that share a numbering, the one that holds the number."""
        group = self._catalogue.numbered_with(target)
        if len(group) == 1:
            return target
        held = (one for one in group if number in self.sheet(one).waiting or self.store.get(one, number))
        return next(held, target)

    def _shown_record(self, sheet: Sheet, reference: str, number: int) -> tuple[int, Record]:
        """Parent and fields of a record that a reference shows; a waiting one is not read back from its text."""
        parent, _, shown = sheet.waiting.get(number, (TOP, b"", None))
        if shown is not None and not sheet.references.keys() & self._catalogue.model(reference).fields.keys():
            return parent, shown
        parent, doc = self._found(sheet, number)
        return parent, orjson.loads(doc)


def inside(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """The collections that lie inside the records of each collection."""
    found: dict[str, tuple[str, ...]] = {}
    for row in catalogue.rows():
        if row.parents:
            found[row.parents[-1]] = (*found.get(row.parents[-1], ()), row.key)
    return found
