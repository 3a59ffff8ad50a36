"""Members, roles, the server itself."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule
from mockcw.rules.system import info, members, securityroles

RULES: tuple[Rule, ...] = (*members.RULES, *securityroles.RULES)
ACTIONS: tuple[Action, ...] = (*info.ACTIONS,)
VIEWS: tuple[View, ...] = ()
