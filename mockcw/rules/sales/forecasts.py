"""The forecast of an opportunity: items with revenue and cost, and sums over them by kind and by status.

An opportunity has one forecast; its items are kept inside it and have ids of their own. The surface addresses the
forecast without an id and its items with one. Sums, and what each path does, are assumed from the names of the models.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import orjson

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Add, Change, Effect, Look, Put, Record, Rule, Write, WriteVerb
from mockcw.errors import NotFound
from mockcw.rules.money import money, number
from mockcw.rules.shapes import success

OPPORTUNITIES = "/sales/opportunities"
FORECAST = "/sales/opportunities/{parentId}/forecast"
STATUSES = "/sales/opportunities/statuses"
PROBABILITIES = "/sales/probabilities"
NUMBERS = "~forecast items"  # one row: the last id that an item of any forecast got
ITEMS = "forecastItems"
KINDS = {
    "productRevenue": "Product",
    "serviceRevenue": "Service",
    "agreementRevenue": "Agreement",
    "otherRevenue1": "Other1",
    "otherRevenue2": "Other2",
}
NEVER = ("timeRevenue", "expenseRevenue")  # no item is of these kinds
SHOWN = ("taxCode", "billingTerms", "currency")  # the opportunity's own, shown in the forecast
FLAGS = ("includeFlag", "linkFlag", "recurringFlag", "taxableFlag")
POINTERS = ("opportunity", "status", "catalogItem", "billCycle")  # references of an item
WRITES: frozenset[WriteVerb] = frozenset({"create", "replace", "patch"})


# -- sums --------------------------------------------------------------------------------------------------------------


def begins(change: Change) -> Iterator[Effect]:
    """An opportunity has a forecast from the start, with nothing in it."""
    yield Add(FORECAST, change.record_id, {ITEMS: [], **sums(change.look, [], change.after)})


def followed(change: Change) -> Iterator[Effect]:
    """What the forecast shows of its opportunity follows it."""
    before = change.before or {}
    if any(change.after.get(name) != before.get(name) for name in ("probability", *SHOWN)):
        shown: Record = {name: change.after.get(name) for name in SHOWN}
        shown["expectedProbability"] = probability(change.look, change.after)
        for forecast in change.look.find(FORECAST, parent=change.record_id):
            yield Write(FORECAST, forecast["id"], shown)


def reckoned(change: Change) -> Iterator[Effect]:
    """The sums follow the items."""
    opportunity = change.look.get(OPPORTUNITIES, change.parents[0]) or {}
    items = [one for one in change.after.get(ITEMS) or [] if one]
    yield Put({ITEMS: items, **sums(change.look, items, opportunity)})


def sums(look: Look, items: list[Record], opportunity: Record) -> Record:
    """What a forecast says over all its items."""
    won, lost = (
        {one["id"] for one in look.find(STATUSES, **{flag: True})} if items else set()
        for flag in ("wonFlag", "lostFlag")
    )
    found = {name: summed([one for one in items if one.get("forecastType") == kind]) for name, kind in KINDS.items()}
    found |= {name: summed([]) for name in NEVER}
    found["forecastRevenueTotals"] = summed(items)
    found["inclusiveRevenueTotals"] = summed([one for one in items if one.get("includeFlag")])
    found["wonRevenue"] = summed([one for one in items if status_of(one) in won])
    found["lostRevenue"] = summed([one for one in items if status_of(one) in lost])
    found["openRevenue"] = summed([one for one in items if status_of(one) not in won | lost])
    recurring = (money(one.get("recurringRevenue")) * (one.get("cycles") or 1) for one in items)
    return {
        **found,
        "recurringTotal": number(sum(recurring, Decimal(0))),
        "salesTaxRevenue": 0.0,
        "forecastTotalWithTaxes": found["forecastRevenueTotals"]["revenue"],
        "expectedProbability": probability(look, opportunity),
        **{name: opportunity.get(name) for name in SHOWN},
    }


def status_of(item: Record) -> int | None:
    """The id of an item's status."""
    number: int | None = (item.get("status") or {}).get("id")
    return number


def summed(items: list[Record]) -> Record:
    """Revenue, cost, margin and the margin's share in percent of some items."""
    revenue = sum((money(one.get("revenue")) for one in items), Decimal(0))
    cost = sum((money(one.get("cost")) for one in items), Decimal(0))
    share = (revenue - cost) / revenue * 100 if revenue else Decimal(0)
    return {
        "revenue": number(revenue),
        "cost": number(cost),
        "margin": number(revenue - cost),
        "percentage": number(share),
    }


def probability(look: Look, opportunity: Record) -> int:
    """The opportunity's probability in percent."""
    found = look.get(PROBABILITIES, (opportunity.get("probability") or {}).get("id") or 0)
    return int((found or {}).get("probability") or 0)


# -- items -------------------------------------------------------------------------------------------------------------


def forecast_of(act: Act) -> Record:
    """The forecast of the opportunity in the path; one that has none yet gets it."""
    for forecast in act.look.find(FORECAST, parent=act.id):
        return forecast
    return act.hands.create(FORECAST, (act.id,), {ITEMS: []})


def item_of(act: Act, forecast: Record) -> int:
    """The place of the item in the path. Raises NotFound."""
    places = [at for at, one in enumerate(forecast.get(ITEMS) or []) if one.get("id") == act.ids[1]]
    if not places:
        raise NotFound(f"Forecast Item {act.ids[1]} not found")
    return places[0]


def stored(act: Act, forecast: Record, items: list[Record | None]) -> Record:
    """Keep these items, each whole: with an id, its margin, its place."""
    known = {one["id"]: one for one in forecast.get(ITEMS) or []}
    given = [one for one in items if one is not None]
    whole = [one if known.get(one.get("id")) == one else completed(act, one, at) for at, one in enumerate(given, 1)]
    for one in whole:  # an id given twice is the first one's, one never given before is nobody's
        if known.pop(one.get("id"), None) is None:
            one["id"] = fresh_number(act)
    return act.hands.change(FORECAST, forecast["id"], {ITEMS: whole})


def completed(act: Act, item: Record, place: int) -> Record:
    """An item as it is kept; its id is settled later."""
    made = {"id": item.get("id"), **{name: value for name, value in item.items() if value is not None}}
    made["opportunity"] = {"id": act.id}
    made["margin"] = number(money(made.get("revenue")) - money(made.get("cost")))
    made.setdefault("sequenceNumber", float(place))
    made.setdefault("quantity", 1.0)
    made |= {flag: bool(made.get(flag)) for flag in FLAGS}
    made["_info"] = {"lastUpdated": act.now, "updatedBy": act.actor}
    return made


def fresh_number(act: Act) -> int:
    """An id that no item of any forecast has had."""
    for row in act.look.find(NUMBERS):
        act.hands.keep_again(NUMBERS, row["id"], {"last": row["last"] + 1})
        return int(row["last"]) + 1
    there = [one.get("id") or 0 for forecast in act.look.find(FORECAST) for one in forecast.get(ITEMS) or []]
    last = max(there, default=0) + 1
    act.hands.keep(NUMBERS, {"last": last})
    return last


# -- the forecast ------------------------------------------------------------------------------------------------------


def add_items(act: Act) -> Record:
    """POST: the body's items join those there are."""
    forecast = forecast_of(act)
    return stored(act, forecast, [*forecast.get(ITEMS, []), *(act.body.get(ITEMS) or [])])


def replace_items(act: Act) -> Record:
    """PUT: the body's items take the place of those there are."""
    return stored(act, forecast_of(act), act.body.get(ITEMS) or [])


def patch_items(act: Act) -> Record:
    """PATCH: index paths reach the items."""
    forecast = forecast_of(act)
    changed = act.hands.patch(FORECAST, forecast["id"], act.raw)
    return stored(act, forecast, changed.get(ITEMS) or [])


def remove_items(act: Act) -> None:
    """DELETE: the forecast is empty again."""
    stored(act, forecast_of(act), [])


# -- one item ----------------------------------------------------------------------------------------------------------


def read_item(act: Act) -> Record:
    """GET by id."""
    forecast = forecast_of(act)
    item: Record = forecast[ITEMS][item_of(act, forecast)]
    return item


def add_item(act: Act) -> Record:
    """POST: a new item at the end; the id in the path is the forecast's (documented), or one of its items'."""
    forecast = forecast_of(act)
    if act.ids[1] != forecast["id"]:
        item_of(act, forecast)
    fresh = {name: value for name, value in act.body.items() if name != "id"}
    added: Record = stored(act, forecast, [*(forecast.get(ITEMS) or []), fresh])[ITEMS][-1]
    return added


def replace_item(act: Act) -> Record:
    """PUT: the body takes the item's place."""
    forecast = forecast_of(act)
    at, items = item_of(act, forecast), list(forecast[ITEMS])
    items[at] = {**act.body, "id": act.ids[1]}
    changed: Record = stored(act, forecast, items)[ITEMS][at]
    return changed


def patch_item(act: Act) -> Record:
    """PATCH: the operations of the body apply to the item."""
    forecast = forecast_of(act)
    at = item_of(act, forecast)
    raw = within(act.raw, f"{ITEMS}/{at}/")
    items = act.hands.patch(FORECAST, forecast["id"], raw)[ITEMS]
    items[at]["id"] = act.ids[1]
    changed: Record = stored(act, forecast, items)[ITEMS][at]
    return changed


def within(raw: bytes, place: str) -> bytes:
    """Operations on an item as operations on the forecast; what is no operation stays, to be refused as such."""
    try:
        lines = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return raw
    if not isinstance(lines, list):
        return raw
    moved = []
    for line in lines:
        one = {key.lower(): value for key, value in line.items()} if isinstance(line, dict) else line
        path = one.get("path") if isinstance(one, dict) else None
        if isinstance(path, str) and path.strip("/"):
            name, _, inner = path.strip("/").partition("/")
            one["path"] = place + name
            if inner and name in POINTERS:
                one["value"] = {inner: one.get("value")}
        moved.append(one)
    return orjson.dumps(moved)


def remove_item(act: Act) -> None:
    """DELETE by id."""
    forecast = forecast_of(act)
    at = item_of(act, forecast)
    stored(act, forecast, [*forecast[ITEMS][:at], *forecast[ITEMS][at + 1 :]])


def copy_item(act: Act) -> Record:
    """An item once more, at the end."""
    forecast = forecast_of(act)
    items = forecast.get(ITEMS) or []
    copied = {**items[item_of(act, forecast)], "id": None, "sequenceNumber": None}
    stored(act, forecast, [*items, copied])
    return success()


BASE = "SalesOpportunitiesByParentIdForecast"
RULES = (
    Rule("opportunity.forecast", OPPORTUNITIES, frozenset({"create"}), begins, "assumed", "One forecast each."),
    Rule(
        "opportunity.forecast-follows",
        OPPORTUNITIES,
        frozenset({"replace", "patch"}),
        followed,
        "assumed",
        "The forecast shows the opportunity's probability and terms.",
    ),
    Rule("forecast.sums", FORECAST, WRITES, reckoned, "assumed", "The sums follow the items."),
)
ACTIONS = (
    Action(f"post{BASE}", add_items, "assumed", "The body's items join the forecast.", status=201),
    Action(f"put{BASE}", replace_items, "assumed", "The body's items are the forecast's."),
    Action(f"patch{BASE}", patch_items, "assumed", "Index paths reach the items."),
    Action(f"delete{BASE}", remove_items, "assumed", "The forecast is empty again."),
    Action(f"get{BASE}ById", read_item, "documented", "An item of the forecast.", addresses=False),
    Action(f"post{BASE}ById", add_item, "assumed", "A new item of the forecast.", status=201, addresses=False),
    Action(f"put{BASE}ById", replace_item, "assumed", "The body takes the item's place.", addresses=False),
    Action(f"patch{BASE}ById", patch_item, "assumed", "The operations apply to the item.", addresses=False),
    Action(f"delete{BASE}ById", remove_item, "assumed", "The item leaves the forecast.", addresses=False),
    Action(f"post{BASE}CopyById", copy_item, "assumed", "The item once more, at the end.", addresses=False),
)
