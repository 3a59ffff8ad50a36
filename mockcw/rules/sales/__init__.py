"""Opportunities, orders, activities."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule
from mockcw.rules.sales import conversions, forecasts, opportunities, recaps

RULES: tuple[Rule, ...] = (*opportunities.RULES, *forecasts.RULES)
ACTIONS: tuple[Action, ...] = (*forecasts.ACTIONS, *conversions.ACTIONS)
VIEWS: tuple[View, ...] = (*recaps.VIEWS,)
