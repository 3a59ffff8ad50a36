"""Opportunities, orders, activities."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule

RULES: tuple[Rule, ...] = ()
ACTIONS: tuple[Action, ...] = ()
VIEWS: tuple[View, ...] = ()
