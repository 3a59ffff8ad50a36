"""Catalogue, products, purchase orders, stock."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule
from mockcw.rules.procurement import adjustments, catalog, copies, counts, orders, pricing, products, stock, vendors

RULES: tuple[Rule, ...] = (*adjustments.RULES, *catalog.RULES, *orders.RULES, *products.RULES)
ACTIONS: tuple[Action, ...] = (
    *adjustments.ACTIONS,
    *copies.ACTIONS,
    *counts.ACTIONS,
    *orders.ACTIONS,
    *pricing.ACTIONS,
    *products.ACTIONS,
    *stock.ACTIONS,
    *vendors.ACTIONS,
)
VIEWS: tuple[View, ...] = (*stock.VIEWS,)
