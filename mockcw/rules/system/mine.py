"""What a member sees of itself: rights, record, account. Also the lists of members that other services ask for.

An API member has no account: its path is as if it were not there (reported). Whose account others may read is assumed:
one's own.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from mockcw.engine.act import Act, Action, Asking, View
from mockcw.engine.change import Look, Record
from mockcw.errors import EndpointMissing, NotFound
from mockcw.rules.system.operations import field_of, operations

MEMBERS = "/system/members"
FIRSTS = {
    "timeZone": "/system/timeZoneSetups",
    "defaultLocation": "/system/locations",
    "salesDefaultLocation": "/system/locations",
    "defaultDepartment": "/system/departments",
    "workRole": "/time/workRoles",
}
API_ONLY = "A"  # the license class
FORMATS = {"companyActivityTabFormat": "SummaryList", "invoiceTimeTabFormat": "SummaryList"}
LEVELS = "/system/securityroles/{parentId}/settings"
ITEMS = {
    "CompanyConfigurations": "/company/configurations/types",
    "FinanceAgreements": "/finance/agreements/types",
    "SystemManageHostedApi": "/system/connectWiseHostedScreens",
    "SystemCustomMenuEntry": "/system/menuentries",
    "SystemTableSetup": "/system/setupScreens",
}
ROLES, CUSTOMIZE = "/system/securityroles", "~customize"  # the lists of a role are a table of the emulator's own
TABLES = {  # setup screen: the table as roles name it, where that differs (documented by the guides of several vendors)
    ("Companies", "Company Status"): "Company / Company Status",
    ("Companies", "Company Type"): "Company / Company Type",
    ("Companies", "Contact Type"): "Contacts / Contact Type",
    ("Companies", "Configuration Type"): "Company / Configuration",
    ("Finance", "Agreement Type"): "Agreements / Agreement Type",
    ("Finance", "Billing Terms"): "Invoicing / Billing Terms",
    ("Finance", "Tax Code"): "Invoicing / Tax code",
    ("Procurement", "Product Category"): "Products / Category",
    ("Sales", "Opportunity Status"): "Opportunities / Opportunity Status",
}


# -- rights ------------------------------------------------------------------------------------------------------------


def my_security(look: Look, asking: Asking) -> Iterator[Record]:
    """The rows of the caller's role."""
    member = look.get(MEMBERS, asking.actor_id) or {}
    names = " ".join(str(member[part]) for part in ("firstName", "lastName") if member.get(part))
    me = {"id": asking.actor_id, "identifier": asking.actor, "name": names}
    for row in look.find(LEVELS, parent=asking.role_id):
        yield {**row, "member": me}


def customize_items(look: Look, asking: Asking) -> Iterator[Record]:
    """The items on the allow side of the Customize lists of the caller's role; the admin flag allows all (assumed)."""
    role = look.get(ROLES, asking.role_id) or {}
    refused = set()
    if not (role.get("adminFlag") and asking.choices.admin_bypass) and asking.choices.permissions == "enforce":
        kept = look.find(CUSTOMIZE, roleId=asking.role_id)
        refused = {(one["customizeIdentifier"], one["itemIdentifier"]) for one in kept if not one["allowed"]}
    items = [(identifier, item_name(one)) for identifier, rows in ITEMS.items() for one in look.find(rows)]
    for number, (identifier, item) in enumerate((one for one in items if one not in refused), 1):
        yield {"id": number, "customizeIdentifier": identifier, "itemIdentifier": item}


def item_name(record: Record) -> str:
    """How a Customize list names a record; a setup table with the part of the setup it is in."""
    name = str(record.get("name") or record.get("caption") or record["id"])
    if "category" not in record:
        return name
    return TABLES.get((record["category"], name), f"{record['category']} / {name}")


# -- the member itself -------------------------------------------------------------------------------------------------


def my_member(act: Act) -> Record:
    """The caller's own record."""
    member = act.look.get(MEMBERS, act.actor_id) or {}
    return {**member, "ssoSessionFlag": False}


def my_member_info(act: Act) -> Record:
    """The caller's own record, in short."""
    member = my_member(act)
    names = [str(member[part]) for part in ("firstName", "middleInitial", "lastName") if member.get(part)]
    return {**member, "fullName": " ".join(names)}


def own_account(act: Act) -> Record:
    """The member the path names. Raises NotFound when it is another one: there is one account here, the caller's.

    Raises EndpointMissing for an API member.
    """
    if (act.look.get(MEMBERS, act.actor_id) or {}).get("licenseClass") == API_ONLY:
        said = f"{act.actor} is an API member, and API members have no account"
        raise EndpointMissing(act.choices.endpoint_message, reason=said, cause="api-only-member")
    if act.id != act.actor_id:
        raise NotFound(f"My Account {act.id} not found")
    return act.here


def my_account(act: Act) -> Record:
    """The caller's account."""
    return whole(act, own_account(act))


def whole(act: Act, member: Record) -> Record:
    """An account as every account is; what the member was not given is the firm's first, or itself (assumed)."""
    account = dict(member)
    for name, collection in FIRSTS.items():
        rows = [] if account.get(name) else act.look.find(collection)
        if rows:
            chosen = next((row for row in rows if row.get("defaultFlag")), rows[0])
            account[name] = {"id": chosen["id"]}
    for name in ("timeApprover", "expenseApprover"):
        account[name] = account.get(name) or {"id": member["id"]}
    for name, value in FORMATS.items():
        account[name] = account.get(name) or value
    return account


def put_account(act: Act) -> Record:
    """All fields of the account; what only Member Maintenance sets stays."""
    member, mine = own_account(act), act.fields("MyAccount")
    stays = {name: value for name, value in member.items() if name not in mine}
    return whole(act, act.hands.replace(MEMBERS, act.id, orjson.dumps({**stays, **act.body})))


def patch_account(act: Act) -> Record:
    """Some fields of the account; others are refused, or a member could give itself another role."""
    own_account(act)
    mine = act.fields("MyAccount")
    for name in map(field_of, operations(act.raw) or ()):
        if name and name not in mine:
            raise act.refuse("InvalidField", act.choices.my_account_message.format(field=name[:50]), name[:50])
    return whole(act, act.hands.patch(MEMBERS, act.id, act.raw))


# -- lists of members --------------------------------------------------------------------------------------------------


def with_sso(look: Look, _: Asking) -> Iterator[Record]:
    """The members that are linked to a single sign-on user."""
    return (member for member in look.find(MEMBERS) if member.get("ssoSettings"))


def calendar_sync(look: Look, _: Asking) -> Iterator[Record]:
    """The members whose calendar is kept in step."""
    for member in look.find(MEMBERS, calendarSyncIntegrationFlag=True):
        yield {
            "id": member["id"],
            "memberId": member["identifier"],
            "office365Id": (member.get("office365") or {}).get("id"),
            "mapiName": member.get("mapiName"),
            "calendarSyncIntegrationFlag": True,
        }


ACTIONS = (
    Action("getSystemMyMembers", my_member, "documented", "The caller's own record."),
    Action("getSystemMyMembersInfo", my_member_info, "documented", "The caller's own record, in short."),
    Action("getSystemMyAccountById", my_account, "assumed", "The caller's account."),
    Action("putSystemMyAccountById", put_account, "assumed", "All fields of the caller's account."),
    Action("patchSystemMyAccountById", patch_account, "assumed", "Some fields of the caller's account."),
)
VIEWS = (
    View("/system/mySecurity", (LEVELS, MEMBERS), my_security, "documented", "The rows of the caller's role."),
    View(
        "/system/mySecurity/customizeItems",
        (*ITEMS.values(), ROLES, CUSTOMIZE),
        customize_items,
        "assumed",
        "What the role's Customize lists allow.",
    ),
    View("/system/members/withSso", (MEMBERS,), with_sso, "assumed", "Members with single sign-on."),
    View("/system/members/calendarsync", (MEMBERS,), calendar_sync, "assumed", "Members with a synchronised calendar."),
)
