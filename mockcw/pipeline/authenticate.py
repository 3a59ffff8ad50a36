"""Step 2: credentials -> the member or integrator login behind them, or 401; and the clientId that comes along.

Why a login failed is for the journal; the answer never tells (documented).
"""

from __future__ import annotations

from mockcw.errors import ApiError, BadRequest, EndpointMissing, SecurityRefusal, Unauthorized
from mockcw.permissions import Actor
from mockcw.permissions.records import IDENTITY
from mockcw.pipeline.login import NoEntry, cookies_of, enter, find_tenant, read
from mockcw.pipeline.request import Request
from mockcw.pipeline.world import Tenant, World
from mockcw.settings import Settings

LOGINS_KEPT = 512
BY_STATUS: dict[int, type[ApiError]] = {400: BadRequest, 401: Unauthorized, 403: SecurityRefusal}
CLIENT_COOKIE = "cw-app-id"  # some tools still send it (single source)


def authenticate(world: World, request: Request) -> tuple[Tenant, Actor]:
    """The tenant of a request and who asks. Raises Unauthorized, or what the setting says."""
    headers = request.headers
    presented = headers.get("authorization", "") + "\n" + headers.get("x-cw-usertype", "")
    for tenant in world.tenants.values():
        known = tenant.logins.get(presented)
        if known and known[0] == stamp(tenant):
            return tenant, known[1]
    try:
        given = read(headers)
        tenant = find_tenant(world.tenants, given.company)
        actor, lasting = enter(world, tenant, given)
    except NoEntry as no:
        raise refused(world.settings, no) from None
    actor.lists_hide = world.settings.permissions != "log"
    if lasting:
        if len(tenant.logins) >= LOGINS_KEPT:
            tenant.logins.clear()
        tenant.logins[presented] = (stamp(tenant), actor)
    return tenant, actor


def refused(settings: Settings, no: NoEntry) -> ApiError:
    """The answer to a log-in that failed; with a 404 it is that of a path where nothing is (assumed)."""
    if settings.unauthorized_status == 404:
        return EndpointMissing(settings.endpoint_message, reason=no.reason, cause=no.cause)
    return Unauthorized(settings.unauthorized_message, reason=no.reason, cause=no.cause)


def stamp(tenant: Tenant) -> tuple[int, ...]:
    """Changes with every write that could change who somebody is or what they may do."""
    changed = tenant.store.changed
    return tuple([changed(name) for name in IDENTITY])


def check_client_id(settings: Settings, actor: Actor, request: Request) -> None:
    """The clientId is there, known, and on the key's allow-list where it has one. Raises the set status."""
    client_id = request.headers.get("clientid") or cookies_of(request.headers).get(CLIENT_COOKIE)
    if not client_id:
        if settings.require_client_id:
            kind = BY_STATUS[settings.missing_client_id_status]
            raise kind(settings.missing_client_id_message, reason="no clientId header", cause="no-client-id")
        return
    client_id = client_id.strip().lower()
    if settings.known_client_ids and client_id not in listed(settings.known_client_ids):
        said = f"clientId {client_id[:40]} is none of the setting known_client_ids: it is not registered"
        kind = BY_STATUS[settings.unknown_client_id_status]
        raise kind(settings.unknown_client_id_message, reason=said, cause="unknown-client-id")
    if actor.client_ids and client_id not in actor.client_ids:
        said = f"clientId {client_id[:40]} is not on the allow-list of the key of {actor.identifier}"
        kind = BY_STATUS[settings.restricted_client_id_status]
        raise kind(settings.restricted_client_id_message, reason=said, cause="client-id-not-allowed")


def listed(text: str) -> list[str]:
    """The client ids of a setting, in small letters."""
    return [one.strip().lower() for one in text.split(",")]
