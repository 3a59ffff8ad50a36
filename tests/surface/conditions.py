"""Which conditions prove that a collection can be searched: one field of each type its model has.

Knows the catalogue's fields and the language of conditions; knows no server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockcw.catalogue import Field

LONG_AGO, FAR_AHEAD = "2000-01-01T00:00:00Z", "2999-01-01T00:00:00Z"
SERVER_OWNED = frozenset({"id", "_info", "customFields"})
NAMES = ("name", "identifier", "summary", "deviceIdentifier")


@dataclass(frozen=True, slots=True)
class Probe:
    """One field to search by, standing for its type; `inner` is the member of a reference."""

    kind: str
    name: str
    inner: str = ""
    settable: bool = True

    def of(self, record: Mapping[str, Any]) -> Any:
        """The field's value in a record."""
        value = record.get(self.name)
        return value.get(self.inner) if self.inner and isinstance(value, dict) else value

    def conditions(self, record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Conditions that the record meets, each with one that it does not."""
        path = f"{self.name}/{self.inner}" if self.inner else self.name
        value = self.of(record)
        if value is None:
            yield f"{path} = null", f"{path} != null"
            return
        yield f"{path} != null", f"{path} = null"
        if self.kind == "boolean":
            yield f"{path} = {str(value).lower()}", f"{path} = {str(not value).lower()}"
        elif self.kind in ("integer", "number"):
            yield f"{path} = {value}", f"{path} != {value}"
            yield f"{path} >= {value}", f"{path} < {value}"
            yield f"{path} in ({value}, -77)", f"{path} not in ({value}, -77)"
        elif self.kind == "date":
            yield f"{path} = [{value}]", f"{path} != [{value}]"
            yield f"{path} > [{LONG_AGO}]", f"{path} > [{FAR_AHEAD}]"
        elif self.kind == "enum":
            yield f'{path} = "{value}"', f'{path} != "{value}"'
        else:
            text = value.replace("\\", "\\\\").replace('"', '\\"')
            yield f'{path} = "{text}"', f'{path} != "{text}"'
            if text == value and not set(text) & set("%*[]"):
                part = text[1:] or text
                yield f'{path} like "{text[:3]}%"', f'{path} not like "{text[:3]}%"'
                yield f'{path} contains "{part}"', f'{path} not contains "{part}"'


def kind_of(one: Field) -> str | None:
    """The type a field stands for; None for those that no condition reaches."""
    if one.type == "string":
        return "enum" if one.enum else "date" if one.format else "string"
    if one.type in ("integer", "number", "boolean"):
        return one.type
    return "reference" if one.type == "ref" and one.ref and one.ref.endswith("Reference") else None


def probes(fields: Mapping[str, Field], record: Mapping[str, Any]) -> list[Probe]:
    """A field of each type: one that has a value before one that may be given one, before one that may not."""
    best: dict[str, tuple[int, Field]] = {}
    for one in fields.values():
        kind = kind_of(one)
        if kind is None or one.name in SERVER_OWNED or not one.answered:
            continue
        rank = 0 if record.get(one.name) is not None else 2 if one.read_only else 1
        if kind not in best or rank < best[kind][0]:
            best[kind] = (rank, one)
    found = [Probe("integer", "id", settable=False), Probe("date", "_info", "lastUpdated", settable=False)]
    for kind, (rank, one) in best.items():
        if kind == "reference":
            found += references(one, record, settable=rank == 1)
        else:
            found.append(Probe(kind, one.name, settable=rank == 1))
    absent = [one for one in fields.values() if kind_of(one) == "string" and one.answered and one.name not in record]
    return found + [Probe("string", absent[0].name, settable=False)] if absent else found


def references(one: Field, record: Mapping[str, Any], settable: bool) -> list[Probe]:
    """A reference is searched by its id and by what it is called."""
    shown = record.get(one.name) or {}
    called = next((name for name in NAMES if isinstance(shown.get(name), str)), None)
    found = [Probe("integer", one.name, "id", settable)]
    return [*found, Probe("string", one.name, called, settable)] if called else found


def writable_text(fields: Mapping[str, Field]) -> str | None:
    """A free text that a client may set, optional rather than required."""
    texts = [
        one
        for one in fields.values()
        if kind_of(one) == "string" and one.name not in SERVER_OWNED and one.answered and not one.read_only
    ]
    texts.sort(
        key=lambda one: (
            one.required or one.required_on_update,
            one.name.lower().endswith(("state", "date", "by", "id")),
        )
    )
    return texts[0].name if texts else None


def ascii_folded(text: str) -> str:
    """A text as the collation compares it: letters A to Z without case."""
    return "".join(chr(ord(letter) + 32) if "A" <= letter <= "Z" else letter for letter in text)
