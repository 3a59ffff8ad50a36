"""Members, roles, documents, reports, workflows, the server itself."""

from mockcw.engine.act import Action, View
from mockcw.engine.change import Rule
from mockcw.rules.system import (
    apimembers,
    audittrail,
    callbacks,
    connections,
    contactsync,
    customfields,
    deactivation,
    documents,
    images,
    imports,
    info,
    integratorlogins,
    links,
    members,
    mine,
    passwords,
    reports,
    securityroles,
    sso,
    structure,
    tokens,
    workflows,
)

RULES: tuple[Rule, ...] = (
    *callbacks.RULES,
    *customfields.RULES,
    *documents.RULES,
    *members.RULES,
    *integratorlogins.RULES,
    *passwords.RULES,
    *securityroles.RULES,
)
ACTIONS: tuple[Action, ...] = (
    *apimembers.ACTIONS,
    *callbacks.ACTIONS,
    *connections.ACTIONS,
    *contactsync.ACTIONS,
    *deactivation.ACTIONS,
    *documents.ACTIONS,
    *images.ACTIONS,
    *imports.ACTIONS,
    *info.ACTIONS,
    *links.ACTIONS,
    *mine.ACTIONS,
    *reports.ACTIONS,
    *sso.ACTIONS,
    *tokens.ACTIONS,
    *workflows.ACTIONS,
)
VIEWS: tuple[View, ...] = (
    *apimembers.VIEWS,
    *audittrail.VIEWS,
    *documents.VIEWS,
    *mine.VIEWS,
    *reports.VIEWS,
    *structure.VIEWS,
    *workflows.VIEWS,
)
