"""What the steps draw: bodies and operations, most of them right and each wrong in one way at most."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.mockcw.machine.ground import BOARDS
from tests.mockcw.machine.model.answers import Doc
from tests.mockcw.machine.model.state import START, written

Bodies = st.SearchStrategy[Doc]

NOBODY = 987654
WHO = st.sampled_from(["Admin", "Admin", "SonicSaaS"])
WORDS = st.sampled_from(["printer jams", "mail", "Mail is slow", "disk full", "VPN", "new user", "p", "backup 2"])
REFERENCES = st.sampled_from(["PO-1", "po-2", "A 77"])
COMPANIES = st.sampled_from([1, 1, 2]).map(lambda number: {"id": number})
STATUSES = st.one_of(
    st.integers(1, 21).map(lambda number: {"id": number}),
    st.sampled_from(["New", "In Progress", ">Closed", "Escalated", "New (automatic)"]).map(lambda name: {"name": name}),
)
RIGHT_STATUSES = {1: st.sampled_from([1, 2, 3, 7, 8, 9]), 2: st.integers(10, 14), 4: st.integers(19, 21)}
LEVELS = st.sampled_from(["Low", "Medium", "High"])


def _day(hours: int) -> str:
    return written((START + timedelta(hours=hours)).replace(hour=0))


DAYS = st.integers(-45, 45).map(lambda days: _day(24 * days))


def merged(*parts: Bodies) -> Bodies:
    """One body of several."""
    return st.tuples(*parts).map(lambda drawn: {name: value for part in drawn for name, value in part.items()})


def maybe(**fields: st.SearchStrategy[Any]) -> Bodies:
    """A body of some of the fields."""
    return st.fixed_dictionaries({}, optional=fields)


def always(**fields: st.SearchStrategy[Any]) -> Bodies:
    """A body of all of the fields."""
    return st.fixed_dictionaries(fields)


def operation(path: str, value: Any, op: str = "replace") -> Doc:
    """One operation of a PATCH."""
    return {"op": op, "path": path, "value": value}


def setting(path: str, values: st.SearchStrategy[Any]) -> Bodies:
    """An operation that gives a field a value, in each of the spellings that are taken."""
    spelled = st.sampled_from([path, path, f"/{path}"])
    return st.builds(operation, spelled, values, st.sampled_from(["replace", "replace", "add", "Replace"]))


def clearing(path: str) -> Bodies:
    """An operation that empties a field."""
    return st.sampled_from([operation(path, ""), {"op": "remove", "path": path}, {"op": "Remove", "path": f"/{path}"}])


def seldom(usual: Bodies, *rare: Bodies) -> Bodies:
    """Mostly the first, now and then one of the others."""
    return st.integers(0, 7).flatmap(lambda n: st.one_of(*rare) if n == 5 and rare else usual)


# -- tickets -----------------------------------------------------------------------------------------------------------

PLACED = st.sampled_from([None, *BOARDS]).flatmap(
    lambda board: merged(
        st.just({} if board is None else {"board": {"id": board}}),
        maybe(status=RIGHT_STATUSES[board or 1].map(lambda number: {"id": number})),
    )
)
TICKETS = merged(
    always(summary=WORDS, company=COMPANIES),
    maybe(severity=LEVELS, impact=LEVELS, poNumber=REFERENCES, externalXRef=REFERENCES),
    maybe(initialDescription=WORDS, initialInternalAnalysis=WORDS, initialResolution=WORDS),
    PLACED,
)
WRONG_TICKETS = st.sampled_from(
    [
        {},
        {"summary": "no company"},
        {"company": {"id": 1}},
        {"summary": "x" * 101, "company": {"id": 1}},
        {"summary": "x", "company": {"id": NOBODY}},
        {"summary": "x", "company": {"id": 1}, "board": {"id": NOBODY}},
        {"summary": "x", "company": {"id": 1}, "severity": "Huge"},
        {"summary": "x", "company": {"id": 1}, "poNumber": "9" * 51},
        {"summary": "x", "company": {"id": 1}, "board": {"id": 2}, "status": {"id": 8}},
        {"summary": "x", "company": {"id": 1}, "status": {"id": 10}},
        {"summary": "x", "company": {"id": 1}, "status": {"name": "Escalated"}},
        {"summary": "x", "company": {"id": 1}, "status": {"id": NOBODY}},
    ]
)
TICKET_CHANGES = st.lists(
    st.one_of(
        setting("summary", WORDS),
        setting("poNumber", REFERENCES),
        setting("externalXRef", REFERENCES),
        clearing("poNumber"),
        setting("severity", LEVELS),
        setting("status", STATUSES),
        setting("status/id", st.sampled_from([1, 2, 8, 8, 9, 10, 13, 14, 19, 21])),
        setting("status/name", st.sampled_from(["In Progress", ">Closed"])),
        setting("board", st.sampled_from(BOARDS).map(lambda number: {"id": number})),
        setting("board/id", st.sampled_from(BOARDS)),
        setting("closedFlag", st.booleans()),
        setting("actualHours", st.just(99)),
    ),
    min_size=1,
    max_size=2,
)
WRONG_TICKET_CHANGES = st.sampled_from(
    [
        [operation("Summary", "x")],
        [operation("nonsense", 1)],
        [operation("summary", "x", "move")],
        [operation("summary", "")],
        [operation("poNumber", "1"), operation("summary", "y" * 101)],
        [operation("severity", "Huge")],
        [operation("board", {"id": NOBODY})],
        [operation("poNumber", "1"), operation("status", {"id": NOBODY})],
    ]
)
NOTES = merged(
    always(text=WORDS),
    maybe(detailDescriptionFlag=st.booleans(), internalAnalysisFlag=st.booleans(), resolutionFlag=st.booleans()),
)

# -- time --------------------------------------------------------------------------------------------------------------

QUARTERS = st.integers(0, 40).map(lambda quarters: quarters / 4)
STARTS = st.integers(-80, 80).map(lambda quarters: written(START + timedelta(hours=6 * quarters)))
ONE_FLAG = st.sampled_from(["addToDetailDescriptionFlag", "addToInternalAnalysisFlag", "addToResolutionFlag"])
OPTIONS = st.sampled_from(["Billable", "DoNotBill", "NoCharge"])


@st.composite
def times(draw: st.DrawFn) -> Doc:
    """Start with an end, with hours, with both or with neither; sometimes with hours to deduct."""
    start = draw(st.integers(-60, 60)) * 6
    body: Doc = {"timeStart": written(START + timedelta(hours=start))}
    if draw(st.booleans()):
        body["timeEnd"] = written(START + timedelta(hours=start) + timedelta(minutes=15 * draw(st.integers(0, 30))))
        if draw(st.booleans()):
            body["hoursDeduct"] = draw(st.sampled_from([0.25, 0.5, 1]))
    if draw(st.integers(0, 3)) or "timeEnd" not in body:
        body["actualHours"] = draw(QUARTERS)
    return body


NOTED = merged(always(notes=WORDS), ONE_FLAG.map(lambda flag: {flag: True}))
ENTRIES = merged(
    times(),
    st.one_of(st.just({}), maybe(notes=WORDS), NOTED),
    maybe(billableOption=OPTIONS),
    st.sampled_from([{}, {}, {"member": {"identifier": "Admin"}}, {"member": {"identifier": "SonicSaaS"}}]),
)
WRONG_ENTRIES = st.sampled_from(
    [
        {"actualHours": 1},
        {"timeStart": written(START), "billableOption": "Perhaps"},
        {"timeStart": written(START), "member": {"identifier": "Nobody"}},
        {"timeStart": "2010-03-04T10:00:00Z", "actualHours": 1},
    ]
)
ENTRY_CHANGES = st.lists(
    st.one_of(
        setting("notes", WORDS),
        clearing("notes"),
        setting("actualHours", QUARTERS),
        setting("hoursDeduct", st.sampled_from([0, 0.25, 0.5])),
        setting("billableOption", OPTIONS),
        setting("timeStart", STARTS),
        setting("timeEnd", STARTS),
        clearing("timeEnd"),
        setting("status", st.just("Billed")),
    ),
    min_size=1,
    max_size=2,
)
WRONG_ENTRY_CHANGES = st.sampled_from(
    [
        [operation("Notes", "x")],
        [operation("notes", "x", "test")],
        [operation("billableOption", "Perhaps")],
        [operation("chargeToId", NOBODY)],
        [operation("timeStart", "2010-03-04T10:00:00Z")],
    ]
)

# -- agreements --------------------------------------------------------------------------------------------------------

AGREEMENTS = st.sampled_from([1, 1, 2]).flatmap(
    lambda company: merged(
        always(name=WORDS, type=st.integers(1, 3).map(lambda number: {"id": number})),
        st.just({"company": {"id": company}, "contact": {"id": company}}),
        maybe(startDate=DAYS, endDate=DAYS, billStartDate=DAYS, noEndingDateFlag=st.booleans()),
    )
)
WRONG_AGREEMENTS = st.sampled_from(
    [
        {},
        {"name": "x", "company": {"id": 1}, "contact": {"id": 1}},
        {"name": "x" * 101, "type": {"id": 1}, "company": {"id": 1}, "contact": {"id": 1}},
        {"name": "x", "type": {"id": NOBODY}, "company": {"id": 1}, "contact": {"id": 1}},
    ]
)
AGREEMENT_CHANGES = st.one_of(
    st.lists(
        st.one_of(
            setting("name", WORDS),
            setting("startDate", DAYS),
            setting("endDate", DAYS),
            clearing("endDate"),
            setting("billStartDate", DAYS),
            setting("agreementStatus", st.just("Cancelled")),
        ),
        min_size=1,
        max_size=2,
    ),
    st.just([operation("cancelledFlag", True)]),
    st.just([operation("cancelledFlag", False)]),
    st.builds(
        lambda day, why: [
            operation("cancelledFlag", True), operation("dateCancelled", day), operation("reasonCancelled", why)
        ],
        DAYS,
        WORDS,
    ),
)  # fmt: skip
WRONG_AGREEMENT_CHANGES = st.sampled_from([[operation("Name", "x")], [operation("name", "")]])
PRICES = st.sampled_from([0, 0.5, 1, 12.25, 99.9])
COUNTS = st.sampled_from([0, 1, 2, 5, 7.5, 40])
PRODUCTS = st.sampled_from([{"id": 1}, {"id": 2}, {"identifier": "seat"}, {"identifier": "disk"}])
ADDITIONS = merged(
    always(product=PRODUCTS, billCustomer=st.sampled_from(["Billable", "DoNotBill", "NoCharge"])),
    maybe(quantity=COUNTS, lessIncluded=COUNTS, unitPrice=PRICES, unitCost=PRICES, serialNumber=REFERENCES),
    maybe(effectiveDate=DAYS, cancelledDate=DAYS),
)
WRONG_ADDITIONS = st.sampled_from(
    [
        {},
        {"product": {"id": 1}},
        {"billCustomer": "Billable"},
        {"product": {"id": 1}, "billCustomer": "Perhaps"},
        {"product": {"id": NOBODY}, "billCustomer": "Billable"},
        {"product": {"identifier": "nothing"}, "billCustomer": "Billable"},
        {"product": {"id": 3}, "billCustomer": "Billable"},
    ]
)
ADDITION_CHANGES = st.lists(
    st.one_of(
        setting("quantity", COUNTS),
        setting("lessIncluded", COUNTS),
        setting("unitPrice", PRICES),
        setting("unitCost", PRICES),
        setting("effectiveDate", DAYS),
        setting("cancelledDate", DAYS),
        clearing("cancelledDate"),
        setting("serialNumber", REFERENCES),
        setting("extPrice", st.just(1000000)),
        setting("product", PRODUCTS),
    ),
    min_size=1,
    max_size=2,
)
WRONG_ADDITION_CHANGES = st.sampled_from(
    [
        [operation("Quantity", 2)],
        [operation("billCustomer", "Perhaps")],
        [operation("billCustomer", "")],
        [operation("product", {"id": 3})],
        [operation("quantity", 5), operation("product", {"id": NOBODY})],
    ]
)
