"""Boards: copies that are whole in themselves, the boards in use, the teams of all boards, who can be scheduled."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action, Asking, View
from mockcw.engine.change import Change, Effect, Look, Put, Record, Refuse, Rule, WriteVerb
from mockcw.errors import FieldError
from mockcw.rules.meant import meant
from mockcw.rules.shapes import copy_of
from mockcw.rules.tickets import BOARDS, STATUSES, WRITES

LATER: frozenset[WriteVerb] = frozenset({"replace", "patch"})
MEMBERS = "/system/members"
TEAMS = f"{BOARDS}/{{parentId}}/teams"
TYPES = f"{BOARDS}/{{parentId}}/types"
EXCLUDED = f"{BOARDS}/{{parentId}}/excludedMembers"
ROWS = {  # reference models of a board's own rows, by the field that carries them: the rows they mean
    "status": STATUSES,
    "type": TYPES,
    "subType": f"{BOARDS}/{{parentId}}/subtypes",
    "subtype": f"{BOARDS}/{{parentId}}/subtypes",
    "item": f"{BOARDS}/{{parentId}}/items",
    "team": TEAMS,
}
BOARD_STATUSES = ("autoCloseStatus", "emailConnectorReopenStatus")
REFERRING = tuple(
    f"{BOARDS}/{{parentId}}/{name}"
    for name in ("autoAssignResources", "autoTemplates", "skillMappings", "typeSubTypeItemAssociations")
)
SUBTYPES = f"{BOARDS}/{{parentId}}/subtypes"
ITEM_ASSOCIATIONS = f"{BOARDS}/{{grandparentId}}/items/{{parentId}}/associations"
PAIRS = f"{BOARDS}/{{parentId}}/typeSubTypeItemAssociations"
REOPENING = {  # limit of days: the flags it goes with
    "emailConnectorReopenDaysLimit": ("emailConnectorAllowReopenClosedFlag", "emailConnectorNeverReopenByDaysFlag"),
    "emailConnectorReopenDaysClosedLimit": (
        "emailConnectorAllowReopenClosedFlag",
        "emailConnectorNeverReopenByDaysClosedFlag",
    ),
}
ASSOCIATED = {SUBTYPES: ("typeAssociationIds", TYPES)}


def copy_board(act: Act) -> Record:
    """Copy a board with its statuses, types, teams and the rest; what refers to its own rows refers to the copies."""
    source = meant(act, BOARDS, "id", act.body.get("id"), "Service Board")
    made = copy_of(act, source, BOARDS, (), {"name": act.body["name"], **dict.fromkeys(BOARD_STATUSES)})
    twins = {rows: twins_of(act.look, rows, source["id"], made["id"]) for rows in set(ROWS.values())}
    for collection in REFERRING:
        for row in act.look.find(collection, made["id"]):
            moved = {
                name: {"id": twins[rows][row[name]["id"]]}
                for name, rows in ROWS.items()
                if (row.get(name) or {}).get("id") in twins[rows]
            }
            if moved:
                act.hands.set(collection, row["id"], moved)
    for collection, (field, rows) in ASSOCIATED.items():
        for row in act.look.find(collection, made["id"]):
            act.hands.set(collection, row["id"], {field: [twins[rows].get(one, one) for one in row.get(field) or []]})
    own = {name: {"id": twins[STATUSES][source[name]["id"]]} for name in BOARD_STATUSES if source.get(name)}
    return act.hands.set(BOARDS, made["id"], own) if own else made


def twins_of(look: Look, rows: str, source: int, copy: int) -> dict[int, int]:
    """The id of each row's copy: copies are made in the order of their originals."""
    pairs = zip(look.find(rows, source), look.find(rows, copy), strict=True)
    return {old["id"]: new["id"] for old, new in pairs}


def exclusion_started(change: Change) -> Iterator[Effect]:
    """A member who is kept off a board is so by that board's number, whatever the body says (assumed)."""
    yield Put({"boardId": change.parents[0]})


def team_started(change: Change) -> Iterator[Effect]:
    """A team knows its board's number and place, and its leader is one of its members (assumed)."""
    board, after = change.look.get(BOARDS, change.parents[0]) or {}, change.after
    leader = (after.get("teamLeader") or {}).get("id")
    members = list(after.get("members") or [])
    yield Put(
        {
            "boardId": change.parents[0],
            "locationId": (board.get("location") or {}).get("id"),
            "businessUnitId": (board.get("department") or {}).get("id"),
            "members": members if leader is None or leader in members else [*members, leader],
        }
    )


def subtype_types(change: Change) -> Iterator[Effect]:
    """The two flags associate a subtype with all types of its board, or with none (assumed); they are not kept."""
    if change.after.get("addAllTypesFlag"):
        yield Put({ASSOCIATED[SUBTYPES][0]: [one["id"] for one in change.look.find(TYPES, change.parents[0])]})
    elif change.after.get("removeAllTypesFlag"):
        yield Put({ASSOCIATED[SUBTYPES][0]: []})
    yield Put({"addAllTypesFlag": False, "removeAllTypesFlag": False})


def item_subtypes(change: Change) -> Iterator[Effect]:
    """The two flags associate an item with all pairs of type and subtype of its board, or with none (assumed)."""
    if change.after.get("addAllSubTypesFlag"):
        pairs = change.look.find(PAIRS, change.parents[0])
        mine = [one["id"] for one in pairs if (one.get("item") or {}).get("id") == change.parents[1]]
        yield Put({"subTypeAssociationIds": mine or [one["id"] for one in pairs]})
    elif change.after.get("removeAllSubTypesFlag"):
        yield Put({"subTypeAssociationIds": []})
    yield Put({"addAllSubTypesFlag": False, "removeAllSubTypesFlag": False})


def reopening_limits(change: Change) -> Iterator[Effect]:
    """A limit of days for reopening by mail goes with its two flags, and is wanted with them (documented)."""
    if change.choices.email_connector_limits == "any":
        return
    for limit, flags in REOPENING.items():
        allowed, days = all(change.after.get(flag) for flag in flags), change.after.get(limit)
        if allowed and days is None:
            yield Refuse(FieldError("MissingRequiredField", f"The {limit} field is required.", change.resource, limit))
        elif days and not allowed:
            text = change.choices.email_connector_limits_message.format(field=limit, flags=" and ".join(flags))
            yield Refuse(FieldError("InvalidField", text, change.resource, limit))


def join_team(act: Act) -> Record:
    """Make a member one of a team's members, and its leader if the flag says so."""
    team = meant(act, TEAMS, "team", act.body.get("team"), "Board Team")
    member = meant(act, MEMBERS, "member", act.body.get("member"), "Member")
    members = list(team.get("members") or [])
    if member["id"] in members:
        text = act.choices.exists_message.format(caption="Team Member", field="member")
        raise act.refuse("ObjectExists", text, "member")
    leads = bool(act.body.get("teamLeaderFlag"))
    values = {"members": [*members, member["id"]], **({"teamLeader": {"id": member["id"]}} if leads else {})}
    changed = act.hands.change(TEAMS, team["id"], values)
    return {
        "id": member["id"],
        "board": {"id": changed.get("boardId")},
        "team": {"id": team["id"]},
        "member": {"id": member["id"]},
        "teamLeaderFlag": leads,
        "_info": changed["_info"],
    }


def full_name(member: Record) -> str:
    """First and last name."""
    return " ".join(str(member[part]) for part in ("firstName", "lastName") if member.get(part))


def active_boards(look: Look, asking: Asking) -> Iterator[Record]:
    """The boards that are in use."""
    yield from (one for one in look.find(BOARDS) if not one.get("inactiveFlag"))


def types(look: Look, asking: Asking) -> list[Record]:
    """The ticket types of all boards."""
    return look.find(TYPES)


def teams(look: Look, asking: Asking) -> Iterator[Record]:
    """The teams of all boards, with the place of their boards."""
    boards = {one["id"]: one for one in look.find(BOARDS)}
    for team in look.find(TEAMS):
        board = boards.get(team.get("boardId") or 0, {})
        yield {
            "id": team["id"],
            "name": team.get("name"),
            "leader": team.get("teamLeader"),
            "location": board.get("location"),
            "department": board.get("department"),
            "deleteNotifyFlag": bool(team.get("notifyOnTicketDelete")),
            "_info": team.get("_info"),
        }


def schedulable(look: Look, asking: Asking) -> Iterator[Record]:
    """The members that work can be scheduled for: all of them, inactive ones marked."""
    for member in look.find(MEMBERS):
        yield member | {"fullName": full_name(member), "defaultEmail": member.get("officeEmail")}


RULES = (
    Rule("board.email-connector", BOARDS, WRITES, reopening_limits, "documented", "A limit goes with its flags."),
    Rule("board-item.subtypes", ITEM_ASSOCIATIONS, LATER, item_subtypes, "assumed", "An item goes with subtypes."),
    Rule("board-subtype.types", SUBTYPES, WRITES, subtype_types, "assumed", "A subtype goes with types of its board."),
    Rule("board-team.start", TEAMS, WRITES, team_started, "assumed", "A team knows its board and its leader."),
    Rule("board-exclusion.start", EXCLUDED, WRITES, exclusion_started, "assumed", "Who is kept off knows of what."),
)
ACTIONS = (
    Action("postServiceBoardsCopy", copy_board, "assumed", "A copy has copies of all rows.", 201, addresses=False),
    Action("postServiceTeamMembers", join_team, "assumed", "A member joins a board's team.", 201),
)
VIEWS = (
    View("/service/info/boards/active", (BOARDS,), active_boards, "documented", "Boards without the inactive mark."),
    View("/service/info/boardtypes", (TYPES,), types, "documented", "The ticket types of all boards."),
    View("/service/teams", (TEAMS, BOARDS), teams, "documented", "The teams of all boards."),
    View("/service/scheduling/members/info", (MEMBERS,), schedulable, "documented", "Members as the scheduler sees."),
)
