"""Numbers, kronor, shares and dates as Swedish and English readers expect them.

Spaces inside a quantity are no-break spaces and a minus is U+2212, so that no line breaks within a number.
"""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

__all__ = ["LANGUAGES", "kronor", "month", "number", "percent", "signed"]

LANGUAGES = ("sv", "en")
LOCALES = {"sv": "sv_SE", "en": "en_GB"}
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


def kronor(value: float, lang: str) -> str:
    r"""Return kronor, with öre where there are any: "kr" after the amount in Swedish, "SEK" before it in English.

    >>> kronor(2012800, "sv"), kronor(-1450, "en"), kronor(4.5, "sv")
    ('2\xa0012\xa0800\xa0kr', '−SEK\xa01,450', '4,50\xa0kr')
    """
    decimals = 0 if value == round(value) else 2
    if lang == "sv":
        return f"{number(value, lang, decimals)}{SPACE}kr"
    return f"{MINUS if value < 0 else ''}SEK{SPACE}{number(abs(value), lang, decimals)}"


def percent(value: float, lang: str, decimals: int = 1) -> str:
    r"""Return a share that is given in per cent.

    >>> percent(79.167, "sv"), percent(79.167, "en")
    ('79,2\xa0%', '79.2%')
    """
    return number(value, lang, decimals) + (f"{SPACE}%" if lang == "sv" else "%")


def month(value: date, lang: str) -> str:
    """Return a month, short.

    >>> month(date(2020, 3, 1), "sv"), month(date(2020, 3, 1), "en")
    ('mars', 'Mar')
    """
    return format_date(value, "LLL", locale=LOCALES[lang]).rstrip(".")
