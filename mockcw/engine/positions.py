"""Where in a JSON text a member stands, as the real server's reader counts: for its error texts. Knows no models."""

from __future__ import annotations

import re

import orjson

Path = tuple[str | int, ...]
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def written(path: Path) -> str:
    """A path as the reader writes it: names joined by dots, places in brackets."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def locate(raw: bytes, path: Path) -> tuple[int, int]:
    """Line and position of the member at `path`, as Newtonsoft counts: characters up to and including its colon.

    Checked against both captures of this text.
    """
    text = raw.decode("utf-8", "replace")
    stack: list[str | int] = []
    key: str | None = None
    for token in TOKEN.finditer(text):
        part = token.group()
        if part in "{[":
            stack.append(0 if part == "[" else "")
            key = None
        elif part in "}]":
            if stack:
                stack.pop()
        elif part == ",":
            if stack and isinstance(stack[-1], int):
                stack[-1] += 1
        elif part == ":":
            if key is not None and stack:
                stack[-1] = key
                if tuple(stack) == path:
                    before = text[: token.end()]
                    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1)
            key = None
        else:
            key = member_name(part)
    return 1, 1


def member_name(token: str) -> str | None:
    """The name a quoted token spells; None for a token that is no text."""
    if not token.startswith('"'):
        return None
    try:
        return str(orjson.loads(token))
    except orjson.JSONDecodeError:
        return token[1:-1]
