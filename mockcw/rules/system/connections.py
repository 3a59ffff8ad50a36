"""Connections to other services: they are tested against what is stored, since nothing is there to connect to.

All of it is assumed: a set-up that says all it needs to say succeeds, another one fails and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record
from mockcw.rules.shapes import success

OFFICE365 = "/system/office365/emailSetups"
LDAP = "/system/ldapConfigurations"


def tested(worked: bool, service: str) -> Record:
    """The answer of a test."""
    message = "" if worked else f"The connection to {service} could not be established."
    return {**success(message), "success": worked}


def record_test(service: str, needs: tuple[str, ...], act: Act) -> Record:
    """A set-up in use that has all that a connection needs."""
    return tested(complete(act.here, needs), service)


def any_test(service: str, collection: str, needs: tuple[str, ...], act: Act) -> Record:
    """Some set-up of a collection that has all that a connection needs."""
    return tested(any(complete(one, needs) for one in act.look.find(collection)), service)


def complete(record: Record, needs: tuple[str, ...]) -> bool:
    """Whether a set-up is in use and says all it needs to say."""
    return not record.get("inactiveFlag") and all(record.get(name) for name in needs)


def ldap_test(act: Act) -> Record:
    """The server is one that a configuration names."""
    server = act.body.get("server")
    return tested(bool(server and act.look.find(LDAP, server=server)), "the LDAP server")


def authorize(act: Act) -> Record:
    """Consent is given: the mailbox may be read from now on."""
    act.hands.set(OFFICE365, act.id, {"authorizedFlag": True})
    return success()


def trial(
    operation: str, answer: Callable[[Act], Record], says: str = "Succeeds when the set-up is complete.", **kind: bool
) -> Action:
    """A test as an action."""
    return Action(operation, answer, "assumed", says, **kind)


ACTIONS = (
    trial(
        "getSystemAuthAnvilsTestConnection",
        partial(any_test, "AuthAnvil", "/system/authAnvils", ("serverLocationUrl", "siteId")),
        addresses=False,
    ),
    trial(
        "getSystemQuoteLinkSetupTestConnection",
        partial(any_test, "the quoting service", "/system/quoteLinkSetup", ("link",)),
        addresses=False,
    ),
    trial(
        "postSystemGoogleemailsetupByIdTestConnection",
        partial(record_test, "the mailbox", ("username", "clientId")),
    ),
    trial("postSystemOffice365EmailSetupsByIdAuthorize", authorize, "The mailbox is authorized."),
    trial(
        "postSystemOffice365EmailSetupsByIdTestConnection",
        partial(record_test, "the mailbox", ("authorizedFlag",)),
        "Succeeds when the mailbox is authorized.",
    ),
    trial(
        "postSystemMycompanyReportingServicesByIdTestConnection",
        partial(record_test, "the reporting service", ("reportingUrl", "reportingUserName")),
    ),
    trial(
        "getSystemManagementNetworkSecuritiesByIdTestCredentials",
        partial(record_test, "the network", ("username", "site")),
    ),
    trial(
        "postSystemLdapConfigurationsTestLink", ldap_test, "Succeeds for a server of a configuration.", addresses=False
    ),
)
