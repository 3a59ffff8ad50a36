"""Documents: files and links that hang on other records.

A document is a record of /system/documents. Beside it the emulator keeps what the real service never shows: the record
it hangs on (table ~documents, with the document's fields, so that other views need nothing else) and its bytes (table
~contents, apart, so that lists stay light). Facts: upload by multipart form, field names in any letter case, update by
POST, private unless told otherwise, 415 for other bodies (all documented); the rest of a record is assumed.
"""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from mockcw.engine.act import Act, Action, Asking, Content, View
from mockcw.engine.change import Change, Effect, Look, Record, Remove, Rule
from mockcw.errors import FieldError, InvalidObject, NotFound, WrongMediaType
from mockcw.rules.system.multipart import Part, boundary_of, parts

DOCUMENTS = "/system/documents"
SHELF = "~documents"
CONTENTS = "~contents"
TYPES = "/system/documentTypes/info"
RESOURCE = "documentInfo"
HOLDERS: Mapping[str, tuple[str, ...]] = {
    "Ticket": ("/service/tickets", "/project/tickets"),
    "Agreement": ("/finance/agreements",),
    "Company": ("/company/companies",),
    "Configuration": ("/company/configurations",),
    "Contact": ("/company/contacts",),
    "Expense": ("/expense/entries",),
    "Opportunity": ("/sales/opportunities",),
    "PurchaseOrder": ("/procurement/purchaseorders",),
    "Project": ("/project/projects",),
    "SalesOrder": ("/sales/orders",),
    "ServiceTemplate": ("/service/templates",),
    "Rma": ("/procurement/rmaTags",),
    "Activity": ("/sales/activities",),
    "Invoice": ("/finance/invoices",),
    "KnowledgeBase": ("/service/knowledgeBaseArticles",),
    "Member": ("/system/members",),
    "ProductCatalog": ("/procurement/catalog",),
}
SOFT = "/company/companies"  # its delete is soft: the record is still there, and so are its documents
KIND_OF = {one: kind for kind, several in HOLDERS.items() for one in several if one != SOFT}
NAMES = {name.lower(): name for name in HOLDERS} | {"projectticket": "Ticket"}  # both kinds share their numbers
TRUE = frozenset({"true", "1", "yes", "on"})
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
FORM = """<!DOCTYPE html>
<html><head><title>Document upload</title></head><body>
<form action="../documents" method="post" enctype="multipart/form-data">
<p><label>Record type <input name="recordType" value="Ticket"></label></p>
<p><label>Record id <input name="recordId" type="number"></label></p>
<p><label>Title <input name="title"></label></p>
<p><label>Private <input name="privateFlag" type="checkbox" value="true" checked></label></p>
<p><label>Read only <input name="readOnlyFlag" type="checkbox" value="true"></label></p>
<p><label>File <input name="file" type="file"></label></p>
<p><button>Upload</button></p>
</form></body></html>
"""


# -- reading -----------------------------------------------------------------------------------------------------------


def of_record(look: Look, asking: Asking) -> Iterator[Record]:
    """The documents of one record; both halves of its address are needed (documented)."""
    given, number = asking.asked("recordtype") or "", asking.asked("recordid") or ""
    kind = NAMES.get(given.lower(), given)
    if not kind or not number:
        name = "recordId" if kind else "recordType"
        text = f"The {name} field is required."
        raise InvalidObject.of(RESOURCE, FieldError("MissingRequiredField", text, RESOURCE, name))
    if number.isdigit() and len(number) < 18:
        for row in look.find(SHELF, recordType=kind, recordId=int(number)):
            if holder_hidden(look, row):
                continue
            document = look.get(DOCUMENTS, int(row["info"]["id"]))
            if document is not None:
                yield document


def read(act: Act) -> Record:
    """GET by id: a document is found without knowing the record it hangs on."""
    return found(act)


def found(act: Act) -> Record:
    """The document the path names. Raises NotFound."""
    document, row = act.look.get(DOCUMENTS, act.id), shelf_of(act.look, act.id)
    if document is None or (row is not None and holder_hidden(act.look, row)):
        raise NotFound(f"Document {act.id} not found")
    return document


def holder_hidden(look: Look, row: Record) -> bool:
    """Whether the record a document hangs on is not there for the member: then neither is the document (assumed)."""
    return any(look.hides(collection, row["recordId"]) for collection in HOLDERS[row["recordType"]])


def shelf_of(look: Look, document_id: int) -> Record | None:
    """The row that says where a document hangs."""
    return next(iter(look.find(SHELF, info__id=document_id)), None)


def bytes_of(look: Look, document_id: int) -> bytes | None:
    """The bytes of a document; None for a link."""
    row = shelf_of(look, document_id)
    kept = look.get(CONTENTS, row["contentId"]) if row and row.get("contentId") else None
    return None if kept is None else base64.b64decode(kept["data"])


def download(act: Act) -> Content:
    """The file as an attachment, its name in the header that clients read it from."""
    document = found(act)
    return content_of(act, document, "attachment")


def thumbnail(act: Act) -> Content:
    """The picture itself, in its own size (assumed); what is no picture has none."""
    document = found(act)
    if not document.get("imageFlag"):
        raise NotFound(act.choices.no_image_message.format(caption="Document", id=act.id))
    return content_of(act, document, "inline")


def content_of(act: Act, document: Record, disposition: str) -> Content:
    """A document's bytes with its media type and file name. Raises NotFound for a link."""
    content = bytes_of(act.look, int(document["id"]))
    if content is None:
        raise NotFound(act.choices.document_link_message.format(id=document["id"]))
    name = str(document.get("fileName") or f"document{document['id']}")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Content(content, kind, (("Content-Disposition", f"{disposition}; {filename(name)}"),))


def filename(name: str) -> str:
    """A file name as a header parameter; one beyond ASCII is given in both spellings."""
    plain = name.encode("ascii", "replace").decode().replace("\\", "_").replace('"', "'")
    other = "" if name.isascii() else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'filename="{plain}"{other}'


def upload_sample(_: Act) -> Content:
    """An HTML form that uploads (documented)."""
    return Content(FORM.encode(), "text/html; charset=utf-8")


# -- writing -----------------------------------------------------------------------------------------------------------


def form(act: Act) -> dict[str, Part]:
    """The fields of the request's form by name in small letters. Raises WrongMediaType."""
    boundary = boundary_of(act.headers.get("content-type", ""))
    if boundary is None:
        raise WrongMediaType(act.choices.media_type_message, reason="not multipart/form-data with a boundary")
    return {part.name: part for part in parts(boundary, act.raw)}


def upload(act: Act) -> Record:
    """A new document on a record, from a file or as a link."""
    given = form(act)
    holder = holder_of(act, given)
    values, part = described(act, given, {}), file_of(given)
    if part is None and not values.get("urlFlag"):
        raise act.refuse("MissingRequiredField", act.choices.document_file_message, "file")
    fixed = {"owner": act.actor, "guid": act.key(), "createdOnDate": act.now, "htmlTemplateFlag": False}
    document = act.hands.create(DOCUMENTS, (), {**fixed, **values})
    shelve(act, document, None, {**holder, "isAvatar": flag(given, "isavatar", False)}, part)
    return document


def update(act: Act) -> Record:
    """Another title, other flags or another file for a document; what the form leaves out stays."""
    document, given = found(act), form(act)
    row = shelf_of(act.look, act.id)
    moved = "recordtype" in given or "recordid" in given
    holder = holder_of(act, given) if moved or row is None else {}
    values, part = described(act, given, document), file_of(given)
    changed = act.hands.set(DOCUMENTS, act.id, values)
    avatar = flag(given, "isavatar", bool(row and row.get("isAvatar")))
    shelve(act, changed, row, {**holder, "isAvatar": avatar}, part)
    return changed


def remove(act: Act) -> None:
    """The document, its place and its bytes go."""
    document = found(act)
    row = shelf_of(act.look, act.id)
    act.hands.remove(DOCUMENTS, int(document["id"]))
    if row is not None:
        if row.get("contentId"):
            act.hands.drop(CONTENTS, row["contentId"])
        act.hands.drop(SHELF, row["id"])


def orphaned(change: Change) -> Iterator[Effect]:
    """A deleted record takes its documents along, or leaves them where only their own numbers find them (assumed)."""
    if change.choices.documents_of_deleted == "go":
        for row in change.look.find(SHELF, recordType=KIND_OF[change.collection], recordId=change.record_id):
            yield Remove(DOCUMENTS, row["info"]["id"])
            yield Remove(SHELF, row["id"])
            if row.get("contentId"):
                yield Remove(CONTENTS, row["contentId"])


def shelve(act: Act, document: Record, row: Record | None, values: Record, part: Part | None) -> None:
    """Keep where a document hangs, and its bytes where there are new ones; a member's avatar is its photo."""
    kept = {**(row or {}), **values, "info": document}
    if part is not None:
        content = {"data": base64.b64encode(part.content).decode()}
        if kept.get("contentId"):
            act.hands.keep_again(CONTENTS, kept["contentId"], content)
        else:
            kept["contentId"] = act.hands.keep(CONTENTS, content)
    if row is None:
        act.hands.keep(SHELF, kept)
    else:
        act.hands.keep_again(SHELF, row["id"], kept)
    if kept["isAvatar"] and kept["recordType"] == "Member":
        act.hands.set("/system/members", kept["recordId"], {"photo": {"id": document["id"]}})


def described(act: Act, given: Mapping[str, Part], before: Record) -> Record:
    """What the form says of the document itself."""
    part, url = file_of(given), text(given, "url")
    values: Record = {
        "publicFlag": not flag(given, "privateflag", not before.get("publicFlag", False)),
        "readOnlyFlag": flag(given, "readonlyflag", flag(given, "readonlyflay", bool(before.get("readOnlyFlag")))),
    }
    if part is not None:
        name = clean(part.filename or "") or "document"
        extension = name.rpartition(".")[2].lower() if "." in name else ""
        kind = mimetypes.guess_type(name)[0] or part.content_type
        values |= {"fileName": name, "serverFileName": f"{act.key()}{'.' if extension else ''}{extension}"}
        values |= {"size": len(part.content), "imageFlag": kind.startswith("image/")}
        values |= {"urlFlag": False, "linkFlag": False, "documentType": type_of(act.look, extension)}
    elif url:
        values |= {"fileName": url, "serverFileName": url, "urlFlag": True, "linkFlag": True}
        values |= {"size": 0, "imageFlag": False}
    title = clean(text(given, "title")) or before.get("title") or values.get("fileName")
    return {**values, "title": title}


def type_of(look: Look, extension: str) -> Record | None:
    """The document type of a file extension, if the setup table has one."""
    kinds = look.find(TYPES, fileExtension=extension) or look.find(TYPES, fileExtension=f".{extension}")
    return {"id": kinds[0]["id"]} if extension and kinds else None


def holder_of(act: Act, given: Mapping[str, Part]) -> Record:
    """The record the document shall hang on. Raises InvalidObject."""
    kind, number = text(given, "recordtype"), text(given, "recordid")
    if not kind:
        raise act.missing("recordType")
    if not number:
        raise act.missing("recordId")
    name = NAMES.get(kind.lower())
    if name is None:
        raise act.refuse("InvalidField", act.choices.document_type_message.format(value=kind[:50]), "recordType")
    record_id = int(number) if number.isdecimal() and number.isascii() and len(number) < 18 else 0
    if all(act.look.get(collection, record_id) is None for collection in HOLDERS[name]):
        raise act.refuse("NotFound", f"{name} {number[:50]} not found", "recordId")
    return {"recordType": name, "recordId": record_id}


def file_of(given: Mapping[str, Part]) -> Part | None:
    """The part with the file: the one so named, else any that has a file name."""
    named = given.get("file")
    return named or next((part for part in given.values() if part.filename is not None), None)


def text(given: Mapping[str, Part], name: str) -> str:
    """A field of the form as text."""
    return given[name].text if name in given else ""


def flag(given: Mapping[str, Part], name: str, otherwise: bool) -> bool:
    """A field of the form as a flag, in any letter case (PowerShell writes True)."""
    value = text(given, name).lower()
    return value in TRUE if value else otherwise


def clean(value: str) -> str:
    """A name without what could break out of a header or a line."""
    return CONTROL.sub("", value).strip()


ACTIONS = (
    Action("postSystemDocuments", upload, "documented", "A form with a file or a url.", 201, addresses=False),
    Action("getSystemDocumentsById", read, "documented", "A document by id alone.", addresses=False),
    Action("postSystemDocumentsById", update, "documented", "Documents are updated by POST.", addresses=False),
    Action("deleteSystemDocumentsById", remove, "documented", "A document goes with its bytes.", addresses=False),
    Action("getSystemDocumentsByIdDownload", download, "documented", "The bytes as uploaded.", addresses=False),
    Action("getSystemDocumentsByIdThumbnail", thumbnail, "assumed", "The picture in its own size.", addresses=False),
    Action("getSystemDocumentsUploadsample", upload_sample, "documented", "An HTML form.", addresses=False),
)
RULES = tuple(
    Rule("document.goes", holder, frozenset({"delete"}), orphaned, "assumed", "A record takes its documents along.")
    for holder in KIND_OF
)
VIEWS = (View(DOCUMENTS, (DOCUMENTS, SHELF), of_record, "documented", "The documents of one record."),)
