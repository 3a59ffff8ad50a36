"""Expense entries with the reports they belong to. Money is in cents."""

from __future__ import annotations

from mockcw.demo.ledger import Record
from mockcw.demo.quarter import midnight, moment, period_of, stamp, week_of
from mockcw.demo.scene import Scene
from mockcw.demo.work import audits

ENTRIES = "/expense/entries"
REPORTS = "/expense/reports"


def expenses(scene: Scene) -> None:
    """As many expenses as the plan says, charged to tickets, each on its member's report of the week."""
    reports: dict[tuple[int, int], int] = {}
    totals: dict[int, int] = {}
    for number in range(scene.plan.expenses if scene.plan.tickets else 0):
        day = moment(number, scene.plan.expenses) // 1440
        who, friday = scene.technician(number, 110), week_of(day)
        report = reports.get((who.id, friday))
        if report is None:
            year, period = period_of(friday)
            record: Record = {"member": who.id, "year": year, "period": period, "status": "Open", "total": 0.0}
            span = {"dateStart": midnight(friday - 6), "dateEnd": midnight(friday), "dueDate": midnight(friday + 3)}
            report = reports[who.id, friday] = scene.ledger.put(REPORTS, {**record, **span}, entered=midnight(day))
            audits(scene, REPORTS, report, who.id, "Expense report was created.", day)
        cents = 1250 + scene.variety.below(20_000, number, 111)
        totals[report] = totals.get(report, 0) + cents
        entry = expense(scene, number, day, report, who.id, cents)
        audits(scene, ENTRIES, entry, who.id, "Expense entry was created.", day)
    for report, cents in totals.items():
        scene.ledger.amend(REPORTS, report, {"total": cents / 100})


def expense(scene: Scene, number: int, day: int, report: int, member: int, cents: int) -> int:
    """One expense."""
    ticket_id = 1 + number % scene.plan.tickets
    ticket = scene.ledger.record("/service/tickets", ticket_id)
    record: Record = {
        "expenseReport": report,
        "company": ticket["company"]["id"],
        "chargeToId": ticket_id,
        "chargeToType": "ServiceTicket",
        "type": 5 + number % 2,
        "member": member,
        "paymentMethod": 1 + number % 3,
        "classification": 1 if number % 3 == 2 else 2,
        "amount": cents / 100,
        "billableOption": "Billable",
        "date": midnight(day),
        "locationId": 1,
        "businessUnitId": 1,
        "notes": "Parts and parking.",
        "invoiceAmount": cents / 100,
        "mobileGuid": scene.variety.guid(number, 112),
        "currency": 1,
        "status": "Open",
        "billAmount": cents / 100,
        "agreementAmount": 0.0,
        "ticket": ticket_id,
    }
    return scene.ledger.put(ENTRIES, record, entered=stamp(day * 1440 + 1200))
