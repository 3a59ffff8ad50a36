"""The commands. Each reads its options, calls one method of `assemble.Integration` and shows the result."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from integration.errors import WrongUse

if TYPE_CHECKING:
    from integration.assemble import Integration

F = TypeVar("F", bound=Callable[..., Any])

as_json = click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
which = click.option("--connection", "name", metavar="NAME", help="The connection, when there are several.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--state",
    envvar="CW_STATE",
    metavar="DIR_OR_DATABASE_URL",
    help="Where connections and mirror are kept. [default: ~/.local/state/cw-integration; environment: CW_STATE]",
)
@click.option("-v", "--verbose", is_flag=True, help="Log every call on standard error.")
@click.version_option(package_name="mockcw", prog_name="cw-integration", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context, state: str | None, verbose: bool) -> None:
    """Connect a vendor's product to ConnectWise PSA.

    Exit codes: 0 done, 1 finished with refusals listed, 2 wrong use, 3 credentials (401), 4 permission (403), 5 the
    server or the network, 7 stopped half-way.
    """
    context.obj = state or _default_state()
    if verbose:
        import logging

        logging.basicConfig(stream=sys.stderr, format="%(name)s: %(message)s")
        logging.getLogger("integration").setLevel(logging.DEBUG)


def _default_state() -> str:
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return str(Path(base) / "cw-integration")


@contextmanager
def opened(context: click.Context) -> Iterator[Integration]:
    """Open the state that the command line names, and close it after the block."""
    from integration.assemble import Integration

    integration = Integration(str(context.obj))
    try:
        yield integration
    finally:
        integration.close()


@cli.command()
@click.argument("profile", required=False)
@as_json
def profiles(profile: str | None, as_json: bool) -> None:
    """List the vendor profiles, or show the role that PROFILE asks for."""
    from integration.assemble import profile_named
    from integration.cli.present import show_json, show_table
    from integration.vendors import PROFILES

    if profile is None:
        listed = [
            {"name": one.name, "title": one.title, "regions": {region.key: region.server for region in one.regions}}
            for one in PROFILES
        ]
        if as_json:
            show_json({"profiles": listed})
        else:
            rows = [(one.name, one.title, [f"{r.key} ({r.server})" for r in one.regions]) for one in PROFILES]
            show_table("Profiles", ("name", "vendor", "regions"), rows)
        return
    chosen = profile_named(profile)
    names = ("module", "area", "add", "edit", "delete", "inquire", "purpose")
    matrix = [{name: str(getattr(row, name)) for name in names} for row in chosen.role]
    if as_json:
        show_json({"name": chosen.name, "title": chosen.title, "role": matrix})
    else:
        show_table(f"The role that {chosen.title} asks for", names, [list(row.values()) for row in matrix])


@cli.command()
@click.option("--profile", "profile_name", default="sonicsaas", show_default=True, metavar="NAME", help="The vendor.")
@click.option("--region", metavar="KEY", help="A region of the profile: na, eu, au.")
@click.option("--server", metavar="HOST", help="The server's name, instead of a region.")
@click.option("--company", metavar="ID", help="The company id of the log-in screen.")
@click.option("--name", metavar="NAME", help="What to call the connection. [default: the profile's name]")
@click.option("--secrets", type=click.Choice(["-"]), help="Read both keys and the client id from standard input.")
@click.option("--allow-host", default="", metavar="HOST:PORT", help="For development: allow this one private server.")
@click.option("--ca-file", type=click.Path(dir_okay=False, path_type=Path), help="Trust this authority and no other.")
@as_json
@click.pass_context
def connect(
    context: click.Context,
    profile_name: str,
    region: str | None,
    server: str | None,
    company: str | None,
    name: str | None,
    secrets: str | None,
    allow_host: str,
    ca_file: Path | None,
    as_json: bool,
) -> None:
    """Test a connection and keep it.

    The two keys and the client id come from CW_PUBLIC_KEY, CW_PRIVATE_KEY and CW_CLIENT_ID, from standard input
    (--secrets -), or from a prompt; white space around them is taken off.
    """
    from integration.assemble import Access, profile_named
    from integration.cli.present import show_facts, show_json
    from integration.cli.secrets import read_secrets
    from integration.connect.address import Server, exact_exception
    from integration.connect.credentials import Credentials

    profile = profile_named(profile_name)
    if (region is None) == (server is None):
        raise WrongUse("give the server: either --region or --server")
    place = profile.region(region) if region is not None else None
    if region is not None and place is None:
        known = ", ".join(one.key for one in profile.regions)
        raise WrongUse(f"{profile.title} has no region {region}; give one of {known}, or --server HOST")
    target = Server.parse(place.server if place is not None else server or "")
    allowed = exact_exception(allow_host) if allow_host else ""
    ca_pem = _read_pem(ca_file) if ca_file is not None else None
    if company is None:
        if secrets is not None or not sys.stdin.isatty():
            raise WrongUse("the company id is missing; give --company ID")
        company = click.prompt("Company ID", err=True)
    given = read_secrets(from_stdin=secrets is not None)
    credentials = Credentials.of(company, given["public_key"], given["private_key"], given["client_id"])
    with opened(context) as integration:
        result = integration.connect(name or profile.name, profile, Access(target, credentials, allowed, ca_pem))
    if as_json:
        show_json(result)
    else:
        show_facts("Connected", result)


def _read_pem(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except OSError as error:
        raise WrongUse(f"the CA file {file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise WrongUse(f"the CA file {file} is no PEM file") from None


@cli.command()
@which
@as_json
@click.pass_context
def test(context: click.Context, name: str | None, as_json: bool) -> None:
    """Test a connection: shows the server's version."""
    from integration.cli.present import show_facts, show_json

    with opened(context) as integration:
        result = integration.test(name)
    if as_json:
        show_json(result)
    else:
        show_facts("The connection stands", result)


@cli.command()
@which
@click.option("--type", "types", multiple=True, metavar="NAME", help="Sync companies of this type only; repeatable.")
@click.option("--all-types", is_flag=True, help="Sync companies of every type.")
@click.option("--exclude-status", "excluded", multiple=True, metavar="NAME", help="Leave out this status; repeatable.")
@click.option("--all-statuses", is_flag=True, help="Leave out no status.")
@click.option("--organizations", "file", type=click.Path(path_type=Path), help="Your organizations, as CSV or JSON.")
@as_json
@click.pass_context
def configure(
    context: click.Context,
    name: str | None,
    types: tuple[str, ...],
    all_types: bool,
    excluded: tuple[str, ...],
    all_statuses: bool,
    file: Path | None,
    as_json: bool,
) -> None:
    """Set filters and the organizations to match with; without an option, show them."""
    from integration.cli.present import show_facts, show_json
    from integration.sync.organizations import read_organizations

    if (types and all_types) or (excluded and all_statuses):
        raise WrongUse("a list and its opposite exclude one another; give one of them")
    with opened(context) as integration:
        result = integration.configure(
            name,
            types=() if all_types else types or None,
            excluded_statuses=() if all_statuses else excluded or None,
            organizations=read_organizations(file) if file is not None else None,
        )
    if as_json:
        show_json(result)
    else:
        show_facts("Configuration", result)


@cli.command()
@which
@click.option("--full", is_flag=True, help="Read every company, not only what changed.")
@click.option("--accept-removals", is_flag=True, help="Believe the server when most companies are gone.")
@click.option("--organizations", "file", type=click.Path(path_type=Path), help="As with configure, before the sync.")
@as_json
@click.pass_context
def sync(
    context: click.Context, name: str | None, full: bool, accept_removals: bool, file: Path | None, as_json: bool
) -> None:
    """Bring the companies up to date and match them to your organizations by name."""
    from integration.cli.present import Meter, show_facts, show_json, show_warnings, sync_facts
    from integration.sync.organizations import read_organizations

    with opened(context) as integration:
        if file is not None:
            integration.configure(name, organizations=read_organizations(file))
        with Meter() as meter:
            report = integration.sync(name, full=full, accept_removals=accept_removals, observe=meter.observe)
    if as_json:
        show_json(report)
    else:
        show_facts("Company sync", sync_facts(report))
        show_warnings(report["warnings"])
    context.exit(1 if report["held"] else 0)


@cli.command()
@which
@click.option("--only", type=click.Choice(["matched", "unmatched", "ambiguous"]), help="Show one outcome.")
@click.option("--limit", type=click.IntRange(min=0), default=50, show_default=True, help="Companies shown; 0 for all.")
@as_json
@click.pass_context
def review(context: click.Context, name: str | None, only: str | None, limit: int, as_json: bool) -> None:
    """Show which companies matched, which did not, and which could be several."""
    from integration.cli.present import show_facts, show_json, show_table

    with opened(context) as integration:
        counts = integration.outcomes(name)
        found = list(integration.companies(name, outcome=only, limit=limit or None))
    if as_json:
        show_json({"counts": counts, "companies": found})
        return
    show_facts("Review", counts)
    shown = sum(counts.values()) if only is None else counts[only]
    columns = ("id", "company", "status", "types", "outcome", "organization")
    show_table(f"{len(found):,} of {shown:,} companies", columns, [_reviewed(row) for row in found])


def _reviewed(row: dict[str, Any]) -> tuple[object, ...]:
    partners = [f"{one['name']} ({one['id']})" for one in row.get("candidates", ())]
    partner = f"could be: {', '.join(partners)}" if partners else row["organization"]
    return (str(row["id"]), row["name"], row["status"], row["types"], row["outcome"], partner)


@cli.command()
@as_json
@click.pass_context
def audit(context: click.Context, as_json: bool) -> None:
    """Show the audit log, each entry proven."""
    from dataclasses import asdict

    from integration.cli.present import show_json, show_table

    with opened(context) as integration:
        entries = [asdict(entry) for entry in integration.audit_entries()]
    if as_json:
        show_json({"proven": True, "entries": entries})
        return
    rows = [
        (str(e["seq"]), e["at"], e["actor"], e["action"], e["subject"], [f"{k}: {v}" for k, v in e["detail"].items()])
        for e in entries
    ]
    show_table("Audit log, every entry proven", ("no.", "at", "by", "action", "connection", "detail"), rows)


@cli.command()
@which
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@click.pass_context
def remove(context: click.Context, name: str | None, yes: bool, as_json: bool) -> None:
    """Take out a connection: credentials, filters and mirror. The audit log stays."""
    from integration.cli.present import show_facts, show_json

    with opened(context) as integration:
        connection = integration.connection(name)
        if not yes:
            if as_json or not sys.stdin.isatty():
                raise WrongUse(f"give --yes to take out the connection {connection.name}")
            click.confirm(f"Take out the connection {connection.name} with its mirror?", abort=True, err=True)
        result = integration.remove(connection.name)
    if as_json:
        show_json(result)
    else:
        show_facts("Removed", result)
