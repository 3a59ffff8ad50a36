"""Small subjects written with requests: an honest mirror of companies, and mirrors with one defect each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import requests

from conformance.subject import SubjectTarget

FIELDS = "id,name,status/name,types/name"


class MirrorSession:
    """A mirror that reads every page at each sync and keeps what its filters select."""

    page_size = 9

    def __init__(self, target: SubjectTarget, transport: Any = None):
        self._root = f"{target.url}/v4_6_release/apis/3.0"
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.verify = target.ca_file or True
        if transport is not None:
            self._http.mount(target.url, transport)
        self._http.auth = (f"{target.company_id}+{target.public_key}", target.private_key)
        self._http.headers["clientId"] = target.client_id or ""
        self._types: set[str] = set()
        self._excluded: set[str] = set()
        self._mirror: dict[Any, dict[str, Any]] = {}

    def configure(self, types: Sequence[str] | None = None, excluded_statuses: Sequence[str] | None = None) -> None:
        self._types = set(types or ())
        self._excluded = set(excluded_statuses or ())

    def pages(self) -> list[dict[str, Any]]:
        url: str | None = (
            f"{self._root}/company/companies?pageSize={self.page_size}&conditions=deletedFlag=false&fields={FIELDS}"
        )
        rows: list[dict[str, Any]] = []
        while url:
            reply = self._http.get(url, headers={"pagination-type": "forward-only"}, timeout=30)
            reply.raise_for_status()
            rows += reply.json()
            found = re.search(r"<([^>]+)>", reply.headers["Link"])
            url = found.group(1) if found else None
        return rows

    def selects(self, row: Mapping[str, Any]) -> bool:
        types = {one["name"] for one in row.get("types", [])}
        return (not self._types or bool(types & self._types)) and row["status"]["name"] not in self._excluded

    def store(self, rows: list[dict[str, Any]]) -> None:
        self._mirror = {row["id"]: {"id": row["id"], "name": row["name"]} for row in rows}

    def sync(self) -> dict[str, str]:
        self.store([row for row in self.pages() if self.selects(row)])
        return {"outcome": "done"}

    def state(self) -> dict[str, Any]:
        return {"companies": list(self._mirror.values())}

    def close(self) -> None:
        self._http.close()


class ForgetsDeletions(MirrorSession):
    def store(self, rows: list[dict[str, Any]]) -> None:
        self._mirror |= {row["id"]: {"id": row["id"], "name": row["name"]} for row in rows}


class StopsAfterPageOne(MirrorSession):
    def pages(self) -> list[dict[str, Any]]:
        return super().pages()[: self.page_size]


class IgnoresTypeFilter(MirrorSession):
    def selects(self, row: Mapping[str, Any]) -> bool:
        return row["status"]["name"] not in self._excluded


class DuplicatesOnRename(MirrorSession):
    def store(self, rows: list[dict[str, Any]]) -> None:
        live = {row["id"] for row in rows}
        fresh = {(row["id"], row["name"]): {"id": row["id"], "name": row["name"]} for row in rows}
        self._mirror = {key: row for key, row in self._mirror.items() if key[0] in live} | fresh


class SwallowsFailures(MirrorSession):
    def pages(self) -> list[dict[str, Any]]:
        try:
            return super().pages()
        except (requests.RequestException, KeyError, ValueError):
            return []


class Writes(MirrorSession):
    def sync(self) -> dict[str, str]:
        row = self.pages()[0]
        change = [{"op": "replace", "path": "website", "value": "https://synced.example"}]
        self._http.patch(f"{self._root}/company/companies/{row['id']}", json=change, timeout=30)
        return super().sync()


class RefusesNothing(MirrorSession):
    def sync(self) -> dict[str, str]:
        rows = self.pages()
        if not rows:
            raise RuntimeError("the server has no company at all")
        return super().sync()


class SubjectOf:
    """A subject whose sessions are of one class; `transport` reaches an emulator in process."""

    profile = None

    def __init__(self, session: type[MirrorSession], transport: Any = None):
        self.name = session.__name__
        self._session = session
        self._transport = transport

    def start(self, target: SubjectTarget, options: Mapping[str, Any] | None = None) -> MirrorSession:
        return self._session(target, self._transport)


HONEST = SubjectOf(MirrorSession)
BROKEN = SubjectOf(StopsAfterPageOne)
