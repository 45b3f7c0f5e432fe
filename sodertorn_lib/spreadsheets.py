"""Tables for a spreadsheet: labels come from whoever filled in a table, and a spreadsheet computes some of them."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

# where a cell begins, also in a spreadsheet that takes semicolons for commas, with what begins a formula
FORMULA = re.compile(r"(?:^|(?<=[;\t\r\n]))(?=[=+\-@\t\r\n＝＋－＠])")


def as_csv(table: pd.DataFrame) -> bytes:
    r"""Return a table as CSV in which text that would be a formula begins with an apostrophe; numbers stay numbers.

    >>> as_csv(pd.DataFrame({"label_en": ["Study", "=1+1"], "change": [-5, 7]}))
    b"label_en,change\nStudy,-5\n'=1+1,7\n"
    """
    texts = table.select_dtypes(exclude=["number", "bool", "datetime"])
    marked = {str(name): table[name].map(_marked) for name in texts}
    return table.assign(**marked).to_csv(index=False, lineterminator="\n").encode()


def _marked(value: Any) -> Any:
    return FORMULA.sub("'", value) if isinstance(value, str) else value
