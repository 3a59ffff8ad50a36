"""What the emulator may be told: every behaviour that no capture settles is a named setting with a mark.

Marks: *captured* (seen on the wire), *documented* (stated by a guide), *assumed* (nobody published it; our choice).
Knows no room; every room reads from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Literal, get_args, get_type_hints

CODEBASE = re.compile(r"v\d{4}_\d{1,2}|v4_6_release")
WAITS = re.compile(r"(\d+(\.\d+)?(,\d+(\.\d+)?)*)?")
KINDS = {int: "a whole number of at least 0", str: "a text", bool: "true or false"}
VERSION = "0.1.0"
Mark = Literal["captured", "documented", "assumed", "own"]


def setting(default: Any, mark: Mark, says: str) -> Any:
    """Declare a setting: its default, how well the default is known, and one sentence."""
    return field(default=default, metadata={"mark": mark, "says": says})


PROFILES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "cloud": {"rate_limit": 1000},
        "strict-udf": {"custom_fields_on_patch": "demand"},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The emulator's choices; `own` marks what belongs to the emulator and not to the real API."""

    profile: str = setting(
        "", "own", "Sets of settings by name, separated by commas: cloud, strict-udf. A setting named beside them wins."
    )
    company_id: str = setting("training", "own", "The company id that credentials start with.")
    company_name: str = setting("Training MSP", "own", "The name /login/companyinfo answers.")
    codebase: str = setting("v2025_1", "documented", "The code base of the emulated cloud release.")
    version: str = setting("v2025.1.111111", "assumed", "The version /system/info answers; build number is ours.")
    cloud_region: str = setting("NA", "captured", "The region /system/info answers.")
    server_time_zone: str = setting("Eastern Standard Time", "captured", "The zone /system/info answers.")

    permissions: Literal["enforce", "log", "off"] = setting(
        "enforce", "own", "Whether the role decides: enforce, only log what would be refused, or off."
    )
    permissions_inferred: Literal["enforce", "log"] = setting(
        "enforce", "own", "Whether a row that is only inferred (C) refuses, or only logs that it would have."
    )
    permissions_e_access: Literal["on", "off"] = setting(
        "on", "documented", "Whether a refused write of an agreement addition carries the E_ACCESS that users report."
    )
    others_record_status: Literal[403, 404] = setting(
        403, "assumed", "What reading somebody else's record by id answers at level My; writes are always refused."
    )
    password_mask: str = setting(
        "********", "assumed", "What stands for a password in an answer to a member who may not see it; may be empty."
    )
    admin_bypass: bool = setting(True, "assumed", "A role with adminFlag passes every row.")
    hidden_record_status: Literal[403, 404] = setting(
        404, "assumed", "What a record outside the structure level answers when asked for by id."
    )

    unauthorized_message: str = setting(
        "Unauthorized", "assumed", "Text of the 401; its code is captured, its text never was."
    )
    security_message: str = setting(
        "You do not have security permission to perform this action.", "captured", "Text of the 403."
    )
    missing_client_id_status: Literal[400, 401, 403] = setting(
        403, "assumed", "Status without a clientId header; two sources disagree (403, 400)."
    )
    missing_client_id_message: str = setting(
        "A valid clientId header is required.", "assumed", "Text without a clientId header."
    )
    require_client_id: bool = setting(True, "documented", "Whether a request must carry a clientId header.")
    restricted_client_id_status: Literal[400, 401, 403] = setting(
        403, "assumed", "Status for a clientId that is not on the key's allow-list."
    )
    known_client_ids: str = setting(
        "", "own", "Client ids that are registered, separated by commas; empty: every one is."
    )
    unknown_client_id_status: Literal[400, 401, 403] = setting(
        403, "assumed", "Status for a clientId that is not registered; two sources disagree (403, 400)."
    )
    unknown_client_id_message: str = setting(
        "A valid clientId header is required.", "assumed", "Text for a clientId that is not registered."
    )
    restricted_client_id_message: str = setting(
        "The clientId is not allowed for this API key.", "assumed", "Text for a clientId not on the allow-list."
    )
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
    company_exists_message: str = setting("Company ID already in use.", "captured", "Text for a company id in use.")
    exists_message: str = setting(
        "{caption} {field} already in use.", "assumed", "Text for another value that must be unique."
    )
    association_exists_message: str = setting(
        "A matching type association already exists", "assumed", "Text for a company type given twice."
    )
    association_moved_message: str = setting(
        "A type association cannot be moved to another {owner}.", "assumed", "Text for an association that would move."
    )
    merge_target_message: str = setting(
        "A company cannot be merged into itself or into a deleted company.", "assumed", "Text for a wrong merge target."
    )
    merged_message: str = setting(
        "Company {source} was merged into company {target}.", "assumed", "Text of a merge that succeeded."
    )
    portal_contact_message: str = setting(
        "No contact has the email {email}.", "assumed", "Text for a portal password asked for by an unknown address."
    )
    test_transaction_message: str = setting(
        "The payment processor, login and password are required.", "assumed", "Text of a test payment that failed."
    )
    approval_message: str = setting(
        "{caption} cannot go on from the status {status}.",
        "assumed",
        "Text for a step that a sheet or report cannot take.",
    )
    management_log_message: str = setting(
        "Management {id} has no log.", "assumed", "Text for the log of a sync that never ran."
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
    sheet_steps: Literal["strict", "free"] = setting(
        "strict", "assumed", "What a step does that a sheet or report cannot take from its status; billed ones stay."
    )
    cancelled_agreement_invoice: Literal["refuse", "allow"] = setting(
        "refuse", "assumed", "Whether an agreement that was cancelled can be invoiced."
    )
    cancelled_agreement_message: str = setting(
        "A cancelled agreement cannot be invoiced.", "assumed", "Text for invoicing an agreement that was cancelled."
    )
    closed_invoice_path_message: str = setting(
        "path {path} cannot be changed on a closed invoice",
        "assumed",
        "Text for a PATCH of a closed invoice that goes beyond its status and notes.",
    )
    addition_starts: Literal["billing-start", "today"] = setting(
        "billing-start", "assumed", "When an addition begins that names no effectiveDate."
    )
    addition_effective_message: str = setting(
        "effectiveDate cannot be less than the agreement billing start date.",
        "captured",
        "Text for an addition that begins before its agreement is billed.",
    )
    cancelled_before_effective: Literal["refuse", "allow"] = setting(
        "refuse", "assumed", "What an addition's cancelledDate before its effectiveDate does."
    )
    cancelled_before_effective_message: str = setting(
        "cancelledDate cannot be less than the effectiveDate.", "assumed", "Text of that refusal."
    )
    bundle_addition_message: str = setting(
        "A bundle cannot be added to an agreement.", "assumed", "Text for an addition whose product is a bundle."
    )
    addition_extended_by: Literal["quantity", "billedQuantity"] = setting(
        "quantity", "documented", "By what unit price and cost of an addition are multiplied for the extended ones."
    )
    billed_addition_delete: Literal["allow", "refuse"] = setting(
        "allow", "assumed", "What the delete of an addition does of whose time an agreement invoice is."
    )
    billed_addition_message: str = setting("Addition {id} is in use.", "assumed", "Text of that refusal, a 409.")
    cancelled_agreement_additions: Literal["stop", "bill"] = setting(
        "stop", "assumed", "Whether additions are billed on after the day their agreement is cancelled."
    )
    agreement_invoices: Literal["refuse", "allow"] = setting(
        "refuse", "captured", "What an invoice of the type Agreement does that is sent to the Invoicing API."
    )
    agreement_invoice_message: str = setting(
        "Cannot create agreement invoices through the Invoicing API", "captured", "Text of that refusal."
    )
    closed_invoice_edits: Literal["refuse", "allow"] = setting(
        "refuse", "documented", "What a write does to a closed invoice beyond its status and notes; screens refuse it."
    )
    closed_invoice_delete: Literal["refuse", "allow"] = setting(
        "refuse", "assumed", "What the delete of a closed or batched invoice does."
    )
    batch_without_ids: Literal["nothing", "all"] = setting(
        "nothing", "assumed", "What an accounting batch takes whose list of record ids is empty."
    )
    not_unposted_message: str = setting(
        "Unposted record {id} not found", "assumed", "Text for a record that an accounting batch cannot take."
    )
    not_batched_message: str = setting(
        "Nothing of the purchase order is in a batch.", "assumed", "What unbatch says where nothing was batched."
    )
    not_unbatched_message: str = setting(
        "Nothing of the purchase order was taken out of a batch.", "assumed", "What rebatch says without an unbatch."
    )
    copy_suffix: str = setting(
        "-Copy", "assumed", "What a copy adds, with a number, to a text that must be unique; a guide reports -Copy0."
    )
    in_use_message: str = setting("{caption} {id} is in use.", "assumed", "Text of the 409 for a record in use.")
    not_within_message: str = setting(
        "{caption} not found for {outer} {outer_id}",
        "captured",
        "Text for a reference to a record of another parent, such as a status of another board.",
    )
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
        "require", "assumed", "Whether a ticket's note must be of at least one of its texts."
    )
    note_flags_message: str = setting(
        "At least one of detailDescriptionFlag, internalAnalysisFlag, resolutionFlag is required.",
        "assumed",
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
    time_without_hours: Literal["allow", "refuse"] = setting(
        "allow", "assumed", "What an entry does that has neither timeEnd nor actualHours."
    )
    time_without_hours_message: str = setting("timeEnd or actualHours is required.", "assumed", "Text of that refusal.")
    disallow_saving: Literal["ignore", "refuse"] = setting(
        "ignore", "assumed", "What a company status with disallowSavingFlag does to the tickets of its companies."
    )
    disallow_saving_message: str = setting(
        "Tickets of companies with the status {status} cannot be saved.", "assumed", "Text of that refusal."
    )
    agreement_contact: Literal["any", "own"] = setting(
        "any", "assumed", "Whether the contact of an agreement must be one of its company's."
    )
    vendor_reference: Literal["any", "vendor"] = setting(
        "any", "assumed", "Whether the vendor of a catalogue item must be a company of a vendor's type."
    )
    product_places: Literal["any", "one"] = setting(
        "any", "assumed", "Whether a product must be on exactly one ticket, project, order, opportunity or invoice."
    )
    product_places_message: str = setting(
        "A product belongs to exactly one record.", "assumed", "Text of that refusal."
    )
    custom_field_flags_message: str = setting(
        "A field cannot be both required and read only.", "assumed", "Text for a custom field that would be both."
    )
    custom_field_decimals_message: str = setting(
        "numberDecimals is for the types Number and Percent only.", "assumed", "Text for decimals of another type."
    )
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
    time_note_flags: Literal["any", "one"] = setting(
        "any", "documented", "To how many of a ticket's texts the notes of an entry may go; reports disagree."
    )
    time_note_flags_message: str = setting(
        "Only one of the addTo flags can be set.", "assumed", "Text for an entry whose notes go to several texts."
    )
    hours_deduct_on_create: Literal["take", "ignore"] = setting(
        "take", "documented", "What hoursDeduct does in a POST; one tenant took it from a later PATCH only."
    )
    ticket_kind_message: str = setting(
        "Ticket {id} is a {kind} already.", "assumed", "Text for a conversion into what the ticket is."
    )

    unknown_member: Literal["refuse", "ignore"] = setting(
        "refuse", "captured", "What a JSON member the model lacks does on create and replace."
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
    patch_path_message: str = setting(
        "path {path} is not valid", "documented", "Text for a PATCH path that does not exist (paraphrased source)."
    )
    patch_op_message: str = setting("op {op} is not valid", "assumed", "Text for an unknown PATCH operation.")
    patch_body_message: str = setting(
        "The request body must be an array of patch operations.", "assumed", "Text for a PATCH body of another shape."
    )
    site_required_message: str = setting(
        "Company Site name is required.", "captured", "Text for a company without site."
    )
    company_revalidation: Literal["whole", "touched"] = setting(
        "whole", "captured", "What a PATCH of a company checks: the whole stored record, or what it touches."
    )
    recycled_identifiers: Literal["reserve", "free"] = setting(
        "reserve", "assumed", "Whether a company in the recycle bin keeps its identifier."
    )
    company_address: Literal["any", "require"] = setting(
        "any", "documented", "Whether a new company must have a part of an address, as the schema's text says."
    )
    company_address_message: str = setting(
        "At least one address field is required.", "assumed", "Text for a company without any."
    )
    attached_configuration_delete: Literal["refuse", "allow"] = setting(
        "refuse", "assumed", "What the delete of a configuration does that hangs on a ticket or an agreement."
    )
    used_company_delete: Literal["recycle", "refuse"] = setting(
        "recycle", "assumed", "What the delete of a company does that contacts, tickets, agreements and others name."
    )
    contact_twins: Literal["refuse", "allow"] = setting(
        "refuse", "documented", "What a contact does whose name and e-mail another one of the company has."
    )
    contact_exists_message: str = setting(
        "A contact with the same name and email already exists.", "assumed", "Text of that refusal."
    )
    team_person_message: str = setting(
        "A member or a contact is required.", "assumed", "Text for a company's team place that is nobody's."
    )
    communication_means_message: str = setting(
        "At least one of phoneFlag, faxFlag, emailFlag is required.", "assumed", "Text for a type of none of them."
    )
    required_answers: Literal["require", "any"] = setting(
        "require", "assumed", "Whether a configuration must answer the questions of its type that want an answer."
    )
    default_rows: Literal["one", "many"] = setting(
        "one", "assumed", "Whether a new default row of a setup table takes the mark from the old one."
    )
    catalog_twins: Literal["refuse", "allow"] = setting(
        "refuse", "assumed", "What an identifier does that another catalogue item has."
    )
    used_item_class: Literal["keep", "change"] = setting(
        "keep", "assumed", "Whether the class of a catalogue item can change that is used somewhere."
    )
    used_item_class_message: str = setting(
        "productClass cannot be changed on a product in use.", "assumed", "Text of that refusal."
    )
    company_site: Literal["require", "default"] = setting(
        "default", "assumed", "A company created without a site: refuse it, or make a site named Main."
    )
    types_create_only_message: str = setting(
        "typeIds can only be used when creating a new company.", "captured", "Text for types in a later write."
    )
    create_only_message: str = setting(
        "{field} can only be used when creating a new {caption}.",
        "captured",
        "Text for another field that only a POST takes.",
    )
    custom_fields_on_patch: Literal["free", "demand"] = setting(
        "free",
        "documented",
        "Whether a PATCH must name customFields where one of them is required; several clients met that.",
    )
    required_custom_fields: bool = setting(
        False, "assumed", "Whether a record without a value of a required custom field is refused."
    )
    company_types_on_replace: Literal["refuse", "ignore"] = setting(
        "refuse", "captured", "What `types` in a PUT or PATCH of a company does."
    )
    href_double_slash: bool = setting(True, "captured", "Hrefs carry a doubled slash after the API root.")

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
    token_minting: Literal["integrators", "everyone"] = setting(
        "integrators",
        "documented",
        "Who may mint member tokens: integrator logins, as a team found out, or everyone, as two clients have it.",
    )
    token_hours: int = setting(4, "documented", "Hours that minted member tokens are good for.")
    session_hours: int = setting(12, "assumed", "Hours that the member hash of a cookie login is good for.")
    api_member_time: Literal["allow", "refuse"] = setting(
        "allow",
        "documented",
        "Whether an API member may be the member of a time entry: a vendor posts such time, another was refused.",
    )
    api_member_time_status: Literal[400, 403] = setting(400, "assumed", "Status of that refusal.")
    api_member_time_message: str = setting(
        "API-only members do not have access to this module", "captured", "Text of that refusal."
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

    rules_off: str = setting(
        "", "own", "Ids of rules that are left out, separated by commas; `mockcw coverage --rules` lists them."
    )

    rate_limit: int = setting(0, "documented", "Requests a minute before 429; 0 is no limit (the guide says 1000).")
    rate_limit_message: str = setting(
        "Too many requests. Please try again in {seconds} seconds.", "captured", "Text of the 429."
    )
    journal_size: int = setting(2000, "own", "How many exchanges the journal keeps.")
    journal_body: int = setting(16_384, "own", "Bytes of a body the journal keeps.")

    @classmethod
    def described(cls) -> Iterator[tuple[str, Any, Mark, str]]:
        """Every setting with its default, its mark and its sentence."""
        for item in fields(cls):
            yield item.name, item.default, item.metadata["mark"], item.metadata["says"]

    @classmethod
    def named(cls, values: Mapping[str, Any]) -> Settings:
        """The settings with values by name; those of the profiles come first. Raises TypeError for an unknown name."""
        chosen: dict[str, Any] = {}
        for name in filter(None, map(str.strip, str(values.get("profile", "")).split(","))):
            if name not in PROFILES:
                raise TypeError(f"profile {name!r}; there are {', '.join(PROFILES)}")
            chosen |= PROFILES[name]
        return replace(cls(), **{**chosen, **values})

    def left_out(self) -> frozenset[str]:
        """The ids of the rules that `rules_off` names."""
        return frozenset(filter(None, map(str.strip, self.rules_off.split(","))))

    def problem(self) -> str | None:
        """What is wrong with a value, as one sentence; None when every value is of its kind."""
        if not CODEBASE.fullmatch(self.codebase):
            return f"setting codebase must look like v2025_1 or v4_6_release, not {self.codebase!r}"
        for name, kind in get_type_hints(type(self)).items():
            value = getattr(self, name)
            choices = get_args(kind)
            if choices and value not in choices:
                return f"setting {name} must be one of {', '.join(map(str, choices))}, not {value!r}"
            if not choices and (type(value) is not kind or (kind is int and value < 0)):
                return f"setting {name} must be {KINDS[kind]}, not {value!r}"
        return None if WAITS.fullmatch(self.callback_retries) else "setting callback_retries must look like 2,4"
