"""Agreements and their additions: what bills today, and what a change of products would make of it.

`scan` reads, `mapping` says what becomes of a product, `plan` works out each line, `planfile` keeps a plan, `compare`
holds a kept plan against what the server has now. Knows how to read; nothing in here writes to a server.
"""
