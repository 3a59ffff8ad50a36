"""What may be chosen about addresses, bodies and their refusals, whatever the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mockcw.settings.setting import setting


@dataclass(frozen=True, kw_only=True)
class Wire:
    """Choices about addresses, bodies and their refusals, whatever the record."""

    cannot_route_message: str = setting(
        "Cannot route. Codebase/company is invalid", "captured", "Plain text of the gateway for a wrong code base."
    )
    endpoint_message: str = setting("The endpoint does not exist.", "captured", "Text of the 404 for a route.")
    method_message: str = setting(
        "The requested resource does not support this http method.", "assumed", "Text of the 405."
    )
    media_type_message: str = setting(
        "The request entity's media type is not supported for this resource.", "assumed", "Text of the 415."
    )
    too_large_message: str = setting("The request body is too large.", "assumed", "Text of the 413.")
    largest_body: int = setting(30_000_000, "assumed", "Bytes of the largest body; IIS's usual limit.")
    malformed_json_message: str = setting(
        "The request body is not valid JSON.", "assumed", "Text for a body that is no JSON."
    )
    exists_message: str = setting(
        "{caption} {field} already in use.", "assumed", "Text for another value that must be unique."
    )
    out_of_range_message: str = setting(
        "The field {field} must be between {low} and {high}.", "captured", "Text for a number out of range."
    )
    body_shape_message: str = setting(
        "The request body must be a JSON object.", "assumed", "Text for a body that is JSON but no object."
    )
    body_list_message: str = setting(
        "The request body must be a JSON array of objects.", "assumed", "Text for a body that should be a list."
    )
    copy_suffix: str = setting(
        "-Copy", "assumed", "What a copy adds, with a number, to a text that must be unique; a guide reports -Copy0."
    )
    in_use_message: str = setting("{caption} {id} is in use.", "assumed", "Text of the 409 for a record in use.")
    in_use_code: str = setting("ObjectInUse", "assumed", "Code of that 409; nobody has shown one.")
    not_within_message: str = setting(
        "{caption} not found for {outer} {outer_id}",
        "captured",
        "Text for a reference to a record of another parent, such as a status of another board.",
    )
    unknown_member: Literal["refuse", "ignore"] = setting(
        "refuse",
        "captured",
        "What a JSON member the model lacks does on create and replace: its refusal is captured, so it is the default.",
    )
    many_valued_conditions: Literal["refuse", "nothing"] = setting(
        "refuse", "captured", "What a name that leads into an array does in conditions; one report: it matches nothing."
    )
    wrong_type_status: Literal[400, 500] = setting(
        500, "captured", "Status for a JSON value of the wrong type (a 500 in the only capture)."
    )
    enum_message: str = setting(
        "The {field} field is invalid.", "assumed", "Text for a value outside an enumeration in a body."
    )
    too_long_message: str = setting(
        "The field {field} must be a string with a maximum length of {length}.", "documented", "Text for a long text."
    )
    too_long_code: str = setting(
        "MaxLengthField", "documented", "Inner code for a long text: as one client met it; InvalidField is the guess."
    )
    nested_patch: Literal["honour", "known", "ignore"] = setting(
        "honour",
        "documented",
        "What a PATCH of id, identifier or name inside a reference does: it counts, only that of status, member and "
        "where does (clients rely on those), or none does.",
    )
    nested_patch_elsewhere: Literal["ignore", "refuse"] = setting(
        "ignore", "documented", "What a PATCH of anything else inside a reference does: a 200 without effect, or a 400."
    )
    read_only_patch: Literal["ignore", "refuse"] = setting(
        "ignore", "assumed", "What a PATCH of a field does that only the server sets."
    )
    like_percent: Literal["wildcard", "literal"] = setting(
        "wildcard",
        "assumed",
        "What % is in like, beside *: it worked for one client and did nothing for another, so both kinds are served.",
    )
    patch_path_message: str = setting(
        "path {path} is not valid", "documented", "Text for a PATCH path that does not exist (paraphrased source)."
    )
    patch_op_message: str = setting("op {op} is not valid", "assumed", "Text for an unknown PATCH operation.")
    patch_body_message: str = setting(
        "The request body must be an array of patch operations.", "assumed", "Text for a PATCH body of another shape."
    )
    default_rows: Literal["one", "many"] = setting(
        "one", "assumed", "Whether a new default row of a setup table takes the mark from the old one."
    )
    create_only_message: str = setting(
        "{field} can only be used when creating a new {caption}.",
        "captured",
        "Text for another field that only a POST takes.",
    )
    strict_dates: str = setting(
        "time,activities,schedule",
        "assumed",
        "Kinds of records whose dates must be written as in 2026-01-31T08:00:00Z; of finance and sales records users "
        "report that other forms are taken.",
    )
    unsupported_format_message: str = setting(
        "Unsupported format applied to {field}", "captured", "Text for a date in another form."
    )
    href_double_slash: bool = setting(True, "captured", "Hrefs carry a doubled slash after the API root.")
