"""The integration core: connects to a ConnectWise PSA server, keeps a mirror of it, matches it to a vendor's own data.

Knows the wire through `connect`, its memory through `store`, and vendors as values; does not know that an emulator or
a judge exists.
"""
