"""Companies, their sites, contacts and configurations."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule
from mockcw.rules.company import (
    associations,
    communications,
    companies,
    configurations,
    contacts,
    m365,
    management,
    merge,
    passwords,
    pickers,
    portal,
    sites,
    statuses_types,
    teams,
)

RULES: tuple[Rule, ...] = (
    *companies.RULES,
    *sites.RULES,
    *statuses_types.RULES,
    *associations.RULES,
    *contacts.RULES,
    *communications.RULES,
    *configurations.RULES,
    *portal.RULES,
    *pickers.RULES,
    *teams.RULES,
)
ACTIONS: tuple[Action, ...] = (
    *merge.ACTIONS,
    *associations.ACTIONS,
    *contacts.ACTIONS,
    *passwords.ACTIONS,
    *portal.ACTIONS,
    *configurations.ACTIONS,
    *management.ACTIONS,
    *m365.ACTIONS,
    *pickers.ACTIONS,
)
VIEWS: tuple[View, ...] = (*associations.VIEWS, *portal.VIEWS, *management.VIEWS, *m365.VIEWS)
