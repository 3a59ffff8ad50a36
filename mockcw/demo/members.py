"""The ready-made members: who they are, what role they have, and their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mockcw.clock import Ids
from mockcw.engine.verbs import Engine
from mockcw.permissions.records import KEYS, MEMBERS, key_record

DEMO_KEY = "mockcw demo key"
Secret = Callable[[], str] | None


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


def issue_key(ids: Ids, seed: int, company_id: str, member: DemoMember, secret: Secret) -> Credentials:
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


def demo_credentials(ids: Ids, company_id: str, seed: int, secret: Secret) -> dict[str, Credentials]:
    """Credentials of the ready-made members, by name."""
    return {one.name: issue_key(ids, seed, company_id, one, secret) for one in DEMO_MEMBERS}


def has_others_keys(engine: Engine, credentials: Mapping[str, Credentials]) -> bool:
    """Whether there are demo keys that are none of these."""
    own = {one.public_key for one in credentials.values()}
    return any(one["publicKey"] not in own for one in engine.look.find(KEYS, description=DEMO_KEY))


def store_keys(engine: Engine, credentials: Mapping[str, Credentials]) -> None:
    """Put the ready-made members' keys in the place of the demo keys there are."""
    store = engine.store
    with store.transaction():
        for old in engine.look.find(KEYS, description=DEMO_KEY):
            store.delete(KEYS, old["id"])
        owners = {one["identifier"]: one["id"] for one in engine.look.find(MEMBERS, licenseClass="A")}
        for member in DEMO_MEMBERS:
            key, owner = credentials[member.name], owners.get(member.identifier)
            if owner:
                key_id = store.next_id(KEYS)
                clients = [key.client_id] if member.restricted else []
                record = key_record(key_id, key.public_key, key.private_key, owner, DEMO_KEY, clients)
                store.insert(KEYS, key_id, record)
