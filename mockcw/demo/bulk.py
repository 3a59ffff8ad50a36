"""Many companies at once: copies of the first ones with their own ids and names, written past the engine.

For load tests: every copy is what the engine would have stored, since only ids, names and hrefs differ.
"""

from __future__ import annotations

from typing import Any

import orjson

from mockcw.engine.verbs import Engine
from mockcw.store import Where

COMPANIES = "/company/companies"
SITES = "/company/companies/{parentId}/sites"
ASSOCIATIONS = "/company/companies/{parentId}/typeAssociations"


def multiply(engine: Engine, total: int) -> None:
    """Fill up with copies until there are `total` companies."""
    store = engine.store
    models = [(number, doc.decode()) for number, doc in store.rows(COMPANIES, Where("1"))]
    sites = {orjson.loads(doc)["company"]["id"]: doc.decode() for _, doc in store.rows(SITES, Where("1"))}
    kinds = [(orjson.loads(doc)["company"]["id"], doc.decode()) for _, doc in store.rows(ASSOCIATIONS, Where("1"))]
    first = len(models) + 1
    site_id, kind_id = store.next_id(SITES), store.next_id(ASSOCIATIONS)
    companies, site_rows, kind_rows = [], [], []
    for number in range(first, total + 1):
        model_id, text = models[(number - 1) % len(models)]
        site = orjson.loads(sites[model_id])
        companies.append((number, 0, company_copy(text, model_id, number, site["id"], site_id)))
        site_rows.append((site_id, number, renumbered(sites[model_id], model_id, number, site["id"], site_id)))
        site_id += 1
        for owner, kind in kinds:
            if owner == model_id:
                kind_rows.append(
                    (kind_id, number, renumbered(kind, model_id, number, orjson.loads(kind)["id"], kind_id))
                )
                kind_id += 1
    store.insert_many(COMPANIES, companies)
    store.insert_many(SITES, site_rows)
    store.insert_many(ASSOCIATIONS, kind_rows)


def company_copy(text: str, model_id: int, number: int, old_site: int, new_site: int) -> bytes:
    """A company under another id, with its own identifier and name."""
    moved = text.replace(
        f"/company/companies/{model_id}/sites/{old_site}", f"/company/companies/{number}/sites/{new_site}"
    )
    moved = moved.replace(f'/company/companies/{model_id}"', f'/company/companies/{number}"')
    record: dict[str, Any] = orjson.loads(
        moved.replace(f"/company/companies/{model_id}/", f"/company/companies/{number}/")
    )
    record["id"] = number
    record["identifier"] = f"C{number:07d}"
    record["name"] = f"{record['name'][:40]} {number}"
    record["accountNumber"] = f"A{number % (number // 25 + 1):06d}"
    record["billToCompany"] = {
        **record["billToCompany"],
        "id": number,
        "identifier": record["identifier"],
        "name": record["name"],
    }
    record["site"]["id"] = new_site
    return orjson.dumps(record)


def renumbered(text: str, model_id: int, number: int, old: int, new: int) -> bytes:
    """A nested record under another company and id."""
    record: dict[str, Any] = orjson.loads(text)
    record["id"] = new
    record["company"] |= {"id": number, "identifier": f"C{number:07d}"}
    return orjson.dumps(record).replace(
        f"/company/companies/{model_id}".encode(), f"/company/companies/{number}".encode()
    )
