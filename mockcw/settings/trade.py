"""What may be chosen about the catalogue, products, vendors, payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mockcw.settings.setting import setting


@dataclass(frozen=True, kw_only=True)
class Trade:
    """Choices about the catalogue, products, vendors, payments."""

    test_transaction_message: str = setting(
        "The payment processor, login and password are required.", "assumed", "Text of a test payment that failed."
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
    catalog_twins: Literal["refuse", "allow"] = setting(
        "refuse", "assumed", "What an identifier does that another catalogue item has."
    )
    used_item_class: Literal["keep", "change"] = setting(
        "keep", "assumed", "Whether the class of a catalogue item can change that is used somewhere."
    )
    used_item_class_message: str = setting(
        "productClass cannot be changed on a product in use.", "assumed", "Text of that refusal."
    )
    product_extended_by: Literal["remaining", "quantity"] = setting(
        "remaining", "assumed", "By what price and cost of a product are multiplied: what is not cancelled, or all."
    )
