"""Appending to the log, reading it, and proving it.

Knows the chain: each entry's proof is an HMAC-SHA256, under a key derived from the vault's, over the entry and the
proof before it; the head row proves the last one, so that entries cannot be cut off the end unseen. What it cannot
show: that the whole database, head and all, was put back to an older state.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from integration.clock import Clock, wire_time
from integration.errors import AuditBroken
from integration.store.tables import audit, audit_head


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: when, by whom, what was done to which thing; `detail` never holds a secret."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]


class AuditLog:
    """The append-only log of one state."""

    def __init__(self, engine: Engine, key: bytes, clock: Clock) -> None:
        self._engine = engine
        self._key = key
        self._clock = clock

    def append(
        self, transaction: Connection, actor: str, action: str, subject: str, detail: Mapping[str, object]
    ) -> None:
        """Write one entry inside `transaction`, so that the change and its entry are kept together or not at all."""
        # The update that changes nothing takes the lock of the head on every database, before the head is read.
        transaction.execute(audit_head.update().values(seq=audit_head.c.seq))
        head = transaction.execute(sa.select(audit_head)).one()
        row = {
            "seq": head.seq + 1,
            "at": wire_time(self._clock.now()),
            "actor": actor,
            "action": action,
            "subject": subject,
            "detail": orjson.dumps(dict(detail), option=orjson.OPT_SORT_KEYS).decode(),
        }
        before = transaction.scalar(sa.select(audit.c.proof).where(audit.c.seq == head.seq)) or ""
        proof = self._proof(row, before)
        transaction.execute(audit.insert(), {**row, "proof": proof})
        transaction.execute(audit_head.update().values(seq=row["seq"], proof=self._head_proof(row["seq"], proof)))

    def entries(self) -> Iterator[Entry]:
        """Read the log from its beginning, proving each entry before it is given out.

        Raises AuditBroken at the first entry that does not prove itself, or at the end when entries were cut off.
        """
        before, expected = "", 1
        with self._engine.connect() as transaction:
            head = transaction.execute(sa.select(audit_head)).one()
            for row in transaction.execute(sa.select(audit).order_by(audit.c.seq)).mappings():
                content = {name: row[name] for name in ("seq", "at", "actor", "action", "subject", "detail")}
                if row["seq"] != expected or not hmac.compare_digest(row["proof"], self._proof(content, before)):
                    raise AuditBroken(
                        f"the audit log is broken at entry {expected}: it was changed, removed or put in",
                        "or the key of the vault is not the one the log was written with",
                    )
                before, expected = row["proof"], expected + 1
                yield Entry(**{**content, "detail": orjson.loads(row["detail"])})
        wanted = self._head_proof(head.seq, before) if head.seq else ""
        if head.seq != expected - 1 or not hmac.compare_digest(head.proof, wanted):
            raise AuditBroken(f"the audit log ends at entry {expected - 1}, but it was longer: entries were cut off")

    def _proof(self, content: Mapping[str, object], before: str) -> str:
        return hmac.digest(
            self._key, before.encode() + orjson.dumps(content, option=orjson.OPT_SORT_KEYS), "sha256"
        ).hex()

    def _head_proof(self, seq: int, proof: str) -> str:
        return hmac.digest(self._key, f"head {seq} {proof}".encode(), "sha256").hex()
