"""Bad input over a real port: the documented status or the named default, never a 500, and the server goes on."""

from __future__ import annotations

import base64
import concurrent.futures
import http.client
import socket

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockcw import Live
from mockcw.query.settings import QuerySettings
from mockcw.settings import Settings
from tests.mockcw.web.wire import ROOT, Answer, Wire

COMPANIES = "/company/companies"
UNAUTHORIZED = {"code": "Unauthorized", "message": "Unauthorized"}


def said(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json()["message"]


# -- credentials -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"Authorization: \r\n",
        b"Authorization: Basic\r\n",
        b"Authorization: Basic !!!\r\n",
        b"Authorization: Basic \xe9\xe9\xe9\r\n",
        b"Authorization: Basic \xff\xfe\r\n",
        b"Authorization: Bearer x\r\n",
        b"Authorization: Basic " + base64.b64encode(b"training+x:y") + b"\r\n",
        b"Authorization: Basic " + base64.b64encode(b"\x00+\x00:\x00") + b"\r\n",
        b"Authorization: Basic " + b"A" * 8000 + b"\r\n",
        b"authorization: basic\r\nAuthorization: Basic x\r\n",
    ],
)
def test_a_malformed_or_wrong_login_is_a_401(wire: Wire, header: bytes) -> None:
    answer = wire.send(b"GET", b"/system/info", header + b"clientId: x\r\n", signed=False)
    assert (answer.status, answer.json()) == (401, UNAUTHORIZED)


# -- bodies ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"nonsense", b"{", b'{"name":}', b"\x00\x01\x02", b"\xff\xfe{}", b"{'name': 'x'}"])
def test_json_that_is_no_json_is_a_400(wire: Wire, body: bytes) -> None:
    assert said(wire.post(COMPANIES, body)) == (400, Settings().malformed_json_message)
    assert said(wire.send(b"PATCH", b"/company/companies/1", b"", body)) == (400, Settings().malformed_json_message)


def test_no_body_at_all_is_a_400(wire: Wire) -> None:
    assert wire.post(COMPANIES, b"").status == 400


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "x"],
)
def test_another_content_type_is_a_415(wire: Wire, kind: str) -> None:
    assert said(wire.post(COMPANIES, b'{"a":1}', kind)) == (415, Settings().media_type_message)


@pytest.mark.parametrize("kind", ["application/json", "APPLICATION/JSON; charset=utf-8", "text/json", ""])
def test_json_types_are_taken(wire: Wire, kind: str) -> None:
    assert wire.post(COMPANIES, b"{}", kind).json()["code"] == "InvalidObject"


def test_a_body_of_100_mb_is_a_413_and_the_server_goes_on(live: Live, wire: Wire) -> None:
    line = http.client.HTTPConnection("127.0.0.1", live.port)
    chunk = b" " * 1_000_000
    headers = {**signed(wire), "Content-Length": str(100 * len(chunk)), "Content-Type": "application/json"}
    line.request("POST", ROOT + COMPANIES, body=(chunk for _ in range(100)), headers=headers)
    reply = line.getresponse()
    assert reply.status == 413
    assert Settings().too_large_message.encode() in reply.read()
    line.close()


def signed(wire: Wire) -> dict[str, str]:
    lines = wire.signed.decode().strip().split("\r\n")
    return dict(line.split(": ", 1) for line in lines)


@pytest.mark.parametrize(
    ("chunks", "status"),
    [
        (b'6\r\n{"x": \r\n2\r\n1}\r\n0\r\n\r\n', 400),
        (b"0\r\n\r\n", 400),
        (b"zz\r\nnonsense", 400),
        (b"-1\r\n\r\n", 400),
        (b"ffffffffffffffffff\r\nx", 400),
    ],
)
def test_a_chunked_body_is_read_or_refused(wire: Wire, chunks: bytes, status: int) -> None:
    head = b"POST %s%s HTTP/1.1\r\n%s%s" % (ROOT.encode(), COMPANIES.encode(), wire.host, wire.signed)
    extra = b"Transfer-Encoding: chunked\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    answer = wire.raw(head + extra + chunks)
    assert answer.status in (status, 0)
    if chunks.startswith(b"6"):
        assert "Could not find member 'x'" in answer.json()["message"]


@pytest.mark.parametrize("length", [b"x", b"-1", b"99999999999999999999", b"1, 2", b""])
def test_a_content_length_that_is_no_length_is_refused(wire: Wire, length: bytes) -> None:
    head = b"POST %s%s HTTP/1.1\r\n%s%s" % (ROOT.encode(), COMPANIES.encode(), wire.host, wire.signed)
    answer = wire.raw(head + b"Content-Length: " + length + b"\r\nConnection: close\r\n\r\n{}")
    assert answer.status in (0, 400, 411, 413)


def test_a_client_that_goes_away_in_the_middle_of_a_body_harms_nobody(live: Live, wire: Wire) -> None:
    head = b"POST %s%s HTTP/1.1\r\n%s%s" % (ROOT.encode(), COMPANIES.encode(), wire.host, wire.signed)
    for _ in range(6):
        with socket.create_connection(("127.0.0.1", live.port)) as line:
            line.sendall(head + b"Content-Length: 1000\r\n\r\n{")
    assert wire.get("/system/info").status == 200


# -- queries -----------------------------------------------------------------------------------------------------------


def test_an_unknown_field_in_conditions_is_the_captured_400(wire: Wire) -> None:
    answer = wire.get(f"{COMPANIES}?conditions=resources/identifier=1")
    assert answer.status == 400
    assert answer.json() == {"code": "ApiFindCondition", "message": "resources/identifier is not a recognized name."}


@pytest.mark.parametrize(
    "text", ["(id=1", "id=1)", "((id=1)", "id in (1,2", "()", "id=", "=", "and", "id=1 and", "%00", "'"]
)
def test_a_condition_that_cannot_be_parsed_is_a_400(wire: Wire, text: str) -> None:
    answer = wire.get(f"{COMPANIES}?conditions={text.replace(' ', '%20')}")
    assert (answer.status, answer.json()["code"]) == (400, "ApiFindCondition")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("pageSize=0", QuerySettings().page_size_text),
        ("pageSize=-5", QuerySettings().page_size_text),
        ("pageSize=x", QuerySettings().page_size_text),
        ("pageSize=1.5", QuerySettings().page_size_text),
        ("pagesize=0", QuerySettings().page_size_text),
        ("page=-1", QuerySettings().page_text),
        ("page=0", QuerySettings().page_text),
        ("page=99999999999999999999", QuerySettings().page_text),
    ],
)
def test_a_page_that_makes_no_sense_is_the_named_400(wire: Wire, query: str, text: str) -> None:
    assert said(wire.get(f"{COMPANIES}?{query}")) == (400, text)


def test_stray_question_marks_and_empty_parts_are_tolerated(wire: Wire) -> None:
    answer = wire.get(f"{COMPANIES}?&conditions=id=1&&")
    assert [one["id"] for one in answer.json()] == [1]


# -- paths -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", ["abc", "1.5", "%31x", "1;2", "９", "9" * 30, "1%00", "%ff", "%", "%zz", "..", "1%2f2"]
)
def test_an_id_that_is_no_number_is_no_endpoint(wire: Wire, number: str) -> None:
    answer = wire.send(b"GET", f"{COMPANIES}/{number}".encode())
    if answer.status == 404:
        assert answer.json()["message"] in (
            "The endpoint does not exist.",
            "Company 1 not found",
        )
    else:
        assert answer.status in (400, 405)


@pytest.mark.parametrize("path", ["bogus", "Name", "name/x", "²", "%00", "", "/"])
def test_an_unknown_patch_path_is_a_400(wire: Wire, path: str) -> None:
    body = f'[{{"op":"replace","path":"{path}","value":"x"}}]'.encode()
    answer = wire.send(b"PATCH", b"/company/companies/1", b"Content-Type: application/json\r\n", body)
    assert (answer.status, answer.json()["code"]) == (400, "InvalidPatch")


@pytest.mark.parametrize(
    "target",
    [
        b"*",
        b"http://elsewhere/x",
        b"/%",
        b"/%ff%fe",
        b"/\xff\xfe",
        b"/..%2f..%2fetc/passwd",
        b"/" + b"a" * 9000,
        b"//",
        b"?",
    ],
)
def test_a_strange_target_is_answered(wire: Wire, target: bytes) -> None:
    answer = wire.raw(b"GET " + target + b" HTTP/1.1\r\n" + wire.host + wire.signed + b"Connection: close\r\n\r\n")
    assert answer.status in (0, 400, 404, 414)


# -- headers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        b"".join(b"X-%d: y\r\n" % n for n in range(5000)),
        b"".join(b"X-%d: y\r\n" % n for n in range(150)),
        b"X-Long: " + b"y" * 30_000 + b"\r\n",
        b"X-Long: " + b"y" * 1_000_000 + b"\r\n",
        b"X-" + b"y" * 30_000 + b": z\r\n",
        b"X-Same: y\r\n" * 90,
        b"X-Bin: \xff\xfe\x80\r\n",
        b"X-Nul: a\x00b\r\n",
        b"No colon here\r\n",
        b": no name\r\n",
        b"X-Folded: a\r\n b\r\n",
        b"Accept: " + b"version=" * 1000 + b"\r\n",
        b"pagination-type: forward-only\xe9\r\n",
        b"Expect: 100-continue\r\n",
        b"Range: bytes=0-1\r\n",
        b"If-None-Match: *\r\n",
        b"X-Forwarded-Host: evil\r\nX-Forwarded-Proto: ftp\r\n",
    ],
)
def test_header_bombs_and_oddities_are_answered_or_the_line_is_closed(wire: Wire, headers: bytes) -> None:
    answer = wire.send(b"GET", b"/company/companies?pageSize=1", headers)
    assert answer.status in (0, 200, 400, 431)


@pytest.mark.parametrize(
    "host",
    [
        b"",
        b"Host: \r\n",
        b'Host: a"b<c>\r\n',
        b"Host: \xe9\xe8\r\n",
        b"Host: " + b"a" * 3000 + b"\r\n",
        b"Host: a b\r\n",
    ],
)
def test_a_bad_host_does_not_get_into_links(live: Live, wire: Wire, host: bytes) -> None:
    head = b"GET %s/company/companies?pageSize=1 HTTP/1.1\r\n" % ROOT.encode()
    answer = wire.raw(head + host + wire.signed + b"Connection: close\r\n\r\n")
    assert answer.status in (200, 400)
    if answer.status == 200 and b"aaa" not in host:
        assert answer.headers["link"].startswith(f"<http://127.0.0.1:{live.port}/v4_6_release/")
        assert answer.json()[0]["status"]["_info"]["status_href"].startswith(f"http://127.0.0.1:{live.port}/")


def test_the_host_of_the_request_is_the_host_of_links(live: Live, wire: Wire) -> None:
    head = b"GET %s/company/companies?pageSize=1 HTTP/1.1\r\nHost: cw.example.com:99\r\n" % ROOT.encode()
    answer = wire.raw(head + wire.signed + b"Connection: close\r\n\r\n")
    assert answer.headers["link"].startswith(
        "<http://cw.example.com:99/v4_6_release/apis/3.0/company/companies/?pageSize=1"
    )
    assert answer.json()[0]["status"]["_info"]["status_href"].startswith("http://cw.example.com:99/")


# -- protocol ----------------------------------------------------------------------------------------------------------


def test_http_1_0_is_answered(wire: Wire) -> None:
    answer = wire.raw(b"GET %s/system/info HTTP/1.0\r\n%s\r\n" % (ROOT.encode(), wire.signed))
    assert (answer.status, answer.json()["isCloud"]) == (200, True)


def test_several_requests_on_one_line_are_answered_in_order(live: Live, wire: Wire) -> None:
    line = http.client.HTTPConnection("127.0.0.1", live.port)
    for number in (1, 2, 3):
        line.request("GET", f"{ROOT}/company/companies/{number}", headers=signed(wire))
        reply = line.getresponse()
        assert f'"id":{number},'.encode() in reply.read()
    line.close()


@pytest.mark.parametrize("method", [b"FOO", b"TRACE", b"CONNECT", b"PROPFIND", b"get", b"G\xe9T", b"\x00", b"OPTIONS"])
def test_an_unknown_method_is_refused(wire: Wire, method: bytes) -> None:
    answer = wire.send(method, b"/company/companies")
    assert answer.status in (0, 400, 405)
    if answer.status == 405:
        assert answer.json() == {"code": "ConnectWiseApi", "message": Settings().method_message}
        assert answer.headers["x-cw-request-id"]


@pytest.mark.parametrize("path", [b"/company/companies", b"/company/companies/1", b"/no/such", b"/system/info"])
def test_head_is_get_without_a_body(wire: Wire, path: bytes) -> None:
    assert wire.send(b"HEAD", path).status == wire.send(b"GET", path).status
    assert wire.send(b"HEAD", path).body == b""


@pytest.mark.parametrize(
    "garbage",
    [b"", b"\r\n\r\n", b"nonsense\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/9.9\r\n\r\n", b"\x00" * 5000],
)
def test_what_is_no_http_harms_nobody(wire: Wire, garbage: bytes) -> None:
    with socket.create_connection(("127.0.0.1", wire.port)) as line:
        line.sendall(garbage)
    assert wire.get("/system/info").status == 200


# -- anything at all ---------------------------------------------------------------------------------------------------

CAPTURED_500 = (b"Error converting value", b"String was not recognized")
WORDS = st.sampled_from(
    ["company", "companies", "sites", "statuses", "types", "1", "2", "count", "info", "system", "members", "Admin", "x"]
)
PATHS = st.one_of(
    st.lists(WORDS, min_size=1, max_size=5).map(lambda parts: "/" + "/".join(parts)),
    st.just("/company/companies"),
    st.just("/company/companies/1"),
    st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="?#"), max_size=20).map("/".__add__),
)
QUERY_TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=30)
NAMES = st.sampled_from(
    ["conditions", "childConditions", "customFieldConditions", "orderBy", "fields", "page", "pageSize", "pageId"]
)
QUERIES = st.one_of(QUERY_TEXT, st.builds("{}={}".format, NAMES, QUERY_TEXT))
BODIES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"{}", b"[]", b'{"name":"x","identifier":"y"}', b'[{"op":"replace","path":"name","value":"z"}]']),
)
HEADERS = st.dictionaries(
    st.sampled_from([b"Accept", b"pagination-type", b"x-mockcw-explain", b"Content-Type", b"Cookie", b"X-Other"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20),
    max_size=3,
)


@given(st.sampled_from([b"GET", b"POST", b"PUT", b"PATCH", b"DELETE", b"HEAD"]), PATHS, QUERIES, BODIES, HEADERS)
@example(b"PATCH", "/company/companies/1", "", b'[{"op":"add","path":"customFields/\xc2\xb2","value":1}]', {})
@example(b"POST", "/company/companies", "", b'{"name":' + b"[" * 300 + b"]" * 300 + b"}", {})
@example(b"POST", "/company/companies", "", b'{"numberOfEmployees":"' + b"9" * 5000 + b'"}', {})
@example(b"GET", "/company/companies", "conditions=%ff", b"", {b"x-mockcw-explain": "1"})
def test_no_request_whatever_it_holds_is_a_fault_of_the_server(
    live: Live, wire: Wire, method: bytes, path: str, query: str, body: bytes, headers: dict[bytes, str]
) -> None:
    lines = b"".join(name + b": " + value.encode("latin-1") + b"\r\n" for name, value in headers.items())
    answer = wire.send(method, f"{path}?{query}".encode("latin-1"), lines, body)
    if answer.status == 500:
        assert any(text in answer.body for text in CAPTURED_500), answer.body
    else:
        assert answer.status in (0, 200, 201, 204, 400, 404, 405, 409, 415), answer


def test_many_at_once_are_all_answered(wire: Wire) -> None:
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: wire.get(f"/company/companies/{1 + n % 40}"), range(120)))
    assert [one.status for one in answers] == [200] * 120
    assert [one.json()["id"] for one in answers] == [1 + n % 40 for n in range(120)]
