"""Store what every English chart is, as text; the Swedish ones are stored in the notebooks.

make fingerprints
"""

from pathlib import Path

from sodertorn_lib.charts.catalogue import catalogue

FOLDER = Path(__file__).resolve().parent / "fingerprints"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, draw in catalogue().items():
        (FOLDER / f"{name}.txt").write_text(f"{draw('en')!r}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
