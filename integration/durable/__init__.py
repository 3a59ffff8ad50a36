"""Work that outlives its process: one run at a time for each connection, taken up again where it stopped.

Knows locks and the DBOS workflow engine, whose singletons stay in `host`; does not know what the work is.
"""
