"""Checks of finding the server: company info, the code base, system info, and how paths are read.

Knows the anonymous login call and the routes of the API; judges no record.
"""

from __future__ import annotations

import re

from conformance.checks.check import check
from conformance.wire import Reply, Wire

COMPANY_INFO = {"CompanyName": str, "Codebase": str, "VersionCode": str, "VersionNumber": str, "CompanyID": str}
NO_ENDPOINT = "The endpoint does not exist."


def company_info(wire: Wire, path: str = "login/companyinfo", company: str | None = None) -> Reply:
    """Ask for the company info without credentials."""
    return wire.get(f"{wire.target.site_url}/{path}/{company or wire.target.company_id}", member=None)


@check("companyinfo.anonymous")
def anonymous(wire: Wire) -> None:
    """Company info needs no credentials."""
    reply = company_info(wire)
    if wire.expect_status(reply, 200):
        reply.record()


@check("companyinfo.members")
def info_members(wire: Wire) -> None:
    """The six members have their spelling and their types."""
    info = company_info(wire).record()
    for name, kind in COMPANY_INFO.items():
        wire.expect(isinstance(info.get(name), kind), f"{name} is {info.get(name)!r}, due is text")
    wire.expect(isinstance(info.get("IsCloud"), bool), f"IsCloud is {info.get('IsCloud')!r}, due is a boolean")


@check("companyinfo.company-id")
def company_id(wire: Wire) -> None:
    """The reply names the company that was asked for."""
    info = company_info(wire).record()
    wire.expect(info.get("CompanyID") == wire.target.company_id, f"CompanyID is {info.get('CompanyID')!r}")


@check("companyinfo.codebase")
def codebase(wire: Wire) -> None:
    """The code base, pasted into a URL as it stands, leads to the API."""
    base = str(company_info(wire).record().get("Codebase"))
    wire.expect(base.endswith("/"), f"Codebase is {base!r}, due is a slash at its end")
    wire.expect_status(wire.get(f"{wire.target.site_url}/{base}apis/3.0/system/info"), 200)


@check("companyinfo.unknown-company")
def unknown_company(wire: Wire) -> None:
    """A company nobody has is null, not an error."""
    reply = company_info(wire, company="no-such-company-here")
    if wire.expect_status(reply, 200):
        wire.expect(reply.text.strip() == "null", f"the body is {reply.text[:80]!r}, due is null")


@check("companyinfo.path-case")
def info_path_case(wire: Wire) -> None:
    """The letter case of the path does not matter."""
    wire.expect_status(company_info(wire, "login/companyInfo"), 200)


@check("info.version")
def version(wire: Wire) -> None:
    """The version is `v` and a dotted number."""
    found = wire.get("/system/info").record().get("version")
    wire.expect(re.fullmatch(r"v\d+(\.\d+)+", str(found)), f"version is {found!r}, due is v and a dotted number")


@check("info.members")
def system_info_members(wire: Wire) -> None:
    """Cloud flag, zone and licence bits are there."""
    info = wire.get("/system/info").record()
    wire.expect(isinstance(info.get("isCloud"), bool), f"isCloud is {info.get('isCloud')!r}, due is a boolean")
    wire.expect(isinstance(info.get("serverTimeZone"), str), "serverTimeZone is missing")
    wire.expect(isinstance(info.get("licenseBits"), list), "licenseBits is no list")


@check("info.credentials")
def info_credentials(wire: Wire) -> None:
    """System info wants credentials."""
    wire.expect_status(wire.get("/system/info", member=None), 401)


@check("info.any-role")
def info_any_role(wire: Wire) -> None:
    """System info wants no row of the role."""
    wire.expect_status(wire.get("/system/info", member="no-access"), 200)


@check("route.legacy-codebase")
def legacy_codebase(wire: Wire) -> None:
    """The old router path serves beside the code base of the release."""
    wire.expect_status(wire.get(f"{wire.target.site_url}/v4_6_release/apis/3.0/system/info"), 200)


@check("route.prefix-case")
def prefix_case(wire: Wire) -> None:
    """The letter case of the API root does not matter."""
    wire.expect_status(wire.get(f"{wire.target.site_url}/v4_6_Release/APIS/3.0/system/info"), 200)


@check("route.resource-case")
def resource_case(wire: Wire) -> None:
    """The letter case of a resource does not matter."""
    wire.expect_status(wire.get("/Company/Companies/Count"), 200)


@check("route.double-slash")
def double_slash(wire: Wire) -> None:
    """A doubled slash counts as one."""
    wire.expect_status(wire.get("//company//companies/count"), 200)


@check("route.trailing-slash")
def trailing_slash(wire: Wire) -> None:
    """A slash at the end is ignored."""
    wire.expect_status(wire.get("/company/companies/", {"pageSize": 1}), 200)


@check("route.unknown")
def unknown_route(wire: Wire) -> None:
    """A path that does not exist inside a module."""
    wire.expect_error(wire.get("/company/nosuchthing"), 404, "ConnectWiseApi", NO_ENDPOINT)


@check("route.wrong-codebase")
def wrong_codebase(wire: Wire) -> None:
    """A code base that is none is refused before the API is reached."""
    reply = wire.get(f"{wire.target.site_url}/v1999_9/apis/3.0/system/info")
    wire.expect_refused(reply)
    wire.expect(not reply.text.lstrip().startswith("{"), f"the body is {reply.text[:80]!r}, due is plain text")


@check("route.wrong-method")
def wrong_method(wire: Wire) -> None:
    """A path that exists, with a verb it does not have."""
    wire.expect_status(wire.delete("/system/info"), 405)


@check("route.wrong-method-body")
def wrong_method_body(wire: Wire) -> None:
    """The 405 keeps the envelope."""
    error = wire.delete("/system/info").error()
    wire.expect(error.get("code") and error.get("message"), f"the body is {error!r}, due are code and message")


@check("route.id-not-a-number")
def id_not_a_number(wire: Wire) -> None:
    """An id that is no number is no failure of the server."""
    for identity in ("abc", "1.5", "1e3", "99999999999999999999"):
        wire.expect_refused(wire.get(f"/company/companies/{identity}"))


CHECKS = (
    anonymous,
    info_members,
    company_id,
    codebase,
    unknown_company,
    info_path_case,
    version,
    system_info_members,
    info_credentials,
    info_any_role,
    legacy_codebase,
    prefix_case,
    resource_case,
    double_slash,
    trailing_slash,
    unknown_route,
    wrong_codebase,
    wrong_method,
    wrong_method_body,
    id_not_a_number,
)
