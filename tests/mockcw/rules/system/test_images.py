"""Pictures: avatars of contacts and members, icons of menu entries, colours of priorities."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockcw.caller import Caller, message
from tests.mockcw.rules.system.forms import DOCUMENTS, PIXEL, send, upload

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def contact(admin: Caller) -> int:
    return int(admin.post("/company/contacts", {"firstName": "Ada"}).json()["id"])


def image(admin: Caller, path: str, **query: str) -> Any:
    return admin.get(f"{path}/image", **query)


def test_a_contact_shows_the_avatar_uploaded_last(admin: Caller, contact: int) -> None:
    path = f"/company/contacts/{contact}"
    answer = image(admin, path)
    assert (answer.status_code, message(answer)) == (404, f"Contact {contact} has no image.")
    upload(admin, "Contact", contact, "note.txt", b"no avatar")
    upload(admin, "Contact", contact, "old.png", PNG + b"old", isAvatar="True")
    upload(admin, "Contact", contact, "new.png", PNG + b"new", isAvatar="True")
    answer = image(admin, path)
    assert (answer.content, answer.headers["content-type"]) == (PNG + b"new", "image/png")


def test_a_default_picture_comes_when_it_is_asked_for(admin: Caller, contact: int) -> None:
    answer = image(admin, f"/company/contacts/{contact}", useDefaultFlag="true")
    assert answer.content.startswith(PNG)
    assert image(admin, "/company/contacts/999999", useDefaultFlag="true").status_code == 404


def test_a_member_shows_the_photo(admin: Caller) -> None:
    assert image(admin, "/system/members/1").status_code == 404
    photo = upload(admin, "Member", 1, "me.png", PIXEL, isAvatar="true")
    shown = admin.get("/system/members/1").json()["photo"]
    assert (shown["id"], shown["name"]) == (photo["id"], "me.png")
    assert shown["_info"]["document_href"].endswith(f"{DOCUMENTS}/{photo['id']}")
    assert image(admin, "/system/members/1").content == PIXEL
    other = upload(admin, "Member", 1, "later.png", PNG)
    assert image(admin, "/system/members/1").content == PIXEL
    send(admin, f"{DOCUMENTS}/{other['id']}", {"isAvatar": "true"})
    assert image(admin, "/system/members/1").content == PNG


def test_a_priority_shows_its_colour(admin: Caller) -> None:
    made = admin.post("/service/priorities", {"name": "P-red", "color": "Red"}).json()
    other = admin.post("/service/priorities", {"name": "P-own", "color": "Custom"}).json()
    assert image(admin, f"/service/priorities/{made['id']}").content.startswith(PNG)
    assert image(admin, f"/service/priorities/{other['id']}").status_code == 404


def test_a_menu_entry_takes_an_icon_as_a_form_or_as_it_is(admin: Caller) -> None:
    entry = admin.post(
        "/system/menuentries",
        {"menuLocation": {"id": 1}, "caption": "Wiki", "link": "https://wiki.test", "newWindowFlag": True},
    )
    if entry.status_code != 201:  # the menu locations have no collection of their own to look one up in
        entry = admin.post(
            "/system/menuentries",
            {"menuLocation": {"name": "Company"}, "caption": "W", "link": "https://w.test", "newWindowFlag": True},
        )
    assert entry.status_code == 201, entry.text
    path = f"/system/menuentries/{entry.json()['id']}"
    assert image(admin, path).status_code == 404
    assert send(admin, f"{path}/image", {}, ("icon.png", PIXEL)).status_code == 204
    assert image(admin, path).content == PIXEL
    assert admin.send("POST", f"{path}/image", PNG, **{"Content-Type": "image/png"}).status_code == 204
    assert image(admin, path).content == PNG
    assert send(admin, f"{path}/image", {"title": "no file"}).status_code == 400
    assert admin.send("POST", f"{path}/image", b"{}").status_code == 415
    assert image(admin, path).content == PNG
