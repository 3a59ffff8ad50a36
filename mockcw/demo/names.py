"""Names, addresses and phone numbers of demo companies and people, from Faker; knows no record and no store.

Those of the sets up to msp with the default seed are kept as files: importing Faker takes longer than a start may.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import orjson

if TYPE_CHECKING:
    from faker import Faker

DATA = Path(__file__).with_name("data")
KEPT = DATA / "small.json"
KEPT_PEOPLE = DATA / "people.json"
KEPT_SEED = 1
PEOPLE_ASKED = 400  # more people than that share first and last names in new pairs


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


class Person(TypedDict):
    """What Faker says of one person."""

    first: str
    last: str
    title: str
    phone: str


def company_names(count: int, seed: int) -> list[CompanyNames]:
    """`count` companies; names repeat now and then, as in real life, identifiers never do."""
    if seed == KEPT_SEED and KEPT.exists():
        kept: list[CompanyNames] = orjson.loads(KEPT.read_bytes())
        if count <= len(kept):
            return kept[:count]
    return list(generate(count, seed))


def people(count: int, seed: int) -> list[Person]:
    """`count` people; beyond PEOPLE_ASKED, first and last names meet in new pairs."""
    wanted = min(count, PEOPLE_ASKED)
    kept: list[Person] = orjson.loads(KEPT_PEOPLE.read_bytes()) if seed == KEPT_SEED and KEPT_PEOPLE.exists() else []
    asked = kept[:wanted] if wanted <= len(kept) else list(generate_people(wanted, seed))
    return [paired(asked, number) for number in range(count)]


def paired(asked: list[Person], number: int) -> Person:
    """The person `number`, who has the last name of another one when there are more people than names."""
    turn, place = divmod(number, len(asked))
    person = asked[place]
    return {**person, "last": asked[(place + turn * 7) % len(asked)]["last"]} if turn else person


def account(number: int) -> str:
    """The account number of a company: twenty-five share one, so that a filter by it answers a page at any size."""
    return f"A{(number - 1) // 25:06d}"


def generate(count: int, seed: int) -> Iterator[CompanyNames]:
    """Ask Faker for `count` companies."""
    fake = faker(seed)
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


def generate_people(count: int, seed: int) -> Iterator[Person]:
    """Ask Faker for `count` people."""
    fake = faker(seed)
    for _ in range(count):
        yield {
            "first": fake.first_name()[:30],
            "last": fake.last_name()[:30],
            "title": fake.job()[:50],
            "phone": fake.numerify("##########"),
        }


def faker(seed: int) -> Faker:
    """A Faker that begins anew with the seed."""
    from faker import Faker  # 0.25 s to import: only where the kept files do not serve

    fake = Faker("en_US")
    fake.seed_instance(seed)
    return fake
