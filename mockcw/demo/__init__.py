"""Seeded demo data and the ready-made members. The same size and seed give the same records."""

from mockcw.demo.build import SIZES, build
from mockcw.demo.members import Credentials, issue_key

__all__ = ["SIZES", "Credentials", "build", "issue_key"]
