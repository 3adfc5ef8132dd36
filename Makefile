# `make help` lists the targets. Nothing but git, make and Python 3.11 or later is needed; `test-browser` and
# `test-cluster` say what they need.
.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= python3
BIN := .venv/bin
# Two jobs at a time unless said otherwise: `make report JOBS=8`.
JOBS ?= 2

export GX_ANALYTICS_ENABLED := false
export PYTHONHASHSEED := 0

.PHONY: help
help: ## What each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/.ready: requirements.lock pyproject.toml workflow/set_up.py
	@$(PYTHON) workflow/set_up.py

.venv-lab/.ready: requirements-lab.lock pyproject.toml workflow/set_up.py
	@$(PYTHON) workflow/set_up.py --with lab

.venv-browser/.ready: requirements-browser.lock pyproject.toml workflow/set_up.py
	@$(PYTHON) workflow/set_up.py --with browser

.venv-cluster/.ready: requirements-cluster.lock pyproject.toml workflow/set_up.py
	@$(PYTHON) workflow/set_up.py --with cluster

.PHONY: setup
setup: .venv/.ready ## Make the environment in .venv from the hash-locked requirements

.PHONY: report
report: .venv/.ready ## Simulate the returns if they are not there, then make the whole evaluation report
	@$(BIN)/swis simulate --if-absent --jobs $(JOBS)
	@$(BIN)/swis run --dataset synthetic --jobs $(JOBS)

.PHONY: demo
demo: .venv/.ready ## Make the report of the small committed sample (a minute or two)
	@$(BIN)/swis run --dataset demo --jobs $(JOBS)

.PHONY: figures
figures: .venv/.ready ## Set each figure of the finished evaluation report alone at journal sizes (needs `make report` first)
	@$(BIN)/swis figures --dataset synthetic

.PHONY: test
test: .venv/.ready ## Run the tests on data_raw/demo
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

# Leaks and kills go wrong once in many times, so they are tried many times.
KERNEL_ROUNDS ?= 20
LEAKS_AND_KILLS := tests/notebooks/test_warm_kernels_leaks.py tests/faults/test_warm_kernels_faults.py \
	tests/faults/test_warm_kernels_clients.py tests/faults/test_warm_kernels_access.py

.PHONY: test-kernels
test-kernels: .venv/.ready ## Try warm kernels for long: 500 notebooks in a row, and the leak and kill tests twenty times
	@SWIS_KERNELS_IN_A_ROW=500 $(BIN)/python -m pytest -q -rP tests/faults/test_warm_kernels_growth.py
	@for round in $$(seq $(KERNEL_ROUNDS)); do echo "Round $$round of $(KERNEL_ROUNDS)"; \
		$(BIN)/python -m pytest -q $(LEAKS_AND_KILLS) || exit 1; done

AXE := tests/browser/node_modules/.package-lock.json
$(AXE): tests/browser/package.json tests/browser/package-lock.json
	@command -v npm >/dev/null || { echo "npm is not on the path; Debian has it in the package npm"; exit 2; }
	@cd tests/browser && npm ci --ignore-scripts --silent && touch node_modules/.package-lock.json

.PHONY: test-browser
test-browser: .venv-browser/.ready $(AXE) ## Open the demo's reports in Chromium and check them (needs chromium and npm)
	@command -v chromium >/dev/null || { echo "chromium is not on the path; Debian has it in the package chromium"; exit 2; }
	@.venv-browser/bin/swis run --dataset demo --jobs $(JOBS)
	@.venv-browser/bin/python -m pytest -q tests/browser

.PHONY: test-cluster
test-cluster: .venv-cluster/.ready ## Run the graph on a Slurm of one node: same bytes, lost nodes, killed jobs (needs slurm-wlm, munge, root)
	@PYTHONPATH=tests .venv-cluster/bin/python -m cluster.one_node_slurm
	@timeout --signal INT --kill-after 60 5400 .venv-cluster/bin/python -m pytest -q tests/cluster

.PHONY: lint
lint: .venv/.ready ## Check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

.PHONY: format
format: .venv/.ready ## Put the code in the project's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: codebook
codebook: .venv/.ready ## Write the pages of docs/reference that are made from the schemas and measures
	@$(BIN)/python -m swis.codebook docs/reference

.PHONY: score
score: .venv/.ready ## Score validation on the planted faults of the full simulation (needs `make report` first)
	@$(BIN)/python -m swis.score docs/reference/fault-scores.md --dataset synthetic

.PHONY: certify
certify: .venv/.ready ## Check every estimator against R and by simulation (an hour); writes docs/reference/estimator-checks.md
	@PYTHONPATH=tests $(BIN)/python -m statistical.certification --write docs/reference/estimator-checks.md
	@$(BIN)/python -m swis.effects.coverage --trials 1000 --jobs $(JOBS) --write docs/reference/estimator-checks.md
	@$(BIN)/python -m swis.economics.coverage --trials 1000 --write docs/reference/estimator-checks.md

.PHONY: bench
bench: .venv/.ready ## Measure speed and memory against the yardsticks and write docs/reference/benchmarks.md
	@$(BIN)/swis simulate --if-absent --jobs $(JOBS)
	@$(BIN)/python benchmarks/cin_reader.py --write docs/reference/benchmarks.md
	@$(BIN)/python benchmarks/pipeline.py --write docs/reference/benchmarks.md
	@$(BIN)/python benchmarks/estimators.py --store-r --write docs/reference/benchmarks.md
	@$(BIN)/python benchmarks/warm_kernels.py --write docs/reference/benchmarks.md
	@$(BIN)/python benchmarks/nbval_kernels.py --write docs/reference/benchmarks.md
	@$(BIN)/python benchmarks/full_trial.py --write docs/reference/benchmarks.md
	@$(BIN)/python benchmarks/scale.py --write docs/reference/benchmarks.md
	@$(BIN)/python benchmarks/scanner.py --write docs/reference/benchmarks.md
	@$(BIN)/swis run --dataset synthetic --jobs $(JOBS)
	@$(BIN)/python benchmarks/forms.py --write docs/reference/benchmarks.md
	@$(BIN)/python benchmarks/disclosure.py $(if $(PYTAUARGUS),--rival $(PYTAUARGUS) --write docs/reference/benchmarks.md)

.PHONY: notebooks
notebooks: .venv/.ready ## Execute the reference copies of the notebooks on the demo data anew
	@$(BIN)/python workflow/reference_notebooks.py

.PHONY: published
published: .venv/.ready ## Make data_raw/published anew from the DfE's own files (DFE=folder)
	@$(BIN)/python -m swis.published.compact $(DFE) data_raw/published

.PHONY: lock
lock: ## Resolve the requirements anew and write the lock files and environment.yml (needs uv)
	@$(PYTHON) workflow/lock.py

# JupyterLab would ask its makers for news, newer versions and extensions.
LAB_OFFLINE := --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate --LabApp.news_url=None \
	--LabApp.extension_manager=readonly

.PHONY: lab
lab: .venv-lab/.ready ## Open the notebooks in JupyterLab, in an environment of its own (.venv-lab)
	@.venv-lab/bin/jupyter lab notebooks $(LAB_OFFLINE)

.PHONY: clean
clean: ## Remove derived tables and reports of simulated data (never your returns)
	@rm -rf data_derived/synthetic data_derived/demo reports/synthetic reports/demo
	@rm -rf reports/index.html reports/releasable  # the list of runs, which the next run writes anew
