# Each target does its own set-up in .venv; Python 3.11 or newer and make are all that is assumed.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
SEEN := $(CURDIR)/out/seen

.PHONY: help setup demo test check bench nightly lock clean

help: ## this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | sort

setup: $(VENV)/.ready ## the virtual environment, from the lock file

$(VENV)/.ready: requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (a minute, once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r requirements.lock
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		--config-settings editable_mode=compat -e .
	@$(RUN) -m compileall -q mockcw integration conformance
	@touch $@

demo: setup ## the main job: connect, sync, be refused, be judged
	@$(RUN) docs/demo.py

test: setup ## the whole test suite, and that it saw each cell of a role on every side
	@rm -rf $(SEEN)
	MOCKCW_SEEN=$(SEEN) $(RUN) -m pytest -n 2 --dist loadgroup
	@$(VENV)/bin/mockcw coverage --permissions --strict --seen $(SEEN) > out/permissions.txt; \
		code=$$?; tail -1 out/permissions.txt; exit $$code

check: setup ## lint, format, types, imports
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports

bench: setup ## benchmarks, as ratios to a bare Flask route in one run
	$(RUN) -m benchmarks

nightly: setup ## the long campaigns, over an hour; SURFACE_SHARE=1/3 tries a third of the surface and takes half of it
	HYPOTHESIS_PROFILE=soak $(RUN) -m pytest -n 2 --dist loadgroup

lock: ## pin what is installed (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate -o requirements.lock

clean: ## remove what set-up made
	rm -rf $(VENV) *.egg-info
