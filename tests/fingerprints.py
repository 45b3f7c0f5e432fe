"""Store what every chart is, as text, in both languages.

make fingerprints
"""

from pathlib import Path

from sodertorn_lib.charts import CHARTS
from sodertorn_lib.formats import LANGUAGES

from .conftest import MEASURED

FOLDER = Path(__file__).resolve().parent / "fingerprints"


def main() -> None:
    for lang in LANGUAGES:
        (FOLDER / lang).mkdir(parents=True, exist_ok=True)
        for draw in CHARTS:
            chart = draw(**MEASURED.arguments(draw), lang=lang)
            (FOLDER / lang / f"{chart.name}.txt").write_text(f"{chart!r}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
