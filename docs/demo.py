"""`make demo`: the main job in front of one's eyes.

Starts the emulator on HTTPS, connects an integration to it, syncs companies, is refused where the role is short, sees
nothing where the structure level is narrow, and has server and integration judged. Ends 0 when all went as it should.
Every step is a public command; nothing here reaches inside.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
console = Console()


class Failed(Exception):
    """A step did not end as it should."""


def heading(number: int, text: str) -> None:
    """Announce a step."""
    console.print()
    console.rule(f"[bold]{number}. {text}[/bold]", align="left")


def run(command: list[str], expected: int, environment: dict[str, str] | None = None) -> None:
    """Run a public command and show it; its exit code must be `expected`."""
    shown = " ".join(part.replace(str(BIN) + "/", "") for part in command)
    console.print(f"[dim]$ {shown}[/dim]", soft_wrap=True)
    code = subprocess.run(command, env={**os.environ, **(environment or {})}, cwd=ROOT).returncode
    console.print(f"[dim]exit code {code}[/dim]")
    if code != expected:
        raise Failed(f"`{shown}` ended with {code} instead of {expected}")


def serve(folder: Path) -> tuple[subprocess.Popen[str], dict[str, object]]:
    """Start the emulator; what its ready file says comes back."""
    ready = folder / "ready.json"
    command = [str(BIN / "mockcw"), "serve", "--tls", "--port", "0", "--ready-file", str(ready)]
    console.print("[dim]$ mockcw serve --tls --port 0 --ready-file ready.json[/dim]")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, text=True)
    for _ in range(500):
        if ready.exists():
            told: dict[str, object] = json.loads(ready.read_text())
            console.print(f"serves {told['url']}, company {told['company_id']}, members {', '.join(told['members'])}")  # type: ignore[arg-type]
            return process, told
        if process.poll() is not None:
            break
        time.sleep(0.02)
    raise Failed("the emulator did not start")


def connect(folder: Path, told: dict[str, object], member: str) -> tuple[list[str], dict[str, str]]:
    """Connect the SonicSaaS integration as one of the demo members; the command to go on with comes back."""
    keys = told["members"][member]  # type: ignore[index]
    host = str(told["url"]).partition("//")[2]
    environment = {
        "CW_PUBLIC_KEY": keys["public_key"],
        "CW_PRIVATE_KEY": keys["private_key"],
        "CW_CLIENT_ID": keys["client_id"],
    }
    tool = [str(BIN / "cw-integration"), "--state", str(folder / member)]
    where = ["--server", host, "--company", str(told["company_id"]), "--allow-host", host]
    run([*tool, "connect", *where, "--ca-file", str(told["ca_file"])], 0, environment)
    return tool, environment


def reason(told: dict[str, object]) -> None:
    """Show why the emulator refused, or showed nothing: its journal keeps the decision."""
    import ssl

    trust = ssl.create_default_context(cafile=str(told["ca_file"]))
    with urllib.request.urlopen(f"{told['control_url']}/requests", context=trust) as answer:
        entries = json.loads(answer.read())
    last = next(entry for entry in reversed(entries) if entry["operation"] == "getCompanyCompanies")
    table = Table(show_header=False, title="what the emulator's journal says", title_justify="left")
    for name in ("member", "operation", "status", "reason"):
        table.add_row(name, str(last[name]))
    console.print(table)


def job(folder: Path) -> None:
    """The steps."""
    heading(1, "An emulated ConnectWise PSA on HTTPS")
    process, told = serve(folder)
    try:
        heading(2, "The integration connects and shows the version")
        tool, environment = connect(folder, told, "sonicsaas")
        heading(3, "Companies are synced and matched to the vendor's organizations")
        run([*tool, "sync", "--organizations", "fixtures/organizations.csv"], 0, environment)
        heading(4, "The same sync with a role that may nothing: refused, with the reason")
        tool, environment = connect(folder, told, "no-access")
        run([*tool, "sync"], 4, environment)
        reason(told)
        heading(5, "The same sync with a structure level that sees no company: empty, and it says why")
        tool, environment = connect(folder, told, "narrow-level")
        run([*tool, "sync"], 0, environment)
        reason(told)
    finally:
        process.terminate()
        process.wait(10)
    heading(6, "The judge: the emulator and the integration against the written requirements")
    judge = [str(BIN / "cw-conformance"), "run", "--subject", "integration.subject:SUBJECT", "--examples", "5"]
    run([*judge, "--out", str(folder / "report")], 0)


def main() -> int:
    """Run the job in a folder that is thrown away."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mockcw-demo-") as folder:
        try:
            job(Path(folder))
        except Failed as why:
            console.print(Panel(f"[red]{why}[/red]", title="the demo failed"))
            return 1
    console.print(Panel(f"Everything went as it should, in {time.monotonic() - started:.0f} s.", title="done"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
