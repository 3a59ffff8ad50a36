"""Requests kept as data, with places for what only becomes known when they are sent.

`{name}` stands for a value that was kept, `{name?}` for one that can be done without. Knows nothing of where templates
come from nor who sends them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PLACEHOLDER = re.compile(r"\{(\w+)(\??)\}")


class Missing:
    """The value of an optional placeholder that nothing was kept for."""


MISSING = Missing()


class NotKept(Exception):
    """A template needs a value that nothing was kept for; its name is the only argument."""


def filled_in(template: Any, kept: Mapping[str, Any]) -> Any:
    """A body, query or path with its placeholders replaced; what only held missing values is left out.

    Raises NotKept for a value that cannot be done without.
    """
    if isinstance(template, str):
        return text_filled_in(template, kept)
    if isinstance(template, list):
        return [one for one in (filled_in(one, kept) for one in template) if one is not MISSING]
    if isinstance(template, dict):
        values = {name: filled_in(value, kept) for name, value in template.items()}
        present = {name: value for name, value in values.items() if value is not MISSING}
        return MISSING if values and not present else present
    return template


def text_filled_in(template: str, kept: Mapping[str, Any]) -> Any:
    """A text with its placeholders replaced; one that is nothing else keeps the type of its value."""
    for name, optional in PLACEHOLDER.findall(template):
        if name not in kept:
            if optional:
                return MISSING
            raise NotKept(name)
    whole = PLACEHOLDER.fullmatch(template)
    if whole:
        return kept[whole[1]]
    return PLACEHOLDER.sub(lambda found: str(kept[found[1]]), template)


def at(document: Any, place: str) -> Any:
    """What stands at a place such as `0.company.id` of a JSON document; None where nothing does.

    `*` stands for all items of a list: `*.id` is the list of their ids.
    """
    parts = place.split(".")
    for number, part in enumerate(parts, 1):
        if part == "*" and isinstance(document, list):
            return [at(one, ".".join(parts[number:])) for one in document] if parts[number:] else document
        if isinstance(document, list) and part.isdigit() and int(part) < len(document):
            document = document[int(part)]
        elif isinstance(document, dict):
            document = document.get(part)
        else:
            return None
    return document
