"""Kept demo sets: loaded instead of made, and never in the way of a start."""

from __future__ import annotations

import os
import re
from pathlib import Path

import orjson
import pytest

from mockcw import Emulator
from mockcw.demo import SIZES, cache, kept, plan_of
from mockcw.permissions.records import hashed
from mockcw.store import EVERYTHING, Store, StoreError
from tests.mockcw.caller import Caller

MADE = re.compile(rb"~[0-9a-f]{16}~")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    place = tmp_path / "cache"
    monkeypatch.setenv(cache.VARIABLE, str(place))
    return place


def refuse(*_: object) -> None:
    raise AssertionError("made anew")


def contents(emulator: Emulator) -> dict[str, list[bytes]]:
    store = emulator.world.tenants["training"].store
    return {
        name: [MADE.sub(b"", doc) for _, doc in store.rows(name, EVERYTHING)]
        for name in store.collections()
        if name[0] == "/"
    }


def test_a_set_is_made_once_and_then_loaded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Emulator(3) as first:
        made = contents(first)
    [path] = home.iterdir()
    monkeypatch.setattr(Emulator, "build_demo", refuse)
    with Emulator(3) as again:
        assert contents(again) == made
        admin = Caller(again)
        assert admin.get("/company/companies/1").json()["_info"]["sites_href"].startswith("http://")
        assert (
            admin.post("/company/companies", {"identifier": "X1", "name": "x", "site": {"name": "Main"}}).json()["id"]
            == 4
        )
        again.reset()
        assert contents(again) == made
    assert path.stat().st_mode & 0o077 == 0


def test_records_made_later_are_the_same_whether_the_set_was_made_or_loaded() -> None:
    def guid() -> str:
        with Emulator(3) as emulator:
            text = (
                Caller(emulator)
                .post("/company/companies", {"identifier": "X1", "name": "x", "site": {"name": "Main"}})
                .json()["mobileGuid"]
            )
            assert text not in str(contents(emulator)["/company/companies"][:3])
            return str(text)

    assert guid() == guid()


def test_a_set_loaded_into_a_file_is_like_any_other(home: Path, tmp_path: Path) -> None:
    Emulator(3).close()
    assert home.exists()
    with Emulator(3, db=tmp_path / "state.db") as emulator:
        Caller(emulator).patch("/company/companies/1", ("replace", "name", "Changed"))
    with Emulator(3, db=tmp_path / "state.db") as again:
        assert Caller(again).get("/company/companies/1").json()["name"] == "Changed"
        again.reset()
        assert Caller(again).get("/company/companies/1").json()["name"] != "Changed"


@pytest.mark.parametrize("harm", ["cut", "bit", "text", "empty"])
def test_a_damaged_file_is_not_used_and_breaks_nothing(home: Path, harm: str) -> None:
    with Emulator(3) as emulator:
        made = contents(emulator)
    [path] = home.iterdir()
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes({"cut": raw[:5000], "bit": raw, "text": b"no database", "empty": b""}[harm])
    with Emulator(3) as again:
        assert contents(again) == made


def test_a_file_with_the_right_sum_that_is_no_database_breaks_nothing(home: Path) -> None:
    home.mkdir()
    wrong = home / "wrong"
    wrong.write_text("no database")
    wrong.rename(home / f"{cache.stem(plan_of(3), 1)}-{cache.checksum(wrong)}.db")
    with Emulator(3) as emulator:
        assert Caller(emulator).get("/company/companies/count").json() == {"count": 3}


def test_a_folder_that_cannot_be_written_breaks_nothing(home: Path) -> None:
    home.write_text("a file where the folder should be")
    with Emulator(3) as emulator:
        assert Caller(emulator).get("/company/companies/count").json() == {"count": 3}


@pytest.mark.parametrize("said", ["off", "OFF", "0", "no"])
def test_the_cache_can_be_turned_off(home: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(cache.VARIABLE, said)
    Emulator(3).close()
    assert cache.folder() is None
    assert not home.exists()


def test_without_a_folder_of_its_own_it_lies_in_the_users_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(cache.VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache.folder() == tmp_path / "xdg" / "mockcw"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.folder() == tmp_path / ".cache" / "mockcw"


def test_no_key_of_a_member_is_kept(home: Path) -> None:
    with Emulator(3) as emulator, Emulator(3, secret_keys=True, public=True) as secret:
        keys = [one for source in (emulator, secret) for one in source.members.values()]
    [path] = home.iterdir()
    raw = path.read_bytes()
    for key in keys:
        assert key.private_key.encode() not in raw
        assert hashed(key.private_key).encode() not in raw
        assert key.public_key.encode() not in raw


def test_secret_keys_differ_though_the_set_is_the_same(home: Path) -> None:
    with Emulator(3, secret_keys=True, public=True) as one, Emulator(3, secret_keys=True, public=True) as other:
        assert one.member("admin").private_key != other.member("admin").private_key
        assert Caller(one).get("/system/info").status_code == Caller(other).get("/system/info").status_code == 200
    assert len(list(home.iterdir())) == 1


def test_the_name_follows_from_size_seed_and_what_it_is_made_of(tmp_path: Path) -> None:
    names = [cache.stem(plan_of(size), seed) for size in (3, 4, "small") for seed in (1, 2)]
    names += [cache.stem(plan_of("small", 7), 1)]
    assert len(set(names)) == len(names)
    assert names == [cache.stem(plan_of(size), seed) for size in (3, 4, "small") for seed in (1, 2)] + names[-1:]
    data, code = tmp_path / "a.json", tmp_path / "b.py"
    data.write_text("1")
    code.write_text("2")
    for digest in (cache.digest_of, cache.marks_of):
        before = digest([data, code])
        data.write_text(data.read_text() + "3")
        assert digest([data, code]) != before


def test_what_records_are_made_of_counts(home: Path) -> None:
    found = {path.relative_to(cache.HOUSE).as_posix() for path in cache.files_in(*cache.MADE_OF)}
    assert {"demo/ledger.py", "demo/data/few.json", "catalogue/data/models.tsv", "engine/forms.py"} <= found
    assert {"rules/company/companies.py", "clock.py", "store/store.py"} <= found


def test_only_so_many_sets_are_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_KEPT", 2)
    for companies in (1, 2, 3, 4):
        Emulator(companies).close()
    assert len(list(home.iterdir())) == 2


def test_what_a_killed_start_left_goes_after_a_day(home: Path) -> None:
    Emulator(1).close()
    left, fresh = home / "left.new", home / "fresh.new"
    left.touch()
    fresh.touch()
    os.utime(left, (1, 1))
    Emulator(2).close()
    assert (left.exists(), fresh.exists()) == (False, True)


def test_a_set_too_large_to_keep_is_made_every_time(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LARGEST", 5)
    with Emulator("small", tickets=6) as emulator:
        assert Caller(emulator).get("/service/tickets/count").json() == {"count": 6}
    assert not home.exists()


# -- the set that ships with the package -------------------------------------------------------------------------------


def test_the_shipped_set_is_what_the_code_makes() -> None:
    made = Store()
    with Emulator("small") as small:
        small.build_demo(made)
    shipped = Store()
    assert kept.load(shipped, SIZES["small"], 1), "out of date: run .ci/build_demo.py"
    assert shipped.collections() == made.collections()
    for name in made.collections():
        fresh = [MADE.sub(b"", doc) for _, doc in made.rows(name, EVERYTHING)]
        assert [MADE.sub(b"", doc) for _, doc in shipped.rows(name, EVERYTHING)] == fresh, "run .ci/build_demo.py"


def test_the_shipped_set_serves_the_very_first_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Emulator, "build_demo", refuse)
    with Emulator() as emulator:
        assert Caller(emulator).get("/company/companies/count").json() == {"count": 40}


@pytest.mark.parametrize("harm", ["older", "cut", "gone", "text"])
def test_a_shipped_set_that_does_not_fit_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    path = tmp_path / "small.db.xz"
    raw = kept.FILE.read_bytes()
    if harm != "gone":
        path.write_bytes({"older": b"0" * 24 + raw[24:], "cut": raw[:-500], "text": b"nothing"}[harm])
    monkeypatch.setattr(kept, "FILE", path)
    assert not kept.load(Store(), SIZES["small"], 1)
    assert not kept.load(Store(), SIZES["small"], 2)
    assert not kept.load(Store(), SIZES["msp"], 1)


# -- the store's part --------------------------------------------------------------------------------------------------


def test_a_saved_state_comes_back(tmp_path: Path) -> None:
    one, other = Store(), Store()
    one.insert("/company/companies", 7, orjson.dumps({"id": 7}))
    one.save(tmp_path / "state.db")
    other.insert("/company/companies", 1, orjson.dumps({"id": 1}))
    other.load(tmp_path / "state.db")
    assert [number for number, _ in other.rows("/company/companies", EVERYTHING)] == [7]
    assert (other.root, other.next_id("/company/companies")) == (one.root, 8)


def test_what_is_no_state_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database\n" * 500)
    for name in ("text", "missing"):
        with pytest.raises(StoreError):
            Store().load(tmp_path / name)
    with pytest.raises(StoreError):
        Store().save(tmp_path / "no" / "state.db")
