"""The customer portal: its configurations with their five setups each, and what a contact may do there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockcw.engine.act import Act, Action, Asking, View
from mockcw.engine.change import Add, Change, Effect, Look, Record, Rule
from mockcw.rules.company.associations import CONTACTS
from mockcw.rules.meant import meant

PORTALS = "/company/portalConfigurations"
INVOICES, OPPORTUNITIES, PASSWORDS, PROJECTS, SERVICES = (
    f"{PORTALS}/{{parentId}}/{name}"
    for name in ("invoiceSetups", "opportunitySetups", "passwordEmailSetups", "projectSetups", "serviceSetups")
)
FIRST: dict[str, Record] = {  # what each setup of a new portal starts with
    INVOICES: {"displayInvPmtFlag": False, "allowInvPmtFlag": False},
    OPPORTUNITIES: {},
    PASSWORDS: {},
    PROJECTS: {"onlyDisplay": "DoNotDisplay"},
    SERVICES: {"displayClosedTicketsOption": "DoNotDisplay"},
}
SIGNOFFS = "/service/serviceSignoff"
TEMPLATES = ("timeMaterialsTicketTemplate", "fixedFeeTicketTemplate")
OWN = frozenset({"id", "_info", "portalConfiguration", "portalConfig"})
SECURITY = "/company/portalSecuritySettings"
LEVELS = ("levelOne", "levelTwo", "levelThree", "levelFour", "levelFive", "levelSix")
PORTAL_SECURITY = "/company/contacts/{id}/portalSecurity"


def setups(change: Change) -> Iterator[Effect]:
    """A portal has one setup of each kind from the start: the surface offers no way to add one (assumed)."""
    for collection, record in FIRST.items():
        signoffs = change.look.find(SIGNOFFS) if collection == SERVICES else []
        if collection == SERVICES and not signoffs:
            continue  # a service setup cannot be without one
        templates = {name: {"id": signoffs[0]["id"]} for name in TEMPLATES} if signoffs else {}
        yield Add(collection, change.record_id, {**record, **templates})


def copy(act: Act) -> Record:
    """A portal like the one whose id the body carries, under the body's name, with the same setups."""
    source = meant(act, PORTALS, "id", act.body.get("id"), "Portal Configuration")
    values = {name: value for name, value in source.items() if name not in OWN}
    changes = {name: value for name, value in act.body.items() if name not in OWN and value is not None}
    made = act.hands.create(
        PORTALS, (), {**values, **changes, "defaultFlag": False, "portalImageCopySuccessFlag": True}
    )
    for collection in FIRST:
        for old in act.look.find(collection, parent=source["id"]):
            same = {name: value for name, value in old.items() if name not in OWN}
            own = act.look.find(collection, parent=made["id"])
            if own:
                act.hands.set(collection, own[0]["id"], same)
            else:
                act.hands.create(collection, (made["id"],), same)
    return made


def opportunity_setup(act: Act) -> int:
    """The id of the one opportunity setup of a portal; a portal without one gets it."""
    for setup in act.look.find(OPPORTUNITIES, parent=act.id):
        return int(setup["id"])
    return int(act.hands.create(OPPORTUNITIES, (act.id,), {})["id"])


def replace_opportunity_setup(act: Act) -> Record:
    """Put a body in the place of a portal's opportunity setup, addressed without its id."""
    return act.hands.replace(OPPORTUNITIES, opportunity_setup(act), act.raw)


def patch_opportunity_setup(act: Act) -> Record:
    """Apply operations to a portal's opportunity setup, addressed without its id."""
    return act.hands.patch(OPPORTUNITIES, opportunity_setup(act), act.raw)


def try_transaction(act: Act) -> Record:
    """A test payment works when a processor, a login and a password are there; no money moves, nothing is stored."""
    setup = {**act.here, **{name: value for name, value in act.body.items() if value is not None}}
    complete = all(setup.get(name) for name in ("paymentProcessor", "login", "password"))
    return {"success": complete, "message": "" if complete else act.choices.test_transaction_message}


def portal_security(look: Look, asking: Asking) -> Iterator[Record]:
    """A row a function of the portal: whether the contact's level may use it."""
    contact = look.get(CONTACTS, asking.parent) or {}
    level: Any = contact.get("portalSecurityLevel") or 1
    flag = LEVELS[level - 1] if 1 <= level <= len(LEVELS) else ""
    for setting in look.find(SECURITY):
        yield {
            "id": setting["id"],
            "identifier": setting.get("functionIdentifier"),
            "enabled": bool(setting.get(flag)),
        }


RULES = (
    Rule("portal.setups", PORTALS, frozenset({"create"}), setups, "assumed", "A portal has its setups from the start."),
)
ACTIONS = (
    Action(
        "postCompanyPortalConfigurationsCopy",
        copy,
        "assumed",
        "Copies the portal whose id is in the body, with its setups; the body's other fields win.",
        status=201,
    ),
    Action(
        "putCompanyPortalConfigurationsByParentIdOpportunitySetups",
        replace_opportunity_setup,
        "assumed",
        "Replaces the portal's one opportunity setup.",
    ),
    Action(
        "patchCompanyPortalConfigurationsByParentIdOpportunitySetups",
        patch_opportunity_setup,
        "assumed",
        "Changes the portal's one opportunity setup.",
    ),
    Action(
        "postCompanyPortalConfigurationsByParentIdInvoiceSetupsByIdTestTransaction",
        try_transaction,
        "assumed",
        "Succeeds when a payment processor, a login and a password are given.",
    ),
)
VIEWS = (
    View(
        PORTAL_SECURITY,
        (CONTACTS, SECURITY),
        portal_security,
        "assumed",
        "The functions of the portal, as the contact's security level allows them.",
    ),
)
