"""Schedule entries, calendars, holiday lists, colours."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule
from mockcw.rules.schedule import calendars, entries

RULES: tuple[Rule, ...] = (*entries.RULES,)
ACTIONS: tuple[Action, ...] = (*entries.ACTIONS, *calendars.ACTIONS)
VIEWS: tuple[View, ...] = (*entries.VIEWS,)
