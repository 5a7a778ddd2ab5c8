# The commands of this repository. The work is done by scripts/, which know how to be called from
# any path; `make` alone lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run build test test-thread-sanitizer test-address-sanitizer \
	test-undefined-sanitizer check-clients check-systemd check-api check-access check-limits \
	check-cache check-gzip check-metrics check-logs check-traces check-openapi check-migrating \
	check-database check-faults check-leaks soak check-monitoring check-deployment fuzz bench \
	bench-http bench-requests bench-lists bench-logins bench-logs bench-gzip bench-cache \
	bench-hour \
	lint lint-migrations format clean

# How long `make fuzz` takes beside its build: 8 s for each target.
SECONDS := 96

# How often `make check-faults` injects each fault.
FAULT_ROUNDS := 1

# How long `make soak` goes on.
SOAK_MINUTES := 10

# How much `make check-api` looks at; one round takes three minutes.
API_ROUNDS := 1

# How many logins with a known and with an unknown address `make check-access` times.
ACCESS_LOGINS := 200

# How many requests `make check-logs` sends before it reads the log.
LOG_REQUESTS := 20000

# How long `make check-monitoring` has requests sent.
MONITORED_SECONDS := 60

# How often a benchmark measures each figure; if empty, as often as it thinks fit.
ROUNDS :=

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-24s %s\n", $$1, $$2 }' Makefile

run: ## build, start a private PostgreSQL, migrate and serve on 127.0.0.1:8000
	@exec scripts/run

build: ## build the release binary, .build/release/user-management
	@exec scripts/build-release

test: ## run every test against a throw-away PostgreSQL
	@exec scripts/test

test-thread-sanitizer: ## run what has threads or sockets under Thread Sanitizer
	@exec scripts/test-sanitizer thread

test-address-sanitizer: ## run the same under Address Sanitizer
	@exec scripts/test-sanitizer address

test-undefined-sanitizer: ## call the service's own C under Undefined Behavior Sanitizer
	@exec scripts/test-sanitizer undefined

check-clients: ## talk to the service with curl, Python, Node, Java, nginx, HAProxy and attacks
	@exec scripts/check-clients

check-systemd: ## restart the service under load as systemd does, and verify the units of the docs
	@exec scripts/check-systemd

check-openapi: ## hold the service against its openapi.json, and /docs against a browser
	@exec scripts/check-openapi

check-migrating: ## bring users over from SQLAlchemy and Alembic as docs/migrating.md says
	@exec scripts/check-migrating

check-database: ## reach PostgreSQL over TLS, with several hosts, through pgbouncer, and not at all
	@exec scripts/check-database

check-faults: ## serve while the database fails; as root, with FAULT_ROUNDS=20 for the whole measure
	@exec scripts/check-faults --rounds $(FAULT_ROUNDS)

soak: ## bring faults and floods about at once; as root, SOAK_MINUTES=60 for an hour
	@exec scripts/soak --minutes $(SOAK_MINUTES)

check-leaks: ## look for leaks at the borders to C under valgrind
	@exec scripts/check-leaks

check-api: ## compare the API with others' rules and with a model, and attack it; API_ROUNDS=10
	@exec scripts/check-api --rounds $(API_ROUNDS)

check-access: ## check tokens, password hashes and logins with other programs; ACCESS_LOGINS=1000
	@exec scripts/check-access --logins $(ACCESS_LOGINS)

check-limits: ## use up the quotas of the limits of rate, directly and through nginx
	@exec scripts/check-limits

check-cache: ## look for old answers of two services whose Redis is killed, stopped and cut off
	@exec scripts/check-cache

check-metrics: ## read /metrics with Prometheus' own programs
	@exec scripts/check-metrics

check-logs: ## check the log's lines with jq and rsyslog; LOG_REQUESTS=360000 for an hour's worth
	@exec scripts/check-logs --requests $(LOG_REQUESTS)

check-monitoring: ## test rules and dashboard with a Prometheus; MONITORED_SECONDS=600 for longer
	@exec scripts/check-monitoring --seconds $(MONITORED_SECONDS)

check-traces: ## check what is traced, with a collector that decodes it and misbehaves
	@exec scripts/check-traces

check-gzip: ## check compression and caching with curl, Python, Chromium, bombs and REDbot
	@exec scripts/check-gzip

check-deployment: ## check the Dockerfile, docker-compose.yml, k8s/ and what they name
	@exec scripts/check-deployment

fuzz: ## fuzz what reads requests, tokens and the like; SECONDS=600 for ten minutes
	@exec scripts/fuzz $(SECONDS)

bench: ## measure all that docs/benchmarks.md tells, and write it; 26 minutes
	@exec Benchmarks/all $(ROUNDS)

bench-http: ## measure the HTTP server beside nginx; ROUNDS=5 for five rounds
	@exec Benchmarks/http $(ROUNDS)

bench-requests: ## measure requests beside pgbench, nginx, hyper and FastAPI; ROUNDS=3 for three
	@exec Benchmarks/requests $(ROUNDS)

bench-lists: ## measure lists of a million users
	@exec Benchmarks/lists

bench-logins: ## measure logins beside libargon2, and what they cost those who read
	@exec Benchmarks/logins $(ROUNDS)

bench-logs: ## measure what a log line for each request costs
	@exec Benchmarks/logs $(ROUNDS)

bench-gzip: ## measure what compressed answers cost, beside nginx; ROUNDS=5 for five rounds
	@exec Benchmarks/gzip $(ROUNDS)

bench-cache: ## measure what users in Redis relieve PostgreSQL of; ROUNDS=5 for five rounds
	@exec Benchmarks/cache $(ROUNDS)

bench-hour: ## measure what is resident through an hour of mixed load
	@exec Benchmarks/hour

lint: ## check the layout of the Swift code, and that patches of it apply
	@swift format lint --strict --recursive Sources Tests Benchmarks Package.swift
	@git apply --check Benchmarks/*.patch

lint-migrations: ## check what the migrations would do to a database in use
	@exec scripts/lint-migrations

format: ## lay out the Swift code in place
	@swift format --in-place --recursive Sources Tests Benchmarks Package.swift

clean: ## remove what was built; the data of `make run` stays
	@rm -rf .build .build-tsan .build-asan .build-ubsan .build-fuzz .build-lint .build-peers \
		.build-api .build-scanner .build-access .build-limits .build-gzip .build-metrics \
		.build-traces .build-openapi .build-monitoring .build-deployment .build-assets
