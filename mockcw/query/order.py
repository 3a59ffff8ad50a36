"""orderBy: `field [asc|desc]`, reference paths allowed (captured), several by comma (assumed). Knows no SQL."""

from __future__ import annotations

from mockcw.catalogue import Catalogue, Model
from mockcw.errors import ApiFindCondition
from mockcw.query import names
from mockcw.query.bind import check_text, syntax_refusal
from mockcw.query.settings import DEFAULTS, QuerySettings
from mockcw.query.syntax import ConditionSyntax
from mockcw.query.tree import Kind, Order

DIRECTIONS = {"asc": False, "desc": True}


def order_by(text: str, model: Model, catalogue: Catalogue, settings: QuerySettings = DEFAULTS) -> tuple[Order, ...]:
    """Bind an orderBy to a model; a field named twice counts where it stands first; an empty text is no order.

    Raises:
        ApiFindCondition: a name is not recognized, or a key is not `field [asc|desc]`.
    """
    if not text.strip():
        return ()
    check_text(text, "orderBy", settings)
    orders: dict[tuple[str, ...], Order] = {}
    position = 1
    for key in text.split(","):
        name, descending = _key(key, position, settings)
        target = names.field(name, model, catalogue, settings.path_limit)
        if target.kind is Kind.REFERENCE:
            raise names.unrecognized(name)
        orders.setdefault(target.path, Order(target.path, target.kind, descending))
        if len(orders) > settings.order_limit:
            raise _refusal("too many fields", position, settings)
        position += len(key) + 1
    return tuple(orders.values())


def _key(key: str, position: int, settings: QuerySettings) -> tuple[str, bool]:
    words = key.split()
    if len(words) == 1:
        return words[0], False
    if len(words) == 2 and words[1].lower() in DIRECTIONS:
        return words[0], DIRECTIONS[words[1].lower()]
    raise _refusal("a field and asc or desc expected", position, settings)


def _refusal(reason: str, position: int, settings: QuerySettings) -> ApiFindCondition:
    return syntax_refusal("orderBy", settings, ConditionSyntax(reason, position))
