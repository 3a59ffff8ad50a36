"""What the records say of a member: the role with its Customize lists, and the boards one is kept off.

Reads the tenant's records; decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockcw.permissions import Role
from mockcw.permissions.records import CUSTOMIZE, EXCLUDED, LEVEL_ROWS, ROLES
from mockcw.pipeline.world import Tenant

NO_ROLE = {"id": 0, "name": "(no role)"}


def role_of(tenant: Tenant, role_id: int) -> Role:
    """A role as it stands; one that does not exist has no right at all."""
    look = tenant.engine.look
    refused: dict[str, frozenset[str]] = {}
    for one in look.find(CUSTOMIZE, roleId=role_id):
        if not one["allowed"]:
            name = one["customizeIdentifier"]
            refused[name] = refused.get(name, frozenset()) | {one["itemIdentifier"]}
    return Role.of(look.get(ROLES, role_id) or NO_ROLE, look.find(LEVEL_ROWS, role_id), refused)


def boards_kept_off(tenant: Tenant, member: Mapping[str, Any]) -> frozenset[int]:
    """The boards a member is kept off: listed with the member, or the member with the board (documented)."""
    names = ("excludedServiceBoardIds", "excludedProjectBoardIds")
    listed = {int(board) for name in names for board in member.get(name) or ()}
    found = tenant.engine.look.find(EXCLUDED, memberId=member["id"])
    return frozenset(listed | {int(one["boardId"]) for one in found if one.get("boardId")})
