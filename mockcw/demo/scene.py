"""What the makers of demo records share: the plan, the ledger, and who is there so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from mockcw.demo.ledger import Ledger
from mockcw.demo.plan import Plan
from mockcw.demo.variety import Variety

DATA = Path(__file__).with_name("data")
COMPANIES = "/company/companies"
CONTACTS = "/company/contacts"
SITES = "/company/companies/{parentId}/sites"
MEMBERS = "/system/members"


@dataclass(slots=True)
class Caller:
    """A contact as tickets show it."""

    id: int
    name: str
    phone: str
    email: str


@dataclass(slots=True)
class Client:
    """A live company with what its records refer to."""

    id: int
    name: str
    site: int
    address: dict[str, str]
    domain: str
    callers: list[Caller] = field(default_factory=list)
    agreement: int | None = None  # the one that tickets and time draw on
    agreement_type: str = ""
    devices: list[tuple[int, str]] = field(default_factory=list)  # id and name of configurations


@dataclass(frozen=True, slots=True)
class Technician:
    """A member who works."""

    id: int
    identifier: str
    name: str


@dataclass
class Scene:
    """A demo company in the making."""

    plan: Plan
    ledger: Ledger
    variety: Variety
    seed: int
    clients: list[Client] = field(default_factory=list)
    technicians: list[Technician] = field(default_factory=list)

    def client(self, number: int) -> Client:
        """The client that the record `number` belongs to: all have a turn."""
        return self.clients[number % len(self.clients)]

    def technician(self, number: int, salt: int) -> Technician:
        """The technician who has the record `number`."""
        return self.variety.pick(self.technicians, number, salt)

    @cached_property
    def vendors(self) -> list[int]:
        """Companies that sell to the firm: those of type Vendor, or the first one."""
        rows = self.ledger.records(COMPANIES)
        live = [one for one in rows if not one.get("deletedFlag")]
        sellers = [one["id"] for one in live if any(kind["name"] == "Vendor" for kind in one.get("types", []))]
        return sellers or [live[0]["id"]]


def rows_of(name: str) -> list[list[str]]:
    """The rows of a table among the data files; a dash stands for nothing."""
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [["" if cell == "-" else cell for cell in line.split("\t")] for line in lines if line and line[0] != "#"]
