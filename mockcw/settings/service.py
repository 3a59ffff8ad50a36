"""What may be chosen about tickets and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mockcw.settings.setting import setting


@dataclass(frozen=True, kw_only=True)
class Service:
    """Choices about tickets and what hangs on them."""

    status_of_other_board: Literal["refuse", "allow"] = setting(
        "refuse", "assumed", "What a status of another board does to a stored ticket; a create always refuses it."
    )
    row_of_other_board: Literal["refuse", "allow"] = setting(
        "refuse", "assumed", "What a type, subtype, item or team of another board does to a ticket."
    )
    unassociated_subtype: Literal["refuse", "allow"] = setting(
        "refuse", "assumed", "What a subtype does that is not associated with the ticket's type."
    )
    predecessor_dates: Literal["refuse", "allow"] = setting(
        "refuse", "documented", "What a new start or due date does to a ticket that has a predecessor."
    )
    predecessor_dates_message: str = setting(
        "{field} cannot be changed while the ticket has a predecessor.", "assumed", "Text of that refusal."
    )
    note_flags: Literal["require", "any"] = setting(
        "require", "documented", "Whether a ticket's note must be of at least one of its texts."
    )
    note_flags_message: str = setting(
        "Please choose where to display the notes in order to save this record.",
        "captured",
        "Text of that refusal.",
    )
    charged_ticket_delete: Literal["refuse", "cascade"] = setting(
        "refuse", "assumed", "What the delete of a ticket with time or expenses does: a 409, or they go with it."
    )
    merged_ticket_edits: Literal["refuse", "allow"] = setting(
        "refuse", "documented", "What a write to a ticket does that was merged into another one."
    )
    merged_ticket_message: str = setting(
        "Ticket {id} was merged into ticket {other} and cannot be changed.", "assumed", "Text of that refusal."
    )
    ticket_kin_message: str = setting(
        "Ticket {id} cannot be attached to ticket {other}.",
        "assumed",
        "Text for a merge or bundle of a ticket with itself, with its own child, or of a merged one.",
    )
    disallow_saving: Literal["ignore", "refuse"] = setting(
        "ignore", "assumed", "What a company status with disallowSavingFlag does to the tickets of its companies."
    )
    disallow_saving_message: str = setting(
        "Tickets of companies with the status {status} cannot be saved.", "assumed", "Text of that refusal."
    )
    ticket_kind_message: str = setting(
        "Ticket {id} is a {kind} already.", "assumed", "Text for a conversion into what the ticket is."
    )
    unassociated_item: Literal["refuse", "allow"] = setting(
        "refuse", "assumed", "What an item does that is not associated with the ticket's type and subtype."
    )
    reopened: Literal["clear", "keep"] = setting(
        "clear", "assumed", "What becomes of closedDate and closedBy of a ticket or opportunity that is opened again."
    )
    scheduled_ticket_delete: Literal["cascade", "stay", "refuse"] = setting(
        "cascade", "assumed", "What the delete of a ticket does to its schedule entries, or these to it."
    )
    bundled_ticket_delete: Literal["free", "refuse"] = setting(
        "free", "assumed", "What the delete of a ticket does to the tickets bundled under it, or these to it."
    )
    email_connector_limits: Literal["require", "any"] = setting(
        "require", "documented", "Whether a board's limits for reopening by mail go with their flags only."
    )
    email_connector_limits_message: str = setting(
        "{field} can only be set when {flags} are true.", "assumed", "Text of that refusal."
    )
    project_schedule: Literal["team", "anybody"] = setting(
        "team",
        "documented",
        "Who may be scheduled for a project ticket: the members of the project's team, or anybody.",
    )
    project_schedule_message: str = setting(
        "Member {member} is not on the team of project {project}.", "assumed", "Text of that refusal."
    )
