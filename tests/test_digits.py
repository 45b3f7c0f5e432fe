"""What answers, charts and slides say is what is stored, and no digit of it can change without a test that notices."""

import json
import re

from . import digits
from .conftest import EXPLORE


def test_the_answers_of_the_readme_are_those_of_the_tables():
    block = digits.readme_block((digits.REPOSITORY / "README.md").read_text(encoding="utf-8"))
    assert not block or digits.readme_faults(block) == []


def test_alt_texts_of_notebooks_are_those_of_their_fingerprints():
    for path in digits.NOTEBOOKS:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert digits.alt_texts_that_differ([output for cell in cells for output in cell.get("outputs", [])]) == []


def test_no_digit_can_change_unnoticed():
    tried = digits.tried()
    assert [digit.where for digit in tried if not digit.noticed] == []
    assert {*digits.KINDS, "texts that are shown", "texts in waiting", "notebooks"} <= {digit.kind for digit in tried}


def test_every_digit_of_a_table_of_answers_is_held():
    notebooks = [path for path in digits.NOTEBOOKS if path.stem != EXPLORE]
    pairs = zip(digits.answered("en").values(), notebooks, strict=True)
    rows = [f"| {said.question} | {said.text} | [{path.stem}](notebooks/{path.name}) |\n" for said, path in pairs]
    block = digits.readme_block(f"<!-- answers: begin -->\n{''.join(rows)}<!-- answers: end -->\n")
    assert digits.readme_faults(block) == []
    assert digits.readme_faults("".join(rows[1:])) != []
    assert len(re.findall(r"\d", block)) > 100
    assert [where for text, where in digits.changed(block) if not digits.readme_faults(text)] == []


def test_a_comparison_that_notices_nothing_is_told(monkeypatch, capsys):
    monkeypatch.setattr(digits, "nbval_agrees", lambda *_: True)
    monkeypatch.setattr(digits, "try_stored", list)
    assert digits.main() == 1
    assert "not noticed: 01_membership_fee.ipynb: " in capsys.readouterr().out
