# Two commands do everything: make report, make test.
PYTHON ?= python3
ENV := .venv
BIN := $(ENV)/bin

.PHONY: report test lint types notebooks messages demo clean

report: $(ENV)/report
	$(BIN)/chatlab report data/crowdwork --out reports $(ARGS)

test: $(ENV)/test lint types notebooks
	$(BIN)/python -m pytest -n 2 $(TESTS)

lint: $(ENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(ENV)/test
	$(BIN)/mypy

notebooks: $(ENV)/test
	$(BIN)/nbstripout --verify notebooks/*.ipynb

# After a change of words: add new messages to chatlab/locale/*.po and list what waits.
messages: $(ENV)/test
	$(BIN)/python -m chatlab.report.catalogue

# After a change of the simulation: write the bundled chat again.
demo: $(ENV)/test
	$(BIN)/python -m data.simulation.exports data/crowdwork

$(ENV)/report: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(ENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(ENV)/test: $(ENV)/report
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]"
	touch $@

clean:
	rm -rf $(ENV) reports build dist
