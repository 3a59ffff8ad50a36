"""Pictures of records: contacts and members by an avatar among their documents, priorities by their colour.

That pictures are served here and come from documents is documented (a member's photo); which of several counts, and
the picture of a priority, are assumed.
"""

from __future__ import annotations

import mimetypes

from mockcw.engine.act import Act, Action, Content
from mockcw.engine.change import Record
from mockcw.errors import InvalidObject, NotFound
from mockcw.rules.system.documents import (
    DOCUMENTS,
    SHELF,
    TRUE,
    bytes_of,
    clean,
    content_of,
    described,
    file_of,
    form,
    shelf_of,
    shelve,
)
from mockcw.rules.system.multipart import Part, boundary_of
from mockcw.rules.system.pictures import CLEAR, COLOURS, png

MENU_ENTRIES = "/system/menuentries"


def no_image(act: Act, caption: str) -> NotFound:
    """The 404 of a record without a picture."""
    return NotFound(act.choices.no_image_message.format(caption=caption, id=act.id))


def avatar(act: Act, kind: str, document_id: int | None) -> Content:
    """The photo a record names, else the avatar uploaded last; a clear one if the caller is content with a default."""
    if document_id is None:
        rows = act.look.find(SHELF, recordType=kind, recordId=act.id, isAvatar=True)
        document_id = rows[-1]["info"]["id"] if rows else None
    document = own_picture(act, kind, document_id) if document_id else None
    if document is not None and bytes_of(act.look, document["id"]) is not None:
        return content_of(act, document, "inline")
    if act.query.get("usedefaultflag", "").lower() in TRUE:
        return Content(png(CLEAR), "image/png")
    raise no_image(act, kind)


def own_picture(act: Act, kind: str, document_id: int) -> Record | None:
    """A document that hangs on the addressed record; a picture field that names any other shows nothing (assumed)."""
    row = shelf_of(act.look, document_id)
    if row is None or (row["recordType"], row["recordId"]) != (kind, act.id):
        return None
    return act.look.get(DOCUMENTS, document_id)


def contact_image(act: Act) -> Content:
    """A contact's avatar."""
    return avatar(act, "Contact", None)


def member_image(act: Act) -> Content:
    """A member's photo, or the avatar among the member's documents."""
    return avatar(act, "Member", (act.here.get("photo") or {}).get("id"))


def priority_image(act: Act) -> Content:
    """A square of the priority's colour; a custom colour has none."""
    colour = COLOURS.get(act.here.get("color") or "")
    if colour is None:
        raise no_image(act, "Priority")
    return Content(png(colour), "image/png")


def menu_image(act: Act) -> Content:
    """The icon of a custom menu entry."""
    icon = act.here.get("largeMenuIconId") or act.here.get("smallMenuIconId") or 0
    document = own_picture(act, "MenuEntry", icon)
    if document is None:
        raise no_image(act, "Menu Entry")
    return content_of(act, document, "inline")


def set_menu_image(act: Act) -> None:
    """An icon for a custom menu entry: a form with a file, or the picture itself as the body."""
    part = picture_of(act)
    values = described(act, {"file": part}, {}) | {"owner": act.actor, "guid": act.key(), "createdOnDate": act.now}
    document = act.hands.create(DOCUMENTS, (), values)
    shelve(act, document, None, {"recordType": "MenuEntry", "recordId": act.id, "isAvatar": True}, part)
    act.hands.set(MENU_ENTRIES, act.id, {"smallMenuIconId": document["id"], "largeMenuIconId": document["id"]})


def picture_of(act: Act) -> Part:
    """The picture that was sent. Raises WrongMediaType, InvalidObject."""
    kind = act.headers.get("content-type", "")
    if boundary_of(kind) is None and kind.startswith("image/"):
        ending = mimetypes.guess_extension(clean(kind.split(";", 1)[0])) or ""
        return Part("file", f"icon{ending}", kind, act.raw)
    part = file_of(form(act))
    if part is None:
        raise missing_file(act)
    return part


def missing_file(act: Act) -> InvalidObject:
    """The refusal of a form without a file."""
    return act.refuse("MissingRequiredField", act.choices.document_file_message, "file")


ACTIONS = (
    Action("getCompanyContactsByIdImage", contact_image, "documented", "The contact's avatar."),
    Action("getSystemMembersByIdImage", member_image, "documented", "The member's photo."),
    Action("getServicePrioritiesByIdImage", priority_image, "assumed", "A square of the priority's colour."),
    Action("getSystemMenuentriesByIdImage", menu_image, "assumed", "The entry's icon."),
    Action("postSystemMenuentriesByIdImage", set_menu_image, "assumed", "A new icon for the entry."),
)
