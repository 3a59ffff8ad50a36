"""The two servers that are compared, each in a process of its own: the emulator, and a bare Flask application.

    python -m benchmarks.server emulator|bare COMPANIES

Both run under the same server with the same settings and answer the same records. The bare one keeps dictionaries in
memory and checks nothing: no credentials, no decision, no journal, no query language, no validation.
"""

from __future__ import annotations

import json
import sys

import httpx
import orjson
from flask import Flask, Response, request

from mockcw import Emulator
from mockcw.web.server import Server, settle

API = "/v4_6_release/apis/3.0"
JSON = "application/json; charset=utf-8"


def records(companies: int) -> list[dict[str, object]]:
    """The companies of the emulator, as dictionaries."""
    with Emulator(companies) as emulator:
        client = httpx.Client(
            transport=emulator.transport(),
            auth=emulator.auth("admin"),
            headers={"clientId": emulator.client_id("admin")},
        )
        found: list[dict[str, object]] = []
        url = f"{emulator.api_url}/company/companies?pageSize=1000"
        while url:
            answer = client.get(url, headers={"pagination-type": "forward-only"})
            found += answer.json()
            url = answer.headers["link"].partition(">")[0].lstrip("<")
        return found


def bare(companies: int) -> Flask:
    """Flask routes over dictionaries: what is left when everything but HTTP and JSON is taken away."""
    rows = {int(str(one["id"])): one for one in records(companies)}
    listed = list(rows.values())
    by_account: dict[str, list[dict[str, object]]] = {}
    for one in listed:
        by_account.setdefault(str(one["accountNumber"]), []).append(one)
    app = Flask("bare", static_folder=None)

    @app.get(f"{API}/company/companies/<int:company_id>")
    def get_one(company_id: int) -> Response:
        return Response(orjson.dumps(rows[company_id]), content_type=JSON)

    @app.get(f"{API}/company/companies")
    def page() -> Response:
        conditions = request.args.get("conditions")
        if conditions:
            return Response(orjson.dumps(by_account[conditions.split('"')[1]][:25]), content_type=JSON)
        number = int(request.args.get("page", "1"))
        return Response(orjson.dumps(listed[(number - 1) * 25 : number * 25]), content_type=JSON)

    @app.post(f"{API}/company/companies")
    def create() -> Response:
        record = orjson.loads(request.get_data())
        record["id"] = len(rows) + 1
        rows[record["id"]] = record
        return Response(orjson.dumps(record), 201, content_type=JSON)

    return app


def main(kind: str, companies: int) -> None:
    """Serve until standard input closes; the first line printed says where."""
    emulator = Emulator(companies)
    app = emulator.wsgi_app if kind == "emulator" else bare(companies)
    server = Server(app, "127.0.0.1", 0)
    server.start()
    settle()
    admin = emulator.member("admin")
    keys = {"public": admin.public_key, "private": admin.private_key, "client": admin.client_id}
    print(json.dumps({"port": server.port, **keys}), flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
