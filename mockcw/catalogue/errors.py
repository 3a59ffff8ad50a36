"""Why a path finds no operation. Plain exceptions: they know no HTTP status and no error body."""

from __future__ import annotations


class RouteNotFound(LookupError):
    """No published path has this shape."""

    def __init__(self, path: str):
        super().__init__(path)
        self.path = path


class MethodNotSupported(LookupError):
    """The path is published, but not with this method; `allowed` are the methods it has, sorted."""

    def __init__(self, method: str, path: str, allowed: tuple[str, ...]):
        super().__init__(f"{method} {path}")
        self.method = method
        self.path = path
        self.allowed = allowed
