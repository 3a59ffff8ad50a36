"""Who may do what: roles, structure levels, and decisions that carry their reason. Knows no HTTP."""

from mockcw.permissions.actor import Actor, Structure
from mockcw.permissions.decide import Decision, decide
from mockcw.permissions.roles import LEVELS, Levels, Role

__all__ = ["LEVELS", "Actor", "Decision", "Levels", "Role", "Structure", "decide"]
