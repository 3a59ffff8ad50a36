"""Copies of finance records: what each takes over, and what it starts anew."""

from __future__ import annotations

from mockcw.engine.act import Act
from mockcw.engine.change import Record
from mockcw.rules.finance.agreements import ADDITIONS, AGREEMENTS, ATTACHED
from mockcw.rules.shapes import Copying


def with_configurations(act: Act, made: Record) -> Record:
    """Attach the agreement's configurations to its copy, too."""
    for row in act.look.find(ATTACHED, holder=act.id):
        act.hands.keep(ATTACHED, {"holder": made["id"], "configuration": row["configuration"]})
    return made


def begins_anew(collection: str, record: Record) -> Record | None:
    """Additions begin with the copy's billing; cancelled ones stay behind (assumed)."""
    if collection != ADDITIONS:
        return {}
    return None if record.get("cancelledDate") else {"effectiveDate": None}


COPIES = (
    Copying(
        "postFinanceAgreementsByParentIdCopy",
        AGREEMENTS,
        "A new agreement with what the other encloses; it starts today, open-ended and not cancelled.",
        changes={
            "endDate": None,
            "noEndingDateFlag": True,
            "billStartDate": None,
            "nextInvoiceDate": None,
            "cancelledFlag": False,
            "dateCancelled": None,
            "reasonCancelled": None,
        },
        dated=("startDate",),
        then=with_configurations,
        inner=begins_anew,
    ),
    Copying(
        "postFinanceAgreementsByIdCopy",
        "/finance/agreements/types",
        "A new agreement type under a name of its own; it is not the default one.",
        names={"name": 50},
        changes={"defaultFlag": False, "integrationXRef": None},
    ),
    Copying(
        "postFinanceTaxCodesByIdCopy",
        "/finance/taxCodes",
        "A new tax code under an identifier of its own, with levels and exemptions; it is not the default one.",
        names={"identifier": 8},
        changes={"defaultFlag": False},
    ),
)
ACTIONS = tuple(copy.action() for copy in COPIES)
