"""Reading agreements, their additions and the catalogue, page after page, and adding up what bills.

Knows the calls and their order; nothing is kept, nothing written. While one agreement is worked on, the server already
looks for the next one's additions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeVar

from integration.agreements.figures import Unreadable
from integration.agreements.records import (
    ADDITION_FIELDS,
    AGREEMENT_FIELDS,
    BILLS,
    PRODUCT_FIELDS,
    Addition,
    Agreement,
    Product,
    Scan,
    UnreadableLine,
    read_addition,
    read_agreement,
    read_product,
)
from integration.agreements.today import server_day
from integration.clock import Clock
from integration.connect.client import Client
from integration.connect.paging import FORWARD_ONLY, mark_parameters, next_mark, refuse_doubtful_end
from integration.connect.reply import without_nul
from integration.errors import PermissionRefused, ProtocolFault, RecordMissing, Skippable
from integration.explain import explained
from integration.profile import Operation, Profile
from integration.settings import Settings

NO_AGREEMENTS: Final = (
    "the server answered and listed no agreement: the API member's Level, Location or Business Unit may be too narrow"
)
T = TypeVar("T")


class Scanner:
    """Reads one company's agreements through `client`."""

    def __init__(self, client: Client, profile: Profile, source: str, clock: Clock, settings: Settings) -> None:
        self._client = client
        self._profile = profile
        self._source = source
        self._clock = clock
        self._settings = settings

    def scan(self, *, with_products: bool = False, only: Iterable[int] | None = None) -> Scan:
        """Read every agreement, or those with the ids `only`, with all additions; the catalogue too when asked for.

        An agreement that vanishes while it is read is left out with a warning. Raises PermissionRefused with the row
        of the role that is missing, ProtocolFault for an answer that is none of this API.
        """
        with explained(self._profile, self._profile.operation("agreements.list")):
            self._client.discover()
        zone, warnings = self._zone()
        today, doubt = server_day(self._client.server_time or self._clock.now(), zone)
        warnings += [doubt] if doubt else []
        unreadable: list[UnreadableLine] = []
        agreements = self._agreements(None if only is None else sorted(set(only)), warnings)
        additions = self._additions(agreements, unreadable, warnings)
        products = self._products(warnings) if with_products else []
        if not agreements and only is None:
            warnings.append(NO_AGREEMENTS)
        return Scan(
            source=self._source,
            today=today,
            cancelled_day_bills=bool(self._settings.cancelled_day_bills),
            agreements=tuple(sorted(agreements, key=lambda one: one.id)),
            additions=tuple(sorted(additions, key=lambda one: (one.agreement_id, one.id))),
            products=tuple(sorted(products, key=lambda one: one.id)),
            unreadable=tuple(sorted(unreadable, key=lambda one: (one.agreement_id, one.id))),
            warnings=tuple(warnings),
        )

    def _zone(self) -> tuple[str, list[str]]:
        operation = self._profile.connection_test
        try:
            with explained(self._profile, operation):
                info = self._client.get(operation.path).json()
        except (PermissionRefused, Skippable) as error:
            return "", [error.message]
        return str(info.get("serverTimeZone") or "") if isinstance(info, dict) else "", []

    def _agreements(self, only: list[int] | None, warnings: list[str]) -> list[Agreement]:
        operation = self._profile.operation("agreements.list")
        if only is None:
            sent: Iterable[Mapping[str, Any]] = self._pages(operation, operation.path, AGREEMENT_FIELDS)
        else:
            sent = self._each(operation, only)
        return list(_readable(sent, read_agreement, "agreement", warnings))

    def _each(self, operation: Operation, ids: Iterable[int]) -> Iterator[Mapping[str, Any]]:
        for key in ids:
            try:
                with explained(self._profile, operation):
                    answer = without_nul(self._client.get(f"{operation.path}/{key}")).exact_json()
            except RecordMissing:
                continue
            if not isinstance(answer, dict):
                raise ProtocolFault("the server answered something else than an agreement")
            yield answer

    def _additions(
        self, agreements: list[Agreement], unreadable: list[UnreadableLine], warnings: list[str]
    ) -> list[Addition]:
        operation = self._profile.operation("additions.list")
        paths = [operation.path.replace("{agreement}", str(one.id)) for one in agreements]
        found: dict[tuple[int, int], Addition] = {}
        for number, agreement in enumerate(agreements):
            following = paths[number + 1] if number + 1 < len(paths) else None
            try:
                for sent in self._pages(operation, paths[number], ADDITION_FIELDS, following):
                    try:
                        line = read_addition(sent, agreement.id)
                        found[line.agreement_id, line.id] = line
                    except Unreadable as error:
                        key = sent.get("id")
                        unreadable.append(UnreadableLine(agreement.id, key if type(key) is int else 0, str(error)))
            except RecordMissing:
                warnings.append(f"agreement {agreement.id} is gone since it was listed")
        return list(found.values())

    def _products(self, warnings: list[str]) -> list[Product]:
        operation = self._profile.operation("products.list")
        return list(
            _readable(self._pages(operation, operation.path, PRODUCT_FIELDS), read_product, "product", warnings)
        )

    def _pages(
        self, operation: Operation, path: str, fields: str, following: str | None = None
    ) -> Iterator[Mapping[str, Any]]:
        mark = ""
        while True:
            with explained(self._profile, operation):
                reply = self._client.get(path, self._asked(fields, mark), FORWARD_ONLY)
            ahead = next_mark(reply, mark)
            if ahead is not None:
                self._client.begin(path, self._asked(fields, ahead), FORWARD_ONLY)
            elif following is not None:
                self._client.begin(following, self._asked(fields, ""), FORWARD_ONLY)
            listed = without_nul(reply).exact_json()
            if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
                raise ProtocolFault(f"the server answered something else than a list to GET {path}")
            refuse_doubtful_end(reply, len(listed), self._settings.page_size)
            yield from listed
            if ahead is None:
                return
            mark = ahead

    def _asked(self, fields: str, mark: str) -> dict[str, str]:
        return {"pageSize": str(self._settings.page_size), "fields": fields, **mark_parameters(mark)}


def _readable(
    sent: Iterable[Mapping[str, Any]], read: Callable[[Mapping[str, Any]], T], kind: str, warnings: list[str]
) -> Iterator[T]:
    for one in sent:
        try:
            yield read(one)
        except Unreadable as error:
            warnings.append(f"{kind} {one.get('id')} is left out: {error}")


@dataclass(frozen=True, slots=True)
class Group:
    """What bills under one name, in one cycle and one currency."""

    name: str
    cycle: str
    currency: str
    lines: int
    quantity: Decimal
    amount: Decimal
    cost: Decimal
    unpriced: int


def by_company(scan: Scan) -> list[Group]:
    """Add up what bills today by company."""
    return _grouped(scan, lambda agreement, line: agreement.company or agreement.company_name)


def by_product(scan: Scan) -> list[Group]:
    """Add up what bills today by product."""
    return _grouped(scan, lambda agreement, line: line.product)


def lines_of(scan: Scan) -> Iterator[tuple[Agreement, Addition, str]]:
    """Go through every line with its agreement and its state."""
    agreements = {one.id: one for one in scan.agreements}
    for line in scan.additions:
        agreement = agreements[line.agreement_id]
        yield agreement, line, scan.state(agreement, line)


def _grouped(scan: Scan, name: Callable[[Agreement, Addition], str]) -> list[Group]:
    groups: dict[tuple[str, str, str], list[Addition]] = {}
    for agreement, line, state in lines_of(scan):
        if state == BILLS:
            groups.setdefault((name(agreement, line), agreement.cycle, agreement.currency), []).append(line)
    return [
        Group(
            *key,
            lines=len(lines),
            quantity=sum((line.quantity for line in lines), Decimal(0)),
            amount=sum((line.amount or Decimal(0) for line in lines), Decimal("0.00")),
            cost=sum((line.cost or Decimal(0) for line in lines), Decimal("0.00")),
            unpriced=sum(line.amount is None for line in lines),
        )
        for key, lines in sorted(groups.items())
    ]
