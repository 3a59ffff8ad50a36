"""Stories of integrations that failed: what the records are, what happens meanwhile, and how to see who fell in.

A story is a file. `file` reads it, a `Stage` makes the emulator its state and watches, `checks` gives the verdict.
Knows the pipeline, the records and the clock; knows no client, and not what an integration is made of.
"""

from mockcw.scenario.checks import Finding, Verdict
from mockcw.scenario.file import Story, find, names, read
from mockcw.scenario.stage import Stage, put_on

__all__ = ["Finding", "Stage", "Story", "Verdict", "find", "names", "put_on", "read"]
