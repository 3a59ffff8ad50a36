"""Writes docs/settings.md from the settings themselves: `python docs/settings_page.py > docs/settings.md`."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from mockcw.query.settings import QuerySettings
from mockcw.settings import Settings

HEAD = """# Settings

Every behaviour that no capture settles is a setting. *captured*: seen on the wire; *documented*: stated by a guide;
*assumed*: our choice; *own*: the emulator's and not the real API's. Set one with `mockcw serve --set NAME=VALUE` or
`Emulator(settings={...})`. [What was chosen where nothing is known](choices.md) is a table of its own.

This page is made by `docs/settings_page.py`.
"""
TABLE = """
## {room}

| setting | default | how known | what it is |
|---|---|---|---|
"""
QUERY = """
## The query language

These are `mockcw.query.settings.QuerySettings`; the reasons stand in its docstring.

| setting | default |
|---|---|
"""


def page() -> str:
    """The page's text."""
    told = {
        name: f"| `{name}` | `{default!r}` | {mark} | {says} |\n" for name, default, mark, says in Settings.described()
    }
    rooms = [one for one in reversed(Settings.__mro__[1:-1]) if is_dataclass(one)]
    tables = [TABLE.format(room=one.__name__) + "".join(told[item.name] for item in fields(one)) for one in rooms]
    query = [f"| `{one.name}` | `{one.default!r}` |" for one in fields(QuerySettings)]
    return HEAD + "".join(tables) + QUERY + "\n".join(query) + "\n"


if __name__ == "__main__":
    print(page(), end="")
