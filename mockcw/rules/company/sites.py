"""Sites of a company: one primary, one each for shipping, billing and mailing; the primary is the company's address."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.change import Change, Effect, Look, Put, Record, Rule, Write, WriteVerb

STATES = "/company/states"
COMPANIES = "/company/companies"
SITES = "/company/companies/{parentId}/sites"
FLAGS = ("primaryAddressFlag", "defaultShippingFlag", "defaultBillingFlag", "defaultMailingFlag")
ADDRESS = ("addressLine1", "addressLine2", "city", "zip", "country", "phoneNumber", "faxNumber")
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})


def state_named(look: Look, text: object) -> Record | None:
    """The state that a company's text means, by identifier or name."""
    if not isinstance(text, str) or not text:
        return None
    return next(iter(look.find(STATES, identifier=text) or look.find(STATES, name=text)), None)


def one_of_each(change: Change) -> Iterator[Effect]:
    """A flag set here is taken from the site that had it; the last holder keeps it (assumed)."""
    if change.choices.site_flags == "free":
        return
    others = [one for one in change.look.find(SITES, parent=change.parents[0]) if one["id"] != change.record_id]
    settled: Record = {"inactiveFlag": change.after.get("inactiveFlag") or False}
    for flag in FLAGS:
        holders = [one for one in others if one.get(flag)]
        settled[flag] = bool(change.after.get(flag)) or not holders
        if settled[flag]:
            yield from (Write(SITES, one["id"], {flag: False}) for one in holders)
    yield Put(settled)


def address_to_company(change: Change) -> Iterator[Effect]:
    """The primary site's address is the company's (assumed)."""
    if change.choices.company_address_follows == "both" and change.after.get("primaryAddressFlag"):
        values: Record = {name: change.after.get(name) for name in ADDRESS}
        was, now = ((one or {}).get("stateReference") or {} for one in (change.before, change.after))
        if was.get("id") != now.get("id") or not (change.before or {}).get("primaryAddressFlag"):
            values["state"] = now.get("identifier")
        values["site"] = {"id": change.record_id}
        yield Write(COMPANIES, change.parents[0], values)


def primary_stays(change: Change) -> Iterator[Effect]:
    """The primary site cannot be deleted; it takes over what another site was for (assumed)."""
    before = change.before or {}
    if change.choices.site_flags == "free":
        return
    if before.get("primaryAddressFlag"):
        raise change.in_use()
    held = {flag: True for flag in FLAGS if before.get(flag)}
    for primary in change.look.find(SITES, parent=change.parents[0], primaryAddressFlag=True) if held else []:
        yield Write(SITES, primary["id"], held)


RULES = (
    Rule("site.one-of-each", SITES, WRITES, one_of_each, "assumed", "A company has one site of each kind."),
    Rule("site.address", SITES, WRITES, address_to_company, "assumed", "The primary site is the company's address."),
    Rule("site.primary-stays", SITES, frozenset({"delete"}), primary_stays, "assumed", "The primary site stays."),
)
