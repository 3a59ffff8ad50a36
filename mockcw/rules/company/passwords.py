"""Portal passwords of contacts: kept as salted digests in a table of the emulator's own, never shown.

A password is never in a record: models take it and do not answer it.
"""

from __future__ import annotations

from hashlib import pbkdf2_hmac
from hmac import compare_digest

import orjson

from mockcw.engine.act import Act, Action
from mockcw.engine.change import Record
from mockcw.errors import NotFound
from mockcw.rules.company.associations import CONTACTS
from mockcw.rules.company.communications import COMMUNICATIONS

PASSWORDS = "~portal passwords"
MAILS = "~mails"
MARK = b"\xef\xbb\xbf"  # some clients send a byte order mark
ROUNDS = 1000  # demo passwords of an emulator: a digest, not a vault


def keep_password(act: Act, contact: int, password: object) -> None:
    """Remember the digest of a password that a body gave; None changes nothing."""
    if not isinstance(password, str) or not password:
        return
    salt = act.secret()
    record = {"contactId": contact, "salt": salt, "digest": digest(password, salt)}
    for known in act.look.find(PASSWORDS, contactId=contact):
        act.hands.keep_again(PASSWORDS, known["id"], record)
        return
    act.hands.keep(PASSWORDS, record)


def digest(password: str, salt: str) -> str:
    """The salted digest of a password."""
    return pbkdf2_hmac("sha256", password.encode(), salt.encode(), ROUNDS).hex()


def patched(raw: bytes, name: str) -> object:
    """The value that the operations of a PATCH body give to a field; None where they do not."""
    lines = [{key.lower(): value for key, value in one.items()} for one in orjson.loads(raw.removeprefix(MARK))]
    values = [one.get("value") for one in lines if str(one.get("path", "")).strip("/") == name]
    return values[-1] if values else None


def of_address(act: Act, email: str) -> list[Record]:
    """The contacts that have an e-mail address, the inactive ones left out."""
    reached = act.look.find(COMMUNICATIONS, value=email, communicationType="Email")
    found = (act.look.get(CONTACTS, one["contactId"]) for one in reached)
    return [one for one in found if one is not None and not one.get("inactiveFlag")]


def validate(act: Act) -> Record:
    """Whether a contact that may use the portal has this password."""
    for contact in of_address(act, act.body["email"]):
        for kept in act.look.find(PASSWORDS, contactId=contact["id"]):
            given = digest(act.body["password"], kept["salt"])
            if compare_digest(given, kept["digest"]) and not contact.get("disablePortalLoginFlag"):
                return {"success": True, "contactId": contact["id"]}
    return {"success": False}


def request(act: Act) -> None:
    """Note down the mail that lets a contact choose a new password; the old one stays good until then."""
    contacts = of_address(act, act.body["email"])
    if not contacts:
        raise NotFound(act.choices.portal_contact_message.format(email=act.body["email"]))
    act.hands.keep(
        MAILS,
        {"about": "portal password", "to": act.body["email"], "contactId": contacts[0]["id"], "dateEntered": act.now},
    )


ACTIONS = (
    Action(
        "postCompanyContactsValidatePortalCredentials",
        validate,
        "assumed",
        "True for the e-mail address and password of a contact whose portal login is not disabled.",
    ),
    Action(
        "postCompanyContactsRequestPassword",
        request,
        "assumed",
        "Keeps the mail that would be sent; an address that no contact has is missing.",
    ),
)
