"""Names, addresses and phone numbers of demo companies, from Faker; knows no record and no store.

The small set with the default seed is kept as a file, since importing Faker takes longer than starting the server may.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import orjson

KEPT = Path(__file__).with_name("data") / "small.json"
KEPT_SEED = 1


class CompanyNames(TypedDict):
    """What Faker says of one company."""

    name: str
    identifier: str
    addressLine1: str
    city: str
    state: str
    zip: str
    phoneNumber: str
    website: str
    numberOfEmployees: int


def company_names(count: int, seed: int) -> list[CompanyNames]:
    """`count` companies; names repeat now and then, as in real life, identifiers never do."""
    if seed == KEPT_SEED and KEPT.exists():
        kept: list[CompanyNames] = orjson.loads(KEPT.read_bytes())
        if count <= len(kept):
            return kept[:count]
    return list(generate(count, seed))


def account(number: int) -> str:
    """The account number of a company: twenty-five share one, so that a filter by it answers a page at any size."""
    return f"A{(number - 1) // 25:06d}"


def generate(count: int, seed: int) -> Iterator[CompanyNames]:
    """Ask Faker for `count` companies."""
    from faker import Faker  # 0.25 s to import: only where the kept file does not serve

    fake = Faker("en_US")
    fake.seed_instance(seed)
    for number in range(1, count + 1):
        name = fake.company()[:50]
        letters = "".join(letter for letter in name if letter.isalnum())[:22]
        yield {
            "name": name,
            "identifier": f"{letters}{number}",
            "addressLine1": fake.street_address()[:50],
            "city": fake.city()[:50],
            "state": fake.state_abbr(),
            "zip": fake.postcode()[:12],
            "phoneNumber": fake.numerify("##########"),
            "website": fake.domain_name(),
            "numberOfEmployees": fake.random_int(5, 900),
        }
