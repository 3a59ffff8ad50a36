"""The query language under fire: conditions from a grammar over the fields of any collection, sound and broken, and any
bytes, in every parameter that takes them. No 5xx, and no text of the database reaches an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcw import Emulator
from mockcw.catalogue import Operation, load
from tests.campaign import examples
from tests.mockcw.caller import Caller

CATALOGUE = load()
LISTS = [one for one in CATALOGUE.operations if one.verb in ("list", "count") and "{" not in one.path]
SEARCHES = [one for one in CATALOGUE.operations if one.verb == "search"]
PARAMETERS = ("conditions", "childConditions", "customFieldConditions", "orderBy", "fields")
DATABASE = re.compile(
    r"sqlite|json_extract|json_each|\bselect\b.*\bfrom\b|\bwhere\b|no such (table|column|function)|near \"|syntax error"
    r"|traceback|operationalerror|file \"",
    re.IGNORECASE,
)
OPERATORS = (
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    " contains ",
    " not contains ",
    " like ",
    " not like ",
    " in ",
    " not in ",
)


@pytest.fixture(scope="module")
def admin() -> Iterator[Caller]:
    with Emulator(settings={"journal_size": 1}) as emulator:
        yield Caller(emulator)


@cache
def paths(name: str) -> tuple[str, ...]:
    """The names by which fields of a model can be asked for, those inside references and lists too."""
    found: list[str] = []
    for one in CATALOGUE.model(name).fields.values():
        found.append(one.name)
        if one.ref is not None:
            found += [f"{one.name}/{inner}" for inner in CATALOGUE.model(one.ref).fields]
        elif one.additional:
            found.append(f"{one.name}/lastUpdated")
    return tuple(found)


def literals() -> st.SearchStrategy[str]:
    """Literals of each kind, sound and nearly so."""
    text = st.text(st.characters(codec="utf-8", exclude_characters="\"'\\"), max_size=12)
    one = st.one_of(
        text.map(lambda value: f'"{value}"'),
        text.map(lambda value: f"'{value}'"),
        st.integers().map(str),
        st.decimals(allow_nan=False, allow_infinity=False).map(str),
        st.datetimes().map(lambda value: f"[{value.isoformat()}Z]"),
        st.dates().map(lambda value: f"[{value.isoformat()}]"),
        st.sampled_from(
            ["true", "False", "null", "NULL", "[]", "[2020-13-45]", "'%'", "'*'", "'[[]x]'", '"\\""', "()"]
        ),
    )
    return st.one_of(one, st.lists(one, max_size=4).map(lambda values: f"({','.join(values)})"))


@st.composite
def conditions(draw: st.DrawFn, model: str) -> str:
    """A condition over a model's fields."""
    names = st.sampled_from(paths(model))
    cased = st.tuples(names, st.sampled_from([str, str.lower, str.upper])).map(lambda pair: pair[1](pair[0]))
    comparison = st.tuples(cased, st.sampled_from(OPERATORS), literals()).map("".join)
    several = st.recursive(
        comparison,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from([" and ", " OR "]), inner).map("".join),
            inner.map(lambda text: f"({text})"),
            inner.map(lambda text: f"not {text}"),
        ),
        max_leaves=4,
    )
    return draw(several)


@st.composite
def broken(draw: st.DrawFn, whole: str) -> str:
    """A text with a piece cut out, doubled, or put in."""
    start = draw(st.integers(0, len(whole)))
    end = draw(st.integers(start, len(whole)))
    put_in = draw(
        st.sampled_from(["", whole[start:end] * 2, "'", '"', "(", ")", "[", "]", ",", ";--", "\\", "%", "/", "\x00"])
    )
    return whole[:start] + put_in + whole[end:]


def harmless(status: int, body: str, given_text: str) -> None:
    """A success or a refusal, and nothing of the database in it beyond what the client wrote itself."""
    assert status in (200, 400), (status, body)
    if status == 400:
        said = json.loads(body)["message"]
        rest = said.replace(given_text, "")
        for word in re.split(r"[\s()=<>!,]+", given_text):
            rest = rest.replace(word, "") if word else rest
        assert not DATABASE.search(rest), said


@settings(max_examples=examples(60))
@given(data=st.data())
def test_a_condition_from_the_grammar_is_understood_or_refused(admin: Caller, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(LISTS))
    text = data.draw(conditions(CATALOGUE.row(operation.collection).model))
    if data.draw(st.booleans()):
        text = data.draw(broken(text))
    query = {data.draw(st.sampled_from(PARAMETERS)): text, **NEEDED.get(operation.path.removesuffix("/count"), {})}
    answer = admin.get(operation.path, **query)
    harmless(answer.status_code, answer.text, text)


NEEDED = {
    "/system/documents": {"recordType": "Company", "recordId": "1"},
    "/system/audittrail": {"type": "Company", "id": "1"},
}
"""What a list needs to be asked with."""


@settings(max_examples=examples(60))
@given(
    operation=st.sampled_from(LISTS),
    parameter=st.sampled_from([*PARAMETERS, "page", "pageSize", "pageId"]),
    raw=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))),
)
def test_any_bytes_are_understood_or_refused(admin: Caller, operation: Operation, parameter: str, raw: bytes) -> None:
    needed = "".join(
        f"&{name}={value}" for name, value in NEEDED.get(operation.path.removesuffix("/count"), {}).items()
    )
    answer = admin.http.get(f"{operation.path}?{parameter}={quote_from_bytes(raw)}{needed}")
    harmless(answer.status_code, answer.text, raw.decode("utf-8", "replace"))


@settings(max_examples=examples(30))
@given(data=st.data())
def test_a_search_is_understood_or_refused(admin: Caller, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(SEARCHES))
    text = data.draw(conditions(CATALOGUE.row(operation.collection).model))
    if data.draw(st.booleans()):
        text = data.draw(broken(text))
    answer = admin.post(operation.path, {data.draw(st.sampled_from(PARAMETERS[:4])): text})
    harmless(answer.status_code, answer.text, text)
