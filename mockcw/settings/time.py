"""What may be chosen about time entries, sheets and reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mockcw.settings.setting import setting


@dataclass(frozen=True, kw_only=True)
class Time:
    """Choices about time entries, sheets and reports."""

    approval_message: str = setting(
        "{caption} cannot go on from the status {status}.",
        "assumed",
        "Text for a step that a sheet or report cannot take.",
    )
    sheet_steps: Literal["strict", "free"] = setting(
        "strict", "assumed", "What a step does that a sheet or report cannot take from its status; billed ones stay."
    )
    time_without_hours: Literal["allow", "refuse"] = setting(
        "allow", "assumed", "What an entry does that has neither timeEnd nor actualHours."
    )
    time_without_hours_message: str = setting("timeEnd or actualHours is required.", "assumed", "Text of that refusal.")
    handed_in_time: Literal["refuse", "allow"] = setting(
        "refuse", "assumed", "What a write does to time on a sheet that was handed in and not sent back."
    )
    handed_in_message: str = setting(
        "Time sheet {id} has the status {status}; its time cannot be changed.", "assumed", "Text of that refusal."
    )
    time_not_allowed_message: str = setting(
        "Please update the status of this ticket before entering time...",
        "captured",
        "Text for time on a ticket whose status takes none.",
    )
    time_periods: Literal["set-up", "any"] = setting(
        "set-up", "documented", "Of which days time is taken: of those in a time period that is set up, or of any."
    )
    no_time_period_message: str = setting(
        "No time period is set up for {date}.", "assumed", "Text for time of a day without a time period."
    )
    time_entry_day: Literal["utc", "server"] = setting(
        "utc",
        "assumed",
        "By which clock an entry's timeStart falls on a day, and so on a sheet; midnight UTC is the date itself.",
    )
    time_note_flags: Literal["any", "one"] = setting(
        "any", "documented", "To how many of a ticket's texts the notes of an entry may go; reports disagree."
    )
    time_note_flags_message: str = setting(
        "Only one of the addTo flags can be set.", "assumed", "Text for an entry whose notes go to several texts."
    )
    hours_deduct_on_create: Literal["take", "ignore"] = setting(
        "take", "documented", "What hoursDeduct does in a POST; one tenant took it from a later PATCH only."
    )
    work_role_places: Literal["ticket", "any"] = setting(
        "ticket", "documented", "Whether a work role of time on a ticket must be one of the ticket's location."
    )
    demanded_of_time: Literal["require", "any"] = setting(
        "require",
        "assumed",
        "Whether time lacks neither the end nor the notes that a member's or the company's flag wants.",
    )
    handed_in_expenses: Literal["refuse", "allow"] = setting(
        "refuse", "assumed", "What a write does to an expense on a report that was handed in and not sent back."
    )
    handed_in_expenses_message: str = setting(
        "{what} has the status {status}; its expenses cannot be changed.",
        "assumed",
        "Text of that refusal.",
    )
