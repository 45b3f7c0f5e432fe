"""What `sodertorn check` needs to hold everything: little, so that it is quick, and told by name."""

import subprocess
import sys

from sodertorn_lib.checks import check_all

from .conftest import REPOSITORY


def failed(folder) -> list[str]:
    return [finding.text for finding in check_all(folder) if not finding.passed]


def test_the_check_draws_nothing_and_needs_no_referee():
    code = "import sys, sodertorn_lib.cli as cli; cli.main(['check']); "
    code += "print(sorted({'matplotlib', 'frictionless', 'tqdm', 'PIL'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "[]"


def test_a_file_of_the_same_size_with_another_content_is_not_the_registered_one(edit, data_copy):
    assert failed(data_copy) == []
    edit("events.csv", "Workshop", "Workshap")
    (text,) = failed(data_copy)
    assert text.startswith("events.csv: is not the file that datapackage.json registers")


def test_a_descriptor_without_a_checksum_is_named(edit, data_copy):
    edit("datapackage.json", '"bytes": 143,', "")
    (text,) = failed(data_copy)
    assert text.startswith("municipalities.csv: is not the file")


def test_a_fault_that_others_depend_on_is_told_once_and_no_figure_is_judged(edit, data_copy):
    edit("municipalities.csv", "Salem", " Salem")
    assert len(failed(data_copy)) == 1
    assert not any("operating_costs" in finding.text for finding in check_all(data_copy))


def test_the_tables_of_the_repository_hold_whatever_years_they_have():
    assert failed(REPOSITORY / "data") == []
