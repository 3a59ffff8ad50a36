"""What may be chosen about companies, contacts, configurations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mockcw.settings.setting import setting


@dataclass(frozen=True, kw_only=True)
class Company:
    """Choices about companies, contacts, configurations."""

    company_exists_message: str = setting("Company ID already in use.", "captured", "Text for a company id in use.")
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
    management_log_message: str = setting(
        "Management {id} has no log.", "assumed", "Text for the log of a sync that never ran."
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
    company_site: Literal["require", "default"] = setting(
        "require",
        "documented",
        "A company created without a site: refuse it, as a tenant was seen to do, or make a site named Main.",
    )
    types_create_only_message: str = setting(
        "typeIds can only be used when creating a new company.", "captured", "Text for types in a later write."
    )
    company_types_on_replace: Literal["refuse", "ignore"] = setting(
        "refuse", "captured", "What `types` in a PUT or PATCH of a company does."
    )
    company_state: Literal["known", "any"] = setting(
        "known", "documented", "Whether a company's state must be one that is set up, by identifier or name."
    )
    company_address_follows: Literal["both", "no"] = setting(
        "both", "assumed", "Whether a company's address and that of its primary site follow one another."
    )
    site_flags: Literal["one", "free"] = setting(
        "one", "assumed", "Whether of each kind (primary, shipping, billing, mailing) a company has one site only."
    )
    default_contacts: Literal["one", "many"] = setting(
        "one", "assumed", "Whether a company's default contact alone has the mark, and the mark makes the contact that."
    )
    contact_name_length: int = setting(
        30, "assumed", "Longest first and last name of a contact, as a member's are; 0 is any length."
    )
    association_twins: Literal["refuse", "allow"] = setting(
        "refuse", "captured", "What a type does that a company has already; that a contact's does the same is assumed."
    )
    configuration_type: Literal["keep", "refuse", "change"] = setting(
        "keep", "assumed", "What another type does in a PUT or PATCH of a configuration; changeType is made for it."
    )
    configuration_type_message: str = setting(
        "The type of a configuration is changed by changeType.", "assumed", "Text of that refusal."
    )
    closed_configuration: Literal["inactive", "as-sent"] = setting(
        "inactive", "assumed", "Whether a closed status makes a configuration inactive, and another one active again."
    )
