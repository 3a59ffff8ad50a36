"""Managed services: a sync that was run leaves a log, and logs can be listed and downloaded."""

from __future__ import annotations

from mockcw.engine.act import Act, Action, Asking, Content, View
from mockcw.engine.change import Look, Record
from mockcw.errors import NotFound
from mockcw.rules.shapes import success

MANAGEMENT = "/company/management"
LOGS = "/company/management/{id}/logs"
KEPT = "~management logs"
SOLUTIONS = "/company/managementItSolutions"
CONFIGURATIONS = "/company/configurations"


def synchronise(act: Act) -> Record:
    """Run the sync: no outside system answers, so what it finds is what is there; a log of that is kept."""
    solutions = [str(one.get("name")) for one in act.look.find(SOLUTIONS)]
    name = "ManagedIT_" + "".join(sign for sign in act.now if sign.isalnum()) + ".log"
    lines = [f"{act.now} sync started by {act.actor}"]
    lines += [f"{act.now} solution {solution}: nothing new" for solution in solutions]
    lines.append(f"{act.now} sync ended, {len(solutions)} solutions")
    act.hands.keep(KEPT, {"managementId": act.id, "name": name, "text": "\r\n".join([*lines, ""])})
    act.hands.set(MANAGEMENT, act.id, {"runTime": act.now})
    return success()


def logs(look: Look, asking: Asking) -> list[Record]:
    """The logs of a management setup, oldest first."""
    return [
        {"id": one["id"], "fullPathFileName": path(one), "fileSize": str(len(one["text"].encode()))}
        for one in look.find(KEPT, managementId=asking.parent)
    ]


def path(log: Record) -> str:
    """Where the log would lie on the server."""
    return f"ManagedIT\\{log['managementId']}\\{log['name']}"


def download(act: Act) -> Content:
    """The newest log. Raises NotFound before the first sync."""
    kept = act.look.find(KEPT, managementId=act.id)
    if not kept:
        raise NotFound(act.choices.management_log_message.format(id=act.id))
    header = ("Content-Disposition", f'attachment; filename="{kept[-1]["name"]}"')
    return Content(kept[-1]["text"].encode(), "text/plain; charset=utf-8", (header,))


ACTIONS = (
    Action(
        "postCompanyManagementByIdExecuteManagedItSync",
        synchronise,
        "assumed",
        "Sets the time of the run and keeps a log; there is no outside system to ask.",
    ),
    Action("getCompanyManagementByIdLogDownload", download, "assumed", "The newest log as a text file."),
)
VIEWS = (View(LOGS, (KEPT,), logs, "assumed", "The logs that syncs have left."),)
