"""Numbers, kronor, shares and dates as Swedish and English readers expect them.

Spaces inside a quantity are no-break spaces and a minus is U+2212, so that no line breaks within a number.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import floor, log10
from typing import Literal

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

LANGUAGES = ("sv", "en")
UNITS = {"kr": 1, "tkr": 1_000, "mkr": 1_000_000}  # of money: how many kronor
LOCALES = {"sv": "sv_SE", "en": "en_GB"}
DECIMALS = {"kr": 2, "tkr": 1, "mkr": 3}  # the same for all amounts of a chart, so that they can be compared
SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def number(value: float, lang: str, decimals: int = 0) -> str:
    r"""Return a number with the separators of the language.

    >>> number(-1381130.4, "sv"), number(0.865, "en", decimals=1)
    ('−1\xa0381\xa0130', '0.9')
    """
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    written: str = format_decimal(value, format=pattern, locale=LOCALES[lang])
    return written.replace("-", MINUS)


def signed(value: float, lang: str, decimals: int = 0) -> str:
    r"""Return a change, with a plus or a minus before it.

    >>> signed(1595, "sv"), signed(-36, "en")
    ('+1\xa0595', '−36')
    """
    return ("+" if value > 0 else "") + number(value, lang, decimals)


def kronor(value: float, lang: str, unit: str = "kr", *, named: bool = True) -> str:
    r"""Return kronor, with öre where there are any, or thousands or millions of them with one and three decimals.

    >>> kronor(2012800, "sv"), kronor(-1450, "en"), kronor(4.5, "sv")
    ('2\xa0012\xa0800\xa0kr', '−SEK\xa01,450', '4,50\xa0kr')
    >>> kronor(2012800, "sv", "mkr"), kronor(330, "en", "tkr")
    ('2,013\xa0mkr', 'SEK\xa00.3\xa0thousand')
    """
    amount = abs(value) / UNITS[unit]
    decimals = DECIMALS[unit] if unit != "kr" or round(value, 2) != round(value) else 0
    if unit != "kr" and 0 < amount < 1:
        decimals = max(decimals, -floor(log10(amount)))  # nothing that is there is written as nil
    sign, written = MINUS if value < 0 else "", number(amount, lang, decimals)
    if not named or lang == "sv":
        return f"{sign}{written}" + (f"{SPACE}{unit}" if named else "")
    return f"{sign}SEK{SPACE}{written}" + {"kr": "", "tkr": f"{SPACE}thousand", "mkr": f"{SPACE}million"}[unit]


def percent(value: float, lang: str, decimals: int | None = None) -> str:
    r"""Return a share that is given in per cent, with the decimals given, else with those that it needs, at most two.

    >>> percent(79.167, "sv", 1), percent(79.167, "en", 1), percent(2.5, "en"), percent(2, "en")
    ('79,2\xa0%', '79.2%', '2.5%', '2%')
    """
    needed = len(f"{round(value, 2):g}".partition(".")[2]) if decimals is None else decimals
    return number(value, lang, needed) + (f"{SPACE}%" if lang == "sv" else "%")


def listed(items: Iterable[object], lang: str, style: Literal["standard", "or"] = "standard") -> str:
    """Return items with commas between them and "and", or "or", before the last.

    >>> listed(["a", "b", "c"], "en"), listed([2019, 2020], "sv", "or")
    ('a, b and c', '2019 eller 2020')
    """
    return format_list([str(item) for item in items], style, LOCALES[lang])


def in_sentence(label: str) -> str:
    """Return a label as it stands within a sentence.

    >>> in_sentence("Personal"), in_sentence("IT och telefoni")
    ('personal', 'IT och telefoni')
    """
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def day(value: date, lang: str) -> str:
    r"""Return a day without its year.

    >>> day(date(2020, 3, 19), "sv"), day(date(2020, 3, 19), "en")
    ('19\xa0mars', '19\xa0Mar')
    """
    return f"{value.day}{SPACE}{month(value, lang)}"


def month(value: date, lang: str) -> str:
    """Return a month, short.

    >>> month(date(2020, 3, 1), "sv"), month(date(2020, 3, 1), "en")
    ('mars', 'Mar')
    """
    return format_date(value, "LLL", locale=LOCALES[lang]).rstrip(".")
