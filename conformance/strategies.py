"""What a machine draws from: names, places in a list, sets of places.

Knows Hypothesis and the limits of the record of a company; knows no program and no subject.
"""

from __future__ import annotations

from hypothesis import strategies as st

places = st.integers(min_value=0, max_value=7)
"""Which of the things there are: taken modulo their number, so that every draw means something."""

few_places = st.lists(st.integers(min_value=0, max_value=3), max_size=2, unique=True)
"""A small set of types or statuses."""

names = st.one_of(
    st.sampled_from(["Acme", "acme ", "ACME", "Ærø & Co", 'Quote "Q" Ltd', "O'Neill", "100% Cotton", "東京"]),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="\\"), min_size=1, max_size=20
    ),
)
"""Names of companies: look-alikes, quotes, wildcards, other scripts."""

hours = st.integers(min_value=1, max_value=72)
"""How far the clock is moved."""
