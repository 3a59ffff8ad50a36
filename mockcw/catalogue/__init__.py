"""What the API is, as data: operations, models, collections, references, role rows.

Knows no HTTP framework and no store, and decides nothing: it only says what is published.
"""

from mockcw.catalogue.areas import Area
from mockcw.catalogue.errors import MethodNotSupported, RouteNotFound
from mockcw.catalogue.load import Catalogue, Match, load
from mockcw.catalogue.models import Field, Model
from mockcw.catalogue.operations import LIST_QUERY, Collection, Operation, PermissionRow

__all__ = [
    "LIST_QUERY",
    "Area",
    "Catalogue",
    "Collection",
    "Field",
    "Match",
    "MethodNotSupported",
    "Model",
    "Operation",
    "PermissionRow",
    "RouteNotFound",
    "load",
]
