"""What may be chosen about callbacks and their delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mockcw.settings.setting import setting


@dataclass(frozen=True, kw_only=True)
class Callbacks:
    """Choices about callbacks and their delivery."""

    callback_url_message: str = setting("Invalid URL", "captured", "Text for a callback's url that is none.")
    callback_level_message: str = setting(
        "Unrecognized level for type, see documentation for supported levels for each type",
        "captured",
        "Text for a level that the type of a callback does not have.",
    )
    callback_type_message: str = setting(
        "Unrecognized type, see documentation for supported types", "assumed", "Text for an unknown callback type."
    )
    callback_exists_message: str = setting(
        "A matching callback entry already exists", "captured", "Text for a callback registered twice."
    )
    callback_payload_version: str = setting("3.0.0", "captured", "The payloadVersion of a callback that names none.")
    callback_appended: str = setting(
        "{id}&action={action}", "assumed", "What follows a callback's url; that id and action do is documented."
    )
    callback_nested: Literal["update", "nothing"] = setting(
        "update", "assumed", "What a write below a record (a ticket's note) is to callbacks about the record."
    )
    callback_match: Literal["after", "either"] = setting(
        "after", "assumed", "Whether a level's object must be the record's after a change, or before or after it."
    )
    callback_unnumbered: Literal["all", "none"] = setting(
        "all", "assumed", "Which records a level fits whose objects have no number: integratorTag, chargeToType."
    )
    callback_records: Literal["visible", "every"] = setting(
        "visible", "assumed", "Whether a member's callbacks are only about what the member may read."
    )
    callback_seconds: int = setting(5, "documented", "Seconds that a receiver has for its answer.")
    callback_retries: str = setting(
        "2,4", "documented", "Seconds before each retry of a delivery answered with 404, 409, 419 or 429."
    )
    callback_failing_days: int = setting(
        3, "documented", "Days of nothing but failures after which a failing delivery makes its callback inactive."
    )
    callback_hosts: str = setting(
        "", "own", "Hosts beside this machine that callbacks are sent to, separated by commas; * is every host."
    )
    callback_site: str = setting(
        "", "own", "The address that callbacks name as the sender's; empty: the one that is served."
    )
    deliveries_kept: int = setting(2000, "own", "How many callback deliveries are kept once they are over.")
