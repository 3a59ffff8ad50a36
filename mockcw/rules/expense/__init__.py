"""Expense entries and reports."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule
from mockcw.rules.approval import Sheets, approval
from mockcw.rules.expense import entries

RULES: tuple[Rule, ...] = (*entries.RULES,)
ACTIONS: tuple[Action, ...] = approval(
    Sheets(entries.REPORTS, entries.ENTRIES, "expenseReport", "Expense Report"), "postExpenseReportsById"
)
VIEWS: tuple[View, ...] = ()
