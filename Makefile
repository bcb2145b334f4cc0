# Everything a person types: make run, make test, make check. Each makes what it needs first.
PORT ?= 8000
DATA_DIR ?= var
PIP_INSTALL = .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:
PYTEST = .venv/bin/python -m pytest --dist worksteal
WORKERS ?= 3
BROWSERS ?= 3
PRICES ?= charging/data/sample_prices.csv.gz
CARS ?= 100000

.PHONY: setup run test coverage test-slow faults messages mutate check bench

setup: .venv/runtime.stamp

run: .venv/runtime.stamp
	@.venv/bin/python manage.py quickstart --port $(PORT) --data-dir "$(DATA_DIR)" $(if $(NO_BROWSER),--no-browser)

# Coverage nearly doubles what Python takes: here it is asked of the rules, in `make coverage` of everything. Browsers
# mostly wait. What is found in random lives and lived nights, and what a price service answers, does not depend on the
# database.
LIVES = $(addprefix tests/core/test_,state_machine.py clean_months.py planner_oracle.py)
NIGHTS = $(addprefix tests/operations/test_,clean_nights.py fault_nights.py invariants.py learned_hours.py metering.py \
	nights.py overrides.py session_nights.py state_machine.py test_charge.py yielding.py)
# The database in memory bears no fifty threads at once.
SERVERS = $(addprefix tests/operations/test_,price_faults.py webhook_threads.py)
ON_SQLITE = DATABASE_URL="sqlite:///$(CURDIR)/var/test.sqlite3"

test: .venv/dev.stamp
	$(PYTEST) -n $(WORKERS) -m "not slow" --cov=charging/core --cov-report=term:skip-covered --cov-fail-under=100 $(LIVES:%=--ignore %) tests/core
	$(PYTEST) -n $(WORKERS) -m "not slow and not browser" --ignore tests/core $(NIGHTS:%=--ignore %)
	$(PYTEST) -n $(BROWSERS) -m "browser and not slow" tests/journeys tests/admin
	$(ON_SQLITE) $(PYTEST) -n $(WORKERS) -m "not slow" $(SERVERS:%=--ignore %) tests/operations $(LIVES)

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
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy .
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

# Changes the decisions in every small way and counts how many of the changes no test notices.
mutate: .venv/dev.stamp
	$(PIP_INSTALL) -r requirements-mutation.txt
	.venv/bin/python -m mutmut run --max-children $(WORKERS)
	.venv/bin/python -m mutmut results

# EMHASS_PYTHON=/path/to/python of an environment with EMHASS: it solves some of the same problems.
bench: .venv/dev.stamp
	@.venv/bin/python -m tests.bench.planner --prices "$(PRICES)" --cars $(CARS) $(if $(EMHASS_PYTHON),--emhass-python "$(EMHASS_PYTHON)")
	@.venv/bin/python -m tests.bench.reevaluation --cars $(CARS)
	@.venv/bin/python -m tests.bench.webhooks --json

.venv/bin/python:
	@sh config/deploy/make_venv.sh .venv

.venv/runtime.stamp: requirements.txt | .venv/bin/python
	$(PIP_INSTALL) -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/runtime.stamp
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@
