# Thin: each target is a documented command, so that people without make can type it (see README.md).
PYTHON ?= python3
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1

.PHONY: site serve test check ledger bench frameworks clean card screenshot

# The environment is made anew when its Python has gone or is too old, or when the clone was moved.
FROM := $(shell cd / && "$(CURDIR)/.venv/bin/python" -c 'import sys; from importlib.util import find_spec; \
	print(sys.version_info >= (3, 11) and find_spec("mseclf").origin)' 2>/dev/null)
ifneq ($(FROM),$(CURDIR)/mseclf/__init__.py)
.PHONY: .venv/ready
endif

site: .venv/ready
	$(BIN)/python -m mseclf check
	$(BIN)/python -m mkdocs build --strict

serve: .venv/ready
	$(BIN)/python -m mkdocs serve --livereload --dirty

test: .venv/ready
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not bench"

check: .venv/ready
	$(BIN)/python -m mseclf check --edited

# Writes down that the equations which `make check` calls new, changed or gone are meant.
ledger: .venv/ready
	$(BIN)/python -m mseclf check --update-ledger

bench: .venv/ready
	$(BIN)/python -m pytest -m bench -s
	$(BIN)/python tests/bench/peers/compare.py

# Runs the blocks to paste for other frameworks and stores what they give. They need several GB, in an environment of their own.
frameworks:
	$(PYTHON) -m venv --clear .bench/frameworks
	.bench/frameworks/bin/python -m pip install --disable-pip-version-check --require-hashes --no-deps -r examples/frameworks/requirements.lock
	.bench/frameworks/bin/python -m mseclf.site.frameworks

# The picture that is shown where the site is shared, drawn by card.svg; the result is committed. Needs Chromium.
card:
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 \
		--window-size=1200,630 --screenshot=docs/assets/card.png docs/assets/card.svg

# The picture in the README. Needs Chromium.
screenshot: site
	$(BIN)/python .github/screenshot.py

clean:
	rm -rf site .cache .bench

# The lock names every package with its hash and no host; the package itself is installed in place.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("mseclf needs Python 3.11 or newer, and $(PYTHON) is " + \
		sys.version.split()[0] + ": say which to take, as in `make $(or $(firstword $(MAKECMDGOALS)),site) PYTHON=python3.12`")'
	@echo "Installing what the site and its tests need into .venv: once, 1.5 GB, some minutes."
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
