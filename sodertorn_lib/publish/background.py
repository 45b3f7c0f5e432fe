"""What a deck says beside its findings: what it is, what to bear in mind, known differences and sources.

A deck with answers of its own, or without charts, is about all there is, and has the texts of the house. In any other
they are of its charts alone. A scenario has its own in every deck: no text of the house, and no workbook, has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sodertorn_lib.answers import Answer
from sodertorn_lib.charts import what_if
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.publish.differences import shown_on
from sodertorn_lib.wording import phrase

__all__ = ["Background", "sentences"]


@dataclass(frozen=True)
class Background:
    """The texts of a deck of some charts and answers, in its language."""

    charts: Sequence[Chart]
    answers: Sequence[Answer]
    lang: str

    @property
    def is_selection(self) -> bool:
        """Whether the deck is about its charts alone."""
        names = {chart.name for chart in self.charts}
        return bool(self.charts) and names >= {answer.name for answer in self.answers}

    @property
    def own(self) -> Sequence[Chart]:
        """The charts whose own texts are said."""
        return self.charts if self.is_selection else self._scenarios

    def subtitle(self, year: int) -> str:
        """Return what the deck is about."""
        kind = "whole" if not self.is_selection else "selection" if len(self._scenarios) < len(self.own) else "scenario"
        return phrase("deck", f"subtitle.{kind}", self.lang, year=str(year))

    def caveats(self) -> list[str]:
        """Return what to bear in mind; of a chart that is alone, a sentence each."""
        if self.is_selection and len(self.charts) == 1:
            return sentences(self.charts[0].words.caveat)
        house = [] if self.is_selection else phrase("deck", "caveats_text", self.lang).splitlines()
        return house + [f"{phrase(chart.name, 'sheet', self.lang)}: {chart.words.caveat}" for chart in self.own]

    def differences(self, known: pd.DataFrame) -> pd.DataFrame:
        """Return the known differences that the deck is about: of charts those of the amounts that they show."""
        shown = [place for chart in self.charts for place in shown_on(chart, known).index]
        return known[known.index.isin(shown)] if self.is_selection else known

    def sources(self, year: int) -> list[str]:
        """Return where everything is from, each source once."""
        house = [] if self.is_selection else phrase("deck", "sources_text", self.lang, year=str(year)).splitlines()
        computed = [] if self.own else [phrase("deck", "sources_own", self.lang)]
        return [*house, *dict.fromkeys(chart.words.source.partition(": ")[2] for chart in self.own), *computed]

    @property
    def _scenarios(self) -> Sequence[Chart]:
        return [chart for chart in self.charts if chart.name == what_if.__name__]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text.

    >>> sentences("It grew by 1.5%. It shrank.")
    ['It grew by 1.5%.', 'It shrank.']
    """
    return re.split(r"(?<=\.) ", text)
