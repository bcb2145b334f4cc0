# Everything a person types: make run, make test, make check. Each makes what it needs first.
PORT ?= 8000
DATA_DIR ?= var
PIP_INSTALL = .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:
PYTEST = .venv/bin/python -m pytest --dist worksteal
WORKERS ?= 3
BROWSERS ?= 3
# 2: what is tested on SQLite goes beside the browsers.
TOGETHER ?= 1
PRICES ?= charging/data/sample_prices.csv.gz
CARS ?= 100000

# Compiled once, not by every process that a test starts.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run test test-core test-postgres test-browsers test-sqlite coverage test-slow faults messages mutate check \
	check-types check-rest bench sbom static advisories

setup: .venv/runtime.stamp

run: .venv/runtime.stamp
	@.venv/bin/python manage.py quickstart --port $(PORT) --data-dir "$(DATA_DIR)" $(if $(NO_BROWSER),--no-browser)

# Coverage nearly doubles what Python takes: here it is asked of the rules, in `make coverage` of everything. Browsers
# mostly wait. What is found in random lives and lived nights, and what a price service answers, does not depend on the
# database. The rules of the house are asked in `make check`.
# Of the operations, tests that ask no database are marked `once` and left out the second time.
LIVES = $(addprefix tests/core/test_,state_machine.py clean_months.py planner_oracle.py)
NIGHTS = $(addprefix tests/operations/test_,clean_nights.py fault_nights.py invariants.py learned_hours.py metering.py \
	nights.py overrides.py session_nights.py state_machine.py test_charge.py yielding.py)
# The database in memory bears no fifty threads at once.
SERVERS = $(addprefix tests/operations/test_,price_faults.py webhook_threads.py)
ON_SQLITE = DATABASE_URL="sqlite:///$(CURDIR)/var/test.sqlite3"

test: .venv/dev.stamp
	@$(MAKE) --no-print-directory test-core
	@$(MAKE) --no-print-directory test-postgres
	@$(MAKE) --no-print-directory --jobs $(TOGETHER) test-browsers test-sqlite

test-core: .venv/dev.stamp
	$(PYTEST) -n $(WORKERS) -m "not slow" --cov=charging/core --cov-report=term:skip-covered --cov-fail-under=100 $(LIVES:%=--ignore %) tests/core

test-postgres: .venv/dev.stamp
	$(PYTEST) -n $(WORKERS) -m "not slow and not browser" --ignore tests/core --ignore tests/house $(NIGHTS:%=--ignore %)

test-browsers: .venv/dev.stamp
	$(PYTEST) -n $(BROWSERS) -m "browser and not slow" tests/journeys tests/admin

test-sqlite: .venv/dev.stamp
	$(ON_SQLITE) $(PYTEST) -n $(WORKERS) -m "not slow and not once" $(SERVERS:%=--ignore %) tests/operations $(LIVES)

coverage: .venv/dev.stamp
	.venv/bin/python -m coverage erase
	$(PYTEST) -n $(WORKERS) -m "not slow" --cov --cov-report=
	$(ON_SQLITE) $(PYTEST) -n $(WORKERS) -m "not slow" --cov --cov-append --cov-report=term:skip-covered $(SERVERS:%=--ignore %) tests/operations

test-slow: .venv/dev.stamp
	$(PYTEST) -n $(WORKERS) -m slow

# Every fault that there is a promise for, with real processes where it takes them: servers of its own on loopback,
# at most eight at a time. FAULTS="F3 F6": those alone.
faults: .venv/dev.stamp
	@.venv/bin/python -m tests.faults $(FAULTS)

# Settings of a public server, so that Django's deployment checks judge what they are meant for.
check: export READYBY_HTTPS = true
check: export READYBY_SECRET_KEY = only-for-checks-QmVpYjM0czVoN2RrOWwyeDhjMXY2bjRtM3Ey
check: .venv/dev.stamp
	@$(MAKE) --no-print-directory --jobs 2 check-types check-rest

# The types take as long as all the rest, on one core each.
check-types: .venv/dev.stamp
	.venv/bin/mypy .

check-rest: .venv/dev.stamp
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/lint-imports
	find templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +
	find templates -name '*.html' -exec .venv/bin/djhtml --check {} +
	.venv/bin/python manage.py makemigrations --check --dry-run
	.venv/bin/python manage.py check --deploy --fail-level WARNING
	.venv/bin/python manage.py draw_states --check
	$(PYTEST) -q -n0 tests/house

# Collects the texts of every page and mail into config/locale, and compiles what is translated.
messages: .venv/dev.stamp
	.venv/bin/python -m config.messages

# Changes the decisions, the ledger of commands and the permissions in every small way, and counts how many of the
# changes a test notices. KINDS=permissions: those alone.
mutate: .venv/dev.stamp
	$(PIP_INSTALL) -r requirements-mutation.txt
	.venv/bin/python -m tests.bench.mutation --children $(WORKERS) $(KINDS)

# EMHASS_PYTHON=/path/to/python of an environment with EMHASS: it solves some of the same problems.
bench: .venv/dev.stamp
	@.venv/bin/python -m tests.bench.planner --prices "$(PRICES)" --cars $(CARS) $(if $(EMHASS_PYTHON),--emhass-python "$(EMHASS_PYTHON)")
	@.venv/bin/python -m tests.bench.reevaluation --cars $(CARS)
	@.venv/bin/python -m tests.bench.webhooks --json
	@.venv/bin/python -m tests.bench.web --json

# What is installed, as CycloneDX. The tools have an environment of their own, so that they are no part of it.
sbom: .venv-audit.stamp
	@mkdir -p "$(DATA_DIR)"
	.venv-audit/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o "$(DATA_DIR)/sbom.json" requirements.txt

# What scanners see in the code: bandit, and semgrep by the rules of this house. Once installed they need no internet.
static: .venv-audit.stamp
	.venv-audit/bin/bandit -q -ll -r config onboarding charging
	.venv-audit/bin/python config/deploy/scan_code.py .venv-audit/bin/semgrep

# Known advisories for what is installed. It asks the internet: for your own CI.
advisories: .venv-audit.stamp
	config/deploy/scan_advisories.sh .venv-audit/bin/pip-audit requirements.txt

.venv-audit.stamp: requirements-audit.txt
	@sh config/deploy/make_venv.sh .venv-audit
	.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-audit.txt
	@touch $@

.venv/bin/python:
	@sh config/deploy/make_venv.sh .venv

.venv/runtime.stamp: requirements.txt | .venv/bin/python
	$(PIP_INSTALL) -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/runtime.stamp
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@
