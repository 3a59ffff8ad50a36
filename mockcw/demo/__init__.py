"""Seeded demo data and the ready-made members. The same size and seed give the same records."""

from mockcw.demo.members import Credentials, issue_key
from mockcw.demo.plan import SIZES, Plan, plan_of

__all__ = ["SIZES", "Credentials", "Plan", "issue_key", "plan_of"]
