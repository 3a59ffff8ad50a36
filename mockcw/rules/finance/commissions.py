"""Commissions of an invoice: worked out from the commission plans that fit it. How they are is assumed."""

from __future__ import annotations

from decimal import Decimal

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Look, Record
from mockcw.rules.money import money, number

INVOICES = "/finance/invoices"
COMMISSIONS = "/finance/invoices/{parentId}/commissions"
PLANS = "/sales/commissions"
PRODUCTS = "/procurement/products"
FITS = ("company", "location", "department", "agreement", "project", "ticket", "territory")  # where a plan names one
CARRIED = ("agreement", "ticket", "project", "salesOrder")


def recalculate(act: Act) -> None:
    """Make the invoice's commissions anew from the plans; a hand-made adjustment of a member stays."""
    invoice = act.look.get(INVOICES, act.id) or {}
    before = {(one.get("member") or {}).get("id"): one for one in act.look.find(COMMISSIONS, parent=act.id)}
    for member_id, (plan, net) in due(act.look, invoice).items():
        old = before.pop(member_id, {})
        earned = net * money(plan.get("commissionPercent")) / 100
        values = {
            **{name: invoice[name] for name in CARRIED if invoice.get(name)},
            "member": {"id": member_id},
            "percent": plan.get("commissionPercent") or 0,
            "splitPercent": 100,
            "netAmount": number(net),
            "amount": number(earned + money(old.get("adjustment"))),
            "invoice": {"id": act.id},
        }
        if old:
            act.hands.set(COMMISSIONS, old["id"], values)
        else:
            act.hands.create(COMMISSIONS, (act.id,), values)
    for old in before.values():
        if not old.get("adjustment"):
            act.hands.erase(COMMISSIONS, old["id"])


def due(look: Look, invoice: Record) -> dict[int, tuple[Record, Decimal]]:
    """By member, the plan that fits the invoice and the amount it counts; of several the latest plan."""
    cost = sum(
        (money(one.get("cost")) * money(one.get("quantity")) for one in look.find(PRODUCTS, invoice__id=invoice["id"])),
        Decimal(0),
    )
    found = {}
    for plan in look.find(PLANS):
        if fits(plan, invoice):
            products = money(invoice.get("productTotal"))
            counted = products - cost if plan.get("commissionBasis") == "GrossProfit" else products
            net = (
                money(invoice.get("serviceTotal")) * bool(plan.get("servicesFlag"))
                + money(invoice.get("agreementAmount")) * bool(plan.get("agreementsFlag"))
                + counted * bool(plan.get("productsFlag"))
            )
            found[plan["member"]["id"]] = (plan, net)
    return found


def fits(plan: Record, invoice: Record) -> bool:
    """Whether everything that a plan names is the invoice's, and its dates enclose the invoice's."""
    for name in FITS:
        wanted = plan.get(name)
        if wanted and wanted["id"] != (invoice.get(name) or {}).get("id"):
            return False
    day = (invoice.get("date") or "")[:10]
    begins, ends = (plan.get("dateStart") or "")[:10], (plan.get("dateEnd") or "9999")[:10]
    return plan.get("billingMethod") in (None, invoice.get("type")) and begins <= day <= ends


ACTIONS = (
    Action(
        "postFinanceInvoicesByParentIdCommissionsRecalculate",
        recalculate,
        "assumed",
        "The invoice's commissions follow the commission plans again; adjustments made by hand stay.",
        addresses=False,
    ),
)
