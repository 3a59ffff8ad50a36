"""The reports there are, and their columns: a line a report, data only.

A column is `Name:kind=path`, kind one of N (number), T (text), D (date), B (flag), and `!` after the path of the key.
Company, Contact, Service, Time, Agreement, Invoice, Member, ConnectWiseHostedApiScreen and InvoiceTemplate are names
that clients use (documented); the other names, and all columns, are assumed.
"""

from __future__ import annotations

from mockcw.engine.reports import Column, ColumnType, Report

KINDS: dict[str, ColumnType] = {"N": "Numeric", "T": "Text", "D": "DateTime", "B": "Boolean"}
STAMPS = "Last_Update:D=_info/lastUpdated Updated_By:T=_info/updatedBy Date_Entered:D=_info/dateEntered"
TABLES = """
Activity /sales/activities Activity_RecID:N=id! Name:T=name Type:T=type/name Status:T=status/name \
    Company_RecID:N=company/id Company_Name:T=company/name Contact_Name:T=contact/name \
    Assigned_To:T=assignTo/identifier Date_Start:D=dateStart Date_End:D=dateEnd
Agreement /finance/agreements Agreement_RecID:N=id! Agreement_Name:T=name Agreement_Type:T=type/name \
    Company_RecID:N=company/id Company_ID:T=company/identifier Company_Name:T=company/name Date_Start:D=startDate \
    Date_End:D=endDate No_End_Date_Flag:B=noEndingDateFlag Cancelled_Flag:B=cancelledFlag Bill_Amount:N=billAmount \
    Billing_Cycle:T=billingCycle/name
AgreementAddition /finance/agreements/{parentId}/additions Addition_RecID:N=id! Agreement_RecID:N=agreementId \
    Product_ID:T=product/identifier Description:T=description Quantity:N=quantity Unit_Price:N=unitPrice \
    Unit_Cost:N=unitCost Effective_Date:D=effectiveDate Cancelled_Date:D=cancelledDate
Company /company/companies Company_RecID:N=id! Company_ID:T=identifier Company_Name:T=name \
    Status:T=status/name Territory:T=territory/name Address_Line1:T=addressLine1 Address_Line2:T=addressLine2 \
    City:T=city State:T=state Zip:T=zip Country:T=country/name Phone:T=phoneNumber Website:T=website \
    Date_Acquired:D=dateAcquired Deleted_Flag:B=deletedFlag
Configuration /company/configurations Config_RecID:N=id! Config_Name:T=name Config_Type:T=type/name \
    Status:T=status/name Company_RecID:N=company/id Company_Name:T=company/name Serial_Number:T=serialNumber \
    Model_Number:T=modelNumber Tag_Number:T=tagNumber Mac_Address:T=macAddress IP_Address:T=ipAddress \
    Active_Flag:B=activeFlag
ConnectWiseHostedApiScreen /system/connectWiseHostedScreens ConnectWise_Hosted_Screen_RecID:N=id! \
    Screen_ID:T=screenId Screen_Name:T=name
Contact /company/contacts Contact_RecID:N=id! First_Name:T=firstName Last_Name:T=lastName Title:T=title \
    Company_RecID:N=company/id Company_ID:T=company/identifier Company_Name:T=company/name Site:T=site/name \
    Default_Phone:T=defaultPhoneNbr Inactive_Flag:B=inactiveFlag Default_Flag:B=defaultFlag
Expense /expense/entries Expense_RecID:N=id! Member_ID:T=member/identifier Type:T=type/name Date:D=date \
    Amount:N=amount Company_RecID:N=company/id Company_Name:T=company/name Charge_To_Type:T=chargeToType \
    Charge_To_RecID:N=chargeToId Billable:T=billableOption Notes:T=notes Status:T=status
Invoice /finance/invoices Invoice_RecID:N=id! Invoice_Number:T=invoiceNumber Type:T=type Status:T=status/name \
    Company_RecID:N=company/id Company_Name:T=company/name Date:D=date Due_Date:D=dueDate Total:N=total \
    Subtotal:N=subtotal Sales_Tax:N=salesTax Balance:N=balance
InvoiceTemplate /finance/invoiceTemplates Invoice_Template_RecID:N=id! Name:T=name
Member /system/members Member_RecID:N=id! Member_ID:T=identifier First_Name:T=firstName Last_Name:T=lastName \
    Title:T=title Email:T=officeEmail Phone:T=officePhone Security_Role:T=securityRole/name \
    Location:T=defaultLocation/name License_Class:T=licenseClass Hire_Date:D=hireDate Inactive_Flag:B=inactiveFlag
Opportunity /sales/opportunities Opportunity_RecID:N=id! Opportunity_Name:T=name Stage:T=stage/name \
    Status:T=status/name Type:T=type/name Company_RecID:N=company/id Company_Name:T=company/name \
    Contact_Name:T=contact/name Sales_Rep:T=primarySalesRep/identifier Expected_Close_Date:D=expectedCloseDate \
    Closed_Date:D=closedDate
Product /procurement/products Product_RecID:N=id! Item_ID:T=catalogItem/identifier Description:T=description \
    Quantity:N=quantity Price:N=price Cost:N=cost Billable:T=billableOption Ticket_RecID:N=ticket/id \
    Company_Name:T=company/name Cancelled_Flag:B=cancelledFlag
ProductCatalog /procurement/catalog IV_Item_RecID:N=id! Item_ID:T=identifier Description:T=description \
    Category:T=category/name Subcategory:T=subcategory/name Type:T=type/name Price:N=price Cost:N=cost \
    Inactive_Flag:B=inactiveFlag
Project /project/projects PM_Project_RecID:N=id! Project_Name:T=name Status:T=status/name Type:T=type/name \
    Company_RecID:N=company/id Company_Name:T=company/name Manager:T=manager/identifier \
    Estimated_Start:D=estimatedStart Estimated_End:D=estimatedEnd Actual_Hours:N=actualHours \
    Budget_Hours:N=budgetHours
ProjectTicket /project/tickets TicketNbr:N=id! Summary:T=summary Project_Name:T=project/name \
    Phase:T=phase/name Status:T=status/name Company_Name:T=company/name Closed_Flag:B=closedFlag \
    Actual_Hours:N=actualHours
PurchaseOrder /procurement/purchaseorders PO_RecID:N=id! PO_Number:T=poNumber Status:T=status/name \
    Vendor_Name:T=vendorCompany/name PO_Date:D=poDate Total:N=total Closed_Flag:B=closedFlag
Schedule /schedule/entries Schedule_RecID:N=id! Name:T=name Type:T=type/identifier Object_RecID:N=objectId \
    Member_ID:T=member/identifier Date_Start:D=dateStart Date_End:D=dateEnd Hours:N=hours Status:T=status/name \
    Done_Flag:B=doneFlag
Service /service/tickets TicketNbr:N=id! Summary:T=summary Board_Name:T=board/name Status:T=status/name \
    Type:T=type/name Priority:T=priority/name Source:T=source/name Company_RecID:N=company/id \
    Company_ID:T=company/identifier Company_Name:T=company/name Contact_Name:T=contact/name \
    Owner:T=owner/identifier Location:T=location/name Closed_Flag:B=closedFlag Date_Closed:D=closedDate \
    Hours_Actual:N=actualHours Hours_Budget:N=budgetHours
Time /time/entries Time_RecID:N=id! Member_ID:T=member/identifier Company_RecID:N=company/id \
    Company_Name:T=company/name Charge_To_Type:T=chargeToType Charge_To_RecID:N=chargeToId \
    Work_Role:T=workRole/name Work_Type:T=workType/name Agreement_Name:T=agreement/name Time_Start:D=timeStart \
    Time_End:D=timeEnd Hours_Actual:N=actualHours Hours_Billed:N=hoursBilled Billable:T=billableOption \
    Status:T=status Notes:T=notes
"""


def column(text: str) -> Column:
    """Read one column."""
    name, _, rest = text.partition(":")
    kind, _, path = rest.partition("=")
    return Column(name, tuple(path.rstrip("!").split("/")), KINDS[kind], path.endswith("!"))


def tables() -> dict[str, Report]:
    """All reports by their name in small letters."""
    found = {}
    for line in filter(None, TABLES.splitlines()):
        name, collection, *columns = line.split()
        stamps = STAMPS.split()
        found[name.lower()] = Report(name, collection, tuple(column(text) for text in (*columns, *stamps)))
    return found
