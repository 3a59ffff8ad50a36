"""The query language of lists: text to tree to SQL, for every collection at once, and both kinds of paging.

Knows the catalogue's names and the shape in which the store keeps records; knows no HTTP framework, no single
resource, and runs no SQL.
"""

from mockcw.query.bind import all_of, any_of, child_conditions, conditions, custom_field_conditions
from mockcw.query.covered import covered, covered_order
from mockcw.query.idle import Ground, Idle, idle_terms
from mockcw.query.order import order_by
from mockcw.query.paging import Page, link, page
from mockcw.query.request import ListQuery, list_query, where
from mockcw.query.selection import Selection, fields
from mockcw.query.settings import QuerySettings
from mockcw.query.sql import compile, compile_order
from mockcw.query.syntax import ConditionSyntax, parse
from mockcw.query.tree import Always, And, Compare, InList, Kind, Never, Node, Not, Or, Order, Some

__all__ = [
    "Always",
    "And",
    "Compare",
    "ConditionSyntax",
    "Ground",
    "Idle",
    "InList",
    "Kind",
    "ListQuery",
    "Never",
    "Node",
    "Not",
    "Or",
    "Order",
    "Page",
    "QuerySettings",
    "Selection",
    "Some",
    "all_of",
    "any_of",
    "child_conditions",
    "compile",
    "compile_order",
    "conditions",
    "covered",
    "covered_order",
    "custom_field_conditions",
    "fields",
    "idle_terms",
    "link",
    "list_query",
    "order_by",
    "page",
    "parse",
    "where",
]
