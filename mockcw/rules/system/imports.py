"""Imports: definitions from the marketplace become records, and the company recycle bin is emptied.

What the marketplace holds is not known here: a definition is what was imported. All of it is assumed.
"""

from __future__ import annotations

from typing import Any

import orjson

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record
from mockcw.errors import InvalidObject, NotFound

COMPANIES = "/company/companies"
CONTACTS = "/company/contacts"
DEFINITIONS = "~marketplace"
MADE = {  # the collection, and the model of its records, that a kind of definition makes records of
    "Agreements": ("/finance/agreements/types", "AgreementType"),
    "Configurations": ("/company/configurations/types", "ConfigurationType"),
    "CRMSurveys": ("/system/surveys", "Survey"),
    "CustomReports": ("/system/customReports", "CustomReport"),
    "Products": ("/procurement/catalog", "CatalogItem"),
    "ProjectBoards": ("/service/boards", "Board"),
    "ProjectTemplates": ("/project/projectTemplates", "ProjectTemplate"),
    "ServiceBoards": ("/service/boards", "Board"),
    "TicketTemplates": ("/service/templates", "ServiceTemplate"),
}


def marketplace(act: Act) -> Record:
    """Make the records of a definition and keep it; what its objects lack is named instead, and nothing is made."""
    kept: Record = {**act.body, "requiredFields": []}
    made = MADE.get(str(act.body.get("marketplaceImportType") or ""))
    objects = act.body.get("marketplaceObject") or []
    if made is not None:
        collection, model = made
        records, lacking = checked(act, model, objects)
        kept["requiredFields"] = lacking
        for record in records if not lacking else ():
            act.hands.create(collection, (), record)
    if not kept["requiredFields"]:
        kept["id"] = act.hands.keep(DEFINITIONS, kept)
    return kept


def checked(act: Act, model: str, objects: list[Any]) -> tuple[list[Record], list[str]]:
    """The objects as records of a model, and the required fields they lack. Raises InvalidObject for other faults."""
    records, lacking = [], []
    for one in objects:
        try:
            records.append(act.check(model, orjson.dumps(one)))
        except InvalidObject as refused:
            if any(error.code != "MissingRequiredField" for error in refused.errors):
                raise
            lacking += [error.field for error in refused.errors]
    return records, list(dict.fromkeys(lacking))


def definition(act: Act) -> Record:
    """A definition that was imported."""
    found = act.look.get(DEFINITIONS, act.id)
    if found is None:
        raise NotFound(f"Marketplace Import {act.id} not found")
    return found


def purge(act: Act) -> Record:
    """Remove a company of the recycle bin for good, with its contacts; 0 empties the bin."""
    found = act.look.find(COMPANIES, deletedFlag=True)
    companies = [one for one in found if act.id in (0, one["id"])]
    contacts = 0
    for company in companies:
        for contact in act.look.find(CONTACTS, company__id=company["id"]):
            act.hands.erase(CONTACTS, contact["id"])
            contacts += 1
        act.hands.erase(COMPANIES, company["id"])
    message = "" if companies or act.id == 0 else f"Company {act.id} is not in the recycle bin."
    counts = {"deletedContactCount": contacts, "deletedCompanyCount": len(companies)}
    return {**counts, "message": message, "success": not message}


ACTIONS = (
    Action("postSystemMarketplaceimportImport", marketplace, "assumed", "A definition becomes records."),
    Action("getSystemMarketplaceimportGetdefinitionById", definition, "assumed", "A definition that was imported."),
    Action("postSystemImportMassMaintenanceById", purge, "assumed", "The company recycle bin is emptied."),
)
