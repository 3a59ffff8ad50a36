"""Everything beyond setup tables and companies, in the order in which records refer to one another."""

from __future__ import annotations

import orjson

from mockcw.demo.agreements import agreements
from mockcw.demo.assets import configurations
from mockcw.demo.expenses import expenses
from mockcw.demo.invoices import invoices
from mockcw.demo.ledger import Ledger
from mockcw.demo.names import people
from mockcw.demo.people import contacts, meet_clients, technician, technician_bodies
from mockcw.demo.plan import Plan
from mockcw.demo.projects import projects
from mockcw.demo.sales import activities, opportunities
from mockcw.demo.scene import MEMBERS, Scene
from mockcw.demo.setup import write_tables
from mockcw.demo.tickets import tickets
from mockcw.demo.trade import catalogue, orders, product_lines, purchase_orders, stock
from mockcw.demo.variety import Variety
from mockcw.demo.work import SHEETS, Timekeeper, audits
from mockcw.engine.verbs import Engine
from mockcw.engine.writer import Author

AUTHOR = Author("System", None)
ADMIN_ROLE = 1
TIME_EXPENSE = "/system/myCompany/timeExpense"


def write_records(engine: Engine, plan: Plan, seed: int) -> None:
    """What the companies of a plan do in a quarter."""
    named = people(plan.technicians + plan.contacts, seed)
    bodies = technician_bodies(named[: plan.technicians], ADMIN_ROLE)
    added = [orjson.loads(engine.add(MEMBERS, (), body, AUTHOR)) for body in bodies]
    scene = Scene(plan, Ledger(engine), Variety(seed), seed, technicians=[technician(one) for one in added])
    meet_clients(scene)
    contacts(scene, named[plan.technicians :])
    configurations(scene)
    found = catalogue(scene)
    contracts = agreements(scene, found)
    deals = opportunities(scene, found)
    keeper = Timekeeper(scene)
    owners = tickets(scene, keeper)
    planned = projects(scene, keeper)
    keeper.close()
    activities(scene, deals)
    ordered = orders(scene)
    product_lines(scene, found, [*planned[:1], *owners, *deals, *ordered])
    purchase_orders(scene, found)
    stock(scene, found)
    invoices(scene, contracts)
    expenses(scene)
    for sheet in scene.ledger.records(SHEETS)[:20]:
        audits(scene, SHEETS, sheet["id"], sheet["member"]["id"], "Time sheet was created.", 0)
    scene.ledger.amend(TIME_EXPENSE, 1, {"internalCompany": scene.clients[0].id})
    write_tables(scene.ledger, "few")
    scene.ledger.flush()
