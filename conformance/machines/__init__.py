"""The state machines: programs of changes, the subject's work after them, and the oracle's word on it."""
