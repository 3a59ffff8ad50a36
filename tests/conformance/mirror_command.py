"""The honest mirror as a command that speaks JSON lines."""

from __future__ import annotations

import json
import sys
from typing import Any

from conformance.subject import SubjectTarget
from tests.conformance.subjects import MirrorSession


def main() -> None:
    session: MirrorSession | None = None
    for line in sys.stdin:
        asked = json.loads(line)
        reply: dict[str, Any] = {"ok": True}
        try:
            match asked.pop("do"):
                case "start":
                    session = MirrorSession(SubjectTarget(**asked["target"]))
                case "close":
                    if session:
                        session.close()
                case other:
                    reply["result"] = getattr(session, other)(**asked)
        except Exception as problem:
            reply = {"ok": False, "error": {"kind": type(problem).__name__, "message": str(problem)}}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
