"""Schemathesis, a tester nobody here wrote, over the emitted OpenAPI document: every operation, all its phases.

Asked are: no 5xx, no answer off its model, its status, its media type or its headers, no request of more than two
seconds of processor time. The captured 500 for a JSON value of the wrong type is by design, so the setting
`wrong_type_status` is 400.

Every day: 3 examples an operation, and the coverage phase (which tries every limit of every field) of the operations
that make small records and of one folder that has every other kind. At night: 100 examples, and the coverage phase of
every operation; SURFACE_SHARE=2/3 takes the second third of the surface, for nights that are short.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator

import pytest

from mockcw import Emulator
from mockcw.catalogue import load
from mockcw.web.control import control_app
from tests.surface.campaign import Door, Found, Node, door, part_of, run

NIGHT = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
EXAMPLES = 100 if NIGHT else 3
SEED = secrets.randbits(32) if NIGHT else 1
PIECE = 60  # operations in one test
EVERY_KIND = "/company/addressFormats"  # a folder with every plain kind of operation, its twins and usages
SMALL = 10  # fields of a record whose every limit is tried every day
SHARE, OF = (int(one) for one in os.environ.get("SURFACE_SHARE", "1/1").split("/"))


def pieces() -> list[tuple[str, ...]]:
    """The folders of the surface, cut into runs of about one size that lie in one module each."""
    sizes: dict[str, int] = {}
    for operation in load().operations:
        folder = "/".join(operation.path.split("/")[:3])
        sizes[folder] = sizes.get(folder, 0) + 1
    found: list[list[str]] = []
    room = 0
    for folder in sorted(sizes):
        same = found and found[-1][-1].split("/")[1] == folder.split("/")[1]
        if same and sizes[folder] <= room:
            found[-1].append(folder)
            room -= sizes[folder]
        else:
            found.append([folder])
            room = PIECE - sizes[folder]
    return [tuple(one) for one in found][SHARE - 1 :: OF]


@pytest.fixture(scope="module")
def wide() -> Iterator[Emulator]:
    with Emulator(settings={"wrong_type_status": 400, "journal_size": 1}) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def document(wide: Emulator) -> Node:
    answer = control_app(wide.world).test_client().get("/_mockcw/psa-openapi.json")
    surface: Node = answer.get_json()
    return surface


@pytest.fixture
def entrance(wide: Emulator) -> Door:
    wide.reset()
    return door(wide)


def within(path: str, folders: tuple[str, ...]) -> bool:
    return "/".join(path.split("/")[:3]) in folders


def judged(found: Found) -> None:
    assert not found.failures, f"seed {SEED}\n{found.report()}"
    answered = sum(found.statuses.values())
    assert found.statuses[401] + found.statuses[403] <= answered / 20, found.statuses


@pytest.mark.parametrize("folders", pieces(), ids=lambda folders: f"{folders[0]}+{len(folders) - 1}")
def test_every_operation_withstands_examples_fuzzing_and_sequences(
    entrance: Door, document: Node, folders: tuple[str, ...]
) -> None:
    part = part_of(document, lambda path, _, __: within(path, folders))
    found = run(entrance, part, phases=["examples", "fuzzing", "stateful"], examples=EXAMPLES, seed=SEED)
    judged(found)
    assert found.asked >= {f"{method.upper()} {path}" for path, item in part["paths"].items() for method in item}
    assert any(status < 300 for status in found.statuses)


@pytest.mark.parametrize("folders", pieces(), ids=lambda folders: f"{folders[0]}+{len(folders) - 1}")
def test_every_limit_of_every_field_is_kept(entrance: Door, document: Node, folders: tuple[str, ...]) -> None:
    def chosen(path: str, _: str, operation: Node) -> bool:
        return within(path, folders) and (NIGHT or path.startswith(EVERY_KIND) or makes_a_small_record(operation))

    def makes_a_small_record(operation: Node) -> bool:
        if "links" not in operation["responses"].get("201", {}):
            return False
        [content] = operation["requestBody"]["content"].values()
        model = content["schema"].get("$ref", "").rsplit("/", 1)[-1]
        return 0 < len(document["components"]["schemas"].get(model, {}).get("properties", {})) <= SMALL

    part = part_of(document, chosen)
    if not part["paths"]:
        return  # nothing in these folders makes a record
    judged(run(entrance, part, phases=["coverage"], examples=EXAMPLES, seed=SEED))
