"""All the parameters of a list, read at once: the one call of the pipeline. Knows no HTTP beyond a map of names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mockcw.catalogue import Catalogue, Model
from mockcw.errors import ApiFindCondition
from mockcw.query.bind import all_of, child_conditions, conditions, custom_field_conditions
from mockcw.query.order import order_by
from mockcw.query.paging import Page, page
from mockcw.query.selection import Selection, fields
from mockcw.query.settings import DEFAULTS, QuerySettings
from mockcw.query.tree import Node, Order


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list asks for; `selection` None answers whole records."""

    where: Node
    order: tuple[Order, ...]
    selection: Selection | None
    page: Page


def list_query(
    params: Mapping[str, str],
    model: Model,
    catalogue: Catalogue,
    *,
    forward_only: bool,
    settings: QuerySettings = DEFAULTS,
) -> ListQuery:
    """Read the parameters of a list of `model`; their names must be in small letters.

    Raises:
        ApiFindCondition: one of them cannot be understood.
    """
    return ListQuery(
        where(params, model, catalogue, settings),
        _order(params.get("orderby", ""), model, catalogue, forward_only, settings),
        fields(params.get("fields", ""), model, catalogue, settings),
        page(params, forward_only, settings),
    )


def where(params: Mapping[str, str], model: Model, catalogue: Catalogue, settings: QuerySettings = DEFAULTS) -> Node:
    """All three sorts of conditions together: what `/count` needs.

    Raises:
        ApiFindCondition: one of them cannot be understood.
    """
    operands: list[Node] = []
    if text := params.get("conditions"):
        operands.append(conditions(text, model, catalogue, settings))
    if text := params.get("childconditions"):
        operands.append(child_conditions(text, model, catalogue, settings))
    if text := params.get("customfieldconditions"):
        operands.append(custom_field_conditions(text, settings))
    return all_of(operands)


def _order(
    text: str, model: Model, catalogue: Catalogue, forward_only: bool, settings: QuerySettings
) -> tuple[Order, ...]:
    """Forward-only paging has its own order, by id (documented)."""
    if not forward_only:
        return order_by(text, model, catalogue, settings)
    if text.strip() and settings.forward_only_order == "refuse":
        raise ApiFindCondition(settings.forward_only_order_text)
    return ()
