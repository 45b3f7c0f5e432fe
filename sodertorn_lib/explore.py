"""What if, by controls: a scenario in JupyterLab or on a page of its own, told and drawn as soon as one is moved.

Needs ipywidgets and what a page needs, so it is imported by its own name: `from sodertorn_lib.explore import Explorer`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from html import escape
from itertools import count
from math import nan
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from sodertorn_lib import explore_views as views
from sodertorn_lib.assumptions import BOUNDS, beyond_bounds
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.errors import DataError, require_known
from sodertorn_lib.explore_views import Assumed, Outlook
from sodertorn_lib.formats import LANGUAGES, MINUS
from sodertorn_lib.measured import Measured
from sodertorn_lib.tables import Tables, load_tables
from sodertorn_lib.wording import phrase

__all__ = ["Explorer"]

FOLDER = Path("charts")  # below the current one, as that of the command
NAMES = {"Svenska": "sv", "English": "en"}  # each language in itself
VIEWS = ("heading", "answer", "chart", "table", "fees", "basis", "saved")
POINTS = {"sv": ",", "en": "."}  # before decimals
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

    What cannot be assumed is named at its control, any other fault above them, and the last good picture stays.

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
    >>> explorer.controls["cost_growth"].value = "4"  # as it would be typed, with a decimal point or comma
    >>> explorer.outlook.chart.words.title
    'Scenario: the money runs out in 2028'
    """

    tables: Tables

    def __init__(self, year: int, lang: str = "sv") -> None:
        require_known("language", [lang], LANGUAGES)
        self.said = ""
        self.controls: dict[str, Any] = {"lang": widgets.Dropdown(options=NAMES, value=lang)}
        self.save = widgets.Button()
        self.views = {name: widgets.HTML() for name in VIEWS}
        self.faults = {name: widgets.HTML() for name in ("page", *SLIDES, "municipalities", "save")}
        self.page = widgets.VBox([widgets.HTML(views.style()), self.faults["page"]])
        self.page.add_class("explore-page")
        with self._named():
            self.tables = load_tables()
            self.controls |= _controls(self.tables)
            self.sliders = {name: _slider(name, self.controls[name], lambda: self.lang) for name in SLIDES}
            self._build()
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
    def year(self) -> int:
        """The year of the accounts that are chosen."""
        year: int = self.controls["year"].value
        self._require_year(year)
        return year

    @property
    def assumed(self) -> Assumed:
        """What the controls assume; `.scenario` is the same for `what_if`."""
        fee, cost_growth, growth = (_number(self.controls[name].value) for name in SLIDES)
        projected = self.controls["projected"].value
        return Assumed(self.controls["from_year"].value, fee, cost_growth, None if projected else growth)

    @property
    def outlook(self) -> Outlook:
        """What the library says of that: table, answer and chart; raises DataError for what cannot be assumed."""
        return views.outlook(self._measured, self.lang, self.assumed)

    @property
    def _measured(self) -> Measured:
        return _measured(self.tables, self.year)

    def _require_year(self, year: int | None) -> None:
        require_known("year of the accounts", [str(year)], map(str, self.controls["year"].options))

    @contextmanager
    def _named(self, place: str = "page", key: str = "fault") -> Iterator[None]:
        """Say at a place what is wrong, whatever it is, and leave the rest of the page as it was."""
        try:
            yield
        except Exception as error:
            told = str(error) if isinstance(error, DataError | OSError) else f"{type(error).__name__}: {error}"
            said = phrase("explore", key, self.lang)
            self.said = f"{said} {told}"
            self._alert(place, f'{escape(said)} <span lang="en">{escape(told)}</span>')

    def _alert(self, place: str, text: str) -> None:
        self.faults[place].value = views.said(f'<p role="alert">{text}</p>', self.lang) if text else ""

    def _build(self) -> None:
        """Lay out the page, and listen to its controls."""
        for name, control in self.controls.items():
            control.observe(self._begin if name == "year" else self._redraw, "value")
        self.save.on_click(self._save)
        view, fault, parts = self.views, self.faults, (self.controls, self.sliders, self.faults)
        rows = [own[name] for name in self.controls for own in parts if name in own]
        rows = [fault["page"], *rows, self.save, fault["save"], view["saved"]]
        for row in rows:
            row.layout.width = "auto"
        side = widgets.VBox(rows, layout=SIDE)
        side.add_class("explore-controls")
        main = widgets.VBox([view["answer"], view["chart"]], layout=MAIN)
        both = widgets.HBox([side, main], layout={"flex_flow": "row wrap", "grid_gap": "1rem"})
        self.page.children = [self.page.children[0], view["heading"], both, view["table"], view["fees"], view["basis"]]

    def _begin(self, _change: object) -> None:
        """Start from the accounts of a year: at their fee, from the year after."""
        fee, from_year = self.controls["fee"], self.controls["from_year"]
        with self._named(), fee.hold_trait_notifications():
            fee.value = _typed(self._measured.fees["fee_sek_per_inhabitant"].iloc[0], self.lang)
            _, *from_year.options = self._measured.what_if["year"]
            from_year.value = from_year.options[0]
        self._redraw()

    def _redraw(self, _change: object = None) -> None:
        """Show what the controls say, all of it or nothing, and what is wrong with them."""
        self.views["saved"].value = ""
        with self._named():
            self._label()
            wrong, chosen = self._wrong(), self.controls["municipalities"].value
            none = "" if chosen else self._about("municipalities", "none_chosen")
            for place in self.faults:
                self._alert(place, (wrong | {"municipalities": none}).get(place, ""))
            self.said = " ".join(wrong.values())
            if not wrong:
                self._show(views.told(self._measured, self.lang, self.assumed, chosen))
                self.said = self.outlook.answer.text

    def _show(self, told: Mapping[str, str]) -> None:
        for view, text in told.items():
            self.views[view].value = views.said(text, self.lang)

    def _wrong(self) -> dict[str, str]:
        """Return what cannot be assumed, by the control that says it."""
        wrong = {}
        for name in SLIDES:
            control, (low, high) = self.controls[name], BOUNDS[COLUMNS[name]]
            if not control.disabled and any(beyond_bounds(COLUMNS[name], _number(control.value))):
                wrong[name] = self._about(name, "outside", typed=control.value, low=low, high=high)
        return wrong

    def _about(self, name: str, key: str, **values: Any) -> str:
        return escape(phrase("explore", key, self.lang, label=self.controls[name].description, **values))

    def _label(self) -> None:
        """Call each control what it is in the language of the page."""
        for name, control in self.controls.items():
            section, key = ("columns", COLUMNS[name]) if name in COLUMNS else ("explore", name)
            control.description = phrase(section, key, self.lang)
        self.save.description = phrase("explore", "save", self.lang)
        self.controls["growth"].disabled = self.controls["projected"].value

    def _save(self, _button: object) -> None:
        """Write the chart with its data and alt text under a name that is free, unless a control is at fault."""
        self.views["saved"].value = ""
        wrong = " ".join(self._wrong().values())
        self._alert("save", wrong and f"{escape(phrase('explore', 'unsaved', self.lang))} {wrong}")
        with self._named("save", "unsaved"):
            if not wrong:
                files = [path.name for path in _under_free_name(self.outlook.chart).save(FOLDER)]
                said = phrase("explore", "saved", self.lang, files=files, folder=FOLDER.resolve())
                self._show({"saved": f'<p role="status">{escape(said)}</p>'})


def _controls(tables: Tables) -> dict[str, Any]:
    """Return the controls by name, for the years with accounts and the municipalities that there are."""
    totals, names = tables.printed_totals, list(tables.municipalities["municipality"])
    years = sorted(set(totals.loc[totals["total_id"] == "closing_balance", "year"].astype(int)))
    return {
        "year": widgets.Dropdown(options=years, value=None),
        "fee": widgets.Text("0", continuous_update=False),
        "from_year": widgets.Dropdown(),
        "cost_growth": widgets.Text("0", continuous_update=False),
        "projected": widgets.Checkbox(value=True, indent=False),
        "growth": widgets.Text("0", continuous_update=False),
        "municipalities": widgets.SelectMultiple(options=names, value=names, rows=len(names)),
    }


def _number(text: str) -> float:
    """Return a number as it is typed, with a decimal point or comma; NaN for anything else.

    Three digits after a comma could be thousands, so they are not read.

    >>> _number("4,5"), _number("-0.25"), _number("1,000")
    (4.5, -0.25, nan)
    """
    plain = text.strip().replace(",", ".").replace(MINUS, "-")
    return float(plain) if re.fullmatch(r"[+-]?\d+(\.\d{1,2})?", plain) else nan


def _typed(value: float, lang: str) -> str:
    """Return a number as one types it in a language.

    >>> _typed(4.5, "sv"), _typed(4.0, "en")
    ('4,5', '4')
    """
    return f"{value:g}".replace(".", POINTS[lang])


def _slider(name: str, control: Any, lang: Callable[[], str]) -> Any:
    """Return the slider of a control; what is typed between or beyond its notches stays."""
    low, high = SLIDES[name]
    slider = widgets.FloatSlider(min=low, max=high, step=STEP, value=low, readout=False)
    widgets.dlink((control, "disabled"), (slider, "disabled"))

    def lead(change: Any) -> None:
        if _notch(change["new"]) != _notch(_number(control.value)):
            control.value = _typed(_notch(change["new"]), lang())

    def follow(_change: Any = None) -> None:
        number = _notch(_number(control.value))
        if low <= number <= high and number != _notch(slider.value):
            slider.value = number

    follow()
    slider.observe(lead, "value")
    control.observe(follow, "value")
    return slider


def _notch(value: float) -> float:
    """Return where a slider stands for a number: set between its notches it would move, and the number with it."""
    return round(value, DECIMALS)


@lru_cache(maxsize=1)
def _measured(tables: Tables, year: int) -> Measured:
    return Measured(tables, year)


def _under_free_name(chart: Chart) -> Chart:
    """Return a chart, numbered where its folder has one of its name: a scenario does not replace another."""
    names = (chart.name if number == 1 else f"{chart.name}_{number}" for number in count(1))
    return replace(chart, name=next(name for name in names if not any(FOLDER.glob(f"{name}.*"))))
