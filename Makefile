# `make serve` and `make test` do everything from a fresh clone; `make help` lists the rest.
#
# Paths are relative and programs run as `python -m`: the scripts a virtual environment makes
# hold absolute paths, which break when there is a space in them.

PYTHON = python3
# Set on the command line: `make serve PORT=9000`. Not `?=`, because some shells export HOST.
HOST = 127.0.0.1
PORT = 8000
SOURCE = corpus/samples/articles.jsonl
INDEX = .dateline

TORCH = torch==2.13.0
TORCH_INDEX = https://download.pytorch.org/whl/cpu

VENV = .venv
PY = $(VENV)/bin/python
PIP = $(PY) -m pip --disable-pip-version-check
DATELINE = $(PY) -m service.cli

# The models come with the packages; nothing may look for them anywhere else.
export HF_HUB_OFFLINE = 1

.DEFAULT_GOAL = help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help serve build test lint types imports fast e2e harsh screenshots format install lock \
	hashes audit sbom dist clean

help:
	@echo "make serve     install, index the sample archive, serve it on http://$(HOST):$(PORT)"
	@echo "               (HOST=, PORT=, SOURCE= and INDEX= change where and what)"
	@echo "make test      install, then lint, types, imports, fast and e2e"
	@echo "  make lint      ruff: rules and format"
	@echo "  make types     mypy, strict"
	@echo "  make imports   the one-way import contracts"
	@echo "  make fast      tests without network, models or a browser"
	@echo "  make e2e       the real models and the page in a real browser (needs Chromium)"
	@echo "make harsh     kill, fill the disk and flip bytes under an index, and report (not in test)"
	@echo "make screenshots   every state of the page into build/screenshots, and README's pictures"
	@echo "make build     install and index the sample archive, without serving"
	@echo "make format    let ruff rewrite what it can"
	@echo "make install   install only, everything for development"
	@echo "make lock      resolve the newest allowed versions into constraints.txt, and hash them"
	@echo "make hashes    pin what is installed by hash, in deploy/requirements.txt"
	@echo "make audit     licences and known vulnerabilities of what is installed"
	@echo "make dist      the sdist and wheel of the commit, made twice and compared, with a bill of"
	@echo "               materials (make sbom) and checksums, into dist/"
	@echo "make clean     delete the environment, the caches and the sample index"

serve: build
	$(DATELINE) serve --index "$(INDEX)" --host "$(HOST)" --port "$(PORT)"

# Runs each time: dateline itself skips what has not changed.
build: $(VENV)/.runtime
	$(DATELINE) build "$(SOURCE)" --index "$(INDEX)"

test: lint types imports fast e2e

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(VENV)/.dev
	$(PY) -m mypy

imports: $(VENV)/.dev
	$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()" --no-logo

fast: $(VENV)/.dev
	$(PY) -m pytest -m "not e2e" -n auto --maxprocesses 4 --dist worksteal

e2e: $(VENV)/.dev
	$(PY) -m pytest -m e2e -n auto --maxprocesses 4 --dist loadfile

harsh: $(VENV)/.dev
	$(PY) -m benchmarks.harsh --work build/harsh

screenshots: $(VENV)/.dev
	$(PY) -m benchmarks.screenshots build/screenshots --readme docs/images

format: $(VENV)/.dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

install: $(VENV)/.dev

# A stamp is touched only when its step succeeded, so an interrupted install is taken up again.
$(VENV)/.torch:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Dateline needs Python 3.11 or newer, and '$(PYTHON)' is not that."; \
		echo "Name another one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv "$(VENV)" || { \
		echo "'$(PYTHON) -m venv' failed. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
# torch comes first and alone: what follows would otherwise bring a CUDA build of several GB.
# No retries, because the index may be out of reach where a wheel is at hand.
	$(PIP) install --retries 0 --extra-index-url $(TORCH_INDEX) $(TORCH)
	@$(PY) -W ignore -c 'import sys, torch; sys.exit(torch.version.cuda is not None)' || { \
		echo "The torch that was installed is not a CPU build (or does not start), because"; \
		echo "$(TORCH_INDEX) could not be reached."; \
		echo "Run 'make clean', put a CPU wheel of $(TORCH) into a folder, and then"; \
		echo "'PIP_FIND_LINKS=that/folder make $(MAKECMDGOALS)'. A CUDA build works as well,"; \
		echo "at several GB: to keep it, 'touch $@'."; exit 1; }
	@touch $@

$(VENV)/.runtime: $(VENV)/.torch pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@

# A clean environment of its own, so that nothing left over from development is written down.
LOCK = build/lock
lock:
	rm -rf $(LOCK)
	$(MAKE) VENV=$(LOCK) $(LOCK)/.torch
	$(LOCK)/bin/python -m pip install --disable-pip-version-check --editable '.[dev]'
	{ sed -n '/^#/p' constraints.txt; \
	  $(LOCK)/bin/python -m pip freeze --exclude-editable | sed 's/+cpu$$//'; } > $(LOCK)/constraints.txt
	mv $(LOCK)/constraints.txt constraints.txt
	rm -rf $(LOCK)
	$(MAKE) hashes

# The tools of the targets below need other versions of packages that Dateline needs too.
SUPPLY = build/supply
SUPPLY_TOOLS = pip-audit==2.10.1 cyclonedx-bom==7.5.0 uv==0.13.9
$(SUPPLY)/.tools: Makefile
	$(PYTHON) -m venv "$(SUPPLY)"
	$(SUPPLY)/bin/python -m pip install --disable-pip-version-check $(SUPPLY_TOOLS)
	@touch $@

hashes: $(VENV)/.dev $(SUPPLY)/.tools
	$(PY) -m benchmarks.supply hashes --tools $(SUPPLY) --torch-index $(TORCH_INDEX)

audit: $(VENV)/.dev $(SUPPLY)/.tools
	$(PY) -m benchmarks.supply licences
	$(PY) -m benchmarks.supply audit --tools $(SUPPLY)

sbom: $(VENV)/.dev $(SUPPLY)/.tools
	$(PY) -m benchmarks.supply sbom --tools $(SUPPLY) --out dist

dist: sbom
	$(PY) -m benchmarks.supply packages --out dist

clean:
	rm -rf $(VENV) build dist $(INDEX) .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
