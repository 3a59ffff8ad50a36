"""The oracles: what has to hold, as plain dicts written from the requirements."""
