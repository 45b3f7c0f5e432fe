"""Run the notebooks again and store what they print, all of them or none: `python -m tests.store_notebooks`."""

import re

from nbconvert.exporters import NotebookExporter
from tqdm import tqdm
from traitlets.config import Config

from sodertorn_lib.files import write_whole
from sodertorn_lib.publish.notebooks import STORED

RUN = Config(ExecutePreprocessor={"enabled": True, "record_timing": False, "store_widget_state": False})
MODEL = '("model_id": ")[0-9a-f]{32}'  # of a widget: another each time


def executed(name: str) -> bytes:
    text, _ = NotebookExporter(config=RUN).from_filename(str(STORED / name))
    return re.sub(MODEL, rf"\g<1>{0:032}", text).encode()


if __name__ == "__main__":
    names = sorted(path.name for path in STORED.glob("[0-9]*.ipynb"))
    write_whole(STORED, {name: executed(name) for name in tqdm(names, desc="notebooks", unit="notebook", disable=None)})
