"""The memory of the house: SQLAlchemy tables, on SQLite by default, on PostgreSQL where one is given.

Knows tables, rows and transactions; does not know the wire, nor what a profile is.
"""
