"""Documents that go with a record: handed over when one takes the other's place, copied when it becomes another.

The tables are those of the documents' own family: where a document hangs, and its bytes. Knows no family's rules.
"""

from __future__ import annotations

from collections.abc import Collection

from mockcw.engine.act import Act

DOCUMENTS = "/system/documents"
SHELF = "~documents"
CONTENTS = "~contents"


def hand_over(act: Act, kind: str, old: int, new: int) -> None:
    """Let the documents of one record hang on another one of its kind (a record type of the documents)."""
    for row in act.look.find(SHELF, recordType=kind, recordId=old):
        act.hands.keep_again(SHELF, row["id"], {**row, "recordId": new})


def copy_documents(
    act: Act, kind: str, old: int, other_kind: str, new: int, only: Collection[int] | None = None
) -> None:
    """Hang copies of a record's documents, or of those with the ids given, on another record."""
    for row in act.look.find(SHELF, recordType=kind, recordId=old):
        document = act.look.get(DOCUMENTS, row["info"]["id"])
        if document is None or (only is not None and document["id"] not in only):
            continue
        fields = {name: value for name, value in document.items() if name not in ("id", "_info")}
        made = act.hands.create(DOCUMENTS, (), {**fields, "guid": act.key(), "createdOnDate": act.now})
        kept = {**row, "recordType": other_kind, "recordId": new, "info": made}
        content = act.look.get(CONTENTS, row["contentId"]) if row.get("contentId") else None
        if content is not None:
            kept["contentId"] = act.hands.keep(CONTENTS, content)
        act.hands.keep(SHELF, kept)
