"""Whether an API member may be the member of a time entry.

Sources disagree: one integration was refused with the text of the setting, the guide of another posts its time as the
API member. So it is the setting `api_member_time`; the status of the refusal was not recorded.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Rule, WriteVerb
from mockcw.errors import BadRequest, SecurityRefusal
from mockcw.rules.time.sheets import ENTRIES

MEMBERS = "/system/members"
API_ONLY = "A"  # the license class
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})


def person(change: Change) -> Iterator[Effect]:
    """The member of an entry, given or taken from who writes, is no API member where the setting says so."""
    choices, member = change.choices, change.after.get("member") or {}
    moved = member.get("id") != ((change.before or {}).get("member") or {}).get("id")
    if choices.api_member_time == "refuse" and moved:
        found = change.look.get(MEMBERS, member["id"]) or {}
        if found.get("licenseClass") == API_ONLY:
            kind = BadRequest if choices.api_member_time_status == 400 else SecurityRefusal
            said = f"setting api_member_time: {found['identifier']} is an API member and has no time"
            raise kind(choices.api_member_time_message, reason=said)
    return iter(())


RULES = (Rule("time-entry.person", ENTRIES, WRITES, person, "documented", "API members may have no time."),)
