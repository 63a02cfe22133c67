# Every verb works on a fresh machine: it first sets up .venv, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Two thread pools on few cores fight each other, and timings mean nothing.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1

# A file of tests to a process, the dearest first; one more than cores, for many of them wait for others.
CORES := -n $(shell expr `nproc` + 1) --dist loadfile --no-loadscope-reorder

.PHONY: demo quick test soak measure lint bench clean
.DELETE_ON_ERROR:

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev,notebook,gpu]'
	@touch $@

demo: $(READY) ## release a4, grade a sample class of 30, name the report to open
	@rm -rf build/demo && mkdir -p build/demo
	$(BIN)/dlc release a4_cnn -o build/demo/release
	$(BIN)/python tests/corpus/make_class.py build/demo/class
	@(umask 077 && printf '%s' 'seeds of the demo, no secret of anyone' > build/demo/key)
	$(BIN)/dlc grade a4_cnn build/demo/class -o build/demo/graded --key-file build/demo/key

quick: lint ## what to run before each commit: lint, and the cheap part of the tests
	$(BIN)/python -m pytest $(CORES) --quick

test: $(READY) ## all tests, a file to a core
	@tests/setup.sh
	$(BIN)/python -m pytest $(CORES)

soak: $(READY) ## large families of tests in full, or those of SELECT; the result goes to bench/results/rounds.json
	@tests/setup.sh
	-$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[fuzz]' # not on every platform
	$(BIN)/python -m pytest $(CORES) -m soak --soak $(SELECT)

measure: $(READY) ## what each file of tests costs; `make quick` takes the cheap ones
	$(BIN)/python -m pytest $(CORES) --measure

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY) ## speed, as ratios measured side by side
	$(BIN)/python bench/against_peers.py
	$(BIN)/python bench/breakdown.py
	$(BIN)/python bench/im2col.py

clean:
	rm -rf build .pytest_cache .mypy_cache .ruff_cache
