"""The pytest plugin tells what of a test's requests nobody read, or lets the test fail for it."""

from __future__ import annotations

import pytest

TESTS = """
    import httpx

    def ask(cw, **query):
        with httpx.Client(transport=cw.transport(), base_url=cw.api_url, auth=cw.auth("admin"),
                          headers={"clientId": cw.client_id("admin")}) as http:
            return http.get("/company/companies", params=query)

    def test_asks_for_more_than_is_read(cw):
        assert ask(cw, zip=1).status_code == 200

    def test_asks_for_what_is_read(cw):
        assert ask(cw, pageSize=1).status_code == 200
"""
LINE = "test_asks_for_more_than_is_read: GET /company/companies: parameter zip (unknown), requests: 1"


def outcome(pytester: pytest.Pytester, *words: str) -> pytest.RunResult:
    pytester.makeini("[pytest]\nmockcw_demo = 1\nfilterwarnings = error")
    pytester.makepyfile(TESTS)
    return pytester.runpytest("-p", "no:cacheprovider", *words)


def test_it_says_nothing_unless_asked(pytester: pytest.Pytester) -> None:
    result = outcome(pytester, "-p", "no:xdist")
    result.assert_outcomes(passed=2)
    assert "zip" not in result.stdout.str()


def test_it_tells_at_the_end_of_a_run(pytester: pytest.Pytester) -> None:
    result = outcome(pytester, "--mockcw-unread=warn", "-p", "no:xdist")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*requests that mockcw did not read whole*", f"*{LINE}"])


def test_it_lets_the_test_fail_that_sent_it(pytester: pytest.Pytester) -> None:
    result = outcome(pytester, "--mockcw-unread=fail", "-p", "no:xdist")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*did not read: GET /company/companies: parameter zip*", f"*{LINE}"])
