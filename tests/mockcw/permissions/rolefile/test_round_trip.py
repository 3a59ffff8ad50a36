"""A role that is written can be read again, in every form, encoding and spelling."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcw.catalogue import Area, load
from mockcw.permissions import Levels
from mockcw.permissions.rolefile import FORMS, RoleFile, RowName, read_role, write_role

AREAS = load().areas
ACTIONS = ("add", "edit", "delete", "inquire")
Rows = Mapping[RowName, Levels]
Read = Callable[..., RoleFile]


def cell(area: Area, action: str) -> st.SearchStrategy[str]:
    offered = getattr(area, action)
    if not offered and area.levels_mark != "documented":
        return st.sampled_from(("None", "All"))  # a guide may know a cell that the catalogue only assumes away
    return st.sampled_from(offered or ("None",))


def levels(area: Area) -> st.SearchStrategy[Levels]:
    return st.builds(Levels, *(cell(area, action) for action in ACTIONS))


@st.composite
def roles(draw: st.DrawFn) -> Rows:
    """A role: some rows have levels, all others are None throughout."""
    stated = draw(st.lists(st.sampled_from(AREAS), unique=True, max_size=20))
    rows = {(area.module, area.area): Levels() for area in AREAS}
    return rows | {(area.module, area.area): draw(levels(area)) for area in stated}


@pytest.mark.parametrize("form", FORMS)
@given(role=roles())
def test_what_is_written_is_read_again(form: str, role: Rows) -> None:
    found = read_role(write_role(role, AREAS, form).encode(), AREAS)
    assert found.errors == ()
    assert found.form == form
    assert found.rows == role


def test_tables_list_what_gives_something_and_json_lists_every_row_with_null_for_cells_it_lacks() -> None:
    role = {("Sales", "Closed Opportunity"): Levels(edit="All")}
    lines = write_role(role, AREAS, "csv").splitlines()
    assert lines == ["Module,Area,Add,Edit,Delete,Inquire", "Sales,Closed Opportunity,None,All,None,None"]
    records = orjson.loads(write_role(role, AREAS, "json"))
    assert len(records) == 86
    closed = next(one for one in records if one["moduleFunctionName"] == "Closed Opportunity")
    levels = [closed[name] for name in ("addLevel", "editLevel", "deleteLevel", "inquireLevel")]
    assert levels == [None, "All", None, None]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("form", FORMS)
def test_every_encoding_of_a_role_is_read(form: str, encoding: str) -> None:
    role = {(area.module, area.area): Levels(inquire=area.inquire[-1]) for area in AREAS if area.inquire}
    text = write_role(role, AREAS, form).replace("\n", "\r\n")
    found = read_role(text.encode(encoding), AREAS)
    assert found.problems == ()
    assert {name: row for name, row in found.rows.items() if row != Levels()} == role


def respelt(text: str, chance: random.Random) -> str:
    """The same name as another hand would write it."""
    text = text.replace(" & ", chance.choice([" & ", " and ", " AND ", "&"]))
    text = text.replace(" - ", chance.choice([" - ", " \u2013 ", "-", " \u2014", " "]))
    text = chance.choice([text, text.upper(), text.lower(), text.title()])
    return chance.choice(
        [text, f"  {text} ", text.replace(" ", "\u00a0"), f"{text} (optional)", text.replace(" ", "  ")]
    )


@given(role=roles(), seed=st.integers(0, 2**32))
def test_case_blanks_dashes_and_remarks_do_not_matter(role: Rows, seed: int) -> None:
    chance = random.Random(seed)
    lines = ["Module;Area;ADD level;edit;Delete Level;Inquire"]
    for name, row in role.items():
        words = (respelt(one, chance) for one in (*name, *row))
        lines.append(";".join(words))
    found = read_role("\n".join(lines).encode(), AREAS)
    assert found.errors == ()
    assert found.rows == role


@given(role=roles(), data=st.data())
def test_the_order_of_lines_and_columns_does_not_matter(role: Rows, data: st.DataObject) -> None:
    headings = data.draw(st.permutations(["Module", "Area", "Add", "Edit", "Delete", "Inquire", "Why"]))
    names = data.draw(st.permutations(sorted(role)))
    lines = [headings]
    for module, area in names:
        values = {
            "Module": module,
            "Area": area,
            "Why": "a reason",
            **{action.capitalize(): level for action, level in role[module, area]._asdict().items()},
        }
        lines.append([values[heading] for heading in headings])
    found = read_role("\n".join("\t".join(line) for line in lines).encode(), AREAS)
    assert found.errors == ()
    assert found.rows == role


def test_plural_and_singular_are_one_name_and_no_two_rows_become_one(read: Read, areas: Sequence[Area]) -> None:
    for area in areas:
        words = area.area.replace("ies", "y").split()
        singular = " ".join(word.removesuffix("s") if len(word) > 4 else word for word in words)
        found = read(f"Module,Area,Add,Edit,Delete,Inquire\n{area.module},{singular},,,,\n")
        (note,) = found.problems
        assert f"{area.module} > {area.area} is named" in str(note)
