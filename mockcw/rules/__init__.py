"""Everything irregular: what records do beyond the generic verbs. A rule decides, the engine writes."""

from mockcw.engine.rulebook import Rulebook
from mockcw.rules import (
    company,
    expense,
    finance,
    marketing,
    procurement,
    project,
    rights,
    sales,
    schedule,
    service,
    setuprows,
    system,
    time,
)

MODULES = (company, expense, finance, marketing, procurement, project, sales, schedule, service, system, time)


def rulebook() -> Rulebook:
    """All rules, actions and views, in the order their files list them; what needs a right is asked first."""
    return Rulebook(
        rules=(*rights.RULES, *setuprows.RULES, *(rule for module in MODULES for rule in module.RULES)),
        actions=tuple(action for module in MODULES for action in module.ACTIONS),
        views=tuple(view for module in MODULES for view in module.VIEWS),
    )


__all__ = ["rulebook"]
