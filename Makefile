# Two commands to know: make demo, make test. Both do all the set-up.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
SOURCES := config desk display_board kiosk printers protocol queue_server voice walkin tests benchmarks

# Tests wait for half of their time: for screens to settle, for programs to start.
WORKERS := $(shell echo $$((2 * $$(nproc))))

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fmt bench requirements schema clean

help:            ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/'

setup: $(VENV)/.ready   ## virtual environment with pinned, hash-checked dependencies

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements/uv.txt

$(VENV)/.ready: requirements/run.txt requirements/dev.txt pyproject.toml | $(UV)
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) pip sync --quiet --system-certs --require-hashes requirements/uv.txt requirements/run.txt requirements/dev.txt
	$(BIN)/python -c "import site; open(site.getsitepackages()[0] + '/walkin.pth', 'w').write('$(CURDIR)\n')"
	printf '#!/bin/sh\nexec "$(CURDIR)/$(BIN)/python" -m walkin "$$@"\n' > $(BIN)/walkin && chmod +x $(BIN)/walkin
	touch $@

demo: setup      ## play with a whole centre in this terminal
	$(BIN)/walkin demo

test: check      ## everything that guards the queue
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

check: setup     ## style, types, import contracts, spelling
	$(BIN)/ruff format --check --quiet $(SOURCES)
	$(BIN)/ruff check --quiet $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/codespell $(SOURCES) docs README.md CHANGELOG.md

fmt: setup       ## put the code in form
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

bench: setup     ## the server beside its limits on this machine; rewrites docs/reference/performance.md
	$(BIN)/python -m benchmarks

.PHONY: forecast-eval
forecast-eval: DAYS ?= 200
forecast-eval: setup   ## forecasts of waits beside their goals on simulated days; rewrites docs/reference/forecast.md: DAYS=200
	$(BIN)/python -m benchmarks.forecast --days $(DAYS)

.PHONY: chaos simulate mutants
FIRST ?= 0
chaos: SEEDS ?= 200
chaos: setup     ## faults by seed against the printing: SEEDS=200; once more: FIRST=137 SEEDS=1
	PYTHONPATH=tests $(BIN)/python -m chaos --seeds $(SEEDS) --first $(FIRST)

simulate: SEEDS ?= 300
simulate: setup  ## faults by seed against a whole centre in virtual time; once more: FIRST=137 SEEDS=1
	PYTHONPATH=tests $(BIN)/python -m simulation --seeds $(SEEDS) --first $(FIRST)

mutants: setup   ## the simulation finds each of three dozen broken programs, the trials each bug brought back
	PYTHONPATH=tests $(BIN)/python -m simulation.mutants

.PHONY: tools gate night
tools:           ## what the trials need of a Debian system, as root
	which strace faketime ip mkfs.ext4 systemd-analyze espeak-ng aplay >/dev/null || (apt-get update -qq && apt-get install -y -qq --no-install-recommends strace faketime iproute2 e2fsprogs systemd espeak-ng alsa-utils)

gate: setup      ## every misfortune in small counts, some twenty minutes (make tools first); one alone: ONLY=power TRIES=5 FIRST=0
	PYTHONPATH=tests $(BIN)/python -m reliability --first $(FIRST) $(if $(ONLY),--only "$(ONLY)") $(if $(TRIES),--tries $(TRIES))

night: setup     ## the same in full, for hours, on from the last night; written to docs/reference/reliability.md; ONLY= ANEW=1
	PYTHONPATH=tests $(BIN)/python -m reliability.night $(if $(ONLY),--only "$(ONLY)") $(if $(ANEW),--anew)

.PHONY: soak
soak: setup      ## a week of every screen (two of a desk) in a time of its own, into docs/reference/always-on.md (the server's is a trial of make night)
	PYTHONPATH=tests $(BIN)/python -m soak $(if $(ONLY),--only $(ONLY))

.PHONY: pictures pictures-real gallery snapshots
pictures: setup  ## every screen in every state, language and layout, into docs/pictures/; some of them: ONLY="kiosk: field"
	PYTHONPATH=tests $(BIN)/python -m pictures $(if $(ONLY),--only "$(ONLY)")

gallery: setup   ## of these only the pages that the repository keeps
	PYTHONPATH=tests $(BIN)/python -m pictures --kept

pictures-real: setup
	PYTHONPATH=tests $(BIN)/python -m pictures.real

snapshots: setup ## the screens and slips that tests compare, written anew: then look at the difference in git
	RENEW_PICTURES=1 $(BIN)/python -m pytest -q -n $(WORKERS) tests/pictures tests/printers/test_preview_pictures.py

.PHONY: fuzz audit sbom
TOOLS := .venv-tools
SECONDS ?= 60
fuzz: $(TOOLS)/.ready   ## strangers' bytes against all that reads them, with atheris: SECONDS=60 for each
	VIRTUAL_ENV=$(CURDIR)/$(TOOLS) $(UV) pip install --quiet --system-certs --require-hashes -r requirements/fuzz.txt || true
	PYTHONPATH=tests:. $(TOOLS)/bin/python -m fuzzing --seconds $(SECONDS)

audit: $(TOOLS)/.ready  ## known vulnerabilities of what is pinned; says so when nobody can be asked
	PYTHONPATH=tests $(TOOLS)/bin/python -m supply.audit

sbom: $(TOOLS)/.ready   ## what the program is made of, as CycloneDX: walkin.sbom.json
	$(TOOLS)/bin/cyclonedx-py requirements --of JSON --output-reproducible -o walkin.sbom.json requirements/run.txt

$(TOOLS)/.ready: requirements/run.txt requirements/dev.txt requirements/tools.txt | $(VENV)/.ready
	$(UV) venv --quiet --clear --python $(BIN)/python $(TOOLS)
	VIRTUAL_ENV=$(CURDIR)/$(TOOLS) $(UV) pip sync --quiet --system-certs --require-hashes requirements/run.txt requirements/dev.txt requirements/tools.txt
	touch $@

schema: setup    ## write the wire protocol's JSON Schema from its types
	$(BIN)/python -m protocol.schema docs/reference/protocol.schema.json

requirements:    ## pin the newest versions that fit, with hashes, naming no host
	$(UV) pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/run.txt
	$(UV) pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev -c requirements/run.txt -o requirements/dev.txt
	$(UV) pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group fuzz -o requirements/fuzz.txt
	$(UV) pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group tools -c requirements/run.txt -c requirements/dev.txt -o requirements/tools.txt
	echo uv | $(UV) pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header - -o requirements/uv.txt

clean:           ## remove what set-up and tests made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
