"""The ready-made members: who they are, what role they have, and their keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mockcw.clock import Ids


@dataclass(frozen=True, slots=True)
class DemoMember:
    """A member as the demo makes it; `name` is how scripts call it, `identifier` how the API shows it (15 at most)."""

    name: str
    identifier: str
    role: str
    inactive: bool = False
    narrow: bool = False
    restricted: bool = False


DEMO_MEMBERS = (
    DemoMember("admin", "Admin", "Admin"),
    DemoMember("sonicsaas", "SonicSaaS", "SonicSaaS Integration"),
    DemoMember("harmony-sase", "HarmonySASE", "Harmony SASE"),
    DemoMember("channel-program", "ChannelProgram", "Admin"),
    DemoMember("it-glue", "ITGlue", "IT Glue"),
    DemoMember("managed-backup", "ManagedBackup", "Managed Backup"),
    DemoMember("inactive", "Inactive", "SonicSaaS Integration", inactive=True),
    DemoMember("no-access", "NoAccess", "No Access"),
    DemoMember("narrow-level", "NarrowLevel", "SonicSaaS Integration", narrow=True),
    DemoMember("restricted-client", "RestrictedCli", "SonicSaaS Integration", restricted=True),
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """A member's key pair and client id; the private key stays out of the repr."""

    name: str
    identifier: str
    role: str
    public_key: str
    private_key: str = field(repr=False)
    client_id: str = field(repr=False)


def issue_key(
    ids: Ids, seed: int, company_id: str, member: DemoMember, secret: Callable[[], str] | None
) -> Credentials:
    """Keys that follow from the seed, or from `secret` where they must not be guessable."""
    public, private, client = (
        secret() if secret else ids.derived(seed, company_id, member.name, part)
        for part in ("public", "private", "client")
    )
    return Credentials(member.name, member.identifier, member.role, public, private, as_guid(client))


def as_guid(text: str) -> str:
    """A GUID made of a token's bytes, since a client id has that form."""
    raw = text.encode().hex().ljust(32, "0")[:32]
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"
