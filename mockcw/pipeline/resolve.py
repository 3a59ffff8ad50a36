"""Step 3: method and path -> the operation and the ids in the path, or 404, 405."""

from __future__ import annotations

from mockcw.catalogue import Catalogue, Match, MethodNotSupported, RouteNotFound
from mockcw.errors import EndpointMissing, MethodRefused
from mockcw.settings import Settings


def resolve(catalogue: Catalogue, settings: Settings, method: str, path: str) -> Match:
    """The operation a request names. Raises EndpointMissing, MethodRefused."""
    try:
        return catalogue.match("GET" if method == "HEAD" else method, path)
    except RouteNotFound:
        raise EndpointMissing(settings.endpoint_message, reason="no such path in the published surface") from None
    except MethodNotSupported as refused:
        raise MethodRefused(
            settings.method_message, headers=(("Allow", ", ".join(refused.allowed)),), reason=str(refused)
        ) from None
