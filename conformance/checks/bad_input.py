"""Checks of input that is no input: each is refused, none is a failure of the server, and the server goes on.

Knows what broken and hostile clients send; texts of refusals are judged only where one was captured.
"""

from __future__ import annotations

import json

from conformance.checks.check import check
from conformance.errors import NoReply
from conformance.wire import COMPANIES, Reply, Wire

HUGE_BYTES = 100_000_000


def send(wire: Wire, data: bytes, **more: object) -> Reply:
    """Create a company from bytes as they are; one that comes into being is removed later."""
    reply = wire.request("POST", COMPANIES, data=data, headers={"Content-Type": "application/json", **more})  # type: ignore[dict-item]
    if reply.status == 201:
        wire.remember(f"{COMPANIES}/{reply.record().get('id')}")
    return reply


@check("input.not-json")
def not_json(wire: Wire) -> None:
    """A body that is no JSON."""
    for data in (
        b"nonsense",
        b'{"name":',
        b'{"name": "x",}',
        b"{'name': 'x'}",
        b"\xff\xfe\x00",
        b'{"name":"x"}{',
        b" ",
    ):
        reply = send(wire, data)
        if wire.expect_status(reply, 400):
            wire.expect(reply.error().get("code"), "the refusal has no code")
    wire.expect_alive()


@check("input.empty-body")
def empty_body(wire: Wire) -> None:
    """No body where one is due."""
    wire.expect_refused(wire.request("POST", COMPANIES))
    wire.expect_refused(wire.request("PUT", f"{COMPANIES}/{wire.company()['id']}"))
    wire.expect_alive()


@check("input.not-an-object")
def not_an_object(wire: Wire) -> None:
    """JSON of another shape than a record."""
    for data in (b"[]", b"5", b'"x"', b"true", b"null", b"[{}]"):
        wire.expect(send(wire, data).status in (400, 500), f"{data!r} was answered {wire.last and wire.last.status}")
    wire.expect_alive()


@check("input.odd-json")
def odd_json(wire: Wire) -> None:
    """JSON at the edge of its grammar: doubled members, numbers without end, nesting without end."""
    mark = wire.mark
    for data in (
        b'{"identifier":"' + mark.encode() + b'","name":"a","name":"b","numberOfEmployees":1e999}',
        b'{"identifier":"' + mark.encode() + b'","name":"a","numberOfEmployees":' + b"9" * 400 + b"}",
        b'{"identifier":"' + mark.encode() + b'","name":"a","numberOfEmployees":NaN}',
        b"[" * 50_000,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        b'{"identifier":"\\ud800","name":"\\u0000"}',
    ):
        reply = send(wire, data)
        sound = 200 <= reply.status < 500 or reply.error().get("code") == "ConnectWiseApi"
        wire.expect(sound, f"{data[:60]!r}... was answered {reply.status} {reply.text[:80]!r}")
    wire.expect_alive()


@check("input.content-type")
def content_type(wire: Wire) -> None:
    """A body of another media type."""
    data = json.dumps(wire.company_body()).encode()
    for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=x", "nonsense"):
        reply = wire.request("POST", COMPANIES, data=data, headers={"Content-Type": kind})
        wire.expect_refused(reply)
        if reply.status == 201:
            wire.remember(f"{COMPANIES}/{reply.record().get('id')}")
    wire.expect_alive()


@check("input.charset")
def charset(wire: Wire) -> None:
    """The usual spellings of JSON's media type are JSON."""
    for kind in ("application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"):
        data = json.dumps(wire.company_body()).encode()
        reply = wire.request("POST", COMPANIES, data=data, headers={"Content-Type": kind})
        if wire.expect_status(reply, 201):
            wire.remember(f"{COMPANIES}/{reply.record().get('id')}")


@check("input.get-content-type")
def get_content_type(wire: Wire) -> None:
    """A GET without a body may carry a content type."""
    wire.expect_status(wire.get("/system/info", headers={"Content-Type": "application/json"}), 200)


@check("input.page-values")
def page_values(wire: Wire) -> None:
    """Pages and sizes that are none."""
    for name in ("page", "pageSize", "pageId"):
        for value in ("0", "-1", "abc", "1.5", "", "99999999999999999999", "%00", "1;2"):
            reply = wire.get(COMPANIES, f"{name}={value}")
            wire.expect(reply.status < 500, f"{name}={value} was answered {reply.status}")
    wire.expect_alive()


@check("input.odd-query")
def odd_query(wire: Wire) -> None:
    """Query strings that mean nothing."""
    for query in (
        "conditions=%",
        "conditions=%ff%fe",
        "conditions=%00",
        "orderBy=nothing%20sideways",
        "orderBy=,",
        "fields=,,,",
        "fields=" + "a/" * 500,
        "childConditions=types/",
        "customFieldConditions=value",
        "=&=&==",
        "conditions=id=1&conditions=id=2",
        "conditions=id=" + "9" * 400,
        "conditions=id=1" + "%20or%20id=1" * 600,
    ):
        reply = wire.get(COMPANIES, query)
        wire.expect(reply.status < 500, f"{query[:60]} was answered {reply.status}")
    wire.expect_alive()


@check("input.odd-path")
def odd_path(wire: Wire) -> None:
    """Paths that lead nowhere."""
    for path in (
        "/company/companies/-1",
        "/company/companies/0",
        "/company/companies/%00",
        "/company/companies/..%2f..%2fetc",
        "/company/companies/%ff",
        "/company/companies/1/2/3/4/5",
        "/company/companies/" + "9" * 300,
        "/" + "a/" * 300,
        "/company/companies/1;x=1",
    ):
        wire.expect_refused(wire.get(path))
    wire.expect_alive()


@check("input.header-bomb")
def header_bomb(wire: Wire) -> None:
    """Headers without measure: refused, ignored or the connection closed, and the server goes on."""
    bombs: tuple[dict[str, str | None], ...] = (
        {"X-Bomb": "x" * 200_000},
        {f"X-Bomb-{number}": "x" for number in range(1500)},
        {"Authorization": "Basic " + "QUFB" * 30_000},
        {"clientId": "x" * 60_000},
    )
    for headers in bombs:
        try:
            reply = wire.get("/system/info", headers=headers)
        except NoReply:
            continue
        wire.expect(reply.status < 500, f"{len(headers)} large headers were answered {reply.status}")
    wire.expect_alive()


@check("input.huge-body")
def huge_body(wire: Wire) -> None:
    """A body of 100 MB is refused, or its connection is closed, and the server goes on."""
    try:
        reply = send(wire, b'{"name":"' + b"x" * HUGE_BYTES + b'"}')
    except NoReply:
        pass
    else:
        wire.expect_refused(reply)
    wire.expect_alive()


@check("input.unknown-verb")
def unknown_verb(wire: Wire) -> None:
    """Verbs that the API does not have."""
    for verb in ("TRACE", "PROPFIND", "BREW"):
        try:
            wire.expect_refused(wire.request(verb, COMPANIES))
        except NoReply:
            continue
    wire.expect_alive()


CHECKS = (
    not_json,
    empty_body,
    not_an_object,
    odd_json,
    content_type,
    charset,
    get_content_type,
    page_values,
    odd_query,
    odd_path,
    header_bomb,
    huge_body,
    unknown_verb,
)
