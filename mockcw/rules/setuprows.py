"""Setup tables of which one row is the default: a new default takes the mark from the old one (assumed).

In a nested table there is one for each enclosing record. Company statuses and types have it in their own file.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Rule, Write, WriteVerb

WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
TABLES = (
    "/company/communicationTypes",
    "/company/configurations/statuses",
    "/company/contacts/types",
    "/company/noteTypes",
    "/expense/classifications",
    "/expense/paymentTypes",
    "/expense/types",
    "/finance/agreements/types",
    "/finance/billingCycles",
    "/finance/billingStatuses",
    "/finance/billingTerms",
    "/finance/deliveryMethods",
    "/finance/taxCodes",
    "/marketing/campaigns/statuses",
    "/marketing/campaigns/types",
    "/procurement/pricingschedules",
    "/procurement/purchaseorderstatuses",
    "/procurement/rmaStatuses",
    "/procurement/shipmentmethods",
    "/procurement/unitOfMeasures",
    "/project/phaseStatuses",
    "/project/projectTypes",
    "/project/statuses",
    "/sales/activities/statuses",
    "/sales/activities/types",
    "/sales/opportunities/statuses",
    "/sales/orders/statuses",
    "/schedule/statuses",
    "/service/SLAs",
    "/service/boards/{parentId}/statuses",
    "/service/boards/{parentId}/teams",
    "/service/boards/{parentId}/types",
    "/service/impacts",
    "/service/locations",
    "/service/priorities",
    "/service/severities",
    "/service/sources",
)


def one_default(change: Change) -> Iterator[Effect]:
    """The row that becomes the default takes the mark from the one that was it."""
    if change.after.get("defaultFlag") and change.choices.default_rows == "one":
        parent = change.parents[-1] if change.parents else None
        for other in change.look.find(change.collection, parent, defaultFlag=True):
            if other["id"] != change.record_id:
                yield Write(change.collection, other["id"], {"defaultFlag": False})


RULES = tuple(
    Rule("setup-row.one-default", table, WRITES, one_default, "assumed", "One row of a setup table is the default.")
    for table in TABLES
)
