"""Case files: a customer's situation as support staff write it down, in TOML.

Knows every key that a case may have, and names the line of one that it may not; opens the role file that the case
names, and knows no server.
"""

from __future__ import annotations

import codecs
import difflib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.errors import WrongUse
from conformance.reproduce.needs import needs
from conformance.reproduce.steps import STEPS
from conformance.reproduce.vendor import CODEBASE, REGION, Server

KEYS = (
    "right",
    "swapped",
    "wrong-private",
    "unknown-public",
    "blank-before-public",
    "blank-after-public",
    "blank-before-private",
    "blank-after-private",
)
"""What a customer may have pasted in the place of the key pair."""
VENDORS_OWN = "vendor"
MISSING = "missing"
DEFAULT_PROFILE = "sonicsaas"

KINDS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "text": ("a text", lambda value: isinstance(value, str) and bool(value)),
    "flag": ("true or false", lambda value: isinstance(value, bool)),
    "number": ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "texts": ("a list of texts", lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value)),
    "table": ("a table", lambda value: isinstance(value, dict)),
    "tables": ("tables", lambda value: isinstance(value, list) and all(isinstance(one, dict) for one in value)),
}
SECTIONS: Mapping[str, Mapping[str, str]] = {
    "": {
        "title": "text",
        "profile": "text",
        "role": "text",
        "member": "table",
        "login": "table",
        "server": "table",
        "refused": "tables",
        "step": "tables",
    },
    "member": {"active": "flag", "structure_level": "text", "location": "text", "client_ids": "texts"},
    "login": {"company_id": "text", "keys": "text", "client_id": "text"},
    "server": {"url": "text", "codebase": "text", "resolves_to": "text", "allow_private": "flag"},
    "refused": {"identifier": "text", "item": "text"},
}


@dataclass(frozen=True, slots=True)
class Login:
    """What the customer pasted: `company_id` None is the right one, `keys` one of KEYS, `client_id` a text to send."""

    company_id: str | None = None
    keys: str = "right"
    client_id: str = VENDORS_OWN


@dataclass(frozen=True, slots=True)
class Member:
    """The API member as the customer set it up; `client_ids` is its allow-list, None where there is none."""

    active: bool = True
    structure_level: str = "Corporate"
    location: str = "Main Office"
    client_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A step of the case and its options."""

    name: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SupportCase:
    """A customer's situation and what they did in it.

    `role` names the role's file and `role_text` is what stands in it (None: the matrix of the vendor's guide);
    `refused` are the items on the disallow side of the role's Customize lists, by identifier.
    """

    path: Path
    title: str
    profile: str
    role: str | None
    role_text: str | None
    member: Member
    login: Login
    server: Server
    refused: tuple[tuple[str, str], ...]
    steps: tuple[Planned, ...]


def read_case(path: Path) -> SupportCase:
    """The case in a file.

    Raises:
        WrongUse: the file or its role file cannot be read, or says something that no case may; the text names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        told = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as problem:
        raise WrongUse(f"{path} cannot be read: {getattr(problem, 'strerror', None) or 'it is not UTF-8'}") from problem
    except RecursionError as problem:
        raise WrongUse(f"{path} is no TOML: it is nested too deeply") from problem
    except tomllib.TOMLDecodeError as problem:
        raise WrongUse(f"{path} is no TOML: {problem}") from problem
    return _Reader(path, text).case(told)


class _Reader:
    """Checks what a file tells, key by key."""

    def __init__(self, path: Path, text: str):
        self._path = path
        self._lines = text.splitlines()

    def case(self, told: dict[str, Any]) -> SupportCase:
        self._check("", 0, told, SECTIONS[""])
        for section in ("member", "login", "server"):
            self._check(section, 0, told.get(section, {}), SECTIONS[section])
        profile = told.get("profile", DEFAULT_PROFILE)
        self._one_of("", 0, "profile", profile, tuple(needs()))
        login = told.get("login", {})
        self._one_of("login", 0, "keys", login.get("keys", "right"), KEYS)
        member = dict(told.get("member", {}))
        if "client_ids" in member:
            member["client_ids"] = tuple(member["client_ids"])
        role = told.get("role")
        return SupportCase(
            path=self._path,
            title=told.get("title", ""),
            profile=profile,
            role=role,
            role_text=self._role_text(role),
            member=Member(**member),
            login=Login(**login),
            server=Server(**{"url": REGION, "codebase": CODEBASE, **told.get("server", {})}),
            refused=tuple(self._refused(told.get("refused", []))),
            steps=tuple(self._steps(told.get("step", []))),
        )

    def _role_text(self, role: str | None) -> str | None:
        if role is None:
            return None
        try:
            return _decoded((self._path.parent / role).read_bytes())
        except OSError as problem:
            raise self._wrong("", 0, "role", f"{role} cannot be read: {problem.strerror}") from problem

    def _refused(self, told: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
        found = []
        for index, one in enumerate(told):
            self._check("refused", index, one, SECTIONS["refused"])
            for key in SECTIONS["refused"]:
                if key not in one:
                    raise self._wrong("refused", index, None, f"{key} is missing")
            found.append((one["identifier"], one["item"]))
        return found

    def _steps(self, told: Sequence[dict[str, Any]]) -> list[Planned]:
        if not told:
            raise WrongUse(f"{self._path}: step: a case runs at least one step, as [[step]] with run = one of {_all()}")
        found = []
        for index, one in enumerate(told):
            name = one.get("run")
            if not isinstance(name, str):
                raise self._wrong("step", index, "run" if "run" in one else None, f"run must be one of {_all()}")
            self._one_of("step", index, "run", name, tuple(STEPS))
            options = {key: value for key, value in one.items() if key != "run"}
            self._check("step", index, options, STEPS[name].options)
            found.append(Planned(name, options))
        return found

    def _check(self, section: str, index: int, given: Mapping[str, Any], fields: Mapping[str, str]) -> None:
        for key, value in given.items():
            if key not in fields:
                raise self._wrong(section, index, key, f"no such key{_nearest(key, fields)}")
            kind, fits = KINDS[fields[key]]
            if not fits(value):
                raise self._wrong(section, index, key, f"must be {kind}, not {value!r}")

    def _one_of(self, section: str, index: int, key: str, value: str, known: Sequence[str]) -> None:
        if value not in known:
            raise self._wrong(section, index, key, f"must be one of {', '.join(known)}, not {value!r}")

    def _wrong(self, section: str, index: int, key: str | None, problem: str) -> WrongUse:
        name = ".".join(part for part in (section, key) if part)
        return WrongUse(f"{self._place(section, index, key)}: {name}: {problem}")

    def _place(self, section: str, index: int, key: str | None) -> str:
        """File and line of a key, or of its section's header where the key cannot be found."""
        here, seen, line = "", -1, 0
        for number, text in enumerate(self._lines, 1):
            header = re.match(r"\s*\[+\s*([\w-]+)", text)
            if header:
                here = header[1]
                seen += here == section
            inside = here == section and (not section or seen == index)
            if inside and header and not line:
                line = number
            if inside and key and re.match(rf'\s*["\']?{re.escape(key)}["\']?\s*[=.]', text):
                return f"{self._path}:{number}"
            if key and not section and header and here == key:
                return f"{self._path}:{number}"
        return f"{self._path}:{line}" if line else str(self._path)


def _decoded(raw: bytes) -> str:
    """A role file as text: what spreadsheets and browsers save is UTF-8, UTF-16 with a mark, or Windows-1252."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _all() -> str:
    return ", ".join(STEPS)


def _nearest(key: str, known: Mapping[str, str]) -> str:
    found = difflib.get_close_matches(key, list(known), n=1)
    if found:
        return f"; did you mean {found[0]}?"
    return f"; there are: {', '.join(known)}" if known else "; there is none here"
