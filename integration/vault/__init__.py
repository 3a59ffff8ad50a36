"""Credentials at rest: sealed with AES-256-GCM under a key that is not in the database.

Knows keys and sealed bytes; does not know what is sealed, nor where the sealed bytes are kept.
"""
