"""Time: sheets a member and week, entries on tickets and projects, the rates they are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockcw.demo.ledger import Record
from mockcw.demo.mold import Mold, blank, gap
from mockcw.demo.quarter import DAYS, midnight, period_of, stamp, week_of
from mockcw.demo.scene import Client, Scene, Technician

ENTRIES = "/time/entries"
SHEETS = "/time/sheets"
RATES = {1: 150.0, 2: 110.0, 3: 165.0}  # hourly rates of the work roles
ALIKE: Record = {  # what all demo entries have alike
    "companyType": "Client",
    "locationId": 1,
    "businessUnitId": 1,
    "businessGroupDesc": "Professional Services",
    "location": 1,
    "department": 1,
    "territory": "Main Office",
    "timeStart": gap("start"),
    "timeEnd": gap("entered"),
    "hoursDeduct": 0.0,
    "billableOption": "Billable",
    "addToDetailDescriptionFlag": False,
    "addToInternalAnalysisFlag": False,
    "addToResolutionFlag": True,
    "emailResourceFlag": False,
    "emailContactFlag": False,
    "emailCcFlag": False,
    "enteredBy": gap("by"),
    "dateEntered": gap("entered"),
    "mobileGuid": gap("guid"),
    "agreementAmount": 0.0,
    "agreementAdjustment": 0.0,
    "adjustment": 0.0,
    "invoiceReady": 0,
    "status": "Open",
    "invoiceFlag": True,
    "locationName": "Main Office",
    **{name: blank("hours") for name in ("actualHours", "hoursBilled", "invoiceHours")},
    **{name: blank(name) for name in ("company", "member", "timeSheet", "chargeToId", "agreementHours")},
    "extendedInvoiceAmount": blank("amount"),
}


@dataclass(frozen=True, slots=True)
class Job:
    """What time entries are charged to, as JSON texts by field name, and the rate an hour is worth."""

    texts: Mapping[str, str]
    rate: float

    @classmethod
    def of(cls, scene: Scene, kind: str, role: int, **fields: Any) -> Job:
        """A job of a kind (ServiceTicket, ProjectTicket) in a work role, with more fields of its entries."""
        rate = RATES[role]
        record = {"chargeToType": kind, "workRole": role, "hourlyRate": rate, **fields}
        return cls(scene.ledger.texts(ENTRIES, record), rate)


@dataclass
class Timekeeper:
    """Writes time entries and keeps the sheets that they belong to."""

    scene: Scene
    _sheets: dict[tuple[int, int], int] = field(default_factory=dict)
    _quarters: dict[int, int] = field(default_factory=dict)
    _molds: dict[tuple[str, ...], Mold] = field(default_factory=dict)
    _clients: dict[int, Mapping[str, str]] = field(default_factory=dict)
    _booked: dict[int, Mapping[str, str]] = field(default_factory=dict)

    def enter(
        self,
        who: Technician,
        client: Client,
        job: Job,
        charge: Record,
        start: int,
        quarters: int,
        number: int,
    ) -> int:
        """Add an entry of so many quarters of an hour; `charge` holds chargeToId and references to what it is."""
        sheet = self.sheet(who, start // 1440)
        self._quarters[sheet] = self._quarters.get(sheet, 0) + quarters
        ledger, hours = self.scene.ledger, quarters / 4
        charged = ledger.texts(ENTRIES, charge)
        texts = {**self.client(client), **job.texts, **self.booked(who, sheet), **charged}
        names = tuple(texts)
        mold = self._molds.get(names)
        if mold is None:
            mold = self._molds[names] = Mold(ledger, ENTRIES, ALIKE | {name: blank(name) for name in names})
        end = stamp(start + quarters * 15)
        blanks: dict[str, Any] = {
            **texts,
            "start": stamp(start),
            "entered": end,
            "updated": end,
            "by": who.identifier,
            "hours": hours,
            "agreementHours": hours if client.agreement else 0.0,
            "amount": round(hours * job.rate, 2),
            "guid": self.scene.variety.guid(number, 60),
        }
        return mold.pour(blanks)

    def booked(self, who: Technician, sheet: int) -> Mapping[str, str]:
        """What entries on a sheet say of it and of its member."""
        known = self._booked.get(sheet)
        if known is None:
            record = {"member": who.id, "timeSheet": sheet}
            known = self._booked[sheet] = self.scene.ledger.texts(ENTRIES, record)
        return known

    def client(self, client: Client) -> Mapping[str, str]:
        """What entries say of a client."""
        known = self._clients.get(client.id)
        if known is None:
            record: Record = {"company": client.id}
            if client.agreement:
                record |= {"agreement": client.agreement, "agreementType": client.agreement_type}
            known = self._clients[client.id] = self.scene.ledger.texts(ENTRIES, record)
        return known

    def sheet(self, who: Technician, day: int) -> int:
        """The sheet of a member for the week of a day."""
        friday = week_of(day)
        known = self._sheets.get((who.id, friday))
        if known is None:
            year, period = period_of(friday)
            record = {
                "member": who.id,
                "year": year,
                "period": period,
                "dateStart": midnight(friday - 6),
                "dateEnd": midnight(friday),
                "status": "Open",
                "hours": 0.0,
                "deadline": midnight(friday + 3),
            }
            known = self.scene.ledger.put(SHEETS, record, entered=midnight(day), by=who.identifier)
            self._sheets[who.id, friday] = known
        return known

    def close(self) -> None:
        """Write the hours of all sheets."""
        for sheet, quarters in self._quarters.items():
            self.scene.ledger.amend(SHEETS, sheet, {"hours": quarters / 4})


def audits(scene: Scene, collection: str, record_id: int, member: int, message: str, day: int) -> None:
    """The first row of an audit list: who made the record."""
    row = {"member": member, "source": "Member", "type": "Record", "message": message, "value": DAYS[day + 400]}
    scene.ledger.put(f"{collection}/{{parentId}}/audits", row, parent=record_id, entered=midnight(day))
