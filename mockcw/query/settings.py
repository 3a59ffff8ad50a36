"""The choices this room makes where the real API has not been seen: one named, marked default each.

Knows no other room; `mockcw.settings` embeds it. The mark beside each default says how good its evidence is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class QuerySettings:
    """Defaults and open questions of the query language; texts take the named fields in braces.

    Attributes:
        conditions_limit: longest condition, order or field list in characters; longer ones are refused.
        nesting_limit: deepest nesting of parentheses and `not`.
        comparisons_limit: most comparisons of one condition; values of an `in` do not count.
        path_limit: most names in one path.
        pattern_limit: longest `like` or `contains` text in characters.
        order_limit: most fields of one orderBy.
        syntax_text: answer to a text that cannot be parsed; `parameter`, `reason`, `position`.
        in_refused_text: answer to `in` where it is not offered; `parameter`.
        like_wildcards: characters that stand for any run of characters in `like`.
        like_single_wildcards: characters that stand for one character in `like`.
        bracket_escape: whether `[[]` stands for a bracket in `like` and `contains`.
        date_offsets: whether a date literal may carry an offset other than Z.
        textual_dates: whether a date literal may be compared with a text field that is not declared as a date.
        absent_differs: whether `!=`, `not like`, `not contains`, `not in` return records without the field.
        many_valued: what a name that leads into an array does in `conditions`.
        unknown_fields: what an unknown name in `fields` does.
        page_size_default: records of a page when none are asked for.
        page_size_limit: most records of a page; more are silently capped.
        page_size_text: answer to a pageSize that is not a number of at least 1; `value`.
        page_text: answer to a page that is not a number of at least 1; `value`.
        page_id_text: answer to a pageId that is not a number of at least 0; `value`.
        forward_only_order: what an orderBy does under forward-only paging.
        forward_only_order_text: the answer where it is refused.
        forward_only_end: the Link of the last forward-only page: an empty value, or the current pageId again.
        link_order: order of the links of a page.
    """

    conditions_limit: int = 65_536  # assumed
    nesting_limit: int = 16  # assumed; bounded by what SQLite parses
    comparisons_limit: int = 1_000  # assumed; SQLite plans them in quadratic time
    path_limit: int = 8  # assumed
    pattern_limit: int = 4_000  # assumed, after SQL Server's documented limit of a LIKE pattern
    order_limit: int = 32  # assumed
    syntax_text: str = "{parameter} could not be understood at position {position}: {reason}."  # assumed
    in_refused_text: str = "The in operator is not supported in {parameter}."  # rule documented, text assumed
    like_wildcards: str = "%*"  # conflict in the sources, both accepted
    like_single_wildcards: str = ""  # assumed
    bracket_escape: bool = True  # documented
    date_offsets: bool = True  # conflict: a live client sends them, the guide advises against
    textual_dates: bool = (
        True  # assumed: a hundred published date fields (Ticket.closedDate) are declared as plain text
    )
    absent_differs: bool = False  # assumed, after SQL
    many_valued: Literal["refuse", "nothing"] = "refuse"  # captured; one source reports silence
    unknown_fields: Literal["ignore", "refuse"] = "ignore"  # captured; one source reports a refusal
    page_size_default: int = 25  # documented
    page_size_limit: int = 1_000  # documented, the silent cap reported
    page_size_text: str = "pageSize must be a whole number of at least 1."  # assumed
    page_text: str = "page must be a whole number of at least 1."  # assumed
    page_id_text: str = "pageId must be a whole number of at least 0."  # assumed
    forward_only_order: Literal["ignore", "refuse"] = "ignore"  # documented as not allowed; ignoring is assumed
    forward_only_order_text: str = "orderBy cannot be used with forward-only pagination."  # assumed
    forward_only_end: Literal["empty", "repeat"] = "empty"  # documented; one capture repeats on some endpoints
    link_order: tuple[str, ...] = ("prev", "first", "next", "last")  # first and last page captured, middle assumed


DEFAULTS = QuerySettings()
