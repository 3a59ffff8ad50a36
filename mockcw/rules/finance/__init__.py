"""Agreements, invoices, accounting."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule
from mockcw.rules.finance import additions, agreements, batches, commissions, copies, invoices, recap, unposted

RULES: tuple[Rule, ...] = (*agreements.RULES, *additions.RULES, *invoices.RULES)
ACTIONS: tuple[Action, ...] = (
    *agreements.ACTIONS,
    *batches.ACTIONS,
    *commissions.ACTIONS,
    *copies.ACTIONS,
    *invoices.ACTIONS,
)
VIEWS: tuple[View, ...] = (*agreements.VIEWS, *recap.VIEWS, *unposted.VIEWS)
