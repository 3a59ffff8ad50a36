"""Companies, their sites, contacts and configurations."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule
from mockcw.rules.company import companies, sites, statuses_types

RULES: tuple[Rule, ...] = (*companies.RULES, *sites.RULES, *statuses_types.RULES)
ACTIONS: tuple[Action, ...] = ()
VIEWS: tuple[View, ...] = ()
