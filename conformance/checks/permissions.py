"""Checks of what a role allows: refusals, their body, and rows that a structure level hides.

Knows the demo members and what the vendors' guides grant them; knows no other member. On a target without these
members the checks are not run.
"""

from __future__ import annotations

from conformance.checks.check import check
from conformance.wire import COMPANIES, Wire

REFUSAL = "You do not have security permission to perform this action."
STATUSES = "/company/companies/statuses"
NO_SUCH_ID = 987654321


@check("permissions.refused")
def refused(wire: Wire) -> None:
    """The captured body of a refusal."""
    wire.expect_error(wire.get(COMPANIES, member="no-access"), 403, "Security", REFUSAL)


@check("permissions.members-refused")
def members_refused(wire: Wire) -> None:
    """The one refusal that was seen on a real server: members without Member Maintenance."""
    wire.expect_error(wire.get("/system/members", member="no-access"), 403, "Security", REFUSAL)


@check("permissions.count-refused")
def count_refused(wire: Wire) -> None:
    """A count tells as much as a list, so it wants the same right."""
    wire.expect_status(wire.get(f"{COMPANIES}/count", member="no-access"), 403)


@check("permissions.inquire")
def inquire(wire: Wire) -> None:
    """Inquire lets read."""
    wire.expect_status(wire.get(COMPANIES, {"pageSize": 1}, member="sonicsaas"), 200)


@check("permissions.add-refused")
def add_refused(wire: Wire) -> None:
    """Without Add no record comes into being."""
    body = wire.company_body()
    reply = wire.post(COMPANIES, body, member="sonicsaas")
    wire.expect_error(reply, 403, "Security", REFUSAL)
    if reply.status == 201:
        wire.remember(f"{COMPANIES}/{reply.record().get('id')}")
    found = wire.get(COMPANIES, {"conditions": f'identifier = "{body["identifier"]}"'}).rows()
    wire.expect(not found, "the refused company is there nevertheless")


@check("permissions.edit")
def edit(wire: Wire) -> None:
    """Edit lets change, also for a role that may not add."""
    made = wire.company()
    change = {"op": "replace", "path": "city", "value": "Odense"}
    reply = wire.patch(f"{COMPANIES}/{made['id']}", change, member="sonicsaas")
    if wire.expect_status(reply, 200):
        wire.expect(reply.record().get("city") == "Odense", "the change was not made")


@check("permissions.edit-refused")
def edit_refused(wire: Wire) -> None:
    """Without Edit nothing changes."""
    made = wire.company(city="Odense")
    change = {"op": "replace", "path": "city", "value": "Esbjerg"}
    wire.expect_status(wire.patch(f"{COMPANIES}/{made['id']}", change, member="no-access"), 403)
    kept = wire.get(f"{COMPANIES}/{made['id']}").record()
    wire.expect(kept.get("city") == "Odense", f"city became {kept.get('city')!r} by a refused change")


@check("permissions.delete-refused")
def delete_refused(wire: Wire) -> None:
    """Without Delete the record stays."""
    made = wire.company()
    wire.expect_status(wire.delete(f"{COMPANIES}/{made['id']}", member="sonicsaas"), 403)
    kept = wire.get(f"{COMPANIES}/{made['id']}").record()
    wire.expect(kept.get("deletedFlag") is not True, "the company was deleted by a refused request")


@check("permissions.table-setup")
def table_setup(wire: Wire) -> None:
    """Setup tables hang on their own row: Inquire reads, and Add is another right."""
    wire.expect_status(wire.get(STATUSES, member="sonicsaas"), 200)
    reply = wire.post(STATUSES, {"name": wire.name("Status")}, member="sonicsaas")
    wire.expect_status(reply, 403)
    if reply.status == 201:
        wire.remember(f"{STATUSES}/{reply.record().get('id')}")


@check("permissions.per-operation")
def per_operation(wire: Wire) -> None:
    """A refusal is of one operation: the same keys pass elsewhere."""
    wire.expect_status(wire.post("/system/securityroles", {"name": wire.name("R")[:30]}, member="sonicsaas"), 403)
    wire.expect_status(wire.get("/system/members", {"pageSize": 1}, member="sonicsaas"), 200)


@check("permissions.before-body")
def before_body(wire: Wire) -> None:
    """A role that may not write learns nothing about its body."""
    wire.expect_status(wire.post(COMPANIES, {"nonsense": 1}, member="no-access"), 403)


@check("permissions.hides-existence")
def hides_existence(wire: Wire) -> None:
    """A role that may not read cannot tell a record that is there from one that is not."""
    made = wire.company()
    there = wire.get(f"{COMPANIES}/{made['id']}", member="no-access")
    absent = wire.get(f"{COMPANIES}/{NO_SUCH_ID}", member="no-access")
    wire.expect_status(there, 403)
    wire.expect_status(absent, 403)
    wire.expect(there.body == absent.body, "the two refusals differ")


@check("permissions.narrow-level")
def narrow_level(wire: Wire) -> None:
    """A structure level that is too narrow sees no company, and no error."""
    wire.company()
    rows = wire.get(COMPANIES, member="narrow-level").rows()
    wire.expect(rows == [], f"{len(rows)} companies came where the level sees none")


@check("permissions.narrow-level-count")
def narrow_level_count(wire: Wire) -> None:
    """The count agrees with the list."""
    wire.company()
    count = wire.get(f"{COMPANIES}/count", member="narrow-level").record()
    wire.expect(count == {"count": 0}, f"the count is {count!r} where the level sees none")


@check("permissions.narrow-level-one")
def narrow_level_one(wire: Wire) -> None:
    """What is not in the list cannot be fetched by its id."""
    made = wire.company()
    wire.expect_refused(wire.get(f"{COMPANIES}/{made['id']}", member="narrow-level"))


@check("permissions.narrow-level-forward")
def narrow_level_forward(wire: Wire) -> None:
    """Forward-only paging ends at once and hides the same rows."""
    wire.company()
    reply = wire.get(COMPANIES, member="narrow-level", headers={"pagination-type": "forward-only"})
    wire.expect(reply.rows() == [], "companies came where the level sees none")
    wire.expect(reply.headers.get("Link") == "", f"Link is {reply.headers.get('Link')!r}, due is empty text")


CHECKS = (
    refused,
    members_refused,
    count_refused,
    inquire,
    add_refused,
    edit,
    edit_refused,
    delete_refused,
    table_setup,
    per_operation,
    before_body,
    hides_existence,
    narrow_level,
    narrow_level_count,
    narrow_level_one,
    narrow_level_forward,
)
