"""Every erratum is applied, and the build script refuses one that corrects nothing."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from mockcw.catalogue import Catalogue
from mockcw.catalogue.load import DATA
from mockcw.catalogue.operations import parse_query

ENTRIES = tomllib.loads((DATA / "errata.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def build() -> ModuleType:
    script = Path(__file__).parents[3] / ".ci" / "build_catalogue.py"
    spec = importlib.util.spec_from_file_location("build_catalogue", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_entry_says_what_why_and_how_sure() -> None:
    wants = {"added": {"model", "field", "after", "as"}, "fields": {"models", "names", "is"}}
    for kind, entries in ENTRIES.items():
        for entry in entries:
            assert {"reason", "mark", *wants.get(kind, {"published", "served"})} <= set(entry)
            assert kind in wants or entry["published"] != entry["served"]
            assert entry["mark"] in ("captured", "documented", "assumed")


def test_every_fact_about_a_field_is_in_the_catalogue(catalogue: Catalogue) -> None:
    kept = {"required": "required", "readOnly": "read_only", "createOnly": "create_only", "default": "default"}
    for entry in ENTRIES["fields"]:
        models = [*catalogue.model_names()] if entry["models"] == ["*"] else entry["models"]
        for name in entry["names"]:
            fields = [catalogue.model(model).fields[name] for model in models if name in catalogue.model(model).fields]
            assert fields
            for one in fields:
                told = not one.answered if entry["is"] == "unanswered" else getattr(one, kept[entry["is"]])
                assert told == entry.get("value", True)
    for entry in ENTRIES["added"]:
        names = list(catalogue.model(entry["model"]).fields)
        assert names.index(entry["field"]) == names.index(entry["after"]) + 1


FACTS = '[[fields]]\nmodels = ["{}"]\nnames = ["{}"]\nis = "required"\nmark = "captured"\nreason = "seen"\n'


@pytest.mark.parametrize(("model", "name"), [("A", "nothing"), ("*", "nothing"), ("B", "id")])
def test_a_fact_about_a_field_that_is_not_published_fails_the_build(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, name: str
) -> None:
    monkeypatch.setattr(build, "DATA", by_hand(tmp_path, FACTS.format(model, name)))
    with pytest.raises(build.BuildError, match="no field"):
        build.build(surface("/a/b"), sheet("/a/b"), [], tmp_path)


def test_a_fact_about_a_field_reaches_the_model(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = '[[added]]\nmodel = "A"\nfield = "b"\nafter = "id"\nas = "s?-"\nmark = "captured"\nreason = "seen"\n'
    monkeypatch.setattr(build, "DATA", by_hand(tmp_path, FACTS.format("*", "id") + added))
    build.build(surface("/a/b"), sheet("/a/b"), [], tmp_path)
    assert "A\tid:i! b:s?-\n" in (tmp_path / "models.tsv").read_text("utf-8")


def test_no_published_mistake_is_left(catalogue: Catalogue) -> None:
    wrong = [entry["published"] for entry in ENTRIES["path"]]
    folders = [entry["published"] + "/" for entry in ENTRIES["folder"]]
    parameters = ["{" + entry["published"] + "}" for entry in ENTRIES["parameter"]]
    for one in catalogue.operations:
        assert one.path not in wrong
        assert not one.path.endswith("/")
        assert not any((one.path + "/").startswith(folder) for folder in folders)
        assert not any(parameter in one.path for parameter in parameters)
        assert re.fullmatch(r"(/(\w+|\{\w+\}))+", one.path)


def test_every_served_form_is_there(catalogue: Catalogue) -> None:
    paths = {one.path for one in catalogue.operations}
    operations = {f"{one.method} {one.path}": one for one in catalogue.operations}
    for entry in ENTRIES["path"]:
        assert entry["served"] in paths
    for entry in ENTRIES["folder"]:
        assert any((path + "/").startswith(entry["served"] + "/") for path in paths)
    for entry in ENTRIES["column"]:
        one = operations[entry["operation"]]
        if entry["column"] == "query":
            assert one.query == parse_query(entry["served"])
            continue
        model, is_list = (one.body, one.body_list) if entry["column"] == "body" else (one.returns, one.returns_list)
        assert (f"[{model}]" if is_list else model) == entry["served"]
    for entry in ENTRIES["permission"]:
        assert operations[entry["served"]].permission.area != ""


def test_no_folder_is_spelt_in_two_ways(catalogue: Catalogue) -> None:
    spelling: dict[str, str] = {}
    for one in catalogue.operations:
        segments = re.sub(r"\{\w+\}", "{}", one.path).split("/")
        for end in range(2, len(segments) + 1):
            folder = "/".join(segments[:end])
            assert spelling.setdefault(folder.lower(), folder) == folder


def surface(*paths: str) -> dict[str, object]:
    """A small published list with a GET on each path."""
    listed = ["childConditions", "conditions", "customFieldConditions", "fields"]
    listed += ["orderBy", "page", "pageId", "pageSize"]
    operations = [{"method": "GET", "path": path, "tag": "T", "operation": "get", "returns": ["A"]} for path in paths]
    return {
        "version": "1",
        "listQuery": listed,
        "operations": operations,
        "schemas": {"A": {"id": {"type": "integer"}}},
    }


def sheet(*paths: str) -> list[dict[str, object]]:
    row = {"module": None, "area": "X", "action": "Inquire", "setup_table": None, "confidence": "U", "note": ""}
    return [{"op": f"GET {path}", **row} for path in paths]


def by_hand(tmp_path: Path, errata: str) -> Path:
    """A folder of hand-written files with these errata and nothing else in them."""
    (tmp_path / "errata.toml").write_text(errata, "utf-8")
    for name in ("aliases.tsv", "views.tsv", "notes.tsv"):
        (tmp_path / name).write_text("", "utf-8")
    return tmp_path


ERRATUM = '[[path]]\npublished = "/a/b{id}"\nserved = "/a/b/{id}"\nmark = "assumed"\nreason = "a slash is lost"\n'


def test_an_erratum_is_applied_by_the_build(build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "DATA", by_hand(tmp_path, ERRATUM))
    build.build(surface("/a/b", "/a/b{id}"), sheet("/a/b", "/a/b{id}"), [], tmp_path)
    assert "\t/a/b/{id}\t" in (tmp_path / "operations.tsv").read_text("utf-8")


def test_an_erratum_that_matches_nothing_fails_the_build(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "DATA", by_hand(tmp_path, ERRATUM))
    with pytest.raises(build.BuildError, match="errata that match nothing"):
        build.build(surface("/a/b"), sheet("/a/b"), [], tmp_path)


def test_a_folder_in_two_letter_cases_fails_the_build(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "DATA", by_hand(tmp_path, ""))
    with pytest.raises(build.BuildError, match="two spellings"):
        build.build(surface("/a/b", "/a/B/c"), sheet("/a/b", "/a/B/c"), [], tmp_path)


def test_an_operation_without_a_permission_row_fails_the_build(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "DATA", by_hand(tmp_path, ""))
    with pytest.raises(build.BuildError, match="no permission row"):
        build.build(surface("/a/b"), [], [], tmp_path)


def test_a_remark_without_wording_fails_the_build(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "DATA", by_hand(tmp_path, ""))
    with pytest.raises(build.BuildError, match=r"notes\.tsv has no wording"):
        build.build(surface("/a/b"), [{**sheet("/a/b")[0], "note": "somebody said so"}], [], tmp_path)


def test_equal_inputs_give_equal_files(build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "DATA", by_hand(tmp_path, ""))
    written = []
    for _ in range(2):
        build.build(surface("/a/b", "/a/c"), sheet("/a/b", "/a/c"), [], tmp_path)
        written.append({path.name: path.read_bytes() for path in sorted(tmp_path.iterdir())})
    assert written[0] == written[1]
