"""What may be chosen about members, documents, custom fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mockcw.settings.setting import setting


@dataclass(frozen=True, kw_only=True)
class System:
    """Choices about members, documents, custom fields."""

    custom_field_flags_message: str = setting(
        "A field cannot be both required and read only.", "assumed", "Text for a custom field that would be both."
    )
    custom_field_decimals_message: str = setting(
        "numberDecimals is for the types Number and Percent only.", "assumed", "Text for decimals of another type."
    )
    custom_fields_on_patch: Literal["free", "demand"] = setting(
        "free",
        "documented",
        "Whether a PATCH must name customFields where one of them is required; several clients met that.",
    )
    required_custom_fields: bool = setting(
        False, "assumed", "Whether a record without a value of a required custom field is refused."
    )
    document_type_message: str = setting(
        "The recordType {value} is not supported.", "assumed", "Text for a document of an unknown kind of record."
    )
    document_file_message: str = setting(
        "A file or a url is required.", "assumed", "Text for a document with neither a file nor a url."
    )
    document_link_message: str = setting(
        "Document {id} is a link and has no content.", "assumed", "Text of the 404 for the bytes of a linked document."
    )
    no_image_message: str = setting(
        "{caption} {id} has no image.", "assumed", "Text of the 404 for a record without a picture."
    )
    member_replacement_message: str = setting(
        "A member to reassign to is required.", "assumed", "Text for a deactivation that leaves a role unfilled."
    )
    member_sheets_message: str = setting(
        "The member has open time sheets.", "assumed", "Text for the deactivation of a member with open time sheets."
    )
    my_account_message: str = setting(
        "{field} cannot be changed through my account.",
        "assumed",
        "Text for a field that only Member Maintenance sets.",
    )
    custom_field_locations: Literal["any", "require"] = setting(
        "any",
        "documented",
        "Whether a custom field must name a location. A guide wants one; many definitions are made without.",
    )
    custom_field_locations_message: str = setting(
        "At least one location is required.", "assumed", "Text of that refusal."
    )
    documents_of_deleted: Literal["go", "stay"] = setting(
        "go", "assumed", "What becomes of the documents of a record that is deleted."
    )
    account_twins: Literal["refuse", "allow"] = setting(
        "refuse",
        "assumed",
        "What the identifier of another member, or the user name of another integrator login, does.",
    )
