"""Who may do what: roles, structure levels, and decisions that carry their reason. Knows no HTTP."""

from mockcw.permissions.actor import Actor, Structure
from mockcw.permissions.decide import Decision, decide, decide_right
from mockcw.permissions.rights import Right, also_needed, masks_of, rights
from mockcw.permissions.roles import LEVELS, Levels, Role
from mockcw.permissions.scopes import visible

__all__ = [
    "LEVELS",
    "Actor",
    "Decision",
    "Levels",
    "Right",
    "Role",
    "Structure",
    "also_needed",
    "decide",
    "decide_right",
    "masks_of",
    "rights",
    "visible",
]
