"""The audit log: every change of the configuration, in a chain in which no entry can be changed unseen.

Knows how an entry proves itself; does not know who acts, nor which actions there are.
"""
