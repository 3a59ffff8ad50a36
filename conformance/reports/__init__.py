"""Reports: everything a run leaves behind, derived from its event log and from nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from conformance import cases, events
from conformance.reports.digest import Report, digest, schema
from conformance.reports.har import har
from conformance.reports.junit import junit
from conformance.reports.page import headline, page, sentence
from conformance.reports.sarif import sarif

EVENTS = "events.ndjson"


def derive(out: Path) -> Report:
    """Write every report and the case files beside the event log in `out`; answers the digest.

    Raises:
        WrongUse: there is no readable event log.
    """
    listed = events.read(out / EVENTS)
    report = digest(listed)
    _write(out / "report.json", json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    _write(out / "junit.xml", junit(report))
    _write(out / "report.html", page(report, listed))
    _write(out / "exchanges.har", json.dumps(har(listed, report["version"]), ensure_ascii=False) + "\n")
    _write(out / "permissions.sarif", json.dumps(sarif(report), indent=2, ensure_ascii=False) + "\n")
    for old in (out / "cases").glob("*.json"):
        old.unlink()
    for event in events.of_kind(listed, "case"):
        cases.write(out / "cases", event["case"])
    return report


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="replace")


__all__ = ["EVENTS", "Report", "derive", "digest", "har", "headline", "junit", "page", "sarif", "schema", "sentence"]
