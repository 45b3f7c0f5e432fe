"""Tables, measures and charts of Södertörnskommunerna's annual report.

Begin with `tables = load_tables()`. `answers`, `charts` and `show` (a table that reads well) are imported when they are
first asked for. The other names, by use:
"""

from importlib import import_module

from sodertorn_lib import (
    accounts,
    activities,
    assumptions,
    backtests,
    comparisons,
    components,
    errors,
    fees,
    forecasts,
    growth,
    homes,
    loaders,
    places,
    projections,
    reconciliation,
    scenarios,
    tables,
    whatif,
)
from sodertorn_lib.accounts import *
from sodertorn_lib.activities import *
from sodertorn_lib.assumptions import *
from sodertorn_lib.backtests import *
from sodertorn_lib.comparisons import *
from sodertorn_lib.components import *
from sodertorn_lib.errors import *
from sodertorn_lib.fees import *
from sodertorn_lib.forecasts import *
from sodertorn_lib.growth import *
from sodertorn_lib.homes import *
from sodertorn_lib.loaders import *
from sodertorn_lib.places import *
from sodertorn_lib.projections import *
from sodertorn_lib.reconciliation import *
from sodertorn_lib.scenarios import *
from sodertorn_lib.tables import *
from sodertorn_lib.whatif import *

__version__ = "1.2.0"

BY_USE = (
    tables,
    loaders,
    accounts,
    fees,
    growth,
    components,
    homes,
    projections,
    backtests,
    forecasts,
    assumptions,
    scenarios,
    whatif,
    activities,
    comparisons,
    reconciliation,
    places,
    errors,
)
SLOW = {"answers": "answers", "charts": "charts", "show": "display"}  # by module: they import matplotlib or babel
__all__ = [name for module in BY_USE for name in module.__all__]
for module in BY_USE:
    __doc__ = f"{__doc__}\n{str(module.__doc__).splitlines()[0]}\n    {', '.join(module.__all__)}\n"


def __getattr__(name: str) -> object:
    if name not in SLOW:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{SLOW[name]}")
    return module if name == SLOW[name] else getattr(module, name)


def __dir__() -> list[str]:
    return [*__all__, *SLOW]
