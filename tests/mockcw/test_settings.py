"""Settings: each marked and described, and nonsense refused when it is given and not when it is used."""

from __future__ import annotations

from typing import Any

import pytest

from mockcw import Emulator, MockcwError, Settings
from mockcw.settings import PROFILES


def test_every_setting_says_what_it_does_and_how_well_its_default_is_known() -> None:
    described = list(Settings.described())
    assert len(described) > 30
    for name, default, mark, says in described:
        assert mark in ("captured", "documented", "assumed", "own"), name
        assert says.endswith("."), name
        assert getattr(Settings(), name) == default


@pytest.mark.parametrize(
    "settings",
    [
        {"nonsense": 1},
        {"permissions": "enfroce"},
        {"missing_client_id_status": 999},
        {"hidden_record_status": 500},
        {"company_site": "perhaps"},
        {"rate_limit": "many"},
        {"largest_body": None},
        {"require_client_id": "yes"},
        {"unauthorized_message": 5},
        {"profile": "loud"},
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_its_name(settings: dict[str, Any]) -> None:
    with pytest.raises(MockcwError, match=next(iter(settings))):
        Emulator("empty", settings=settings)


def test_a_profile_is_a_set_of_settings_and_what_is_named_beside_it_wins() -> None:
    assert Settings.named({"profile": "strict-udf"}).custom_fields_on_patch == "demand"
    both = Settings.named({"profile": "cloud, strict-udf", "rate_limit": 7})
    assert (both.rate_limit, both.custom_fields_on_patch) == (7, "demand")
    for name in PROFILES:
        assert Settings.named({"profile": name}).problem() is None
