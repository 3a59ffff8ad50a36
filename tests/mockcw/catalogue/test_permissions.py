"""Role rows: what gates an operation, and which rows a role has."""

from __future__ import annotations

from collections import Counter

from mockcw.catalogue import Catalogue, PermissionRow


def test_every_operation_has_a_row_and_the_totals_are_the_published_ones(catalogue: Catalogue) -> None:
    rows = [one.permission for one in catalogue.operations]
    assert Counter(row.action for row in rows) == {"Inquire": 1725, "Edit": 683, "Add": 338, "Delete": 307}
    assert Counter(row.confidence for row in rows) == {"C": 1610, "A": 855, "B": 506, "U": 82}


def test_the_row_of_a_company_status_is_table_setup(catalogue: Catalogue) -> None:
    row = catalogue.match("DELETE", "/company/companies/statuses/1").operation.permission
    assert row == PermissionRow("System", "Table Setup", "Delete", "Company / Company Status", "A", "")


def test_a_search_by_post_only_inquires(catalogue: Catalogue) -> None:
    assert catalogue.match("POST", "/service/tickets/search").operation.permission.action == "Inquire"


def test_the_role_screen_has_86_rows_with_keys_of_their_own(catalogue: Catalogue) -> None:
    assert len(catalogue.areas) == 86
    assert len({area.key for area in catalogue.areas}) == 86
    assert len({(area.module, area.area) for area in catalogue.areas}) == 86
    assert all(area.key.isalnum() for area in catalogue.areas)


def test_every_named_row_of_an_operation_is_a_row_of_the_role_screen(catalogue: Catalogue) -> None:
    rows = {(area.module, area.area) for area in catalogue.areas}
    for one in catalogue.operations:
        if not one.permission.area.startswith("("):
            assert (one.permission.module, one.permission.area) in rows, one


def test_cells_and_customize_lists_survive(catalogue: Catalogue) -> None:
    by_key = {area.key: area for area in catalogue.areas}
    company = by_key["CompaniesCompanyMaintenance"]
    assert (company.add, company.inquire, company.levels_mark) == (("None", "All"), ("None", "My", "All"), "documented")
    assert by_key["SalesClosedOpportunity"].inquire == ()
    assert by_key["SystemTableSetup"].customize == "SystemTableSetup"
    assert sum(area.customize is not None for area in catalogue.areas) == 18
