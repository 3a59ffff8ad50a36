"""Agreements: what they take over from their type, what they come to, and the invoice that is made of them.

Names of the amounts' parts follow the published parameters; how they add up is assumed.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Change, Effect, Look, Put, Record, Refuse, Rule, Write, WriteVerb
from mockcw.errors import FieldError
from mockcw.rules.attached import attached
from mockcw.rules.money import money, number
from mockcw.rules.shapes import midnight
from mockcw.settings import Settings

AGREEMENTS = "/finance/agreements"
TYPES = "/finance/agreements/types"
ADDITIONS = "/finance/agreements/{parentId}/additions"
ADJUSTMENTS = "/finance/agreements/{parentId}/adjustments"
INVOICES = "/finance/invoices"
CYCLES = "/finance/billingCycles"
CATALOG = "/procurement/catalog"
ATTACHED = "~agreementConfigurations"  # rows of attached.py: holder and configuration

SAME = (  # fields that agreement and agreement type name alike
    "applicationUnits applicationLimit applicationCycle applicationUnlimitedFlag oneTimeFlag expiredDays limit "
    "expireWhenZero employeeCompRate employeeCompNotExceed compHourlyRate compLimitAmount billingCycle billOneTimeFlag "
    "billingTerms invoicingCycle billAmount invoiceDescription workRole workType projectType invoiceTemplate billTime "
    "billExpenses billProducts prorateFlag invoiceProratedAdditionsFlag autoInvoiceFlag sla location department"
)
FLAGS = (  # fields that the type calls so with Flag at the end
    "coverAgreementTime coverAgreementProduct coverAgreementExpense coverSalesTax carryOverUnused allowOverruns "
    "chargeToFirm taxable restrictDownPayment topComment bottomComment billableTimeInvoice billableExpenseInvoice "
    "billableProductInvoice"
)
FROM_TYPE = {name: name for name in SAME.split()} | {name: f"{name}Flag" for name in FLAGS.split()}
AVAILABLE_PER = (
    "Contract2Weeks Contract4Weeks ContractYear CalendarMonth CalendarQuarter CalendarWeek ContractQuarter CalendarYear"
)
COUNTED = ("additions", "adjustments", "boardDefaults", "sites", "workroles", "worktypes")
MONTHS = {"Monthly": 1, "BiMonthly": 2, "Quarterly": 3, "SemiAnnual": 6, "Yearly": 12}
DAYS = {"Weekly": 7, "BiWeekly": 14}
LAST_YEAR = 9999


def from_type(change: Change) -> Iterator[Effect]:
    """What a new agreement does not say, its type does; billing starts today where nobody says when."""
    kind = change.look.get(TYPES, (change.after.get("type") or {}).get("id") or 0) or {}
    filled = {name: kind.get(source) for name, source in FROM_TYPE.items() if change.after.get(name) is None}
    if not change.after.get("billStartDate"):
        filled["billStartDate"] = change.today
    yield Put({name: value for name, value in filled.items() if value is not None})


def status(change: Change) -> Iterator[Effect]:
    """The status follows the dates and the flag of cancelling."""
    after, today = change.after, change.today[:10]
    ended = None if after.get("noEndingDateFlag") else after.get("endDate")
    if after.get("cancelledFlag"):
        word = "Cancelled"
    elif ended and ended[:10] < today:
        word = "Expired"
    else:
        word = "Inactive" if (after.get("startDate") or "")[:10] > today else "Active"
    yield Put({"agreementStatus": word})


def own_contact(change: Change) -> Iterator[Effect]:
    """The contact is one of the company's, where the setting asks for that (assumed)."""
    if change.choices.agreement_contact == "any" or not {"contact", "company"} & change.given:
        return
    company, contact = ((change.after.get(name) or {}).get("id") or 0 for name in ("company", "contact"))
    found = change.look.get("/company/contacts", contact)
    if found and (found.get("company") or {}).get("id") != company:
        text = change.choices.not_within_message.format(caption=f"Contact {contact}", outer="Company", outer_id=company)
        yield Refuse(FieldError("NotFound", text, change.resource, "contact/id"))


def cancelling(change: Change) -> Iterator[Effect]:
    """An agreement is cancelled as of today where nobody says when; one that is not has no such date (assumed)."""
    after = change.after
    if change.choices.cancelled_agreement_day == "as-sent":
        return
    if after.get("cancelledFlag"):
        yield Put({"dateCancelled": after.get("dateCancelled") or change.today})
    elif (change.before or {}).get("cancelledFlag"):
        yield Put({"dateCancelled": None, "reasonCancelled": None})


def shown_by_additions(change: Change) -> Iterator[Effect]:
    """Additions show the status of their agreement."""
    if change.after.get("agreementStatus") != (change.before or {}).get("agreementStatus"):
        for one in change.look.find(ADDITIONS, parent=change.record_id):
            yield Write(ADDITIONS, one["id"], {"agreementStatus": change.after.get("agreementStatus")})


def belongs(change: Change) -> Iterator[Effect]:
    """Adjustments say which agreement they belong to."""
    yield Put({"agreementId": change.parents[-1]})


def in_force(addition: Record, today: str) -> bool:
    """Whether an addition has begun and was not cancelled by a day."""
    cancelled = addition.get("cancelledDate")
    return (addition.get("effectiveDate") or "") <= today and not (cancelled and cancelled <= today)


def additions_amount(look: Look, agreement: Record, today: str, choices: Settings) -> Decimal:
    """What the billable additions in force on a day come to: billed quantity by unit price.

    Those of an agreement that is cancelled as of then are billed no more, unless the setting says so (assumed).
    """
    total, agreement_id = Decimal(0), agreement["id"]
    ended = agreement.get("dateCancelled") if agreement.get("cancelledFlag") else None
    if ended and ended <= today and choices.cancelled_agreement_additions == "stop":
        return total
    for one in look.find(ADDITIONS, parent=agreement_id):
        if one.get("billCustomer") == "Billable" and in_force(one, today):
            price = one.get("unitPrice")
            if price is None:
                price = (look.get(CATALOG, (one.get("product") or {}).get("id") or 0) or {}).get("price")
            quantity = one.get("quantity")
            total += (money(1 if quantity is None else quantity) - money(one.get("lessIncluded"))) * money(price)
    return total


def application_parameters(act: Act) -> Record:
    """How an agreement covers work."""
    agreement = act.here
    unlimited = bool(agreement.get("applicationUnlimitedFlag"))
    return {
        "applicationUnit": choice(agreement.get("applicationUnits"), "Amount Hours Incidents"),
        "applicationLimit": choice("Unlimited" if unlimited else "Amount", "Amount Unlimited"),
        "applicationLimitAmount": agreement.get("applicationLimit") or 0,
        "availablePer": choice(agreement.get("applicationCycle"), AVAILABLE_PER),
        "coversTimeFlag": bool(agreement.get("coverAgreementTime")),
        "coversExpensesFlag": bool(agreement.get("coverAgreementExpense")),
        "coversProductsFlag": bool(agreement.get("coverAgreementProduct")),
        "coversTaxFlag": bool(agreement.get("coverSalesTax")),
        "carryoverUnusedFlag": bool(agreement.get("carryOverUnused")),
        "carryOverDays": agreement.get("expiredDays"),
        "allowOverrunsFlag": bool(agreement.get("allowOverruns")),
        "overrunLimit": agreement.get("limit"),
        "agreementExpiresFlag": bool(agreement.get("expireWhenZero")),
        "chargeAdjustmentsFlag": bool(agreement.get("chargeToFirm")),
        "prepayFlag": bool((act.look.get(TYPES, agreement["type"]["id"]) or {}).get("prePaymentFlag")),
        "agrBillingCycle": named(agreement.get("billingCycle")),
        "userDefinedFieldValues": [],
    }


def choice(word: str | None, words: str) -> Record | None:
    """A word of a fixed list in the published shape; its number is its place (assumed)."""
    known = words.split()
    return {"id": known.index(word) + 1, "tag": word, "name": word} if word in known else None


def named(reference: Record | None) -> Record | None:
    """A reference in the shape of id and name alone."""
    if not reference:
        return None
    return {"id": reference["id"], "name": str(reference.get("name") or reference.get("identifier") or "")}


def recurring_parameters(act: Act) -> Record:
    """What an agreement bills each time, by its parts."""
    agreement = act.here
    own = money(agreement.get("billAmount"))
    additions = additions_amount(act.look, agreement, act.today, act.choices)
    below = act.look.find(AGREEMENTS, parentAgreement__id=act.id)
    children = sum(
        (money(one.get("billAmount")) + additions_amount(act.look, one, act.today, act.choices) for one in below),
        Decimal(0),
    )
    return {
        "billingCycle": named(agreement.get("billingCycle")),
        "cycleBase": choice(agreement.get("invoicingCycle"), "ContractYear CalendarYear"),
        "aGRAmount": number(own),
        "taxable": bool(agreement.get("taxable")),
        "childrenAmount": number(children),
        "additionsAmount": number(additions),
        "totalAmount": number(own + additions + children),
        "aGRProrate": agreement.get("prorateFirstBill"),
        "billStartDate": agreement.get("billStartDate"),
        "taxCode": named(agreement.get("taxCode")),
        "terms": named(agreement.get("billingTerms")),
        "prorateFlag": bool(agreement.get("prorateFlag")),
        "invoiceProratedAdditionsFlag": bool(agreement.get("invoiceProratedAdditionsFlag")),
        "restrictDownpayment": bool(agreement.get("restrictDownPayment")),
        "currency": named(agreement.get("currency")),
        "autoInvoiceFlag": bool(agreement.get("autoInvoiceFlag")),
        "userDefinedFieldValues": [],
    }


def quick_access(act: Act) -> dict[str, int]:
    """How many records of each kind an agreement encloses, and how many invoices were made of it."""
    counts = {name: len(act.look.find(f"{AGREEMENTS}/{{parentId}}/{name}", parent=act.id)) for name in COUNTED}
    return counts | {
        "configurations": len(act.look.find(ATTACHED, holder=act.id)),
        "invoices": len(act.look.find(INVOICES, agreement__id=act.id)),
    }


def invoice(act: Act) -> int:
    """Make the next invoice of an agreement; its id comes back."""
    agreement = act.here
    if agreement.get("cancelledFlag") and act.choices.cancelled_agreement_invoice == "refuse":
        raise act.refuse("InvalidObject", act.choices.cancelled_agreement_message, "cancelledFlag")
    amount = money(agreement.get("billAmount")) + additions_amount(act.look, agreement, act.today, act.choices)
    taken = ("billingTerms", "taxCode", "currency", "customerPO", "location")
    made = act.hands.create(
        INVOICES,
        (),
        {
            **{name: agreement[name] for name in taken if agreement.get(name)},
            "type": "Miscellaneous",
            "company": agreement["company"],
            "billToCompany": agreement.get("billToCompany") or agreement["company"],
            "shipToCompany": agreement.get("shipToCompany") or agreement["company"],
            "billingSite": agreement.get("billToSite") or agreement.get("site"),
            "shippingSite": agreement.get("shipToSite") or agreement.get("site"),
            "applyToType": "Agreement",
            "applyToId": act.id,
            "agreement": {"id": act.id},
            "taxableFlag": bool(agreement.get("taxable")),
            "agreementAmount": number(amount),
            "date": act.today,
        },
    )
    act.hands.set(INVOICES, made["id"], {"type": "Agreement"})  # a type that the server alone gives
    act.hands.set(AGREEMENTS, act.id, {"nextInvoiceDate": next_date(act)})
    return int(made["id"])


def next_date(act: Act) -> str | None:
    """The date of the invoice after the present one, by the billing cycle; None where it does not recur."""
    agreement = act.here
    cycle = act.look.get(CYCLES, (agreement.get("billingCycle") or {}).get("id") or 0) or {}
    start = agreement.get("nextInvoiceDate") or agreement.get("billStartDate") or act.today
    try:
        present = date.fromisoformat(str(start)[:10])
    except ValueError:  # the field is a text that anybody may set
        present = date.fromisoformat(act.today[:10])
    following = after_cycle(present, str(cycle.get("billingOptions")))
    return midnight(following.isoformat()) if following else None


def after_cycle(day: date, cycle: str) -> date | None:
    """The day one billing cycle later, the month's last day where it is shorter; None where there is none."""
    if day.year >= LAST_YEAR or cycle not in MONTHS | DAYS:
        return None
    if cycle in DAYS:
        return day + timedelta(days=DAYS[cycle])
    first = date(day.year + (day.month - 1 + MONTHS[cycle]) // 12, (day.month - 1 + MONTHS[cycle]) % 12 + 1, 1)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})
CREATE: frozenset[WriteVerb] = frozenset({"create"})
LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
RULES = (
    Rule("agreement.from-type", AGREEMENTS, CREATE, from_type, "assumed", "Billing fields come from the type."),
    Rule(
        "agreement.status",
        AGREEMENTS,
        WRITES,
        status,
        "assumed",
        "The status follows dates and cancelling.",
        daily=True,
    ),
    Rule("agreement.contact", AGREEMENTS, WRITES, own_contact, "assumed", "Whose its contact is."),
    Rule("agreement.cancelling", AGREEMENTS, WRITES, cancelling, "assumed", "A cancelled agreement has the day."),
    Rule(
        "agreement.shown", AGREEMENTS, LATER, shown_by_additions, "documented", "Additions show its status.", daily=True
    ),
    Rule("adjustment.agreement", ADJUSTMENTS, WRITES, belongs, "assumed", "An adjustment names its agreement."),
)
CONFIGURATION_ACTIONS, CONFIGURATION_VIEW = attached(AGREEMENTS, ATTACHED, "FinanceAgreements")
VIEWS = (CONFIGURATION_VIEW,)
ACTIONS = (
    *CONFIGURATION_ACTIONS,
    Action(
        "getFinanceAgreementsByIdApplicationParametersByPodId",
        application_parameters,
        "assumed",
        "The agreement's own fields under the names of the screen; the pod's number changes nothing.",
    ),
    Action(
        "getFinanceAgreementsByIdRecurringParametersByPodId",
        recurring_parameters,
        "assumed",
        "What is billed each time, reckoned from the agreement, its additions and its child agreements.",
    ),
    Action(
        "getFinanceAgreementsByIdQuickAccessCount",
        quick_access,
        "assumed",
        "A number for each kind of record under the agreement, and for its invoices.",
    ),
    Action(
        "postFinanceAgreementsByIdInvoice",
        invoice,
        "assumed",
        "An agreement invoice over bill amount and additions in force; the next invoice date moves on by one cycle.",
    ),
)
