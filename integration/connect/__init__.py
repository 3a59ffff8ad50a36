"""Connections to a ConnectWise PSA server: one call is send -> auth -> retry -> once.

Knows HTTP, TLS, addresses, paging headers and credentials; does not know what a company or a profile is, nor where
anything is kept.
"""
