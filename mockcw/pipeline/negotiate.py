"""Step 1: where the request points and which model version it asks for."""

from __future__ import annotations

from mockcw.pipeline.request import Request
from mockcw.pipeline.world import World

ROUTER_CODEBASE = "v4_6_release"  # captured: accepted on cloud beside the release's own


class OtherCodebase(Exception):
    """The path is under an API root, but of another code base."""


def api_path(world: World, path: str) -> str | None:
    """The path under the API root; None when the path is not under an API root at all.

    Raises OtherCodebase.
    """
    parts = path.split("/", 4)
    if len(parts) < 4 or parts[2].lower() != "apis" or parts[3] != "3.0":
        return None
    if parts[1].lower() not in (ROUTER_CODEBASE, world.settings.codebase.lower()):
        raise OtherCodebase(parts[1])
    return "/" + parts[4] if len(parts) == 5 else "/"


def negotiate(request: Request) -> str | None:
    """The version named in Accept; None means the newest (documented)."""
    accept = request.headers.get("accept")
    if not accept or "version=" not in accept:
        return None
    return accept.split("version=", 1)[1].split(",", 1)[0].split(";", 1)[0].strip() or None
