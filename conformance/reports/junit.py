"""The report as JUnit XML, for servers of continuous integration.

Knows the digest; a verdict that is neither pass nor fail is told as skipped or, when the run could not tell, as error.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from conformance.reports.digest import Report

ELEMENTS = {"fail": "failure", "unknown": "error", "unsupported": "skipped", "not run": "skipped"}

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> str:
    """The XML text: one suite for each family of requirements."""
    root = ElementTree.Element("testsuites", name="cw-conformance", tests=str(len(report["results"])))
    for family, counts in report["families"].items():
        skipped = counts["unsupported"] + counts["not run"]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=family,
            tests=str(sum(counts.values())),
            failures=str(counts["fail"]),
            errors=str(counts["unknown"]),
            skipped=str(skipped),
        )
        for result in report["results"]:
            if result["requirement"].split(".", 1)[0] == family:
                _case(suite, result)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(suite: ElementTree.Element, result: Report) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=suite.get("name", ""), name=result["requirement"])
    told = "\n".join(finding["text"] for finding in result["findings"])
    sentence = f"{result['level']} ({result['source']}): {result['sentence']}"
    kind = ELEMENTS.get(result["verdict"])
    if kind:
        element = ElementTree.SubElement(case, kind, message=_clean(told.split("\n")[0] or result["reason"] or ""))
        element.text = _clean(f"{sentence}\n{told or result['reason'] or ''}")


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
