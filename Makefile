# Two commands on a fresh machine with Python >= 3.11 and make: `make site` and `make test`. Both set up what they need.

PYTHON ?= python3
VENV := .venv
PIP_FLAGS := --quiet --disable-pip-version-check
OCTAVO := $(VENV)/bin/python -m octavo

.PHONY: site test check preview quarto lint format clean

# The book first: the site takes it along.
site: $(VENV)/.site
	@$(OCTAVO) render --profile book --to pdf
	@$(OCTAVO) render

test: $(VENV)/.test
	@tests/browser.sh
	@$(VENV)/bin/python -m pytest -n auto --dist loadfile

# Diagnostics of all sources, without writing a site.
check: $(VENV)/.site
	@$(OCTAVO) check

preview: $(VENV)/.site
	@$(OCTAVO) preview

# The same sources with the real Quarto, where one is installed.
quarto:
	quarto render --profile book --to pdf
	quarto render

lint: $(VENV)/.test
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/ruff check

format: $(VENV)/.test
	@$(VENV)/bin/ruff format
	@$(VENV)/bin/ruff check --fix

clean:
	rm -rf _site downloads .octavo

$(VENV)/.site: requirements.txt
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "installing requirements.txt"
	@$(VENV)/bin/python -m pip install $(PIP_FLAGS) -r requirements.txt
	@$(VENV)/bin/python -m pip install $(PIP_FLAGS) --no-deps --editable .
	@touch $@

$(VENV)/.test: requirements-dev.txt requirements.txt
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "installing requirements-dev.txt"
	@$(VENV)/bin/python -m pip install $(PIP_FLAGS) -r requirements-dev.txt
	@$(VENV)/bin/python -m pip install $(PIP_FLAGS) --no-deps --editable .
	@touch $(VENV)/.site $@
