# From nothing to results: `make demo`. Everything here may be repeated at any time.

VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/.installed

export OMP_THREAD_LIMIT := 1

.PHONY: setup demo test lint bench prove clean docs/look.png

setup: system $(STAMP)

# Debian packages, Python and the environment's own conditions: says what is missing and how to get it.
.PHONY: system
system:
	@scripts/system.sh

$(STAMP): pyproject.toml scripts/environment.sh | system
	@scripts/environment.sh $(VENV)
	@touch $@

demo: setup
	@$(VENV)/bin/qagaz demo --out demo

test: setup
	@scripts/system.sh browser
	$(PYTHON) -m pytest -n 2 --dist worksteal -q --ignore tests/review/load --ignore tests/qagaz/load
	$(PYTHON) -m pytest -q tests/review/load tests/qagaz/load  # crowds and kills want the machine to themselves

lint: setup
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# Forms and pages a second, time by stage, memory, beside other programs; on made-up forms or on INPUT=folder.
bench: setup
	@test -n "$(INPUT)" || test -d demo/forms || $(VENV)/bin/qagaz demo --out demo > /dev/null
	@mkdir -p build
	$(VENV)/bin/qagaz bench $(or $(INPUT),demo/forms) --picture build/bench.png

# The picture in README.md: a page of the demonstration as `qagaz look` draws it.
docs/look.png: demo
	$(PYTHON) -c "from PIL import Image; p = Image.open('demo/pictures/04-scan-with-seal-page-2.png'); p.thumbnail((1100, 1600)); p.quantize(256, method=Image.Quantize.FASTOCTREE).save('$@', optimize=True)"

# Long evidence, resumable: stop it and call it again.
prove: setup
	@scripts/system.sh faces
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -e '.[evidence]'
	@scripts/prove.sh $(PYTHON)

clean:
	rm -rf demo bench $(VENV)
