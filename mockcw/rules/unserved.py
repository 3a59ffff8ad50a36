"""Collections about which the generic verbs would lie: their operations answer 501 and say why."""

UNSERVED = {
    "/system/apiMembers": "API members are shown as members of licence class A; this second view is not there yet",
    "/system/mySecurity": "the rights of the caller are not listed yet",
    "/system/mySecurity/customizeItems": "customize lists are not emulated yet",
    "/company/companyTypeAssociations": "the flat view of type associations is not there yet; use the nested one",
    "/system/callbacks": "a registered callback would not be delivered yet",
    "/system/documents": "documents are not stored yet",
    "/system/audittrail": "writes do not feed the audit trail yet",
    "/system/reports": "reports are not computed yet",
    "/time/sheets": "time sheets do not follow from time entries yet",
}
