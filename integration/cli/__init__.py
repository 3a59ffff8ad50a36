"""The command line: reads what a person asks for, calls `assemble`, shows what came of it.

Knows options, exit codes and terminals; decides nothing. Heavy rooms are imported by the command that needs them, so
that `--help` answers at once.
"""

from __future__ import annotations

import sys

import click

from integration.cli.commands import cli
from integration.cli.migrate import migrate, scan
from integration.cli.present import show_error
from integration.errors import IntegrationError, Stopped, WrongUse

cli.add_command(scan)
cli.add_command(migrate)


def main() -> None:
    """Run the command line and end the process with one of the promised exit codes."""
    as_json = "--json" in sys.argv[1:]
    try:
        code = cli.main(standalone_mode=False)
    except IntegrationError as error:
        show_error(error, as_json)
        code = error.exit_code
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f"see {context.command_path} --help" if context is not None else ""
        show_error(WrongUse(error.format_message().rstrip("."), hint), as_json)
        code = WrongUse.exit_code
    except (click.Abort, KeyboardInterrupt):
        show_error(Stopped("stopped"), as_json)
        code = Stopped.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
