"""The sync core: a declared stream is read page by page into the mirror, then matched to the vendor's own records.

Knows streams and filters as values, and the order of a run; does not know any vendor by name.
"""
