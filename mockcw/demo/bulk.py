"""Many companies at once: copies of the first ones with their own ids and names, written past the engine.

For load tests: every copy is what the engine would have stored, since only ids, names and hrefs differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from mockcw.demo.names import account
from mockcw.engine.verbs import Engine
from mockcw.engine.writer import TOP
from mockcw.store import EVERYTHING

CHUNK = 5000
COMPANIES = "/company/companies"
SITES = "/company/companies/{parentId}/sites"
ASSOCIATIONS = "/company/companies/{parentId}/typeAssociations"


def multiply(engine: Engine, total: int) -> None:
    """Fill up with copies until there are `total` companies."""
    store = engine.store
    models = [Model.of(engine, number, doc) for number, doc in store.rows(COMPANIES, EVERYTHING)]
    site_id, kind_id = store.next_id(SITES), store.next_id(ASSOCIATIONS)
    first = len(models) + 1
    for start in range(first, total + 1, CHUNK):
        companies, sites, kinds = [], [], []
        for number in range(start, min(start + CHUNK, total + 1)):
            model = models[(number - 1) % len(models)]
            companies.append((number, TOP, company_copy(model, number, site_id)))
            sites.append((site_id, number, renumbered(model, model.site, number, site_id)))
            site_id += 1
            for kind in model.kinds:
                kinds.append((kind_id, number, renumbered(model, kind, number, kind_id)))
                kind_id += 1
        store.insert_many(COMPANIES, companies)
        store.insert_many(SITES, sites)
        store.insert_many(ASSOCIATIONS, kinds)


@dataclass(frozen=True, slots=True)
class Model:
    """A company made by the engine, with its site and type associations, to be copied."""

    id: int
    name: str
    company: str
    site: str
    site_id: int
    kinds: list[str]

    @classmethod
    def of(cls, engine: Engine, number: int, doc: bytes) -> Model:
        """The company of this number with what belongs to it."""
        [(site_id, site)] = engine.store.rows(SITES, EVERYTHING, parent=number)
        kinds = [kind.decode() for _, kind in engine.store.rows(ASSOCIATIONS, EVERYTHING, parent=number)]
        return cls(number, orjson.loads(doc)["name"], doc.decode(), site.decode(), site_id, kinds)


def company_copy(model: Model, number: int, new_site: int) -> bytes:
    """A company under another id, with its own identifier and name."""
    old, new = f"/company/companies/{model.id}", f"/company/companies/{number}"
    moved = model.company.replace(f"{old}/sites/{model.site_id}", f"{new}/sites/{new_site}")
    moved = moved.replace(f'{old}"', f'{new}"').replace(f"{old}/", f"{new}/")
    record: dict[str, Any] = orjson.loads(moved)
    record["id"] = number
    record["identifier"] = f"C{number:07d}"
    record["name"] = f"{model.name[:40]} {number}"
    record["accountNumber"] = account(number)
    own = {"id": number, "identifier": record["identifier"], "name": record["name"]}
    record["billToCompany"] = {**record["billToCompany"], **own}
    record["site"]["id"] = new_site
    return orjson.dumps(record)


def renumbered(model: Model, text: str, number: int, new: int) -> bytes:
    """A nested record under another company and id."""
    moved = text.replace(f"/company/companies/{model.id}", f"/company/companies/{number}")
    record: dict[str, Any] = orjson.loads(moved)
    record["id"] = new
    record["company"] |= {"id": number, "identifier": f"C{number:07d}", "name": f"{model.name[:40]} {number}"}
    return orjson.dumps(record)
