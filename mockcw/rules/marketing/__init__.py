"""Campaigns and groups."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule
from mockcw.rules.marketing import campaigns

RULES: tuple[Rule, ...] = ()
ACTIONS: tuple[Action, ...] = ()
VIEWS: tuple[View, ...] = (*campaigns.VIEWS,)
