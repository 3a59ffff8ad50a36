"""The page about cases names every key, step, option and kind of keys there is, and its example is a case."""

from __future__ import annotations

import re
from pathlib import Path

from conformance.reproduce import read_case
from conformance.reproduce.case import KEYS, SECTIONS
from conformance.reproduce.needs import needs
from conformance.reproduce.steps import STEPS

PAGE = (Path(__file__).parents[3] / "docs" / "reproduce.md").read_text("utf-8")


def test_every_key_step_and_option_is_on_the_page() -> None:
    for section, keys in SECTIONS.items():
        assert not section or f"[{section}]" in PAGE
        for key, kind in keys.items():
            assert kind in ("table", "tables") or re.search(rf"^{key} = ", PAGE, re.MULTILINE), key
    for name, step in STEPS.items():
        (row,) = re.findall(rf"^\| `{name}` \|.*$", PAGE, re.MULTILINE)
        assert {f"`{option}`" for option in step.options} == set(re.findall(r"`\w+`", row.rpartition(" | ")[2]))
    assert all(f"`{one}`" in PAGE for one in KEYS)
    assert all(profile in PAGE for profile in needs())


def test_the_example_of_the_page_is_a_case(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "customer-role.csv").write_text("Module,Area,Add,Edit,Delete,Inquire\n", encoding="utf-8")
    path = tmp_path / "case.toml"
    path.write_text(example, encoding="utf-8")
    assert [step.name for step in read_case(path).steps] == ["company-sync"]
