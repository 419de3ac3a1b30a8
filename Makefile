# One-word commands; `make help` lists them. Each sets up what it needs and is quick the second time.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
JOBS ?= $(shell nproc)

# Objects are shared between clones: paths below the clone are relative to the compiler's cache.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

# The environment itself is current when `setup/environment` says so; this is only what it leaves.
environment := .venv/made-from

.PHONY: help
help:  ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

.PHONY: setup
setup:  ## Install system packages and the private Python environment in .venv
	@setup/packages build
	@setup/environment

# A preset is configured when it never was, or when what CMake does not watch itself has changed.
build/%/build.ninja: CMakePresets.json $(environment)
	@echo "configuring build/$*"
	@cmake --preset $* > /dev/null
	@touch $@

$(environment): | setup ;

.PHONY: build-%
build-%: setup
	@$(MAKE) build/$*/build.ninja
	@cmake --build --preset $* --parallel $(JOBS) $(if $(TARGET),--target $(TARGET))

.PHONY: demo
demo: TARGET := tickwerk
demo: build-release  ## Build, run BACKTEST_MEDIUM on the embedded synthetic market under the profiler
	@build/release/tickwerk profile --job BACKTEST_MEDIUM --with-cprofile
	@echo
	@echo "Where to look:"
	@echo "  output/performance_report_1d.md   the backtest: metrics, drawdowns, years, costs"
	@echo "  output/perf_profiles/             where the time went: _stats.txt to read, .prof and .speedscope.json for viewers"
	@echo "  output/perf_runs/                 the run record: times, memory, environment, digest"

# The tests of pages skip without one, so its absence is no failure.
.PHONY: browser
browser:
	@setup/packages test || echo "setup: no browser, the tests of pages will skip" >&2

.PHONY: test
test: build-release browser  ## Build the release and run all tests
	@ctest --preset release --parallel $(JOBS)

.PHONY: dev
dev: build-dev  ## Build without optimisation and run all tests
	@ctest --preset dev --parallel $(JOBS)

.PHONY: asan
asan: build-asan  ## All tests under the address and undefined-behaviour sanitizers
	@ctest --preset asan --parallel $(JOBS)

.PHONY: tsan
tsan: build-tsan  ## All tests under the thread sanitizer
	@ctest --preset tsan --parallel $(JOBS)

.PHONY: bench
bench:  ## Build with frame pointers and measure against the limits and the peers
	@setup/packages bench
	@$(MAKE) build-bench
	@bench/run

.PHONY: fuzz
fuzz:  ## Feed the parsers of outside text random inputs, FUZZ_SECONDS (60) long
	@setup/packages fuzz
	@$(MAKE) build-fuzz TARGET=expr_parser_fuzz
	@$(MAKE) build-fuzz TARGET=store_metadata_fuzz
	@tests/fuzz/run

.PHONY: lint
lint: setup  ## clang-format on all files, clang-tidy on those changed since they last passed
	@setup/packages lint
	@$(MAKE) build/release/build.ninja
	@.ci/lint

.PHONY: format
format:  ## Format all C++ files
	@setup/packages lint
	@git ls-files -z -co --exclude-standard -- '*.h' '*.cpp' | xargs -0 clang-format-19 -i

.PHONY: ci
ci:  ## What the continuous integration runs: lint, sanitizers, tests
	@.ci/run

.PHONY: install
install: TARGET := tickwerk
install: build-release  ## Install the program below PREFIX (default /usr/local)
	@cmake --install build/release --prefix "$(PREFIX)"

.PHONY: clean
clean:  ## Remove what was built; .venv and output stay
	@rm -rf build
