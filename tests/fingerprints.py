"""Store what every chart is, as text, in both languages.

make fingerprints
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from sodertorn_lib import load_tables
from sodertorn_lib.charts import CHARTS, COMPARISONS, what_if
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.measured import Measured

from .conftest import MEASURED
from .made_up import YEAR, two_years

FOLDER = Path(__file__).resolve().parent / "fingerprints"


def main() -> None:
    with TemporaryDirectory() as folder:
        made_up = Measured(load_tables(two_years(Path(folder) / "data")), YEAR)
        drawings = [*((draw, MEASURED) for draw in (*CHARTS, what_if)), *((draw, made_up) for draw in COMPARISONS)]
        for lang in LANGUAGES:
            (FOLDER / lang).mkdir(parents=True, exist_ok=True)
            for draw, measured in drawings:
                chart = draw(**measured.arguments(draw), lang=lang)
                (FOLDER / lang / f"{chart.name}.txt").write_text(f"{chart!r}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
