"""Which texts are taken, whatever file they come from: those that are what they look like."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 2_000  # characters of a text
NO_BREAK = "\N{NO-BREAK SPACE}"
WRITE_ANEW = "Write it anew, and save the file as UTF-8."
BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")  # letters without a picture
MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]")
GARBLED = re.compile(
    "[ÂÃ](?![A-Za-z])|â[€ˆ]|ï»¿|\N{REPLACEMENT CHARACTER}"  # UTF-8 that was read as Windows-1252
    r"|[√├┬]\S"  # as Mac Roman, or as a console of Windows has it
    r"|\+[AI][A-Z][A-Za-z0-9+/]+-"  # UTF-7
)
MIXED = re.compile("[A-Za-z\u00c0-\u024f][\u0370-\u052f]|[\u0370-\u052f][A-Za-z\u00c0-\u024f]")  # Greek and Cyrillic


def oddity(text: str) -> str | None:
    r"""Return what makes a text another than it looks, or no text of one line; None where nothing does.

    >>> oddity("Nynäshamn"), oddity("Nyn\u200bäshamn"), oddity("NynÃ¤shamn")
    (None, 'has a character that is not seen (U+200B)', "has 'Ã', as a text that was read in another encoding")
    """
    if len(text) > LONGEST:
        return f"has {len(text):,} characters, and a text has at most {LONGEST:,}"
    if re.search("[\r\n]", text):
        return "has a line break in it"
    if unseen := _unseen(text):
        return f"has a character that is not seen (U+{ord(unseen):04X})"
    if not unicodedata.is_normalized("NFC", text) or MARKS.search(text):
        return "has an accent that stands apart from its letter (it is not NFC)"
    if mixed := MIXED.search(text):
        return f"has letters of two alphabets side by side, {mixed[0]!r}"
    garbled = GARBLED.search(text)
    return garbled and f"has {garbled[0]!r}, as a text that was read in another encoding"


def _unseen(text: str) -> str | None:
    if text.replace(NO_BREAK, "").isprintable():
        blank = BLANK.search(text)
        return blank and blank[0]
    return next(own for own in text if not own.isprintable() and own != NO_BREAK)


def as_seen(text: str) -> str:
    r"""Return a text in which each character that is not seen, save line breaks, stands as its number.

    >>> as_seen("a\u200bb")
    'a\\u200bb'
    """
    return "".join(own if own.isprintable() or own in f"{NO_BREAK}\n" else repr(own)[1:-1] for own in text)
