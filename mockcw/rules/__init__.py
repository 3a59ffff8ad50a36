"""Everything irregular: what records of a collection do beyond the generic verbs. A rule decides, the engine writes."""

from mockcw.engine.change import Rulebook
from mockcw.rules.company import companies, sites, statuses_types
from mockcw.rules.system import info, members, securityroles
from mockcw.rules.unserved import UNSERVED

FAMILIES = (companies, sites, statuses_types, members, securityroles)


def rulebook() -> Rulebook:
    """All rules and actions, in the order their files list them."""
    return Rulebook(
        rules=tuple(rule for family in FAMILIES for rule in family.RULES),
        actions=info.ACTIONS,
        unserved=UNSERVED,
    )


__all__ = ["rulebook"]
