"""Time entries and sheets, work roles, charge codes, time periods."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule
from mockcw.rules.time import admission, apimembers, changelogs, entries, periods, sheets

RULES: tuple[Rule, ...] = (
    *admission.FIRST_RULES,
    *entries.RULES,
    *admission.RULES,
    *apimembers.RULES,
    *changelogs.RULES,
    *periods.RULES,
)
ACTIONS: tuple[Action, ...] = (*entries.ACTIONS, *sheets.ACTIONS, *changelogs.ACTIONS, *periods.ACTIONS)
VIEWS: tuple[View, ...] = (*periods.VIEWS,)
