.DEFAULT_GOAL := help
.PHONY: help charts quick test lab explore notebooks pictures accepted describe check lint axe mutants bench pins versions clean
PICTURES := growth_map population_fan
# the report that README.md and the stored notebooks are about
YEAR := 2020
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

help: ## show this help
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

charts: $(READY) ## write charts, decks, workbooks and a page of them, in Swedish and English, into charts/
	$(BIN)/sodertorn publish

quick: $(READY) ## check tables, sums, words and notebooks, while you work: no browser, no office program, nothing published
	$(BIN)/python -m pytest -m "not slow"

test: $(READY) ## check everything: tables, sums, code, charts, and each notebook against its stored output
	$(BIN)/sodertorn check
	$(BIN)/python -m pytest

lab: $(READY) ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab $(AS_ROOT) notebooks

explore: $(READY) ## open a page of controls in the browser: another fee, other costs, another population
	$(BIN)/voila notebooks/00_explore.ipynb --TagRemovePreprocessor.enabled=True --TagRemovePreprocessor.remove_cell_tags=not-on-page

notebooks: $(READY) ## run the notebooks again and store what they print
	$(BIN)/python -m tests.store_notebooks

pictures: charts ## renew the pictures of the README (needs LibreOffice)
	cp $(PICTURES:%=charts/en/%.png) docs/
	$(BIN)/sodertorn deck --only fee_by_municipality --lang en --out charts/slide.pptx
	soffice --headless --convert-to png --outdir docs charts/slide.pptx
	rm charts/slide.pptx

accepted: $(READY) ## after an intended change: say in a sentence each what is published otherwise, and store it
	$(BIN)/python -m tests.manifest --store

check: $(READY) ## validate the tables and hold every printed total against our own
	$(BIN)/sodertorn check

describe: $(READY) ## after an edit of data/: show it and accept it (YES=--yes: unasked); then, and after one of texts/: renew what follows
	$(BIN)/sodertorn describe --answers README.md --year $(YEAR) $(YES)
	$(BIN)/python -m tests.coverage

lint: $(READY) ## style, formatting and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

axe: $(READY) ## install axe-core, with which the tests judge the page of charts (needs npm and Chromium)
	npm install --silent --no-save --no-audit --no-fund --prefix .venv/axe axe-core@4.14.1

mutants: $(READY) ## make slips on purpose and say which are not noticed: half an hour
	$(BIN)/python -m pip install --quiet --disable-pip-version-check cosmic-ray==8.7.0
	$(BIN)/python -m tests.mutants

bench: $(READY) ## speed, as ratios to what pandas and matplotlib cost by themselves
	$(BIN)/python tests/bench.py

pins: ## pin the dependencies anew in requirements.txt (needs uv)
	uv pip compile --universal --all-extras --upgrade --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.txt

versions: ## check on each Python, with the oldest and the newest packages that are allowed, what quick checks (needs uv)
	@for python in 3.11 3.12 3.13; do for packages in lowest-direct highest; do \
	  echo "Python $$python, packages: $$packages"; \
	  uv run --quiet --isolated --no-project --python $$python --resolution $$packages --with-editable '.[notebooks,publish,update,develop]' \
	    python -m pytest -q -m "not slow" -W ignore::DeprecationWarning || exit 1; done; done

clean: ## remove the environment and everything that was generated
	rm -rf .venv charts build *.egg-info .pytest_cache .mypy_cache .ruff_cache

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
