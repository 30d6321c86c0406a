# Khuê: short names for the commands of a working day. `make` alone lists them.
PORT ?= 8080
DATA ?= var/demo
LISTEN ?= 127.0.0.1
SIZE ?= district
JOBS ?= $(shell nproc)
export PATH := /usr/lib/ccache:$(PATH)

.PHONY: help deps program build demo test bench deep deb lint clean

help:
	@echo 'make demo    a fictional district, served on http://$(LISTEN):$(PORT)/ (PORT=.. DATA=.. SIZE=school|district|province)'
	@echo 'make test    every test, on SQLite and PostgreSQL and in Chromium'
	@echo 'make bench   the measurements, against a peer in the same run'
	@echo 'make deep    tests that take long: fuzzing, random histories, fault injection'
	@echo 'make deb     the Debian package: var/khue_*.deb'
	@echo 'make lint    the rules of the house'
	@echo 'make build   the program and its tests: build/khue'
	@echo 'make deps    installs the packages that are missing, and says why'
	@echo 'make clean   removes what was built'

deps:
	@tool/deps all

program:
	@tool/deps build
	@tool/ui
	@[ -e build/build.ninja ] || meson setup build >/dev/null
	@ninja -C build -j $(JOBS) --quiet khue

build: program
	@ninja -C build -j $(JOBS) --quiet

demo: program
	@PORT=$(PORT) LISTEN=$(LISTEN) SIZE=$(SIZE) tool/demo '$(DATA)'

test:
	@tool/deps build test
	@tool/test

bench:
	@tool/deps build bench
	@$(MAKE) --no-print-directory build
	@tool/bench

deep:
	@tool/deps build test deep
	@KHUE_DEEP=1 tool/test

deb: build
	@tool/deb

lint: build
	@tool/deps build test
	@tool/lint

clean:
	rm -rf build build-asan build-fuzz ui/dist
