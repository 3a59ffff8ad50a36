"""Every published path finds its own operation, however it is written; every other path finds none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.catalogue import Catalogue, MethodNotSupported, RouteNotFound
from mockcw.catalogue.trie import TEXT_PARAMETERS, Trie

PARAMETER = re.compile(r"\{(\w+)\}")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def filled(path: str, number: int, text: str) -> tuple[str, tuple[int | str, ...]]:
    """A published path with ids in it, and these ids."""
    ids: list[int | str] = []

    def fill(parameter: re.Match[str]) -> str:
        ids.append(text if parameter[1] in TEXT_PARAMETERS else number)
        return str(ids[-1])

    return PARAMETER.sub(fill, path), tuple(ids)


@given(
    number=st.integers(-(10**18) + 1, 10**18 - 1),
    write=st.sampled_from([str, str.upper, str.lower, str.swapcase]),
    slashes=st.sampled_from(["/", "//", "///"]),
    tail=st.sampled_from(["", "/", "//"]),
    data=st.data(),
)
def test_a_published_path_finds_its_own_operation(
    catalogue: Catalogue, number: int, write: object, slashes: str, tail: str, data: st.DataObject
) -> None:
    operation = catalogue.operations[data.draw(st.integers(0, 3052))]
    assert callable(write)
    path, ids = filled(operation.path, number, "JSMITH1")
    found = catalogue.match(operation.method, write(path).replace("/", slashes) + tail)
    assert found.operation is operation
    assert tuple(str(one).lower() for one in found.ids) == tuple(str(one).lower() for one in ids)


def test_all_published_paths_find_their_own_operation_in_both_cases(catalogue: Catalogue) -> None:
    for operation in catalogue.operations:
        path, ids = filled(operation.path, 7, "jsmith")
        assert catalogue.match(operation.method, path) == (operation, ids)
        assert catalogue.match(operation.method, path.upper()).operation is operation


def test_ids_keep_the_letter_case_of_the_request(catalogue: Catalogue) -> None:
    found = catalogue.match("POST", "/SYSTEM/Members/JSmith/tokens")
    assert found.ids == ("JSmith",)


@given(st.text(min_size=1).filter(lambda text: "/" not in text))
def test_a_path_outside_every_module_is_no_route(catalogue: Catalogue, word: str) -> None:
    with pytest.raises(RouteNotFound):
        catalogue.match("GET", f"/{word}x!/companies")


@given(
    st.text(min_size=1).filter(
        lambda text: (
            "/" not in text
            and not re.fullmatch(r"-?[0-9]+", text)
            and text.lower() not in ("count", "default", "info", "statuses", "types", "customstatusnotes")
        )
    )
)
def test_only_digits_are_an_id(catalogue: Catalogue, word: str) -> None:
    with pytest.raises(RouteNotFound):
        catalogue.match("GET", f"/company/companies/{word}/sites")


@pytest.mark.parametrize("word", ["-", "--1", "+1", "1.5", "1e3", "٣", "²", "9" * 19, "9" * 5000, " 1", "0x1"])
def test_what_looks_like_a_number_but_is_none_is_no_route(catalogue: Catalogue, word: str) -> None:
    with pytest.raises(RouteNotFound):
        catalogue.match("GET", f"/company/companies/{word}")


@pytest.mark.parametrize("path", ["", "/", "//", "/company", "/company/companies/5/sites/6/nothing", "/" + "a/" * 5000])
def test_a_path_that_is_cut_short_or_goes_on_is_no_route(catalogue: Catalogue, path: str) -> None:
    with pytest.raises(RouteNotFound):
        catalogue.match("GET", path)


def test_a_known_path_with_another_method_names_the_methods_it_has(catalogue: Catalogue) -> None:
    texts = [one for one in catalogue.operations if set(PARAMETER.findall(one.path)) & TEXT_PARAMETERS]
    shapes = [(re.compile(PARAMETER.sub("[^/]+", one.path), re.IGNORECASE), one.method) for one in texts]
    methods: dict[str, set[str]] = {}
    for operation in catalogue.operations:
        methods.setdefault(filled(operation.path, 7, "jsmith")[0], set()).add(operation.method)
    for path, known in methods.items():
        # A text may be any word: DELETE /schedule/entries/7/details reads "details" as the one to notify.
        known |= {method for shape, method in shapes if shape.fullmatch(path)}
        for method in set(METHODS) - known:
            with pytest.raises(MethodNotSupported) as caught:
                catalogue.match(method, path)
            assert caught.value.allowed == tuple(sorted(known))


def test_the_methods_of_all_readings_of_a_path_are_named_in_order(catalogue: Catalogue) -> None:
    with pytest.raises(MethodNotSupported) as caught:
        catalogue.match("POST", "/system/members/5")
    assert caught.value.allowed == ("GET", "PATCH", "PUT")


def test_a_literal_beats_an_identifier_and_a_number_beats_a_text(catalogue: Catalogue) -> None:
    assert catalogue.match("GET", "/system/members/types").operation.path == "/system/members/types"
    assert catalogue.match("GET", "/system/members/5").operation.path == "/system/members/{id}"
    assert catalogue.match("GET", "/system/members/jsmith").operation.path == "/system/members/{memberIdentifier}"
    assert catalogue.match("GET", "/system/info/members/jsmith").operation.returns == "MemberInfo"


def test_a_number_is_read_as_text_where_only_text_leads_on(catalogue: Catalogue) -> None:
    found = catalogue.match("POST", "/system/members/5/tokens")
    assert found.operation.path == "/system/members/{memberIdentifier}/tokens"
    assert found.ids == ("5",)


def test_two_operations_of_one_shape_are_refused() -> None:
    trie = Trie()
    trie.add("GET", "/a/{id}", 0)
    with pytest.raises(ValueError, match="two operations"):
        trie.add("GET", "/a/{parentId}", 1)
