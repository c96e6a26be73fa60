# Thin: each target is a documented command, so that people without make can type it (see README.md).
PYTHON ?= python3
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1

.PHONY: site serve test check bench clean card screenshot

site: .venv/ready
	$(BIN)/mkdocs build --strict

serve: .venv/ready
	$(BIN)/mkdocs serve --livereload --dirty

test: .venv/ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist loadfile -m "not bench"

check: .venv/ready
	$(BIN)/python -m mseclf check --edited

bench: .venv/ready
	$(BIN)/pytest -m bench -s
	$(BIN)/python tests/bench/peers/compare.py

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
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
