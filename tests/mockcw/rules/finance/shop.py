"""What the tests of finance and procurement need around them, made through the API under names of its own."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.mockcw.caller import Caller

Record = dict[str, Any]


class Shop:
    """Makes records as one member; every name is new."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self._numbers = count(1)

    def name(self, word: str) -> str:
        """A name that no other record of this shop has."""
        return f"{word} {next(self._numbers)} of the shop"

    def made(self, path: str, **body: Any) -> Record:
        """The record of a POST, which must make one."""
        answer = self.caller.post(path, body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def read(self, path: str) -> Any:
        """The body of a GET, which must succeed."""
        answer = self.caller.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def count(self, path: str) -> int:
        """How many records a collection has."""
        return int(self.read(f"{path}/count")["count"])

    def place(self) -> Record:
        """A location and a department, as fields."""
        department = self.made(
            "/system/departments", identifier=f"D{next(self._numbers)}", name=self.name("Department")
        )
        return {"location": self.ref(self.read("/system/locations")[0]), "department": self.ref(department)}

    # -- finance -------------------------------------------------------------------------------------------------------

    def company(self, **more: Any) -> Record:
        number = next(self._numbers)
        return self.made(
            "/company/companies", identifier=f"Shop{number}", name=f"Shop {number}", site={"name": "Main"}, **more
        )

    def agreement(self, **more: Any) -> Record:
        company = more.pop("company", None) or self.ref(self.company())
        contact = self.made("/company/contacts", firstName="Ann", company=company)
        kind = more.pop("type", None) or self.ref(self.agreement_type())
        name = more.pop("name", None) or self.name("Agreement")
        return self.made(
            "/finance/agreements", name=name, type=kind, company=company, contact=self.ref(contact), **more
        )

    def agreement_type(self, **more: Any) -> Record:
        terms = {
            "name": self.name("Type"),
            "employeeCompRate": "Actual",
            "employeeCompNotExceed": "Billing",
            "invoicingCycle": "CalendarYear",
            "billTime": "Billable",
            "billExpenses": "DoNotBill",
            "billProducts": "NoCharge",
        }
        return self.made("/finance/agreements/types", **{**terms, **more})

    def invoice(self, amount: float = 100, **more: Any) -> Record:
        company = more.pop("company", None) or self.ref(self.company())
        return self.made("/finance/invoices", type="Standard", company=company, serviceAdjustmentAmount=amount, **more)

    def closed_status(self) -> Record:
        return self.made("/finance/billingStatuses", name=self.name("Closed"), closedFlag=True)

    def tax_code(self, rate: float = 0.1, **more: Any) -> Record:
        number = next(self._numbers)
        levels = {
            "levelOneRate": rate,
            "levelOneRateType": "Percent",
            "levelOneServicesFlag": True,
            "levelOneExpensesFlag": True,
            "levelOneProductsFlag": True,
            "levelOneTaxCodeXref": "STATE",
        }
        return self.made(
            "/finance/taxCodes",
            identifier=f"T{number}",
            description="A tax",
            invoiceCaption="Tax",
            effectiveDate="2020-01-01T00:00:00Z",
            **{**levels, **more},
        )

    def expense(self, amount: float = 40, **more: Any) -> Record:
        kind = self.made(
            "/expense/types",
            name=self.name("E")[:30],
            amountCaption="Amount",
            billExpenses="Billable",
            invoiceMarkupOption="Amount",
        )
        company = more.pop("company", None) or self.ref(self.company())
        body = {"type": self.ref(kind), "amount": amount, "date": "2026-01-07T00:00:00Z", "company": company}
        return self.made("/expense/entries", **{**body, **more})

    # -- procurement ---------------------------------------------------------------------------------------------------

    def item(self, **more: Any) -> Record:
        category = self.ref(self.made("/procurement/categories", name=self.name("Category")))
        body = {
            "identifier": self.name("ITEM"),
            "description": "A thing",
            "customerDescription": "A thing for you",
            "subcategory": self.ref(self.made("/procurement/subcategories", name=self.name("Sub"), category=category)),
            "category": category,
            "type": self.ref(self.made("/procurement/types", name=self.name("Kind"))),
            "unitOfMeasure": self.ref(self.made("/procurement/unitOfMeasures", name=self.name("Unit"))),
            "price": 12.5,
            "cost": 8,
        }
        return self.made("/procurement/catalog", **{**body, **more})

    def bin(self) -> Record:
        warehouse = self.made("/procurement/warehouses", name=self.name("Warehouse"), **self.place())
        return self.made(
            "/procurement/warehouseBins", name=self.name("Bin"), warehouse=self.ref(warehouse), defaultFlag=True
        )

    def product(self, item: Record | None = None, **more: Any) -> Record:
        chosen = self.ref(item or self.item())
        return self.made("/procurement/products", catalogItem=chosen, billableOption="Billable", **more)

    def order(self, **more: Any) -> Record:
        status = self.made("/procurement/purchaseorderstatuses", name=self.name("Status"))
        terms = self.made("/finance/billingTerms", name=self.name("Net"), dueDays=30)
        vendor = self.company()
        body = {"status": self.ref(status), "terms": self.ref(terms), "vendorCompany": self.ref(vendor)}
        return self.made("/procurement/purchaseorders", **{**body, **more})

    def line(self, order: Record, item: Record, quantity: int = 3, **more: Any) -> Record:
        body = {
            "lineNumber": 1,
            "product": self.ref(item),
            "description": "A thing ordered",
            "quantity": quantity,
            "unitOfMeasure": self.ref(item["unitOfMeasure"]),
            "unitCost": 8,
        }
        return self.made(f"/procurement/purchaseorders/{order['id']}/lineitems", **{**body, **more})

    def adjustment(self, item: Record, place: Record, quantity: int, **more: Any) -> Record:
        kind = self.made("/procurement/adjustments/types", identifier=self.name("Adjust"))
        outer = self.made("/procurement/adjustments", identifier=self.name("Count"), type=self.ref(kind))
        detail = self.made(
            f"/procurement/adjustments/{outer['id']}/details",
            catalogItem=self.ref(item),
            warehouse=self.ref(place["warehouse"]),
            warehouseBin=self.ref(place),
            quantityAdjusted=quantity,
            **more,
        )
        return {**outer, "detail": detail}

    @staticmethod
    def ref(record: Record) -> Record:
        """A reference to a record, by its id."""
        return {"id": record["id"]}
