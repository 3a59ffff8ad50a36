"""The commands about agreements: what bills, what a migration would make of it, how a kept plan stands.

Each reads its options, calls one method of `assemble.Integration` and shows the result; none writes to the server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from integration.cli.commands import as_json, opened, which

if TYPE_CHECKING:
    from integration.agreements.compare import Standing
    from integration.agreements.plan import Plan
    from integration.agreements.records import Addition, Agreement
    from integration.agreements.scan import Group

_LINE = ("agreement", "line", "company", "product", "quantity", "included", "price", "amount", "state", "from", "until")


@click.command()
@which
@click.option("--lines", "with_lines", is_flag=True, help="Show every line, those that have ended last.")
@as_json
@click.pass_context
def scan(context: click.Context, name: str | None, with_lines: bool, as_json: bool) -> None:
    """Read all agreements with their additions: what bills in a period, by company and by product."""
    from integration.agreements.scan import by_company, by_product, lines_of
    from integration.cli.present import show_facts, show_json, show_table, show_warnings

    with opened(context) as integration:
        found = integration.scan(name)
    rows = [_line_row(agreement, line, state) for agreement, line, state in lines_of(found)]
    rows.sort(key=lambda row: row["state"] == "ended")
    companies, products = by_company(found), by_product(found)
    states = [row["state"] for row in rows]
    facts = {
        "source": found.source,
        "today": found.today.isoformat(),
        "agreements": len(found.agreements),
        **{state: states.count(state) for state in ("bills", "later", "ended")},
        "unreadable": len(found.unreadable),
    }
    if as_json:
        show_json(
            {
                **facts,
                "by_company": [_group_row(one) for one in companies],
                "by_product": [_group_row(one) for one in products],
                "lines": rows,
                "left_out": [{"agreement": o.agreement_id, "line": o.id, "reason": o.reason} for o in found.unreadable],
                "warnings": list(found.warnings),
            }
        )
        return
    show_facts("Agreements", facts)
    for title, groups in (("What bills, by company", companies), ("What bills, by product", products)):
        columns = ("name", "cycle", "currency", "lines", "quantity", "amount", "cost", "unpriced")
        show_table(title, columns, [list(_group_row(one).values()) for one in groups])
    if with_lines:
        show_table("Lines", _LINE, [[_id(row, column) for column in _LINE] for row in rows])
    unreadable = [f"line {one.id} of agreement {one.agreement_id}: {one.reason}" for one in found.unreadable]
    show_warnings([*found.warnings, *unreadable])


@click.group()
def migrate() -> None:
    """Move agreement lines from old products to new ones: plan first, look at it, then decide."""


@migrate.command()
@which
@click.option(
    "--mapping",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="What becomes of each old product, as TOML.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Keep the plan in this file.")
@as_json
@click.pass_context
def plan(context: click.Context, name: str | None, mapping: Path, out: Path | None, as_json: bool) -> None:
    """Work out each line's successor and last day; ends with 1 when lines had to be left alone."""
    from integration.agreements.mapping import read_mapping
    from integration.agreements.planfile import plan_json, save_plan
    from integration.cli.present import show_json, show_warnings

    read = read_mapping(mapping)
    with opened(context) as integration:
        made, found = integration.plan_migration(name, read)
    if out is not None:
        save_plan(made, out)
    if as_json:
        show_json({**plan_json(made), "warnings": list(found.warnings)})
    else:
        _show_plan(made)
        show_warnings(found.warnings)
    context.exit(1 if any(problem.code != "left-out" for problem in made.problems) else 0)


@migrate.command("dry-run")
@click.argument("file", metavar="PLAN.json", type=click.Path(dir_okay=False, path_type=Path))
@which
@as_json
@click.pass_context
def dry_run(context: click.Context, file: Path, name: str | None, as_json: bool) -> None:
    """Read again and show what would be created and cancelled; ends with 1 when a line can no longer be moved."""
    from integration.agreements.compare import READY
    from integration.agreements.planfile import load_plan
    from integration.cli.present import show_facts, show_json, show_table, show_warnings

    kept = load_plan(file)
    with opened(context) as integration:
        standings, found = integration.dry_run(name, kept)
    changed = sum(one.state != READY for one in standings)
    facts = {"plan": kept.hash, "lines": len(standings), "ready": len(standings) - changed, "not ready": changed}
    if as_json:
        rows = [_standing_row(one) for one in standings]
        named = {key.replace(" ", "_"): value for key, value in facts.items()}
        show_json({**named, "source_changed": changed > 0, "steps": rows, "warnings": list(found.warnings)})
    else:
        show_facts("Dry run: nothing was written", facts)
        columns = ("agreement", "cancel line", "on", "create", "quantity", "price", "from", "stands")
        show_table("What would be done", columns, [_step(one) for one in standings])
        show_warnings(found.warnings)
    context.exit(1 if changed else 0)


def _show_plan(made: Plan) -> None:
    from integration.cli.present import show_facts, show_table

    facts = {"hash": made.hash, "today": made.today, "lines": len(made.lines), "left alone": len(made.problems)}
    show_facts("Migration plan", {**facts, "bills before": made.before, "bills after": made.after})
    columns = ("agreement", "company", "line", "old", "new", "last day set", "begins", "before", "after")
    rows = [
        (
            f"{one.agreement} ({one.agreement_id})",
            one.company,
            str(one.old_id),
            one.old_product,
            one.new_product,
            one.cancel,
            one.begins,
            one.before,
            one.after,
        )
        for one in made.lines
    ]
    show_table("Lines", columns, rows)
    if made.problems:
        left = [(str(o.agreement_id), o.company, str(o.old_id), o.product, o.code, o.text) for o in made.problems]
        show_table("Left alone", ("agreement", "company", "line", "product", "code", "why"), left)


def _standing_row(standing: Standing) -> dict[str, Any]:
    from integration.agreements.planfile import body_json

    line = standing.line
    return {
        "state": standing.state,
        "agreement": line.agreement_id,
        "company": line.company,
        "cancel": {"addition": line.old_id, "product": line.old_product, "cancelledDate": line.cancel.isoformat()},
        "create": {"product": line.new_product, "body": body_json(line.body)},
        "before": str(line.before),
        "after": str(line.after),
    }


def _step(standing: Standing) -> Sequence[object]:
    line, body = standing.line, standing.line.body
    return (
        f"{line.agreement} ({line.agreement_id})",
        f"{line.old_product} ({line.old_id})",
        line.cancel,
        line.new_product,
        str(body["quantity"]),
        str(body["unitPrice"]),
        line.begins,
        standing.state,
    )


def _group_row(group: Group) -> dict[str, Any]:
    from integration.agreements.figures import number_text

    return {
        "name": group.name,
        "cycle": group.cycle,
        "currency": group.currency,
        "lines": group.lines,
        "quantity": number_text(group.quantity),
        "amount": str(group.amount),
        "cost": str(group.cost),
        "unpriced": group.unpriced,
    }


def _line_row(agreement: Agreement, line: Addition, state: str) -> dict[str, Any]:
    from integration.agreements.figures import number_text

    def shown(value: Any) -> str | None:
        return None if value is None else str(value)

    return {
        "agreement": agreement.id,
        "agreement_name": agreement.name,
        "line": line.id,
        "company": agreement.company,
        "product": line.product,
        "quantity": number_text(line.quantity),
        "included": number_text(line.less_included),
        "price": shown(line.unit_price),
        "cost": shown(line.unit_cost),
        "amount": shown(line.amount),
        "cycle": agreement.cycle,
        "currency": agreement.currency,
        "state": state,
        "from": shown(line.begins),
        "until": shown(line.cancelled),
    }


def _id(row: Mapping[str, Any], column: str) -> Any:
    return str(row[column]) if column in ("agreement", "line") else row[column]
