"""What if, by controls: a scenario in JupyterLab or on a page of its own, told and drawn as soon as one is moved.

Needs ipywidgets, so it is imported by its own name: `from sodertorn_lib.explore import Explorer`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from sodertorn_lib import explore_views as views
from sodertorn_lib.errors import DataError, require_known
from sodertorn_lib.explore_views import Assumed, Outlook
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.measured import Measured
from sodertorn_lib.tables import Tables, load_tables
from sodertorn_lib.wording import phrase

__all__ = ["Explorer"]

FOLDER = Path("charts")  # below the current one, as that of the command
NAMES = {"Svenska": "sv", "English": "en"}  # each language in itself
COLUMNS = {  # of the controls that are called what a column is
    "fee": "fee_sek_per_inhabitant",
    "from_year": "from_year",
    "cost_growth": "cost_growth_percent",
    "growth": "growth_percent",
}
SLIDES = {"fee": (0, 10), "cost_growth": (-5, 10), "growth": (-2, 3)}  # to sweep; a number beyond can be typed
STEP, DECIMALS = 0.1, 1
SIDE, MAIN = ({"flex": flex, "min_width": "0"} for flex in ("1 1 16rem", "4 1 30rem"))  # one below the other if narrow


class Explorer:
    """Controls of a scenario; beside them its answer, chart and table, the fees of a selection, and what it builds on.

    What cannot be assumed is named on the page, and the last good picture stays.

    Parameters
    ----------
    year
        That of the accounts; another can be chosen on the page.
    lang
        `sv` or `en`; the same.

    Raises
    ------
    DataError
        For a language that there is not; all else is named on the page.

    Examples
    --------
    >>> explorer = Explorer(2020, "en")
    >>> explorer.controls["cost_growth"].value = 4
    >>> explorer.outlook.chart.words.title
    'The money runs out in 2028'
    """

    tables: Tables

    def __init__(self, year: int, lang: str = "sv") -> None:
        require_known("language", [lang], LANGUAGES)
        self.said = ""
        self.controls: dict[str, Any] = {}
        self.save = widgets.Button()
        names = ("heading", "fault", "answer", "chart", "table", "fees", "basis", "saved")
        self.views = {name: widgets.HTML() for name in names}
        self.page = widgets.VBox([widgets.HTML(views.STYLE), self.views["fault"]])
        self.page.add_class("explore-page")
        with self._named():
            self.tables = load_tables()
            self._build(lang)
            self._require_year(year)
            self.controls["year"].value = year

    def __repr__(self) -> str:
        return self.said

    def _repr_mimebundle_(self, **kinds: Any) -> dict[str, Any]:
        return {**self.page._repr_mimebundle_(**kinds), "text/plain": repr(self)}

    @property
    def lang(self) -> str:
        """The language of the page."""
        return str(self.controls["lang"].value)

    @property
    def assumed(self) -> Assumed:
        """What the controls assume; `.scenario` is the same for `what_if`."""
        value = {name: control.value for name, control in self.controls.items()}
        growth = None if value["projected"] else value["growth"]
        return Assumed(value["from_year"], value["fee"], value["cost_growth"], growth)

    @property
    def outlook(self) -> Outlook:
        """What the library says of that: table, answer and chart; raises DataError for what cannot be assumed."""
        return views.outlook(self._measured, self.lang, self.assumed)

    @property
    def _measured(self) -> Measured:
        year = self.controls["year"].value
        self._require_year(year)
        return _measured(self.tables, year)

    def _require_year(self, year: int | None) -> None:
        require_known("year of the accounts", [str(year)], map(str, self.controls["year"].options))

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Say on the page what is wrong, and leave the rest of it as it was."""
        self.views["fault"].value = ""
        try:
            yield
        except (DataError, OSError) as error:
            self.said = str(error)
            self._show("fault", f'<p role="alert">{escape(self.said)}</p>', "en")

    def _show(self, view: str, text: str, lang: str) -> None:
        self.views[view].value = f'<div class="explore" lang="{lang}">{text}</div>'

    def _build(self, lang: str) -> None:
        """Lay out the page, and listen to its controls."""
        self.controls = _controls(self.tables)
        self.controls["lang"].value = lang
        for name, control in self.controls.items():
            control.observe(self._begin if name == "year" else self._redraw, "value")
        self.save.on_click(self._save)
        rows = [row for name, control in self.controls.items() for row in _with_slider(name, control)]
        for row in rows:
            row.layout.width = "auto"
        view = self.views
        side = widgets.VBox([*rows, self.save, view["saved"]], layout=SIDE)
        side.add_class("explore-controls")
        main = widgets.VBox([view["fault"], view["answer"], view["chart"]], layout=MAIN)
        both = widgets.HBox([side, main], layout={"flex_flow": "row wrap", "grid_gap": "1rem"})
        self.page.children = [self.page.children[0], view["heading"], both, view["table"], view["fees"], view["basis"]]

    def _begin(self, _change: object) -> None:
        """Start from the accounts of a year: at their fee, from the year after."""
        fee, from_year = self.controls["fee"], self.controls["from_year"]
        with self._named(), fee.hold_trait_notifications(), from_year.hold_trait_notifications():
            from_year.value = self._measured.year + 1
            fee.value = float(self._measured.fees["fee_sek_per_inhabitant"].iloc[0])
        self._redraw()

    def _redraw(self, _change: object = None) -> None:
        """Show what the controls say, all of it or nothing."""
        with self._named():
            self._label()
            for view, text in self._told().items():
                self._show(view, text, self.lang)
            self.said = self.outlook.answer.text

    def _told(self) -> dict[str, str]:
        measured, lang, assumed = self._measured, self.lang, self.assumed
        return {
            **views.told(measured, lang, assumed),
            "fees": views.fees(measured, lang, assumed, self.controls["municipalities"].value),
            "basis": views.basis(measured, lang),
            "saved": "",
        }

    def _label(self) -> None:
        """Call each control what it is in the language of the page."""
        for name, control in self.controls.items():
            section, key = ("columns", COLUMNS[name]) if name in COLUMNS else ("explore", name)
            control.description = phrase(section, key, self.lang)
        self.save.description = phrase("explore", "save", self.lang)
        self.controls["growth"].disabled = self.controls["projected"].value

    def _save(self, _button: object) -> None:
        """Write the chart with its data and alt text, where all that the controls say is possible."""
        with self._named():
            self._told()
            files = [path.name for path in self.outlook.chart.save(FOLDER)]
            said = phrase("explore", "saved", self.lang, files=files, folder=FOLDER.resolve())
            self._show("saved", f'<p role="status">{escape(said)}</p>', self.lang)


def _controls(tables: Tables) -> dict[str, Any]:
    """Return the controls by name, for the years with accounts and the municipalities that there are."""
    totals, names = tables.printed_totals, list(tables.municipalities["municipality"])
    years = sorted(set(totals.loc[totals["total_id"] == "closing_balance", "year"].astype(int)))
    return {
        "lang": widgets.Dropdown(options=NAMES),
        "year": widgets.Dropdown(options=years, value=None),
        "fee": widgets.FloatText(step=STEP),
        "from_year": widgets.IntText(),
        "cost_growth": widgets.FloatText(step=STEP),
        "projected": widgets.Checkbox(value=True, indent=False),
        "growth": widgets.FloatText(step=STEP),
        "municipalities": widgets.SelectMultiple(options=names, value=names, rows=len(names)),
    }


def _with_slider(name: str, control: Any) -> list[Any]:
    """Return a control, and the slider of one that is swept; what is typed between or beyond its notches stays."""
    if name not in SLIDES:
        return [control]
    low, high = SLIDES[name]
    slider = widgets.FloatSlider(min=low, max=high, step=STEP, value=control.value, readout=False)
    widgets.dlink((control, "disabled"), (slider, "disabled"))

    def lead(change: Any) -> None:
        if _notch(change["new"]) != _notch(control.value):
            control.value = _notch(change["new"])

    def follow(change: Any) -> None:
        if low <= change["new"] <= high and _notch(change["new"]) != _notch(slider.value):
            slider.value = _notch(change["new"])

    slider.observe(lead, "value")
    control.observe(follow, "value")
    return [control, slider]


def _notch(value: float) -> float:
    """Return where a slider stands for a number: set between its notches it would move, and the number with it."""
    return round(value, DECIMALS)


@lru_cache(maxsize=1)
def _measured(tables: Tables, year: int) -> Measured:
    return Measured(tables, year)
