"""`make bench`: every figure is a ratio within this run.

python -m benchmarks [http] [size] [decisions] [start] [sync] [--json]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import decisions, http, start, sync

PARTS: dict[str, tuple[str, Callable[[], Any]]] = {
    "http": (
        "Emulator against a bare Flask route (100 companies, credentials, decision and journal on)",
        http.against_flask,
    ),
    "size": ("Emulator at 10,000 companies against itself at 100", http.against_itself),
    "decisions": ("A GET by id in process without decisions against the same with them", decisions.run),
    "start": ("Start of `mockcw serve`", start.run),
    "sync": ("Sync of 100,000 companies against fetching the same pages", sync.run),
}


def main() -> None:
    """Run the parts named, or all of them."""
    wanted = [name for name in sys.argv[1:] if name in PARTS] or list(PARTS)
    console = Console(width=None if sys.stdout.isatty() else 120)
    figures = {}
    for name in wanted:
        title, measure = PARTS[name]
        console.print(f"[dim]{title} ...[/dim]")
        figures[name] = measure()
        if "--json" not in sys.argv:
            show(console, title, figures[name])
    if "--json" in sys.argv:
        print(json.dumps(figures, indent=2))


def show(console: Console, title: str, found: dict[str, Any]) -> None:
    """One part as a table."""
    if not all(isinstance(one, dict) and "ratio" in one for one in found.values()):
        table = Table(title=title, title_justify="left", show_header=False)
        for name, value in found.items():
            table.add_row(name, f"{value:.3f}" if isinstance(value, float) else str(value))
        console.print(table)
        return
    table = Table(title=title, title_justify="left")
    for heading in ("operation", "ratio", "aim", "ours / s", "reference / s"):
        table.add_column(heading, justify="left" if heading == "operation" else "right")
    for operation, one in found.items():
        met = "green" if one["ratio"] >= one["aim"] else "red"
        table.add_row(
            operation,
            f"[{met}]{one['ratio']:.2f}[/]",
            f"{one['aim']:.1f}",
            f"{one['rate']:.0f}",
            f"{one['reference']:.0f}",
        )
    console.print(table)


if __name__ == "__main__":
    main()
