"""What a receiver gets: the body with the documented names, its signature, the URL with number and action appended.

Names and signature are captured and documented; the order of the names and what exactly follows the URL are assumed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import orjson

from mockcw.clock import Ids
from mockcw.settings import Settings

SIGNATURE = "x-content-signature"
KEY_PATH = "/system/callbackkey/index.rails"


def body_of(row: Mapping[str, Any], root: str, site: str, key_id: str, settings: Settings) -> bytes:
    """The body of a delivery: compact JSON, nothing escaped that need not be, since receivers write it anew to check
    it (captured from a client). `root` is what stands for the host in stored hrefs.
    """
    company, entity = settings.company_id, row["entity"]
    host = f"{site}/{settings.codebase}/"
    return orjson.dumps(
        {
            "MessageId": row["messageId"],
            "FromUrl": urlsplit(site).netloc,
            "CompanyId": company,
            "MemberId": row["memberId"],
            "Action": row["action"],
            "Type": row["type"],
            "ID": row["recordId"],
            "ProductInstanceId": Ids.derived_guid("product instance", company),
            "PartnerId": Ids.derived_guid("partner", company),
            "Entity": None if entity is None else entity.replace(root, f"{host}/apis/3.0"),
            "Metadata": {"key_url": f"{host}{KEY_PATH}?companyName={quote(company)}&id={key_id}"},
            "CallbackObjectRecId": row["callbackId"],
        }
    )


def url_of(url: str, row: Mapping[str, Any], settings: Settings) -> str:
    """The URL of a delivery: the record's number raw at the end of the callback's, then the action."""
    appended = settings.callback_appended.replace("{id}", str(row["recordId"]))
    return url + appended.replace("{action}", row["action"])


def signature(signing_key: str, body: bytes) -> str:
    """The value of the signature header: HMAC-SHA256 over the body, by the hash of the key (documented)."""
    key = hashlib.sha256(signing_key.encode()).digest()
    return base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()
