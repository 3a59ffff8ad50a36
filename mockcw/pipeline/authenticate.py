"""Step 2: credentials -> the member behind them, or 401.

`Basic base64(company+public:private)` (captured). Why a login failed is for the journal; the answer never tells.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Any

from mockcw.errors import ApiError, BadRequest, SecurityRefusal, Unauthorized
from mockcw.permissions import Actor, Role, Structure
from mockcw.permissions.records import IDENTITY, KEYS, LEVEL_ROWS, LOCATIONS, MEMBERS, ROLES, hashed
from mockcw.pipeline.request import Request
from mockcw.pipeline.world import Tenant, World
from mockcw.settings import Settings

LOGINS_KEPT = 512
CORPORATE = Structure(1, "Corporate", 1, ())
BY_STATUS: dict[int, type[ApiError]] = {400: BadRequest, 401: Unauthorized, 403: SecurityRefusal}


def authenticate(world: World, request: Request) -> tuple[Tenant, Actor]:
    """The tenant and the member of a request. Raises Unauthorized."""
    header = request.headers.get("authorization", "")
    for tenant in world.tenants.values():
        known = tenant.logins.get(header)
        if known and known[0] == stamp(tenant):
            return tenant, known[1]
    try:
        company, public, private = read_basic(header)
        tenant = find_tenant(world, company)
        key, member = log_in(tenant, public, private)
        actor = actor_of(tenant, member, key)
    except ValueError as why:
        raise Unauthorized(world.settings.unauthorized_message, reason=str(why)) from None
    if "expires" not in key:  # what may expire is looked up every time
        if len(tenant.logins) >= LOGINS_KEPT:
            tenant.logins.clear()
        tenant.logins[header] = (stamp(tenant), actor)
    return tenant, actor


def stamp(tenant: Tenant) -> tuple[int, ...]:
    """Changes with every write that could change who somebody is or what they may do."""
    changed = tenant.store.changed
    return tuple([changed(name) for name in IDENTITY])


def read_basic(header: str) -> tuple[str, str, str]:
    """Company, public and private key of an Authorization header. Raises ValueError with the reason."""
    if not header:
        raise ValueError("no Authorization header")
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise ValueError("the Authorization header is not Basic")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise ValueError("the Basic credentials are not base64") from None
    user, colon, private = text.partition(":")
    company, plus, public = user.partition("+")
    if not colon or not plus:
        raise ValueError("the Basic credentials are not company+public:private")
    return company, public, private


def find_tenant(world: World, company: str) -> Tenant:
    """The tenant of a company id; letter case counts (single source). Raises ValueError."""
    tenant = world.tenants.get(company)
    if tenant is None:
        raise ValueError(f"no company {company!r}")
    return tenant


def log_in(tenant: Tenant, public: str, private: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A key pair and the member that owns it. Raises ValueError with the reason."""
    look = tenant.engine.look
    keys = look.find(KEYS, publicKey=public)
    key = next((one for one in keys if one["publicKey"] == public), None)
    if key is None:
        blank = " (it has blanks around it)" if public != public.strip() else ""
        raise ValueError(f"unknown public key{blank}")
    if not hmac.compare_digest(key["privateHash"], hashed(private)):
        blank = " (it has blanks around it)" if private != private.strip() else ""
        raise ValueError(f"wrong private key{blank}")
    if "expires" in key and key["expires"] <= tenant.engine.now():
        raise ValueError(f"the member token expired at {key['expires']}")
    member = look.get(MEMBERS, key["memberId"])
    if member is None or member.get("inactiveFlag"):
        raise ValueError(f"member {member['identifier'] if member else key['memberId']} is inactive")
    return key, member


def actor_of(tenant: Tenant, member: dict[str, Any], key: dict[str, Any]) -> Actor:
    """The member with role and structure level read from the store."""
    look = tenant.engine.look
    role_id = (member.get("securityRole") or {}).get("id", 0)
    role = look.get(ROLES, role_id) or {"id": 0, "name": "(no role)"}
    return Actor(
        member_id=member["id"],
        identifier=member["identifier"],
        public_key=key["publicKey"],
        role=Role.of(role, look.find(LEVEL_ROWS, role_id)),
        structure=structure_of(tenant, member),
        location_id=(member.get("defaultLocation") or {}).get("id"),
        client_ids=tuple(key.get("clientIds", ())),
    )


def structure_of(tenant: Tenant, member: dict[str, Any]) -> Structure:
    """The member's structure level and the locations at and below its place in the structure."""
    depth = member.get("structureLevel")
    if not depth or depth["id"] <= CORPORATE.level:
        return CORPORATE
    place = (member.get("securityLocation") or member.get("defaultLocation") or {}).get("id")
    below = {place} if place else set()
    locations = tenant.engine.look.find(LOCATIONS)
    grown = True
    while grown:
        found = {one["id"] for one in locations if (one.get("reportsTo") or {}).get("id") in below}
        grown = not found <= below
        below |= found
    name = f"{depth['name']} / {(member.get('securityLocation') or {}).get('name', 'no location')}"
    return Structure(depth["id"], name, depth["id"], tuple(sorted(below)))


def check_client_id(settings: Settings, actor: Actor, request: Request) -> None:
    """The clientId header is there and, where the key has an allow-list, on it. Raises the set status."""
    client_id = request.headers.get("clientid")
    if not client_id:
        if settings.require_client_id:
            kind = BY_STATUS[settings.missing_client_id_status]
            raise kind(settings.missing_client_id_message, reason="no clientId header")
    elif actor.client_ids and client_id.lower() not in actor.client_ids:
        kind = BY_STATUS[settings.restricted_client_id_status]
        raise kind(settings.restricted_client_id_message, reason=f"clientId {client_id} is not on the key's allow-list")
