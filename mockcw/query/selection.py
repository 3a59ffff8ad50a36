"""fields: which members of a record are answered. Knows records as plain JSON objects, no SQL and no pages.

Nesting stays as it is and only what was asked for comes back, `_info` too (captured for the outer `_info`, assumed
inside references). Unknown names are ignored (captured); refusing them is a setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from mockcw.catalogue import Catalogue, Model
from mockcw.query import names
from mockcw.query.bind import check_text
from mockcw.query.settings import DEFAULTS, QuerySettings

Json: TypeAlias = dict[str, object]
Chosen: TypeAlias = "Mapping[str, Chosen | None]"
"""Names in small letters; None where the whole member is wanted."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The members to answer, as a tree of names."""

    chosen: Chosen

    def apply(self, doc: Json) -> Json:
        """A new object with the chosen members of `doc`, in its order; members asked for but not there are left out."""
        return _projected(doc, self.chosen)


def fields(
    text: str, model: Model | None = None, catalogue: Catalogue | None = None, settings: QuerySettings = DEFAULTS
) -> Selection | None:
    """Read a `fields` list; None where nothing is chosen, so that whole records are answered.

    Model and catalogue are needed only to refuse unknown names.

    Raises:
        ApiFindCondition: the text is too long, or a name is unknown and the setting is to refuse it.
    """
    check_text(text, "fields", settings)
    chosen: dict[str, Chosen | None] = {}
    for name in filter(None, map(str.strip, text.split(","))):
        parts = name.lower().split("/")
        if len(parts) > settings.path_limit:
            continue
        if settings.unknown_fields == "refuse" and model and catalogue and not known(parts, model, catalogue):
            raise names.unrecognized(name)
        _choose(parts, chosen)
    return Selection(MappingProxyType(chosen)) if text.strip(", ") else None


def _choose(parts: list[str], chosen: dict[str, Chosen | None]) -> None:
    """Add one path; a member wanted whole stays whole."""
    here = chosen
    for part in parts[:-1]:
        inner = here.setdefault(part, {})
        if not isinstance(inner, dict):
            return
        here = inner
    here[parts[-1]] = None


def known(parts: list[str], model: Model, catalogue: Catalogue) -> bool:
    """Whether the names of a path, from the outside in, are members of a model and of what it refers to."""
    here: Model | None = model
    for index, part in enumerate(parts):
        found = here.find(part) if here else None
        if found is None:
            return index == 1 and parts[0] == "_info"
        here = catalogue.model(found.ref) if found.ref else None
    return True


def _projected(doc: Json, chosen: Chosen) -> Json:
    answer: Json = {}
    for name, value in doc.items():
        lowered = name.lower()
        if lowered not in chosen:
            continue
        inner = chosen[lowered]
        if inner is None:
            answer[name] = value
        elif isinstance(value, dict):
            if kept := _projected(value, inner):
                answer[name] = kept
        elif isinstance(value, list):
            answer[name] = [_projected(each, inner) for each in value if isinstance(each, dict)]
    return answer
