"""The companies a member has picked, and how a company's customers answered its surveys."""

from __future__ import annotations

from collections.abc import Iterator

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Change, Effect, Put, Record, Rule
from mockcw.rules.meant import meant

PICKED = "/company/companyPickerItems"
MEMBERS = "/system/members"
RESULTS = "/service/surveys/{parentId}/results"
KINDS = {"Company": False, "Vendor": True}


def picked_by(change: Change) -> Iterator[Effect]:
    """What is picked without saying for whom is the caller's (assumed)."""
    if not change.after.get("member") and change.look.find(MEMBERS, identifier=change.actor):
        yield Put({"member": {"identifier": change.actor}})


def clear(act: Act) -> Record:
    """Forget what a member picked, all of it or of one kind; without a body the caller's own."""
    asked = request(act)
    kind = asked.get("type")
    if kind is not None and kind not in KINDS:
        raise act.refuse("InvalidField", act.choices.enum_message.format(field="type"), "type")
    member = {"id": act.actor_id}
    if asked.get("member"):
        member = meant(act, MEMBERS, "member", asked["member"], "Member")
    for item in act.look.find(PICKED, member__id=member["id"]):
        if kind is None or bool(item.get("vendorPickerFlag")) == KINDS[kind]:
            act.hands.erase(PICKED, item["id"])
    return {"member": {"id": member["id"]}, "type": kind}


def request(act: Act) -> Record:
    """The request: the body, or the names that older clients put into the query."""
    if act.raw.strip():
        return dict(act.body)
    member = act.query.get("member")
    return {"type": act.query.get("type") or None, "member": {"identifier": member} if member else None}


def surveys(act: Act) -> Record:
    """How many survey answers there are of a company."""
    return {"count": len(act.look.find(RESULTS, company__id=act.id))}


RULES = (
    Rule("picker.member", PICKED, frozenset({"create"}), picked_by, "assumed", "A pick is the caller's by default."),
)
ACTIONS = (
    Action(
        "postCompanyCompanyPickerItemsClear",
        clear,
        "assumed",
        "Removes the picked companies of the caller, or of the member and kind that the body names.",
    ),
    Action("getCompanyCompaniesByParentIdSurveysCount", surveys, "assumed", "Counts the company's survey answers."),
)
