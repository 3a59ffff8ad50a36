"""What may be chosen about agreements and what bills, invoices, accounting batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mockcw.settings.setting import setting


@dataclass(frozen=True, kw_only=True)
class Finance:
    """Choices about agreements and what bills, invoices, accounting batches."""

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
    agreement_contact: Literal["any", "own"] = setting(
        "any", "assumed", "Whether the contact of an agreement must be one of its company's."
    )
    cancelled_agreement_day: Literal["today", "as-sent"] = setting(
        "today", "assumed", "The dateCancelled of an agreement that is cancelled without one."
    )
    batched_invoice_edits: Literal["refuse", "allow"] = setting(
        "refuse", "documented", "What a write does to an invoice in an accounting batch beyond its internal notes."
    )
    batched_invoice_message: str = setting(
        "Invoice {id} is in an accounting batch; {field} cannot be changed.", "assumed", "Text of that refusal."
    )
